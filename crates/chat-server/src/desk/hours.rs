//! The opening hours with the days that admins close.

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Datelike, TimeDelta, Timelike, Utc, Weekday};
use domain::chat::hours::{self, OpeningState, Week};
use domain::clock::later;

use crate::store::model::Moment;
use crate::store::{Store, StoreError};

/// Korea has one zone and no summer time (since 1988).
const SEOUL: TimeDelta = TimeDelta::hours(9);

/// The opening hours; a cheap handle, kept by the [`Desk`](super::Desk) as the store has them.
#[derive(Debug, Clone)]
pub struct Hours {
    week: Arc<Week>,
    now: Arc<RwLock<Arc<hours::Hours>>>,
}

impl Hours {
    /// The hours of a week and the public holidays, without any day that admins have closed.
    #[must_use]
    pub fn new(week: Week) -> Self {
        let hours = hours::Hours::new(week.clone(), []);
        Self {
            week: Arc::new(week),
            now: Arc::new(RwLock::new(Arc::new(hours))),
        }
    }

    /// Whether counsellors are there, and until or from when.
    pub fn at(&self, now: impl Into<DateTime<Utc>>) -> OpeningState {
        let hours = Arc::clone(&self.now.read().unwrap_or_else(PoisonError::into_inner));
        hours.at(now.into())
    }

    /// Takes over the days that admins have closed.
    pub(super) async fn reread(&self, store: &Store, now: Moment) -> Result<(), StoreError> {
        let closed = store.holidays(now).await?;
        let closed = closed.into_iter().map(|day| day.date);
        let hours = Arc::new(hours::Hours::new(Week::clone(&self.week), closed));
        *self.now.write().unwrap_or_else(PoisonError::into_inner) = hours;
        Ok(())
    }
}

/// The hours as visitors are told: until when, or from when on.
#[must_use]
pub fn opening_text(state: OpeningState) -> String {
    match (state.open, state.opens_at, state.closes_at) {
        (true, _, Some(at)) => format!("지금은 상담 시간이에요. {}까지 상담해요.", spoken(at)),
        (true, ..) => "지금은 상담 시간이에요.".to_owned(),
        (false, Some(at), _) => {
            format!(
                "지금은 상담 시간이 아니에요. 다음 상담은 {}에 시작해요.",
                spoken(at)
            )
        }
        (false, None, _) => "지금은 상담 시간이 아니에요.".to_owned(),
    }
}

/// `11월 23일(월) 오후 2시 30분`, in Seoul.
fn spoken(at: DateTime<Utc>) -> String {
    let local = later(at, SEOUL);
    let day = match local.weekday() {
        Weekday::Mon => '월',
        Weekday::Tue => '화',
        Weekday::Wed => '수',
        Weekday::Thu => '목',
        Weekday::Fri => '금',
        Weekday::Sat => '토',
        Weekday::Sun => '일',
    };
    let (afternoon, hour) = local.hour12();
    let half = if afternoon { "오후" } else { "오전" };
    let minute = match local.minute() {
        0 => String::new(),
        minute => format!(" {minute}분"),
    };
    format!(
        "{}월 {}일({day}) {half} {hour}시{minute}",
        local.month(),
        local.day()
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_spoken_in_korean() {
        let hours = Hours::new("mon-fri 00:30-12:00".parse().unwrap());
        let text = |at: &str| opening_text(hours.at(at.parse::<DateTime<Utc>>().unwrap()));
        assert_eq!(
            text("2026-11-22T05:00:00Z"),
            "지금은 상담 시간이 아니에요. 다음 상담은 11월 23일(월) 오전 12시 30분에 시작해요."
        );
        assert_eq!(
            text("2026-11-23T02:00:00Z"),
            "지금은 상담 시간이에요. 11월 23일(월) 오후 12시까지 상담해요."
        );
    }
}
