//! Slack's incoming webhook: one message, one answer.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use reqwest::{Client, Response, StatusCode, redirect};
use serde_json::Value;

use super::settings::{SlackSettings, WebhookUrl};
use crate::store::model::DeliveryId;

/// Part of the whole time.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest answer that is read: it is one word.
const LONGEST: usize = 1_024;
/// Where Slack doesn't say how long to wait.
const DEFAULT_WAIT: Duration = Duration::from_secs(30);
/// However long Slack says: a mistake of its mustn't silence us for days.
const LONGEST_WAIT: Duration = Duration::from_secs(60 * 60);

/// What became of a message. The words are fixed ones, of Slack's documentation or ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// The channel shows it.
    Delivered,
    /// Not now, and nothing else to this webhook either for so long.
    Wait(&'static str, Duration),
    /// It may go well another time. It may have been shown all the same.
    Failed(&'static str),
    /// The same will never be taken, until somebody mends the message or the webhook.
    Refused(&'static str),
}

/// A client of one webhook.
pub struct Webhook {
    http: Client,
    url: WebhookUrl,
}

impl Webhook {
    /// A client. A TLS provider must be installed.
    ///
    /// # Errors
    /// Where the TLS set-up fails.
    pub fn new(settings: &SlackSettings) -> Result<Self, reqwest::Error> {
        let http = Client::builder()
            .connect_timeout(CONNECT_TIMEOUT.min(settings.timeout))
            .timeout(settings.timeout)
            // The address is a secret, and where it leads is decided here.
            .redirect(redirect::Policy::none())
            .referer(false)
            .http1_only()
            .user_agent(concat!("pillnuts/", env!("CARGO_PKG_VERSION")))
            .build()?;
        let url = settings.webhook.clone();
        Ok(Self { http, url })
    }

    /// Posts a message. The id goes along as `Idempotency-Key`, for whatever stands in between.
    pub async fn post(&self, id: DeliveryId, payload: &Value) -> Answer {
        let request = self.http.post(self.url.expose()).json(payload);
        let request = request.header("idempotency-key", id.to_string());
        match request.send().await {
            Ok(response) => judge(response).await,
            Err(error) => lost(&error),
        }
    }
}

impl fmt::Debug for Webhook {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook").finish_non_exhaustive()
    }
}

/// The error itself names the address.
fn lost(error: &reqwest::Error) -> Answer {
    Answer::Failed(if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "unreachable"
    } else {
        "connection_lost"
    })
}

async fn judge(response: Response) -> Answer {
    let status = response.status();
    let wait = retry_after(response.headers(), Utc::now());
    match status.as_u16() {
        200 => match word(response).await {
            Ok(word) if word == "ok" => Answer::Delivered,
            // A page of something in between.
            Ok(_) => Answer::Failed("unexpected_answer"),
            Err(answer) => answer,
        },
        429 => Answer::Wait("rate_limited", wait.unwrap_or(DEFAULT_WAIT)),
        503 => wait.map_or(Answer::Failed("status_503"), |wait| {
            Answer::Wait("unavailable", wait)
        }),
        300..=399 => Answer::Refused("redirected"),
        408 | 425 | 500..=599 | 200..=299 => Answer::Failed(of_status(status)),
        _ => {
            let word = word(response).await.unwrap_or_default();
            Answer::Refused(known(&word).unwrap_or_else(|| of_status(status)))
        }
    }
}

/// Slack's words for what never goes well.
fn known(word: &str) -> Option<&'static str> {
    const WORDS: [&str; 15] = [
        "action_prohibited",
        "channel_is_archived",
        "channel_not_found",
        "invalid_blocks",
        "invalid_payload",
        "invalid_token",
        "msg_too_long",
        "no_service",
        "no_service_id",
        "no_team",
        "no_text",
        "posting_to_general_channel_denied",
        "team_disabled",
        "too_many_attachments",
        "user_not_found",
    ];
    WORDS.into_iter().find(|known| *known == word)
}

/// A fixed word for a status: the common ones by number.
fn of_status(status: StatusCode) -> &'static str {
    const COMMON: [(u16, &str); 9] = [
        (400, "status_400"),
        (401, "status_401"),
        (403, "status_403"),
        (404, "status_404"),
        (408, "status_408"),
        (410, "status_410"),
        (500, "status_500"),
        (502, "status_502"),
        (504, "status_504"),
    ];
    let number = status.as_u16();
    let common = COMMON.into_iter().find(|(common, _)| *common == number);
    common.map_or_else(
        || match number {
            200..=299 => "unexpected_answer",
            400..=499 => "status_4xx",
            _ => "status_5xx",
        },
        |(_, word)| word,
    )
}

/// Seconds, or a date.
fn retry_after(headers: &HeaderMap, now: DateTime<Utc>) -> Option<Duration> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    let wait = match text.parse() {
        Ok(seconds) => Duration::from_secs(seconds),
        Err(_) => {
            let until = DateTime::parse_from_rfc2822(text).ok()?;
            let wait = until.to_utc().signed_duration_since(now);
            wait.to_std().unwrap_or_default()
        }
    };
    Some(wait.clamp(Duration::from_secs(1), LONGEST_WAIT))
}

/// The answer's body, where it is short enough to be one.
async fn word(mut response: Response) -> Result<String, Answer> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len().saturating_add(chunk.len()) > LONGEST {
            return Ok(String::new());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(String::from_utf8_lossy(&body).trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use reqwest::header::HeaderValue;

    #[test]
    fn the_wait_is_seconds_or_a_date_within_limits() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).expect("a time");
        let wait = |text: &'static str| {
            let value = HeaderValue::from_static(text);
            let headers = HeaderMap::from_iter([(RETRY_AFTER, value)]);
            retry_after(&headers, now).map(|wait| wait.as_secs())
        };
        assert_eq!(wait("30"), Some(30));
        assert_eq!(wait("0"), Some(1));
        assert_eq!(wait("999999999"), Some(3_600));
        assert_eq!(wait("Tue, 14 Nov 2023 22:13:25 GMT"), Some(5));
        assert_eq!(wait("Tue, 14 Nov 2023 22:13:15 GMT"), Some(1));
        assert_eq!((wait("-1"), wait("soon"), wait("")), (None, None, None));
        assert_eq!(retry_after(&HeaderMap::new(), now), None);
    }
}
