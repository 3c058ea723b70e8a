//! Headers that keep browsers from guessing, framing and leaking.

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, web};

use super::client::Client;

/// For everything that isn't a page: nothing may be loaded, run or framed. Pages set their own.
const NOTHING: &str = "default-src 'none'; frame-ancestors 'none'";

/// What browsers offer to pages and none of ours needs.
const PERMISSIONS: &str = "accelerometer=(), camera=(), display-capture=(), geolocation=(), \
                           gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), \
                           publickey-credentials-get=(), usb=()";

/// For a year. Not for the hosts below ours: we don't know who has them.
const STRICT_TRANSPORT: &str = "max-age=31536000";

/// When browsers are told to come by TLS alone from now on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Hsts {
    /// When a trusted proxy says that they came by TLS.
    #[default]
    Proxy,
    /// Always: where TLS ends at something that doesn't say so. Browsers ignore it without TLS.
    Always,
    /// Never.
    Off,
}

impl Hsts {
    fn holds(self, request: &ServiceRequest) -> bool {
        match self {
            Self::Proxy => Client::of(request).secure,
            Self::Always => true,
            Self::Off => false,
        }
    }
}

/// Middleware: adds the headers, except where a handler has set its own.
pub(crate) async fn security_headers<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let hsts = request.app_data::<web::Data<Hsts>>();
    let strict = hsts.is_some_and(|hsts| hsts.holds(&request));
    match next.call(request).await {
        Ok(mut response) => {
            add(response.headers_mut(), strict);
            Ok(response)
        }
        Err(mut error) => {
            error.add_response_mapper(move |mut response: HttpResponse| {
                add(response.headers_mut(), strict);
                response
            });
            Err(error)
        }
    }
}

fn add(headers: &mut HeaderMap, strict: bool) {
    set_default(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    // Addresses hold what people search for: they are told to nobody.
    set_default(headers, header::REFERRER_POLICY, "no-referrer");
    set_default(headers, header::X_FRAME_OPTIONS, "DENY");
    set_default(headers, header::CONTENT_SECURITY_POLICY, NOTHING);
    set_default(headers, header::PERMISSIONS_POLICY, PERMISSIONS);
    set_default(headers, header::CROSS_ORIGIN_OPENER_POLICY, "same-origin");
    // Pages of allowed origins read answers by CORS, which this doesn't touch: it keeps others from
    // embedding them unread.
    set_default(headers, header::CROSS_ORIGIN_RESOURCE_POLICY, "same-origin");
    if strict {
        set_default(headers, header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT);
    }
}

fn set_default(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    if !headers.contains_key(&name) {
        headers.insert(name, HeaderValue::from_static(value));
    }
}
