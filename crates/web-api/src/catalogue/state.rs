//! What every request reads, and the atomic pointers to it.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};

use super::CatalogueError;
use super::cache::AnswerCache;
use super::snapshot::{Popularity, Snapshot};

/// A snapshot with the popularity that belongs to it: one request sees one pair.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) popularity: Arc<Popularity>,
    /// Answers that were made from this pair: they go with it, so that none is ever stale.
    pub(crate) answers: Arc<AnswerCache>,
}

impl View {
    /// A view without answers yet.
    pub(crate) fn new(snapshot: Arc<Snapshot>, popularity: Arc<Popularity>) -> Self {
        Self {
            snapshot,
            popularity,
            answers: Arc::new(AnswerCache::new()),
        }
    }

    /// When the content was synchronised.
    pub(crate) fn as_of(&self) -> DateTime<Utc> {
        self.snapshot.pointer().synced_at
    }
}

/// The view that is read now; empty until the first load. Readers never wait.
#[derive(Debug, Default)]
pub(crate) struct Current(ArcSwapOption<View>);

impl Current {
    /// The view of this moment.
    pub(crate) fn view(&self) -> Result<Arc<View>, CatalogueError> {
        self.0.load_full().ok_or(CatalogueError::Loading)
    }

    /// Replaces the view; requests under way keep the one they have.
    pub(crate) fn publish(&self, view: View) {
        self.0.store(Some(Arc::new(view)));
    }
}
