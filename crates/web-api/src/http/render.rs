//! Gives every error the one form: problem+json in the language of the client.

use std::fmt;
use std::panic::AssertUnwindSafe;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse, ResponseError};
use futures_util::FutureExt as _;
use service_kit::problem::{CONTENT_TYPE, Language, ProblemKind};
use service_kit::request_id::RequestId;

use super::problem::Problem;
use super::problem_texts::Narrow;

/// Middleware: whatever failed below, also what the framework or a library answered by itself,
/// leaves as a problem.
pub(crate) async fn problems<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let reader = Reader::of(&request);
    match next.call(request).await {
        Ok(response) if is_bare_error(&response) => {
            let problem = problem_of(response.response());
            let mut rendered = reader.render(&problem);
            carry(response.headers(), rendered.headers_mut());
            Ok(response.into_response(rendered).map_into_right_body())
        }
        Ok(response) => Ok(response.map_into_left_body()),
        Err(error) => {
            let problem = problem_of(&error.error_response());
            Err(Rendered { problem, reader }.into())
        }
    }
}

/// Middleware: a panic becomes an error of ours. The panic hook has logged it with its place and, from
/// the span around the request, its id.
pub(crate) async fn panics<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    // Nothing that the handler touched is used again after a panic, except shared state behind
    // atomic pointers, which is never half written.
    if let Ok(result) = AssertUnwindSafe(next.call(request)).catch_unwind().await {
        return result;
    }
    Err(Problem::new(ProblemKind::Internal).into())
}

/// Marks, in its extensions, an error that leaves as it is: a page for people.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Finished;

/// An error page of somebody else has a body of another type, or none.
fn is_bare_error<B>(response: &ServiceResponse<B>) -> bool {
    let status = response.status();
    (status.is_client_error() || status.is_server_error())
        && !response.response().extensions().contains::<Finished>()
        && response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_none_or(|value| value != CONTENT_TYPE)
}

/// What was said of the caller's budget holds whatever becomes of the answer.
fn carry(from: &HeaderMap, to: &mut HeaderMap) {
    for (name, value) in from {
        if name.as_str().starts_with("ratelimit-") {
            to.insert(name.clone(), value.clone());
        }
    }
}

fn problem_of<B>(response: &HttpResponse<B>) -> Problem {
    let ours = response.extensions().get::<Problem>().cloned();
    ours.unwrap_or_else(|| Problem::of_status(response.status()))
}

/// Who reads the answer.
#[derive(Debug, Clone)]
struct Reader {
    language: Language,
    id: Option<RequestId>,
}

impl Reader {
    fn of(request: &ServiceRequest) -> Self {
        Self {
            language: language(request.headers()),
            id: request.extensions().get::<RequestId>().cloned(),
        }
    }

    fn render(&self, problem: &Problem) -> HttpResponse {
        let document = problem.to_document(self.language, self.id.clone());
        let mut answer = HttpResponse::build(problem.status_code());
        answer
            .content_type(CONTENT_TYPE)
            .insert_header((header::CONTENT_LANGUAGE, self.language.tag()))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::VARY, "Accept-Language, Accept-Encoding"));
        if let Some(seconds) = document.retry_after_seconds() {
            answer.insert_header((header::RETRY_AFTER, seconds));
        }
        if problem.status_code() == StatusCode::UNAUTHORIZED {
            let challenge = if document.code() == Narrow::InvalidToken.code() {
                "Bearer realm=\"pillnuts\", error=\"invalid_token\""
            } else {
                "Bearer realm=\"pillnuts\""
            };
            answer.insert_header((header::WWW_AUTHENTICATE, challenge));
        }
        let allow = problem.allow().iter().map(ToString::to_string);
        let allow = allow.collect::<Vec<_>>().join(", ");
        if let (false, Ok(value)) = (allow.is_empty(), HeaderValue::from_str(&allow)) {
            answer.insert_header((header::ALLOW, value));
        }
        answer.body(document.to_json().to_string())
    }
}

/// The language that a client prefers.
pub(crate) fn language(headers: &HeaderMap) -> Language {
    let header = headers.get(header::ACCEPT_LANGUAGE);
    Language::from_accept_language(header.and_then(|value| value.to_str().ok()))
}

/// A problem whose request is gone: it carries what its text needs.
#[derive(Debug)]
struct Rendered {
    problem: Problem,
    reader: Reader,
}

impl fmt::Display for Rendered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl ResponseError for Rendered {
    fn status_code(&self) -> StatusCode {
        self.problem.status_code()
    }

    fn error_response(&self) -> HttpResponse {
        self.reader.render(&self.problem)
    }
}
