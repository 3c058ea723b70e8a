//! Headers that keep browsers from guessing, framing and leaking.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse};

/// For everything that isn't a page: nothing may be loaded, run or framed. Pages set their own.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// Middleware: adds the headers, except where a handler has set its own.
pub(crate) async fn security_headers<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    match next.call(request).await {
        Ok(mut response) => {
            add(response.headers_mut());
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(|mut response: HttpResponse| {
                add(response.headers_mut());
                response
            });
            Err(error)
        }
    }
}

fn add(headers: &mut HeaderMap) {
    set_default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Addresses hold what people search for: they are told to nobody.
    set_default(headers, header::REFERRER_POLICY, "no-referrer");
    set_default(headers, header::X_FRAME_OPTIONS, "DENY");
    set_default(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
}

fn set_default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
