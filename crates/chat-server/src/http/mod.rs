//! Plain HTTP around the gateway: what every request gets, whatever it asks for.

mod connection;
mod middleware;
mod problems;
mod server;

use std::time::Duration;

use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::gateway::{AllowedOrigins, PATH};

pub(crate) use server::{Limits, serve};

/// What `GET /` says.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct About {
    service: &'static str,
    version: &'static str,
    protocol: &'static str,
    path: &'static str,
}

/// All of the server behind one router. Layers run from the last to the first.
pub(crate) fn router(sockets: Router, origins: &AllowedOrigins) -> Router {
    let routes = Router::new().route("/", get(about)).merge(sockets);
    with_habits(routes, origins, middleware::BODY)
}

/// Gives routes what every request gets. `body` is how long a request may take that has one.
fn with_habits(routes: Router, origins: &AllowedOrigins, body: Duration) -> Router {
    routes
        .fallback(problems::not_found)
        .method_not_allowed_fallback(problems::method_not_allowed)
        .layer(cors(origins.clone()))
        .layer(axum::middleware::from_fn_with_state(
            origins.clone(),
            middleware::check_origin,
        ))
        .layer(axum::middleware::from_fn_with_state(
            body,
            middleware::limit_body,
        ))
        .layer(CatchPanicLayer::custom(problems::AfterPanic))
        .layer(axum::middleware::from_fn(middleware::observe))
}

async fn about() -> Json<About> {
    Json(About {
        service: env!("CARGO_PKG_NAME"),
        version: env!("CARGO_PKG_VERSION"),
        protocol: "Socket.IO 4 (Engine.IO 4)",
        path: PATH,
    })
}

fn cors(origins: AllowedOrigins) -> CorsLayer {
    use axum::http::{Method, header};
    CorsLayer::new()
        .allow_origin(AllowOrigin::predicate(move |origin, _| {
            origins.allows(origin.as_bytes())
        }))
        .allow_credentials(true)
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([header::CONTENT_TYPE])
        .expose_headers([middleware::REQUEST_ID])
}

#[cfg(test)]
mod tests {
    use axum::body::{Body, to_bytes};
    use axum::http::Request;
    use tower::ServiceExt;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    async fn broken() {
        panic!("the cause, which is nobody's business");
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_cause() {
        let routes = Router::new().route("/broken", get(broken));
        let router = with_habits(routes, &AllowedOrigins::new([], false), PATIENCE);
        let request = Request::get("/broken")
            .header("x-request-id", "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e")
            .header("accept-language", "en")
            .body(Body::empty())
            .expect("a request");
        let response = router.oneshot(request).await.expect("an answer");
        assert_eq!(response.status(), 500);
        assert_eq!(
            response.headers()["content-type"],
            "application/problem+json"
        );
        assert_eq!(response.headers()["x-content-type-options"], "nosniff");
        let body = to_bytes(response.into_body(), 10_000)
            .await
            .expect("a body");
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["code"], "internal");
        assert_eq!(body["requestId"], "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e");
        assert_eq!(body["title"], "Internal error");
        assert!(!body.to_string().contains("business"), "{body}");
    }

    #[tokio::test]
    async fn a_body_that_does_not_come_in_time_is_given_up() {
        let routes = Router::new().route("/", axum::routing::post(async |body: String| body));
        let limit = Duration::from_millis(100);
        let router = with_habits(routes, &AllowedOrigins::new([], false), limit);
        // Never a long pause, and never an end.
        let drip = futures_util::stream::unfold((), async |()| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok::<_, std::io::Error>("x"), ()))
        });
        let request = Request::post("/")
            .body(Body::from_stream(drip))
            .expect("a request");
        let answer = tokio::time::timeout(PATIENCE, router.oneshot(request));
        let response = answer.await.expect("in time").expect("an answer");
        assert_eq!(response.status(), 408);
        let body = to_bytes(response.into_body(), 10_000)
            .await
            .expect("a body");
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        assert_eq!(body["code"], "request_timeout");
        assert!(body["requestId"].is_string());
    }
}
