//! The first page: what this is, and where to go.

use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse};

use crate::http::cacheable::{self, Freshness};

const PAGE: &str = include_str!("home.html");
const STYLE: &str = include_str!("home.css");

/// Nothing but this page, its style and its form.
const POLICY: &str = "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; \
                      frame-ancestors 'none'";

/// `GET /`
pub(crate) async fn page(request: HttpRequest) -> HttpResponse {
    let mut response = cacheable::bytes(
        &request,
        Freshness::Public,
        "text/html; charset=utf-8",
        PAGE.as_bytes().to_vec(),
    );
    response.headers_mut().insert(
        header::CONTENT_SECURITY_POLICY,
        header::HeaderValue::from_static(POLICY),
    );
    response
}

/// `GET /assets/home.css`
pub(crate) async fn style(request: HttpRequest) -> HttpResponse {
    cacheable::bytes(
        &request,
        Freshness::Public,
        "text/css; charset=utf-8",
        STYLE.as_bytes().to_vec(),
    )
}
