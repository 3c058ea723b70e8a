//! One identifier, one log line and one measurement a request.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::Next;
use actix_web::{Error, HttpMessage as _, HttpResponse};
use bytes::Bytes;
use service_kit::metrics::{UNMATCHED_ROUTE, record_http_request};
use service_kit::request_id::{HEADER, RequestId};
use tracing::Instrument as _;

/// Middleware: gives the request its identifier, and tells the log and the metrics how it went.
pub(crate) async fn observe<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<Observed>, Error> {
    let incoming = request.headers().get(HEADER).map(HeaderValue::as_bytes);
    let id = RequestId::accept(incoming);
    request.extensions_mut().insert(id.clone());
    let route = Route::match_once(&request);
    let mut record = Record::begin(id, request.method(), route);
    // Whatever is logged on the way to the answer names the request.
    let span = tracing::error_span!("request", request_id = record.id.as_str());
    match next.call(request).instrument(span).await {
        Ok(response) => {
            record.status = response.status();
            if let Some(route) = response.request().match_pattern() {
                record.route = route;
            }
            let mut response = response.map_into_boxed_body();
            name(response.headers_mut(), &record.id);
            Ok(response.map_body(|_, body| Observed { body, record }))
        }
        Err(mut error) => {
            record.status = error.as_response_error().status_code();
            let id = record.id.clone();
            error.add_response_mapper(move |mut response: HttpResponse| {
                name(response.headers_mut(), &id);
                response
            });
            Err(error)
        }
    }
}

/// The declared address that a request meets, such as `/api/v1/medicines/{id}`. Found by the path as
/// the router sees it: what is written `%64` there is a `d`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Route(String);

impl Route {
    /// Finds it out, and keeps it with the request.
    fn match_once(request: &ServiceRequest) -> Option<String> {
        let path = request.match_info().as_str();
        let route = request.resource_map().match_pattern(path)?;
        request.extensions_mut().insert(Self(route.clone()));
        Some(route)
    }

    /// What was found out.
    pub(crate) fn of(request: &ServiceRequest) -> Option<Self> {
        request.extensions().get::<Self>().cloned()
    }

    /// The address, with `{names}`.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

fn name(headers: &mut HeaderMap, id: &RequestId) {
    if let Ok(value) = HeaderValue::from_str(id.as_str()) {
        headers.insert(HeaderName::from_static(HEADER), value);
    }
}

/// What is told of one request, when its answer has been handed over or given up.
///
/// Neither the query nor the path's parameters are in it: what somebody looks up can be health data.
#[derive(Debug)]
struct Record {
    id: RequestId,
    method: &'static str,
    route: String,
    status: StatusCode,
    begun: Instant,
    bytes: u64,
}

impl Record {
    fn begin(id: RequestId, method: &Method, route: Option<String>) -> Self {
        metrics::gauge!("http_requests_in_flight").increment(1.0);
        Self {
            id,
            method: label(method),
            route: route.unwrap_or_else(|| UNMATCHED_ROUTE.to_owned()),
            // Stays where the client left before there was an answer.
            status: StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
            begun: Instant::now(),
            bytes: 0,
        }
    }
}

impl Drop for Record {
    fn drop(&mut self) {
        let elapsed = self.begun.elapsed();
        let status = self.status.as_u16();
        tracing::info!(
            request_id = self.id.as_str(),
            method = self.method,
            route = self.route,
            status,
            duration_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
            bytes = self.bytes,
            "request"
        );
        metrics::gauge!("http_requests_in_flight").decrement(1.0);
        record_http_request(self.method, &self.route, status, elapsed);
    }
}

/// Clients may invent methods; log lines name those that exist.
pub(crate) fn label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "OTHER",
    }
}

/// A body whose bytes are counted.
#[derive(Debug)]
pub(crate) struct Observed {
    body: BoxBody,
    record: Record,
}

impl MessageBody for Observed {
    type Error = <BoxBody as MessageBody>::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let next = self.body.as_pin_mut().poll_next(context);
        if let Poll::Ready(Some(Ok(chunk))) = &next {
            let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
            self.record.bytes = self.record.bytes.saturating_add(length);
        }
        next
    }
}
