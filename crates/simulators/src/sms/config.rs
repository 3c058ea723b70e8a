//! What doesn't change while the stand-in runs.

use std::time::Duration;

/// How many requests are taken in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Requests to send that are taken.
    pub requests: u32,
    /// In any stretch of this length.
    pub period: Duration,
}

/// An account at Naver Cloud and how the stand-in behaves.
#[derive(Debug, Clone)]
pub struct Config {
    /// The project's id, as it stands in the path.
    pub service_id: String,
    /// Access key id.
    pub access_key: String,
    /// The key that signs.
    pub secret_key: String,
    /// Registered numbers that messages may come from, digits only.
    pub senders: Vec<String>,
    /// Beyond it the answer is 429.
    pub rate_limit: RateLimit,
    /// How long a message is `PROCESSING`.
    pub processing: Duration,
    /// Messages kept; the oldest go first.
    pub kept: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            service_id: "ncp:sms:kr:000000000000:pillnuts".to_owned(),
            access_key: "sample-access-key".to_owned(),
            secret_key: "sample-secret-key".to_owned(),
            senders: vec!["0212345678".to_owned()],
            rate_limit: RateLimit {
                requests: 600,
                period: Duration::from_secs(60),
            },
            processing: Duration::from_millis(300),
            kept: 10_000,
        }
    }
}
