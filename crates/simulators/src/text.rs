//! Small forms of text that several stand-ins need.

use std::fmt::Write as _;

use axum::{
    http::{HeaderValue, header},
    response::{Html, IntoResponse, Response},
};

/// A random name in hexadecimal, `2 * N` characters long.
pub(crate) fn random_hex<const N: usize>() -> String {
    hex::encode(rand::random::<[u8; N]>())
}

/// Text as it may stand in HTML and XML, in elements and in quoted attributes.
pub(crate) fn escape(text: &str) -> String {
    html_escape::encode_quoted_attribute(text).into_owned()
}

/// Reads a form or a query string. The last of equal names wins, as with most servers.
pub(crate) fn form(text: &str) -> std::collections::BTreeMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes())
        .into_owned()
        .collect()
}

/// A page for people: no scripts, nothing from elsewhere, in no frame.
pub(crate) fn page(title: &str, body: &str) -> Response {
    let mut html = String::with_capacity(body.len() + 512);
    // Writing into a string can't fail.
    let _written = write!(
        html,
        "<!doctype html>\n<html lang=\"ko\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{title}</title>\
         <style>body{{font-family:sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}}\
         td,th{{padding:.3rem .6rem;text-align:left;border-bottom:1px solid #ccc}}\
         a.choice{{display:block;padding:.6rem;margin:.4rem 0;border:1px solid #999}}</style>\
         </head><body><h1>{title}</h1>{body}</body></html>\n",
        title = escape(title),
    );
    let headers = [
        (
            header::CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
            ),
        ),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (
            header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        ),
        (
            header::X_CONTENT_TYPE_OPTIONS,
            HeaderValue::from_static("nosniff"),
        ),
    ];
    (headers, Html(html)).into_response()
}
