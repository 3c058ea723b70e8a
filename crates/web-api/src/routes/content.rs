//! Quotes and events, for everybody and for admins.

use actix_web::http::Method;

use super::{Access as A, Entry, RateClass, at, reads};
use crate::content::handlers::{admin_events, admin_quotes, list_events, random_quote};

pub(crate) const RANDOM_QUOTE: &str = "/api/v1/health-quotes/random";
pub(crate) const EVENTS: &str = "/api/v1/events";
pub(crate) const ADMIN_QUOTES: &str = "/api/v1/admin/health-quotes";
pub(crate) const ADMIN_QUOTE: &str = "/api/v1/admin/health-quotes/{id}";
pub(crate) const ADMIN_EVENTS: &str = "/api/v1/admin/events";
pub(crate) const ADMIN_EVENT: &str = "/api/v1/admin/events/{id}";

pub(super) fn of_content() -> Vec<Entry> {
    use RateClass::{Admin, Detail};
    vec![
        reads(RANDOM_QUOTE, A::PUBLIC, Detail, random_quote::random_quote),
        reads(EVENTS, A::PUBLIC, Detail, list_events::list_events),
        reads(ADMIN_QUOTES, A::ADMIN, Admin, admin_quotes::list).on(
            Method::POST,
            A::ADMIN,
            Admin,
            admin_quotes::create,
        ),
        at(ADMIN_QUOTE)
            .on(Method::PUT, A::ADMIN, Admin, admin_quotes::update)
            .on(Method::DELETE, A::ADMIN, Admin, admin_quotes::delete),
        reads(ADMIN_EVENTS, A::ADMIN, Admin, admin_events::list).on(
            Method::POST,
            A::ADMIN,
            Admin,
            admin_events::create,
        ),
        at(ADMIN_EVENT)
            .on(Method::PUT, A::ADMIN, Admin, admin_events::update)
            .on(Method::DELETE, A::ADMIN, Admin, admin_events::delete),
    ]
}
