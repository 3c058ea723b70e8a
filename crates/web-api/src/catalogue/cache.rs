//! Answers that were given already, as they left.

use std::sync::Arc;

use actix_web::{HttpRequest, HttpResponse, web};
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;

use super::documents::DocumentCache;
use super::state::View;
use super::{Catalogue, CatalogueError};
use crate::accounts::Accounts;
use crate::allergies::Checker;
use crate::http::cacheable::{Freshness, Rendered};
use crate::http::caller::Caller;
use crate::http::problem::Problem;
use crate::http::render::language;

/// What all answers of a view take at most, in bytes.
const CAPACITY: u64 = 3 << 20;
/// A usual answer, in bytes: for the size of the cache's table.
const USUAL: u64 = 8_000;
/// What an entry takes besides its texts, in bytes.
const OVERHEAD: u64 = 200;
/// Longer addresses are not kept: nobody asks them twice.
const MAX_KEY: usize = 512;

/// Answers of one view, by address. Few queries and few products are most of the traffic: whoever
/// types `타이레놀` or opens its page a second time costs a look into a table.
///
/// Only for answers that follow from view and address alone, the same for everybody: an answer that
/// depends on who asks must never come from here, nor go in. Neither does one that lacks its
/// documents, for they will be there soon. Many who ask for the same at once make it more than once,
/// which costs some microseconds each; what is slow about it, the documents, is fetched once for all
/// of them ([`DocumentCache`]).
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

impl View {
    /// The answer that this view gave to an address.
    fn known(&self, address: &str) -> Option<Arc<Rendered>> {
        let known = self.answers.0.get(address);
        let result = if known.is_some() { "hit" } else { "miss" };
        metrics::counter!("answer_cache_requests_total", "result" => result).increment(1);
        known
    }

    fn keep(&self, address: &str, answer: &Arc<Rendered>) {
        if address.len() <= MAX_KEY {
            self.answers.0.insert(address.into(), Arc::clone(answer));
        }
    }
}

fn address(request: &HttpRequest) -> &str {
    let address = request.uri().path_and_query();
    address.map_or("", |address| address.as_str())
}

impl Catalogue {
    /// The present view with the caller's allergies, for answers that are his alone; nothing for who
    /// isn't signed in, or reads as everybody does because he is suspended. Where nothing is loaded
    /// yet it refuses at once, so that a member never gets an answer without his marks.
    pub(super) async fn own_view(
        &self,
        request: &HttpRequest,
        accounts: web::Data<Accounts>,
        caller: &Caller,
    ) -> Result<Option<View>, CatalogueError> {
        let Some(member) = caller.member().filter(|member| !member.suspended) else {
            return Ok(None);
        };
        let view = self.view()?;
        let language = language(request.headers());
        let id = member.id.clone();
        let checker = Checker::load(accounts.into_inner(), id, &view.snapshot, language).await;
        Ok(Some(view.checked_by(checker)))
    }

    /// The answer to a request: what `read` takes from it, answered by `make` where this view hasn't
    /// done so yet. A refusal is never kept, nor is an answer of the caller's `own`.
    pub(super) fn answer<R, T: Serialize>(
        &self,
        request: &HttpRequest,
        own: Option<&View>,
        read: impl FnOnce(&HttpRequest) -> Result<R, Problem>,
        make: impl FnOnce(&View, &R) -> Result<T, CatalogueError>,
    ) -> Result<Arc<Rendered>, Problem> {
        if let Some(own) = own {
            return Ok(Arc::new(Rendered::json(&make(own, &read(request)?)?)?));
        }
        let (view, address) = (self.view(), address(request));
        if let Some(known) = view.as_ref().ok().and_then(|view| view.known(address)) {
            return Ok(known);
        }
        // What is wrong with a request is told before that nothing is loaded yet.
        let wanted = read(request)?;
        let view = view?;
        let made = Arc::new(Rendered::json(&make(&view, &wanted)?)?);
        view.keep(address, &made);
        Ok(made)
    }

    /// The same for an answer with documents, which may have to be waited for and may lack them: then
    /// it is not kept here, nor may anybody else keep it.
    pub(super) async fn answer_with_documents<R>(
        &self,
        request: &HttpRequest,
        own: Option<&View>,
        read: impl FnOnce(&HttpRequest) -> Result<R, Problem>,
        make: impl AsyncFnOnce(&View, &DocumentCache, R) -> Result<Answer, Problem>,
    ) -> Result<HttpResponse, Problem> {
        if let Some(own) = own {
            let made = make(own, &self.documents, read(request)?).await?;
            let freshness = Freshness::of(made.is_complete);
            return Ok(made.rendered.respond(request, freshness));
        }
        let (view, address) = (self.view(), address(request));
        if let Some(known) = view.as_ref().ok().and_then(|view| view.known(address)) {
            return Ok(known.respond(request, Freshness::Public));
        }
        let wanted = read(request)?;
        let view = view?;
        let made = make(&view, &self.documents, wanted).await?;
        let rendered = Arc::new(made.rendered);
        if made.is_complete {
            view.keep(address, &rendered);
        }
        Ok(rendered.respond(request, Freshness::of(made.is_complete)))
    }
}

/// An answer that may lack its documents.
#[derive(Debug)]
pub(crate) struct Answer {
    rendered: Rendered,
    is_complete: bool,
}

impl Answer {
    /// `body` as it leaves.
    pub(crate) fn new<T: Serialize>(body: &T, is_complete: bool) -> Result<Self, Problem> {
        Ok(Self {
            rendered: Rendered::json(body)?,
            is_complete,
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::sync::Arc;

    use actix_web::HttpRequest;
    use actix_web::http::header::CACHE_CONTROL;
    use actix_web::test::TestRequest;
    use chrono::Utc;
    use service_kit::problem::ProblemKind;

    use super::Answer;
    use crate::catalogue::snapshot::{Popularity, SnapshotBuilder};
    use crate::catalogue::state::View;
    use crate::catalogue::store::{GenerationId, Pointer};
    use crate::catalogue::{Catalogue, Current};
    use crate::db::{DatabaseSettings, Pool};
    use crate::http::problem::Problem;

    /// A view without products.
    fn view() -> View {
        let pointer = Pointer {
            generation: GenerationId::new(1),
            version: 1,
            synced_at: Utc::now(),
        };
        let snapshot = SnapshotBuilder::default().build(pointer, Vec::new());
        let popularity = Popularity::new(&snapshot, &[]);
        View::new(Arc::new(snapshot), Arc::new(popularity))
    }

    /// A catalogue whose database is never asked.
    fn catalogue(current: &Arc<Current>) -> Catalogue {
        let settings = DatabaseSettings {
            url: "sqlite:///nowhere/web.db".parse().unwrap(),
            pool_size: 1,
        };
        Catalogue::new(Arc::clone(current), Pool::new(&settings), 1_024)
    }

    struct Asking {
        current: Arc<Current>,
        catalogue: Catalogue,
        made: Cell<usize>,
    }

    impl Asking {
        fn new() -> Self {
            let current = Arc::new(Current::default());
            current.publish(view());
            Self {
                catalogue: catalogue(&current),
                current,
                made: Cell::new(0),
            }
        }

        /// Whether the answer had to be made, and how long it may be kept.
        async fn ask(&self, address: &str, is_complete: bool) -> (bool, String) {
            let before = self.made.get();
            let request = TestRequest::with_uri(address).to_http_request();
            let read = |request: &HttpRequest| Ok(request.path().to_owned());
            let answer =
                self.catalogue
                    .answer_with_documents(&request, None, read, async |_, _, path| {
                        self.made.set(before + 1);
                        Answer::new(&path, is_complete)
                    });
            let answer = answer.await.unwrap();
            let freshness = answer.headers().get(CACHE_CONTROL).unwrap();
            (
                self.made.get() > before,
                freshness.to_str().unwrap().to_owned(),
            )
        }
    }

    #[actix_web::test]
    async fn an_answer_is_made_once_a_view() {
        let asking = Asking::new();
        let (made, freshness) = asking.ask("/a?b=1", true).await;
        assert!(made && freshness.starts_with("public"));
        assert_eq!(asking.ask("/a?b=1", true).await, (false, freshness.clone()));
        assert_eq!(asking.ask("/a?b=2", true).await, (true, freshness.clone()));
        asking.current.publish(view());
        assert_eq!(asking.ask("/a?b=1", true).await, (true, freshness));
        let long = format!("/{}", "a".repeat(super::MAX_KEY));
        for _ in 0..2 {
            assert!(asking.ask(&long, true).await.0, "too long to be kept");
        }
    }

    #[actix_web::test]
    async fn what_lacks_its_documents_is_kept_by_nobody() {
        let asking = Asking::new();
        for _ in 0..2 {
            let answer = asking.ask("/a", false).await;
            assert_eq!(answer, (true, "no-store".to_owned()));
        }
        assert!(asking.ask("/a", true).await.0);
        assert!(!asking.ask("/a", true).await.0);
    }

    #[actix_web::test]
    async fn a_refusal_is_not_kept() {
        let asking = Asking::new();
        let request = TestRequest::with_uri("/a").to_http_request();
        let refused = asking.catalogue.answer_with_documents(
            &request,
            None,
            |_| Ok(()),
            async |_, _, ()| Err(Problem::new(ProblemKind::Internal)),
        );
        assert!(refused.await.is_err());
        assert!(asking.ask("/a", true).await.0);
    }
}
