//! The catalogue: what people search, read and compare.

mod answers;
mod cache;
mod documents;
mod error;
pub(crate) mod handlers;
mod refresh;
pub(crate) mod service;
pub(crate) mod snapshot;
mod state;
pub mod store;

use std::sync::Arc;

pub(crate) use answers::MedicineSummary;
pub(crate) use cache::Given;
pub(crate) use error::CatalogueError;
pub(crate) use refresh::Refresher;
pub(crate) use service::NamedIngredient;
pub(crate) use snapshot::{Kind, Snapshot};
pub(crate) use state::{Current, View};

use crate::db::Pool;
use documents::DocumentCache;

/// What the handlers read: the view in memory, and the long texts behind a cache.
#[derive(Debug)]
pub(crate) struct Catalogue {
    current: Arc<Current>,
    documents: DocumentCache,
}

impl Catalogue {
    /// A catalogue that shows `current`, with a cache of at most `document_cache_bytes`.
    pub(crate) fn new(current: Arc<Current>, pool: Pool, document_cache_bytes: u64) -> Self {
        Self {
            current,
            documents: DocumentCache::new(pool, document_cache_bytes),
        }
    }

    /// The view of this moment.
    pub(crate) fn view(&self) -> Result<Arc<View>, CatalogueError> {
        self.current.view()
    }
}
