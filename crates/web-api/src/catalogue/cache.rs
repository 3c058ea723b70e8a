//! Answers that were given already, as they left.

use std::sync::Arc;

use actix_web::HttpRequest;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;

use super::state::View;
use super::{Catalogue, CatalogueError};
use crate::http::cacheable::Rendered;
use crate::http::problem::Problem;

/// What all answers of a view take at most, in bytes.
const CAPACITY: u64 = 16 << 20;
/// A usual answer, in bytes: for the size of the cache's table.
const USUAL: u64 = 8_000;
/// What an entry takes besides its texts, in bytes.
const OVERHEAD: u64 = 200;
/// Longer addresses are not kept: nobody asks them twice.
const MAX_KEY: usize = 512;

/// Answers to searches of one view, by address. Few queries are most of the traffic: whoever types
/// `타이레놀` a second time costs a look into a table.
///
/// Only for answers that follow from view and address alone, the same for everybody.
#[derive(Debug)]
pub(crate) struct AnswerCache(Cache<Box<str>, Arc<Rendered>, Bytes>);

#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<Box<str>, Arc<Rendered>> for Bytes {
    fn weight(&self, key: &Box<str>, answer: &Arc<Rendered>) -> u64 {
        let size = u64::try_from(key.len() + answer.size()).unwrap_or(u64::MAX);
        size.saturating_add(OVERHEAD)
    }
}

impl AnswerCache {
    /// An empty cache.
    pub(super) fn new() -> Self {
        let items = usize::try_from(CAPACITY / USUAL).unwrap_or(usize::MAX);
        Self(Cache::with_weighter(items, CAPACITY, Bytes))
    }
}

impl Catalogue {
    /// The answer to a request: what `read` takes from it, answered by `make` where this view hasn't
    /// done so yet. A refusal is never kept.
    pub(super) fn answer<R, T: Serialize>(
        &self,
        request: &HttpRequest,
        read: impl FnOnce(&HttpRequest) -> Result<R, Problem>,
        make: impl FnOnce(&View, &R) -> Result<T, CatalogueError>,
    ) -> Result<Arc<Rendered>, Problem> {
        let view = self.view();
        let address = request
            .uri()
            .path_and_query()
            .map_or("", |uri| uri.as_str());
        let known = view
            .as_ref()
            .ok()
            .and_then(|view| view.answers.0.get(address));
        let result = if known.is_some() { "hit" } else { "miss" };
        metrics::counter!("answer_cache_requests_total", "result" => result).increment(1);
        if let Some(known) = known {
            return Ok(known);
        }
        // What is wrong with a request is told before that nothing is loaded yet.
        let wanted = read(request)?;
        let view = view?;
        let made = Arc::new(Rendered::json(&make(&view, &wanted)?)?);
        if address.len() <= MAX_KEY {
            view.answers.0.insert(address.into(), Arc::clone(&made));
        }
        Ok(made)
    }
}
