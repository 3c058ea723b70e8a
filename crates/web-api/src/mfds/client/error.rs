//! Every way in which the feed was seen to fail, by name.

use std::time::Duration;

/// Why a page could not be had. No variant holds the URL: the key is in it.
#[derive(Debug, thiserror::Error)]
pub enum FeedError {
    /// No key is set.
    #[error("MFDS_SERVICE_KEY is not set")]
    NoKey,
    /// Code 22 (`LIMITED_NUMBER_OF_SERVICE_REQUESTS_EXCEEDS_ERROR`): the day's requests are used up.
    #[error("the service's quota is used up (code 22)")]
    Quota,
    /// The key is not taken: codes 20, 30 to 33.
    #[error("the service refuses the key: {name} (code {code})")]
    Key {
        /// MFDS's code.
        code: u16,
        /// MFDS's name of it.
        name: &'static str,
    },
    /// Another error of the service or its gateway.
    #[error("the service answered with error {code} {name}: {message}")]
    Service {
        /// The code as it came.
        code: String,
        /// The name of a known code, else `UNKNOWN`.
        name: &'static str,
        /// The service's words, shortened.
        message: String,
        /// Whether such an error passes by itself.
        passes: bool,
    },
    /// A status other than 200 with a body that says nothing more.
    #[error("the service answered with HTTP {status}: {excerpt}")]
    Status {
        /// HTTP status.
        status: u16,
        /// The beginning of the body.
        excerpt: String,
        /// What the service asks to wait.
        retry_after: Option<Duration>,
    },
    /// A page of the gateway instead of data.
    #[error("an HTML page came instead of data: {excerpt}")]
    Html {
        /// The beginning of the page.
        excerpt: String,
    },
    /// Refused, reset, cut or too slow.
    #[error("the connection failed ({kind})")]
    Network {
        /// `connect`, `timeout`, `body`, `request`.
        kind: &'static str,
        /// The cause, without the URL.
        #[source]
        source: reqwest::Error,
    },
    /// The answer is longer than any page can be.
    #[error("the answer is longer than {limit} bytes")]
    TooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The body isn't UTF-8.
    #[error("the answer is not UTF-8 (from byte {valid_up_to} on)")]
    NotUtf8 {
        /// Where it stops being UTF-8.
        valid_up_to: usize,
    },
    /// Cut JSON, or none at all.
    #[error("the answer is not whole JSON: {reason}")]
    NotJson {
        /// What the parser says.
        reason: String,
    },
    /// JSON of another shape.
    #[error("the answer has an unexpected shape: {what}")]
    Shape {
        /// What is missing or odd.
        what: &'static str,
    },
    /// Another page than the one asked for.
    #[error("page {asked} was asked for, page {given} came")]
    WrongPage {
        /// Asked for.
        asked: u32,
        /// Came.
        given: u32,
    },
    /// Fewer records than the total promises.
    #[error("the page has {found} records instead of {expected}")]
    FewerRecords {
        /// As the total says.
        expected: u32,
        /// Came.
        found: u32,
    },
    /// A later page says that there is nothing at all.
    #[error("a page in the middle says that there are no records at all")]
    Void,
    /// The process stops.
    #[error("the process stops")]
    Stopped,
}

impl FeedError {
    pub(super) fn network(error: reqwest::Error) -> Self {
        let kind = if error.is_connect() {
            "connect"
        } else if error.is_timeout() {
            "timeout"
        } else if error.is_body() || error.is_decode() {
            "body"
        } else {
            "request"
        };
        Self::Network {
            kind,
            source: error.without_url(),
        }
    }

    /// An error of the service, by its code: XML's `returnReasonCode` and JSON's `resultCode` share them.
    pub(super) fn service(code: &str, message: String) -> Self {
        let number = code.trim().parse::<u16>().ok();
        let (name, passes) = match number {
            Some(22) => return Self::Quota,
            Some(20) => {
                return Self::Key {
                    code: 20,
                    name: "SERVICE_ACCESS_DENIED_ERROR",
                };
            }
            Some(30) => {
                return Self::Key {
                    code: 30,
                    name: "SERVICE_KEY_IS_NOT_REGISTERED_ERROR",
                };
            }
            Some(31) => {
                return Self::Key {
                    code: 31,
                    name: "DEADLINE_HAS_EXPIRED_ERROR",
                };
            }
            Some(32) => {
                return Self::Key {
                    code: 32,
                    name: "UNREGISTERED_IP_ERROR",
                };
            }
            Some(33) => {
                return Self::Key {
                    code: 33,
                    name: "UNSIGNED_CALL_ERROR",
                };
            }
            Some(1) => ("APPLICATION_ERROR", true),
            Some(2) => ("DB_ERROR", true),
            Some(4) => ("HTTP_ERROR", true),
            Some(5) => ("SERVICETIMEOUT_ERROR", true),
            Some(10) => ("INVALID_REQUEST_PARAMETER_ERROR", false),
            Some(11) => ("NO_MANDATORY_REQUEST_PARAMETERS_ERROR", false),
            Some(12) => ("NO_OPENAPI_SERVICE_ERROR", false),
            Some(21) => ("TEMPORARILY_DISABLE_THE_SERVICEKEY_ERROR", true),
            Some(23) => (
                "LIMITED_NUMBER_OF_SERVICE_REQUESTS_PER_SECOND_EXCEEDS_ERROR",
                true,
            ),
            Some(99) => ("UNKNOWN_ERROR", true),
            _ => ("UNKNOWN", false),
        };
        Self::Service {
            code: code.trim().to_owned(),
            name,
            message,
            passes,
        }
    }

    /// What the service asks to wait before the next request.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether asking again may help within minutes.
    #[must_use]
    pub fn may_pass(&self) -> bool {
        match self {
            Self::Network { .. }
            | Self::Html { .. }
            | Self::NotUtf8 { .. }
            | Self::NotJson { .. }
            | Self::Shape { .. }
            | Self::WrongPage { .. }
            | Self::FewerRecords { .. }
            | Self::Void => true,
            Self::Service { passes, .. } => *passes,
            Self::Status { status, .. } => *status == 408 || *status == 429 || *status >= 500,
            Self::NoKey | Self::Quota | Self::Key { .. } | Self::TooLong { .. } | Self::Stopped => {
                false
            }
        }
    }
}
