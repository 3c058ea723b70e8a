//! The long texts, fetched by key through a bounded cache.

use std::sync::Arc;
use std::time::Duration;

use domain::catalogue::MedicineId;
use quick_cache::Weighter;
use quick_cache::sync::Cache;

use super::answers::CachedDocuments;
use super::store::{self, GenerationId};
use crate::db::{DbError, Pool};

/// A person waits for the answer, which has everything else already.
const LIMIT: Duration = Duration::from_secs(2);

/// What an entry takes besides its texts, in bytes: key, handles, the cache's own table.
const OVERHEAD: u64 = 200;

/// A usual product's texts, in bytes: for the size of the cache's table.
const USUAL: u64 = 20_000;

type Key = (GenerationId, MedicineId);

/// Texts as they leave, already written as JSON.
#[derive(Debug)]
pub(crate) struct DocumentCache {
    pool: Pool,
    entries: Cache<Key, Arc<CachedDocuments>, Bytes>,
}

#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<Key, Arc<CachedDocuments>> for Bytes {
    fn weight(&self, _: &Key, documents: &Arc<CachedDocuments>) -> u64 {
        u64::try_from(documents.size())
            .unwrap_or(u64::MAX)
            .saturating_add(OVERHEAD)
    }
}

/// Why there are no texts now. Trying again later helps.
#[derive(Debug, thiserror::Error)]
enum Missing {
    #[error("the database gives no documents")]
    Database(#[from] DbError),
    #[error("the database took too long for the documents")]
    TooSlow,
    #[error("the generation is gone: a newer one is about to be loaded")]
    Superseded,
    #[error("documents can't be written as JSON")]
    Json(#[from] serde_json::Error),
}

impl DocumentCache {
    /// A cache of at most `capacity` bytes over `pool`.
    pub(crate) fn new(pool: Pool, capacity: u64) -> Self {
        let items = usize::try_from(capacity / USUAL).unwrap_or(usize::MAX);
        Self {
            pool,
            entries: Cache::with_weighter(items.max(16), capacity, Bytes),
        }
    }

    /// The texts of a medicine; nothing where they can't be had now, which is logged here. Many who
    /// ask for the same at once cause one query.
    pub(crate) async fn get(
        &self,
        generation: GenerationId,
        medicine: MedicineId,
    ) -> Option<Arc<CachedDocuments>> {
        let key = (generation, medicine);
        if let Some(known) = self.entries.get(&key) {
            metrics::counter!("document_cache_requests_total", "result" => "hit").increment(1);
            return Some(known);
        }
        metrics::counter!("document_cache_requests_total", "result" => "miss").increment(1);
        let fetched = self
            .entries
            .get_or_insert_async(&key, self.fetch(generation, medicine));
        // Around the waiting too: where one fetch fails, the next in the queue tries its own.
        let fetched = tokio::time::timeout(LIMIT, fetched).await;
        match fetched.unwrap_or(Err(Missing::TooSlow)) {
            Ok(documents) => Some(documents),
            Err(cause) => {
                let error: &dyn std::error::Error = &cause;
                tracing::warn!(
                    error,
                    medicine = medicine.get(),
                    "documents are unavailable"
                );
                None
            }
        }
    }

    async fn fetch(
        &self,
        generation: GenerationId,
        medicine: MedicineId,
    ) -> Result<Arc<CachedDocuments>, Missing> {
        let query = self
            .pool
            .run(move |db| store::documents(db, generation, medicine));
        let documents = query.await?.ok_or(Missing::Superseded)?;
        Ok(Arc::new(CachedDocuments::write(documents)?))
    }
}
