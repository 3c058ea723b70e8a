//! All routes and who may ask them: nothing is reachable that isn't in this table.

use axum::routing::{MethodRouter, delete, get, post, put};

use super::{
    Rest, access_log, canned_replies, console, dead_letters, holidays, keywords, statements,
    unknown_words,
};

/// Who may ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// Anybody: it proves for itself who it is from.
    Anybody,
    /// Counsellors and admins, with a second factor.
    Counsellor,
    /// Admins, with a second factor.
    Admin,
    /// Who is signed in with an account of this server, by its cookie.
    Console,
}

/// A route.
#[derive(Debug)]
pub struct Route {
    /// `GET` and so on.
    pub method: &'static str,
    /// With `{names}` for what varies.
    pub path: &'static str,
    /// Who may ask.
    pub allowed: Allowed,
    handler: fn() -> MethodRouter<Rest>,
}

impl Route {
    pub(super) fn handler(&self) -> MethodRouter<Rest> {
        (self.handler)()
    }
}

const fn route(
    method: &'static str,
    path: &'static str,
    allowed: Allowed,
    handler: fn() -> MethodRouter<Rest>,
) -> Route {
    Route {
        method,
        path,
        allowed,
        handler,
    }
}

const STATEMENTS: &str = "/chat/v1/internal/statements";
const SESSIONS: &str = "/chat/v1/console/sessions";
const CURRENT: &str = "/chat/v1/console/sessions/current";
const KEYWORDS: &str = "/chat/v1/keywords";
const KEYWORD: &str = "/chat/v1/keywords/{id}";
const HOLIDAYS: &str = "/chat/v1/holidays";
const HOLIDAY: &str = "/chat/v1/holidays/{date}";
const CANNED_REPLIES: &str = "/chat/v1/canned-replies";
const CANNED_REPLY: &str = "/chat/v1/canned-replies/{id}";
const UNKNOWN_WORDS: &str = "/chat/v1/unknown-words";
const UNKNOWN_WORD: &str = "/chat/v1/unknown-words/{word}";
const DEAD_LETTERS: &str = "/chat/v1/dead-letters";
const RESEND: &str = "/chat/v1/dead-letters/{conversationId}/{deliveryId}/resend";
const ACCESS_LOG: &str = "/chat/v1/access-log";

/// Every route.
pub const ROUTES: &[Route] = &[
    route("POST", STATEMENTS, Allowed::Anybody, || {
        post(statements::take)
    }),
    route("POST", SESSIONS, Allowed::Anybody, || {
        post(console::sign_in)
    }),
    route("GET", CURRENT, Allowed::Console, || get(console::current)),
    route("DELETE", CURRENT, Allowed::Console, || {
        delete(console::sign_out)
    }),
    route("GET", KEYWORDS, Allowed::Counsellor, || get(keywords::list)),
    route("PUT", KEYWORD, Allowed::Admin, || put(keywords::write)),
    route("DELETE", KEYWORD, Allowed::Admin, || {
        delete(keywords::remove)
    }),
    route("GET", HOLIDAYS, Allowed::Counsellor, || get(holidays::list)),
    route("PUT", HOLIDAY, Allowed::Admin, || put(holidays::write)),
    route("DELETE", HOLIDAY, Allowed::Admin, || {
        delete(holidays::remove)
    }),
    route("GET", CANNED_REPLIES, Allowed::Counsellor, || {
        get(canned_replies::list)
    }),
    route("PUT", CANNED_REPLY, Allowed::Admin, || {
        put(canned_replies::write)
    }),
    route("DELETE", CANNED_REPLY, Allowed::Admin, || {
        delete(canned_replies::remove)
    }),
    route("GET", UNKNOWN_WORDS, Allowed::Admin, || {
        get(unknown_words::list)
    }),
    route("DELETE", UNKNOWN_WORD, Allowed::Admin, || {
        delete(unknown_words::forget)
    }),
    route("GET", DEAD_LETTERS, Allowed::Admin, || {
        get(dead_letters::list)
    }),
    route("POST", RESEND, Allowed::Admin, || {
        post(dead_letters::resend)
    }),
    route("GET", ACCESS_LOG, Allowed::Admin, || get(access_log::list)),
];

#[cfg(test)]
mod tests {
    use super::super::label;
    use super::*;

    #[test]
    fn paths_are_named_without_what_somebody_typed() {
        assert_eq!(
            label("/chat/v1/unknown-words/%ED%83%80"),
            Some(UNKNOWN_WORD)
        );
        assert_eq!(label("/chat/v1/dead-letters/a/b/resend"), Some(RESEND));
        assert_eq!(label("/chat/v1/keywords"), Some(KEYWORDS));
        assert_eq!(label("/chat/v1/keywords/"), Some(KEYWORD));
        for other in [
            "/chat/v1/",
            "/chat/v1/nothing/here",
            "/chat/v1/holidays/a/b",
        ] {
            assert_eq!(label(other), Some("/chat/v1/…"), "{other}");
        }
        assert_eq!(label("/socket.io/"), None);
    }
}
