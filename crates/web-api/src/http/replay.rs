//! For `cargo xtask bench catalogue` alone: answers that stand in memory, as a yardstick for those that
//! have to be made. Compiled in by the feature `bench`, which nothing that ships turns on.

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, web};
use arc_swap::ArcSwap;
use bytes::Bytes;
use service_kit::problem::ProblemKind;

use super::access::Access;
use super::cacheable::{Freshness, Rendered};
use super::problem::Problem;
use super::rate::RateClass;
use super::table::{Entry, at};

const REPLAY: &str = "/bench/replay/{number}";
/// Longest answer that is kept, in bytes.
const MAX_ANSWER: usize = 4 << 20;
/// Numbers end here.
const MAX_NUMBER: u32 = 20_000;

/// The answers that are kept, by number. All workers share them.
pub(crate) type Replays = web::Data<ArcSwap<BTreeMap<u32, Arc<Rendered>>>>;

/// The address that keeps an answer (PUT) and gives it (GET).
pub(crate) fn entry() -> Entry {
    at(REPLAY)
        .on(Method::PUT, Access::PUBLIC, RateClass::Pages, keep)
        .on(Method::GET, Access::PUBLIC, RateClass::Pages, give)
}

/// What the address needs: where answers are kept, and how long one may be.
pub(crate) fn configure(replays: &Replays, config: &mut web::ServiceConfig) {
    config
        .app_data(replays.clone())
        .app_data(web::PayloadConfig::new(MAX_ANSWER));
}

async fn keep(
    number: web::Path<u32>,
    replays: Replays,
    body: Bytes,
) -> Result<HttpResponse, Problem> {
    if *number >= MAX_NUMBER {
        return Err(Problem::new(ProblemKind::NotFound));
    }
    let kept = Arc::new(Rendered::new("application/json", body));
    replays.rcu(|known| {
        let mut known = BTreeMap::clone(known);
        known.insert(*number, Arc::clone(&kept));
        known
    });
    Ok(HttpResponse::NoContent().finish())
}

async fn give(
    request: HttpRequest,
    number: web::Path<u32>,
    replays: Replays,
) -> Result<HttpResponse, Problem> {
    let known = replays.load();
    let answer = known.get(&number);
    let answer = answer.ok_or_else(|| Problem::new(ProblemKind::NotFound))?;
    Ok(answer.respond(&request, Freshness::Public))
}

#[cfg(test)]
mod tests {
    use actix_web::http::{StatusCode, header};
    use actix_web::test::{TestRequest, call_service, init_service, read_body};
    use actix_web::{App, HttpRequest, HttpResponse, web};

    use super::{REPLAY, Replays, configure, entry, give, keep};
    use crate::http::access::Access;
    use crate::http::cacheable::{self, Freshness};
    use crate::http::layers::layered;
    use crate::http::limits::BodyLimit;
    use crate::http::problem::Problem;
    use crate::http::rate::RateClass;
    use crate::http::table::{Declared, reads};

    async fn original(request: HttpRequest) -> Result<HttpResponse, Problem> {
        cacheable::json(&request, Freshness::Public, &["타이레놀"])
    }

    #[actix_web::test]
    async fn what_was_kept_comes_back_with_the_same_headers() {
        let replays = Replays::default();
        let read = reads("/original", Access::PUBLIC, RateClass::Pages, original);
        let app = App::new()
            .app_data(web::Data::new(BodyLimit(1_024)))
            .app_data(web::Data::new(Declared::new(&[read, entry()])))
            .route("/original", web::get().to(original))
            .route(REPLAY, web::put().to(keep))
            .route(REPLAY, web::get().to(give));
        let app = init_service(layered(app.configure(|config| configure(&replays, config)))).await;
        let get = |path| TestRequest::get().uri(path).to_request();

        let missing = call_service(&app, get("/bench/replay/7")).await;
        assert_eq!(missing.status(), StatusCode::NOT_FOUND);

        let first = call_service(&app, get("/original")).await;
        let headers = first.headers().clone();
        let body = read_body(first).await;
        let put = TestRequest::put()
            .uri("/bench/replay/7")
            .set_payload(body.clone())
            .to_request();
        assert_eq!(
            call_service(&app, put).await.status(),
            StatusCode::NO_CONTENT
        );

        let again = call_service(&app, get("/bench/replay/7")).await;
        let names = [header::ETAG, header::CONTENT_TYPE, header::CACHE_CONTROL];
        for name in names {
            assert_eq!(again.headers().get(&name), headers.get(&name), "{name}");
        }
        assert_eq!(again.headers().len(), headers.len());
        assert_eq!(read_body(again).await, body);
    }
}
