//! What binds a way to a provider and back to one browser.

use actix_web::cookie::time::Duration;
use actix_web::cookie::{Cookie, SameSite};
use actix_web::{HttpRequest, HttpResponse};

/// The prefix makes browsers refuse it from anything but this very host over TLS: no neighbouring host
/// can put a browser of its choice in somebody's place.
const NAME: &str = "__Host-social";
/// The time at the provider, and what comes after it.
const LIFE: Duration = Duration::minutes(20);

/// The cookie of a request.
pub(super) fn of(request: &HttpRequest) -> Option<String> {
    request.cookie(NAME).map(|cookie| cookie.value().to_owned())
}

/// The same answer, with which a browser keeps the cookie.
pub(super) fn with(mut response: HttpResponse, value: &str) -> HttpResponse {
    let cookie = Cookie::build(NAME, value)
        .path("/")
        .http_only(true)
        .secure(true)
        // People come back from the provider by a link of another site: `Strict` would not be sent.
        .same_site(SameSite::Lax)
        .max_age(LIFE)
        .finish();
    // It is base64url, which fits.
    if response.add_cookie(&cookie).is_err() {
        tracing::error!("what binds a sign-in to a browser doesn't fit into a cookie");
    }
    response
}
