//! Which pages of other origins may read answers (the Fetch standard's CORS protocol).

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};

/// Methods that a page may use.
const METHODS: &str = "GET, HEAD, POST, PUT, PATCH, DELETE";
/// Headers that a page may send.
const REQUEST_HEADERS: &str = "authorization, content-type, idempotency-key, if-none-match, x-refresh-transport, x-request-id";
/// Headers that a page may read besides the usual ones.
const EXPOSED_HEADERS: &str = "etag, ratelimit-limit, ratelimit-policy, ratelimit-remaining, \
                               ratelimit-reset, retry-after, www-authenticate, x-request-id";
/// What a preflight is asked with besides its origin.
const PREFLIGHT_VARY: &str = "Access-Control-Request-Method, Access-Control-Request-Headers";
/// How long a browser may remember the permission, in seconds.
const MAX_AGE: &str = "600";

/// Origins whose pages may read answers, as browsers send them (`https://pillnuts.example`).
#[derive(Debug, Clone, Default)]
pub(crate) struct AllowedOrigins(Box<[HeaderValue]>);

impl AllowedOrigins {
    /// These origins.
    pub(crate) fn new(origins: impl IntoIterator<Item = HeaderValue>) -> Self {
        Self(origins.into_iter().collect())
    }

    /// The origin of a request, where it is one of them.
    fn allow(&self, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut origins = headers.get_all(header::ORIGIN);
        // Two can't both be meant.
        let origin = origins.next().filter(|_| origins.next().is_none())?;
        self.contains(origin).then(|| origin.clone())
    }

    /// Whether it is one of them.
    pub(crate) fn contains(&self, origin: &HeaderValue) -> bool {
        self.0.iter().any(|allowed| allowed == origin)
    }
}

/// Middleware: answers preflights, and marks answers for pages of allowed origins.
pub(crate) async fn cors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let origins = request.app_data::<web::Data<AllowedOrigins>>();
    let allowed = origins.and_then(|origins| origins.allow(request.headers()));
    let preflight = request.method() == Method::OPTIONS
        && request
            .headers()
            .contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    if preflight && allowed.is_some() {
        let mut response = request.into_response(HttpResponse::NoContent().finish());
        let headers = response.headers_mut();
        mark(headers, allowed);
        set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, METHODS);
        set(
            headers,
            header::ACCESS_CONTROL_ALLOW_HEADERS,
            REQUEST_HEADERS,
        );
        set(headers, header::ACCESS_CONTROL_MAX_AGE, MAX_AGE);
        headers.append(header::VARY, HeaderValue::from_static(PREFLIGHT_VARY));
        return Ok(response.map_into_right_body());
    }
    match next.call(request).await {
        Ok(mut response) => {
            mark(response.headers_mut(), allowed);
            Ok(response.map_into_left_body())
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response: HttpResponse| {
                mark(response.headers_mut(), allowed.clone());
                response
            });
            Err(error)
        }
    }
}

fn mark(headers: &mut HeaderMap, allowed: Option<HeaderValue>) {
    // A cache must not give the answer for one origin to another, not even a refusal.
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
    if let Some(origin) = allowed {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        // For the cookie of the refresh token. Never with `*`: the list is of single origins.
        set(headers, header::ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        set(
            headers,
            header::ACCESS_CONTROL_EXPOSE_HEADERS,
            EXPOSED_HEADERS,
        );
    }
}

fn set(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}
