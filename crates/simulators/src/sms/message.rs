//! Messages and how they are on their way.

use std::time::Duration;

use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use serde::Serialize;

/// Korea keeps one offset all year.
const SEOUL_SECONDS: i32 = 9 * 60 * 60;

/// Where a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Status {
    /// Accepted.
    Processing,
    /// Delivered, or failed for good.
    Completed,
}

/// A message that was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// Of the request that brought it.
    pub request_id: String,
    /// Its own.
    pub message_id: String,
    /// Who it is from, digits only.
    pub from: String,
    /// Who it is for, digits only.
    pub to: String,
    /// Its text.
    pub content: String,
    /// `COMM` or `AD`.
    pub content_type: String,
    /// `82` for Korea.
    pub country_code: String,
    /// When it was accepted.
    pub requested_at: DateTime<Utc>,
    /// When it is no longer `PROCESSING`; never where that was asked for.
    #[serde(skip)]
    pub(crate) completes_at: Option<DateTime<Utc>>,
    /// The telephone company's code where delivery fails.
    pub failure: Option<String>,
}

impl Message {
    /// Where it is at that time.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        if self.completes_at.is_some_and(|at| at <= now) {
            Status::Completed
        } else {
            Status::Processing
        }
    }
}

/// The end of a span of time from `start` on.
pub(crate) fn after(start: DateTime<Utc>, span: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(span)
        .ok()
        .and_then(|span| start.checked_add_signed(span))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The time in Seoul, as SENS writes it in what it lists.
pub(crate) fn local(time: DateTime<Utc>) -> String {
    in_seoul(time, "%Y-%m-%d %H:%M:%S")
}

/// The time in Seoul, as SENS writes it where it accepts.
pub(crate) fn local_precise(time: DateTime<Utc>) -> String {
    in_seoul(time, "%Y-%m-%dT%H:%M:%S%.3f")
}

fn in_seoul(time: DateTime<Utc>, form: &str) -> String {
    FixedOffset::east_opt(SEOUL_SECONDS).map_or_else(
        || time.format(form).to_string(),
        |seoul| time.with_timezone(&seoul).format(form).to_string(),
    )
}

/// How long a text is on the way: EUC-KR as Windows extends it. `None` where it can't be written so.
pub(crate) fn euc_kr_length(text: &str) -> Option<usize> {
    let (bytes, _, replaced) = encoding_rs::EUC_KR.encode(text);
    (!replaced).then_some(bytes.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_euc_kr() {
        assert_eq!(euc_kr_length("[Pillnuts] 123456"), Some(17));
        assert_eq!(euc_kr_length("가나다"), Some(6));
        assert_eq!(euc_kr_length("뷁"), Some(2));
        assert_eq!(euc_kr_length("💊"), None);
    }

    #[test]
    fn times_are_korean() {
        let time = DateTime::from_timestamp_millis(1_700_000_000_123).unwrap();
        assert_eq!(local(time), "2023-11-15 07:13:20");
        assert_eq!(local_precise(time), "2023-11-15T07:13:20.123");
    }
}
