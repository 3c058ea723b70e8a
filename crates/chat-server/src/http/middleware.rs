//! What happens to every request before and after its handler.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, Response, header};
use axum::middleware::Next;
use service_kit::metrics::{UNMATCHED_ROUTE, record_http_request};
use service_kit::problem::{Problem, ProblemKind};
use service_kit::request_id::{self, RequestId};
use tracing::Instrument;

use super::problems::{self, AfterPanic};
use super::{Peer, wire};
use crate::gateway::{AllowedOrigins, House, PATH};
use crate::rest;

/// Header with the request's identifier.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static(request_id::HEADER);

/// Largest body in bytes. Engine.IO has a smaller limit of its own for what it reads.
const MAX_BODY: u64 = 128 * 1024;

/// How long a request that may have a body can take: no handler of such requests waits for
/// anything else.
pub(super) const BODY: Duration = Duration::from_secs(10);

/// Longest path in a log line, in bytes.
const MAX_PATH: usize = 200;

/// Gives the request its identifier, logs one line, counts it, and sets the headers that every
/// answer has.
pub(super) async fn observe(mut request: Request, next: Next) -> Response<Body> {
    let started = Instant::now();
    let id = RequestId::accept(request.headers().get(REQUEST_ID).map(HeaderValue::as_bytes));
    request.extensions_mut().insert(id.clone());
    let method = request.method().clone();
    let path = request.uri().path().to_owned();
    let span = tracing::info_span!("request", request_id = %id);
    let language = problems::language(request.headers());
    let mut response = next.run(request).instrument(span.clone()).await;
    if response.extensions().get::<AfterPanic>().is_some() {
        let problem = Problem::new(ProblemKind::Internal, language).with_request_id(id.clone());
        response = problems::answer(&problem);
    }

    let (status, elapsed) = (response.status().as_u16(), started.elapsed());
    record_http_request(method.as_str(), route(&path), status, elapsed);
    // Never the query: it holds the session id of a polling client. Of REST only the route: a path may
    // hold a word that a visitor has typed.
    let cut = || path.get(..path.floor_char_boundary(MAX_PATH));
    let shown = rest::label(&path).or_else(cut).unwrap_or_default();
    let milliseconds = elapsed.as_secs_f64() * 1_000.0;
    span.in_scope(|| tracing::info!(%method, path = shown, status, milliseconds, "request"));

    let headers = response.headers_mut();
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(REQUEST_ID, value);
    }
    for (name, value) in SECURITY {
        headers
            .entry(name)
            .or_insert(HeaderValue::from_static(value));
    }
    response
}

const SECURITY: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "no-referrer"),
    (
        header::CONTENT_SECURITY_POLICY,
        "default-src 'none'; frame-ancestors 'none'",
    ),
    (header::CACHE_CONTROL, "no-store"),
];

/// Label of a request in the metrics.
fn route(path: &str) -> &'static str {
    match path {
        "/" => "/",
        path if path.strip_suffix('/').unwrap_or(path) == PATH => PATH,
        path => rest::label(path).unwrap_or(UNMATCHED_ROUTE),
    }
}

/// Refuses a body that says it is too large, and gives up one that comes too slowly: a byte now
/// and then would hold a place for days.
pub(super) async fn limit_body(
    State(limit): State<Duration>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if length.is_some_and(|length| length > MAX_BODY) {
        let problem = problems::of_request(ProblemKind::PayloadTooLarge, &request);
        return problems::answer(&problem);
    }
    // These wait for events by design, and nobody reads a body of theirs.
    if request.method().is_safe() {
        return next.run(request).await;
    }
    let late = problems::of_request(ProblemKind::RequestTimeout, &request);
    tokio::time::timeout(limit, next.run(request))
        .await
        .unwrap_or_else(|_| problems::answer(&late))
}

/// Refuses new sessions of an address that begins too many.
pub(super) async fn limit_connects(
    State(house): State<Arc<House>>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let peer = request.extensions().get::<Peer>().copied();
    let (Some(Peer(peer)), true) = (peer, wire::begins(&request)) else {
        return next.run(request).await;
    };
    let address = super::client_address(&house.proxies, peer, request.headers());
    match house.rates.connect(address) {
        Ok(()) => next.run(request).await,
        Err(wait) => {
            metrics::counter!("chat_refused_total", "code" => "rate_limited").increment(1);
            let problem = problems::of_request(ProblemKind::TooManyRequests, &request);
            problems::answer(&problem.with_retry_after(wait))
        }
    }
}

/// Refuses web pages that may not connect, before anything is upgraded. Programs that are no
/// browser send no `Origin` and have no cookies of a user to misuse.
pub(super) async fn check_origin(
    State(origins): State<AllowedOrigins>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let mut sent = request.headers().get_all(header::ORIGIN).iter();
    if sent.all(|origin| origins.allows(origin.as_bytes())) {
        return next.run(request).await;
    }
    // The line of the request tells of it too.
    tracing::debug!("refused a page of another origin");
    let problem = problems::of_request(ProblemKind::Forbidden, &request);
    problems::answer(&problem.with_code("origin_not_allowed"))
}
