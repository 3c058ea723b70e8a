//! What doesn't change while the stand-in runs.

use std::time::Duration;

/// How many messages are taken in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RateLimit {
    /// Messages that are taken.
    pub messages: u32,
    /// In any stretch of this length.
    pub period: Duration,
    /// What `Retry-After` says beyond it, in seconds.
    pub retry_after: u32,
}

/// A workspace with one incoming webhook, and how the stand-in behaves.
#[derive(Debug, Clone)]
pub struct Config {
    /// The workspace's id, as it stands in the path.
    pub team: String,
    /// The webhook's id.
    pub webhook: String,
    /// What makes the address a secret.
    pub token: String,
    /// Beyond it the answer is 429, until as long has passed as `Retry-After` said.
    pub rate_limit: RateLimit,
    /// Messages kept; the oldest go first.
    pub kept: usize,
}

impl Config {
    /// The path of the webhook.
    #[must_use]
    pub fn path(&self) -> String {
        format!("/services/{}/{}/{}", self.team, self.webhook, self.token)
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            team: "T00000000".to_owned(),
            webhook: "B00000000".to_owned(),
            token: "sampleSampleSampleSample".to_owned(),
            rate_limit: RateLimit {
                messages: 5,
                period: Duration::from_secs(5),
                retry_after: 3,
            },
            kept: 10_000,
        }
    }
}
