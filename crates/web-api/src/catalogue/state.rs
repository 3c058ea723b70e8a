//! What every request reads, and the atomic pointers to it.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use chrono::{DateTime, Utc};

use super::CatalogueError;
use super::cache::AnswerCache;
use super::snapshot::{Popularity, Snapshot};
use crate::allergies::{AllergyMarks, Checker};

/// A snapshot with the popularity that belongs to it: one request sees one pair.
#[derive(Debug, Clone)]
pub(crate) struct View {
    pub(crate) snapshot: Arc<Snapshot>,
    pub(crate) popularity: Arc<Popularity>,
    /// Answers that were made from this pair: they go with it, so that none is ever stale.
    pub(crate) answers: Arc<AnswerCache>,
    /// The allergies of the one caller that this copy is for. What is made from it is his alone.
    pub(crate) checker: Option<Arc<Checker>>,
}

impl View {
    /// A view without answers yet.
    pub(crate) fn new(snapshot: Arc<Snapshot>, popularity: Arc<Popularity>) -> Self {
        Self {
            snapshot,
            popularity,
            answers: Arc::new(AnswerCache::new()),
            checker: None,
        }
    }

    /// The same view with a caller's allergies.
    pub(crate) fn checked_by(&self, checker: Checker) -> Self {
        Self {
            checker: Some(Arc::new(checker)),
            ..self.clone()
        }
    }

    /// What an answer says of a product to its caller; nothing to who isn't signed in.
    pub(crate) fn marks(&self, position: u32) -> AllergyMarks {
        let checker = self.checker.as_ref();
        let marks = checker.map(|checker| checker.marks(&self.snapshot, position));
        marks.unwrap_or_default()
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
