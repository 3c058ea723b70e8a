//! Problems as answers of this server.

use std::any::Any;

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Response, StatusCode, header};
use service_kit::problem::{CONTENT_TYPE, Language, Problem, ProblemKind};
use service_kit::request_id::RequestId;
use tower_http::catch_panic::ResponseForPanic;

/// The one place where a problem becomes an answer.
pub(crate) fn answer(problem: &Problem) -> Response<Body> {
    let mut response = Response::new(Body::from(problem.to_json().to_string()));
    *response.status_mut() =
        StatusCode::from_u16(problem.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(CONTENT_TYPE));
    if let Some(seconds) = problem.retry_after_seconds() {
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A problem in the caller's language, with the request's identifier.
pub(super) fn of_request(kind: ProblemKind, request: &Request) -> Problem {
    let problem = Problem::new(kind, language(request.headers()));
    match request.extensions().get::<RequestId>() {
        Some(id) => problem.with_request_id(id.clone()),
        None => problem,
    }
}

pub(crate) fn language(headers: &HeaderMap) -> Language {
    let header = headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok());
    Language::from_accept_language(header)
}

pub(super) async fn not_found(request: Request) -> Response<Body> {
    answer(&of_request(ProblemKind::NotFound, &request))
}

pub(super) async fn method_not_allowed(request: Request) -> Response<Body> {
    answer(&of_request(ProblemKind::MethodNotAllowed, &request))
}

/// The answer after a panic, which the panic hook has logged with the request's identifier. The
/// request is gone by then: [`super::middleware::observe`] makes the real answer of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct AfterPanic;

impl ResponseForPanic for AfterPanic {
    type ResponseBody = Body;

    fn response_for_panic(&mut self, _cause: Box<dyn Any + Send + 'static>) -> Response<Body> {
        let mut response = answer(&Problem::new(ProblemKind::Internal, Language::default()));
        response.extensions_mut().insert(*self);
        response
    }
}
