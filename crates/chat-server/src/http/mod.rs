//! Plain HTTP around the gateway: what every request gets, whatever it asks for.

mod connection;
mod middleware;
mod problems;
mod server;

use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::cors::{AllowOrigin, CorsLayer};

use crate::gateway::{AllowedOrigins, PATH};

pub(crate) use server::serve;

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
    with_habits(routes, origins)
}

/// Gives routes what every request gets.
fn with_habits(routes: Router, origins: &AllowedOrigins) -> Router {
    routes
        .fallback(problems::not_found)
        .method_not_allowed_fallback(problems::method_not_allowed)
        .layer(cors(origins.clone()))
        .layer(axum::middleware::from_fn_with_state(
            origins.clone(),
            middleware::check_origin,
        ))
        .layer(axum::middleware::from_fn(middleware::limit_body))
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

    async fn broken() {
        panic!("the cause, which is nobody's business");
    }

    #[tokio::test]
    async fn a_panic_is_a_problem_without_its_cause() {
        let routes = Router::new().route("/broken", get(broken));
        let router = with_habits(routes, &AllowedOrigins::new([], false));
        let request = Request::get("/broken")
            .header("x-request-id", "r-1")
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
        assert_eq!(body["requestId"], "r-1");
        assert_eq!(body["title"], "Internal error");
        assert!(!body.to_string().contains("business"), "{body}");
    }
}
