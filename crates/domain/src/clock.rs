//! Time as a parameter, and the days and hours of Seoul that limits and attendance are counted by.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Korea has one zone and no summer time (since 1988).
const SEOUL_OFFSET: i64 = 9 * 60 * 60;
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// Whoever needs to know the time is given one of these, so that tests can move it.
///
/// Any function that tells a time is a clock; a server passes the system's:
/// ```
/// use std::sync::Arc;
/// use domain::clock::Clock;
/// let clock: Arc<dyn Clock> = Arc::new(chrono::Utc::now);
/// assert!(clock.now() <= clock.now());
/// ```
pub trait Clock: Send + Sync {
    /// The present moment.
    fn now(&self) -> DateTime<Utc>;
}

impl<F: Fn() -> DateTime<Utc> + Send + Sync> Clock for F {
    fn now(&self) -> DateTime<Utc> {
        self()
    }
}

/// `at + wait`, at most the last moment that there is: an addition never panics.
#[must_use]
pub fn later(at: DateTime<Utc>, wait: TimeDelta) -> DateTime<Utc> {
    at.checked_add_signed(wait)
        .unwrap_or(if wait < TimeDelta::zero() {
            DateTime::<Utc>::MIN_UTC
        } else {
            DateTime::<Utc>::MAX_UTC
        })
}

/// The day that the calendar on a wall in Seoul shows.
///
/// ```
/// use domain::clock::seoul_date;
/// let at = "2026-03-01T15:00:00Z".parse().unwrap();
/// assert_eq!(seoul_date(at).to_string(), "2026-03-02");
/// ```
#[must_use]
pub fn seoul_date(at: DateTime<Utc>) -> NaiveDate {
    later(at, TimeDelta::seconds(SEOUL_OFFSET)).date_naive()
}

/// From when until when a count holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First moment that counts.
    pub start: DateTime<Utc>,
    /// First moment of the next window.
    pub end: DateTime<Utc>,
}

impl Window {
    /// The day in Seoul that a moment is in.
    #[must_use]
    pub fn seoul_day(at: DateTime<Utc>) -> Self {
        Self::around(at, DAY)
    }

    /// The hour that a moment is in.
    #[must_use]
    pub fn hour(at: DateTime<Utc>) -> Self {
        Self::around(at, HOUR)
    }

    /// Whether a moment is in the window.
    #[must_use]
    pub fn holds(&self, at: DateTime<Utc>) -> bool {
        self.start <= at && at < self.end
    }

    fn around(at: DateTime<Utc>, length: i64) -> Self {
        let into = at
            .timestamp()
            .saturating_add(SEOUL_OFFSET)
            .rem_euclid(length);
        let start = at.timestamp().saturating_sub(into);
        let moment = |seconds, beyond| DateTime::from_timestamp(seconds, 0).unwrap_or(beyond);
        Self {
            start: moment(start, DateTime::<Utc>::MIN_UTC),
            end: moment(start.saturating_add(length), DateTime::<Utc>::MAX_UTC),
        }
    }
}
