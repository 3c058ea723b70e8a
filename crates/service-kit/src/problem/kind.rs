//! Every kind of problem with its status, code and texts.

use std::time::Duration;

use super::LocalText;

/// Wait that is proposed when nothing better is known.
const USUAL_RETRY: Duration = Duration::from_secs(5);

/// What went wrong, in the terms of a client. Codes are stable: clients branch on them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ProblemKind {
    /// 400: the request can't be understood (odd bytes in the URL, a bad header …).
    MalformedRequest,
    /// 400: the body is not JSON of the expected shape.
    InvalidJson,
    /// 401: not signed in.
    Unauthorized,
    /// 403: signed in, but not allowed.
    Forbidden,
    /// 404: not there, or not the caller's to see.
    NotFound,
    /// 405: the address exists, but not with this method.
    MethodNotAllowed,
    /// 406: no form of the answer suits the caller.
    NotAcceptable,
    /// 408: the request did not arrive in time.
    RequestTimeout,
    /// 409: contradicts the present state.
    Conflict,
    /// 410: was there once and never will be again.
    Gone,
    /// 413: the body is over the limit.
    PayloadTooLarge,
    /// 414: the address is over the limit.
    UriTooLong,
    /// 415: the body has a type that isn't taken.
    UnsupportedMediaType,
    /// 422: well-formed, but a rule is broken; `errors` says which.
    ValidationFailed,
    /// 429: too many requests.
    TooManyRequests,
    /// 431: the headers are over the limit.
    HeadersTooLarge,
    /// 500: our fault; the cause is in the log only.
    Internal,
    /// 503: something that we depend on is down.
    Unavailable,
    /// 504: the answer could not be made in time.
    Timeout,
}

impl ProblemKind {
    /// All kinds, for documentation and tests.
    pub const ALL: [Self; 19] = [
        Self::MalformedRequest,
        Self::InvalidJson,
        Self::Unauthorized,
        Self::Forbidden,
        Self::NotFound,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::RequestTimeout,
        Self::Conflict,
        Self::Gone,
        Self::PayloadTooLarge,
        Self::UriTooLong,
        Self::UnsupportedMediaType,
        Self::ValidationFailed,
        Self::TooManyRequests,
        Self::HeadersTooLarge,
        Self::Internal,
        Self::Unavailable,
        Self::Timeout,
    ];

    /// HTTP status code (RFC 9110, section 15; RFC 6585).
    #[must_use]
    pub const fn status(self) -> u16 {
        match self {
            Self::MalformedRequest | Self::InvalidJson => 400,
            Self::Unauthorized => 401,
            Self::Forbidden => 403,
            Self::NotFound => 404,
            Self::MethodNotAllowed => 405,
            Self::NotAcceptable => 406,
            Self::RequestTimeout => 408,
            Self::Conflict => 409,
            Self::Gone => 410,
            Self::PayloadTooLarge => 413,
            Self::UriTooLong => 414,
            Self::UnsupportedMediaType => 415,
            Self::ValidationFailed => 422,
            Self::TooManyRequests => 429,
            Self::HeadersTooLarge => 431,
            Self::Internal => 500,
            Self::Unavailable => 503,
            Self::Timeout => 504,
        }
    }

    /// Stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::MalformedRequest => "malformed_request",
            Self::InvalidJson => "invalid_json",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::MethodNotAllowed => "method_not_allowed",
            Self::NotAcceptable => "not_acceptable",
            Self::RequestTimeout => "request_timeout",
            Self::Conflict => "conflict",
            Self::Gone => "gone",
            Self::PayloadTooLarge => "payload_too_large",
            Self::UriTooLong => "uri_too_long",
            Self::UnsupportedMediaType => "unsupported_media_type",
            Self::ValidationFailed => "validation_failed",
            Self::TooManyRequests => "too_many_requests",
            Self::HeadersTooLarge => "headers_too_large",
            Self::Internal => "internal",
            Self::Unavailable => "unavailable",
            Self::Timeout => "timeout",
        }
    }

    /// Short text, the same for every occurrence of the kind.
    #[must_use]
    pub const fn title(self) -> LocalText {
        self.texts().0
    }

    /// The usual explanation; a better one replaces it where more is known.
    #[must_use]
    pub const fn detail(self) -> LocalText {
        self.texts().1
    }

    /// `Retry-After` of kinds that pass by themselves.
    #[must_use]
    pub const fn default_retry_after(self) -> Option<Duration> {
        match self {
            Self::TooManyRequests | Self::Unavailable | Self::Timeout => Some(USUAL_RETRY),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn codes_and_titles_are_distinct() {
        let codes: HashSet<_> = ProblemKind::ALL.iter().map(|kind| kind.code()).collect();
        let titles: HashSet<_> = ProblemKind::ALL
            .iter()
            .map(|kind| kind.title().ko)
            .collect();
        let english: HashSet<_> = ProblemKind::ALL
            .iter()
            .map(|kind| kind.title().en)
            .collect();
        assert_eq!(codes.len(), ProblemKind::ALL.len());
        assert_eq!(titles.len(), ProblemKind::ALL.len());
        assert_eq!(english.len(), ProblemKind::ALL.len());
    }

    #[test]
    fn codes_are_snake_case_and_statuses_are_errors() {
        for kind in ProblemKind::ALL {
            assert!(
                kind.code()
                    .bytes()
                    .all(|byte| byte.is_ascii_lowercase() || byte == b'_')
            );
            assert!((400..600).contains(&kind.status()), "{kind:?}");
        }
    }
}
