//! How refresh tokens come and go: in bodies, or in a cookie that no script reads.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::http::header::{HeaderMap, HeaderValue};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::service::Signed;
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;

const HEADER: &str = "x-refresh-transport";
/// The prefix makes browsers refuse it from anything but a page over TLS.
const NAME: &str = "__Secure-refresh";
/// It goes to where it is used and nowhere else.
const PATH: &str = "/api/v1/auth/sessions";
/// A refresh token lives so long; the server decides anyway.
const LIFE: Duration = Duration::days(30);

/// Whether refresh tokens of this request travel in the cookie.
///
/// # Errors
/// 422 for another word than `cookie` or `body`.
pub(super) fn by_cookie(headers: &HeaderMap) -> Result<bool, Problem> {
    let mut values = headers.get_all(HEADER);
    match (values.next().map(HeaderValue::as_bytes), values.next()) {
        (None | Some(b"body"), None) => Ok(false),
        (Some(b"cookie"), None) => Ok(true),
        _ => Err(Problem::invalid_field(
            "X-Refresh-Transport",
            Message::OneOf(&["body", "cookie"]),
        )),
    }
}

/// The token of the cookie.
pub(super) fn token(request: &HttpRequest) -> Option<String> {
    request.cookie(NAME).map(|cookie| cookie.value().to_owned())
}

fn cookie(value: &str, life: Duration) -> Cookie<'_> {
    Cookie::build(NAME, value)
        .path(PATH)
        .http_only(true)
        .secure(true)
        .same_site(SameSite::Strict)
        .max_age(life)
        .finish()
}

/// The same answer with the token in a cookie.
pub(super) fn with_token(mut response: HttpResponse, signed: &Signed) -> HttpResponse {
    let set = response.add_cookie(&cookie(signed.refresh.expose(), LIFE));
    // A token is base64url: it fits into any cookie.
    if set.is_err() {
        tracing::error!("a refresh token doesn't fit into a cookie");
    }
    response
}

/// The same answer, by which a browser forgets the token.
pub(super) fn without_token(mut response: HttpResponse) -> HttpResponse {
    if response.add_cookie(&cookie("", Duration::ZERO)).is_err() {
        tracing::error!("an empty cookie can't be written");
    }
    response
}
