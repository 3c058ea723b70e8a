//! What is refused before any route looks at it.

use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header;
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, ResponseError as _, web};
use futures_util::StreamExt as _;
use service_kit::problem::ProblemKind;

use super::observe::Route;
use super::parameters::decode;
use super::problem::Problem;
use super::problem_texts::Message;
use crate::accounts::images::LARGEST;
use crate::routes;

/// Longest address: far over any query that the API takes, far under what the parser holds.
const MAX_URI_BYTES: usize = 8_192;

/// How much of a body that is too large is read before the answer. A client that still sends when
/// the connection closes may never see the answer.
const MAX_DRAINED_BYTES: usize = 16 * 1_024 * 1_024;

/// How long that may take.
const MAX_DRAIN_TIME: Duration = Duration::from_secs(5);

/// Largest request body in bytes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BodyLimit(pub(crate) u64);

/// Middleware: refuses addresses and bodies over the limit and addresses that are no UTF-8.
pub(crate) async fn limits<B: MessageBody + 'static>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let limit = request
        .app_data::<web::Data<BodyLimit>>()
        .map_or(0, |limit| limit.0);
    // The one address that takes more than JSON.
    let limit = match Route::of(&request) {
        Some(route) if route.as_str() == routes::IMAGE_UPLOAD => limit.max(LARGEST.into()),
        _ => limit,
    };
    let problem = check_address(&request).or_else(|| check_body(&request, limit));
    let Some(problem) = problem else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    drain(request.take_payload()).await;
    Ok(request
        .into_response(problem.error_response())
        .map_into_right_body())
}

fn check_address(request: &ServiceRequest) -> Option<Problem> {
    let uri = request.uri();
    let length = uri.path().len() + uri.query().map_or(0, |query| query.len() + 1);
    if length > MAX_URI_BYTES {
        let limit = u64::try_from(MAX_URI_BYTES).unwrap_or(u64::MAX);
        return Some(Problem::new(ProblemKind::UriTooLong).with_detail(Message::UriLimit(limit)));
    }
    let message = decode(uri.path()).err()?;
    Some(Problem::new(ProblemKind::MalformedRequest).with_detail(message))
}

fn check_body(request: &ServiceRequest, limit: u64) -> Option<Problem> {
    let length = request.headers().get(header::CONTENT_LENGTH)?;
    let length: u64 = length.to_str().ok()?.parse().ok()?;
    (length > limit)
        .then(|| Problem::new(ProblemKind::PayloadTooLarge).with_detail(Message::BodyLimit(limit)))
}

/// Reads and forgets what the client is sending, within limits.
pub(crate) async fn drain(mut payload: Payload) {
    let reading = async {
        let mut read = 0_usize;
        while let Some(Ok(chunk)) = payload.next().await {
            read = read.saturating_add(chunk.len());
            if read > MAX_DRAINED_BYTES {
                break;
            }
        }
    };
    // Too slow is as good as done: the answer goes out either way.
    if tokio::time::timeout(MAX_DRAIN_TIME, reading).await.is_err() {
        tracing::debug!("a body over the limit was not read to its end in time");
    }
}
