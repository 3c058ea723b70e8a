//! When counsellors are there: hours of the week, public holidays, and days that admins set.
//!
//! All of it is the time of Seoul, which has had no summer time since 1988. A period is open from its
//! first second and closed at its last moment: 14:00–21:00 is closed at 21:00:00.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Timelike, Utc, Weekday};

use super::holiday;
use crate::clock::{later, seoul_date};

const DAY_MINUTES: u16 = 24 * 60;
const SEOUL: TimeDelta = TimeDelta::hours(9);
/// How many periods a day may have.
const MOST_PERIODS: usize = 8;
/// How many days admins may set.
const MOST_EXTRA: usize = 1_000;
/// How far a next opening is looked for, in days. The longest holidays are shorter by far.
const HORIZON: u64 = 400;

/// A part of one day, in minutes since its midnight in Seoul.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Period {
    from: u16,
    until: u16,
}

impl Period {
    /// From the first minute until just before the second; `1440` is the end of the day.
    ///
    /// # Errors
    /// When it is empty, or longer than the day.
    pub fn new(from: u16, until: u16) -> Result<Self, HoursError> {
        if from < until && until <= DAY_MINUTES {
            Ok(Self { from, until })
        } else {
            Err(HoursError::Period)
        }
    }

    /// First minute of the day.
    #[must_use]
    pub fn from(self) -> u16 {
        self.from
    }

    /// The minute after the last.
    #[must_use]
    pub fn until(self) -> u16 {
        self.until
    }
}

/// Why hours are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoursError {
    /// A period that is empty or leaves its day.
    #[error("a period begins before it ends, within minutes 0 to 1440 of a day")]
    Period,
    /// Periods of one day that overlap, or more than 8.
    #[error("a day has at most 8 periods, none of which overlap")]
    Periods,
    /// A day set twice, or more than 1,000 days.
    #[error("at most 1000 extra days are set, each once")]
    Extra,
}

/// A day that admins set; it goes before the week's hours and before holidays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Extra {
    /// The day in Seoul.
    pub date: NaiveDate,
    /// When it is open; closed all day (a 임시공휴일) if empty.
    pub periods: Vec<Period>,
}

/// The hours of a week, the holidays, and the days set by admins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// From Monday.
    week: [Vec<Period>; 7],
    extra: Vec<Extra>,
}

impl Default for Hours {
    /// Weekdays from 14:00 to 21:00.
    fn default() -> Self {
        let open = || {
            vec![Period {
                from: 14 * 60,
                until: 21 * 60,
            }]
        };
        let week = [
            open(),
            open(),
            open(),
            open(),
            open(),
            Vec::new(),
            Vec::new(),
        ];
        Self {
            week,
            extra: Vec::new(),
        }
    }
}

impl Hours {
    /// The hours of a week that begins with Monday, and days that differ.
    ///
    /// # Errors
    /// When periods of a day overlap, a day is set twice, or there are too many of them.
    pub fn new(week: [Vec<Period>; 7], extra: Vec<Extra>) -> Result<Self, HoursError> {
        let mut hours = Self { week, extra };
        if hours.extra.len() > MOST_EXTRA {
            return Err(HoursError::Extra);
        }
        for periods in &mut hours.week {
            in_order(periods)?;
        }
        for day in &mut hours.extra {
            in_order(&mut day.periods)?;
        }
        hours.extra.sort_by_key(|day| day.date);
        let twice = |pair: &[Extra]| matches!(pair, [a, b] if a.date == b.date);
        if hours.extra.windows(2).any(twice) {
            return Err(HoursError::Extra);
        }
        Ok(hours)
    }

    /// When a day in Seoul is open, in order: what admins set, else nothing on a public holiday, else
    /// the hours of its weekday.
    #[must_use]
    pub fn of(&self, date: NaiveDate) -> &[Period] {
        if let Ok(found) = self.extra.binary_search_by_key(&date, |day| day.date) {
            return self.extra.get(found).map_or(&[], |day| &day.periods);
        }
        let [mon, tue, wed, thu, fri, sat, sun] = &self.week;
        let periods = match date.weekday() {
            Weekday::Mon => mon,
            Weekday::Tue => tue,
            Weekday::Wed => wed,
            Weekday::Thu => thu,
            Weekday::Fri => fri,
            Weekday::Sat => sat,
            Weekday::Sun => sun,
        };
        if periods.is_empty() || holiday::on(date).is_some() {
            return &[];
        }
        periods
    }

    /// Whether counsellors are there.
    #[must_use]
    pub fn is_open(&self, at: DateTime<Utc>) -> bool {
        let seconds = later(at, SEOUL).num_seconds_from_midnight();
        self.of(seoul_date(at)).iter().any(|period| {
            u32::from(period.from) * 60 <= seconds && seconds < u32::from(period.until) * 60
        })
    }

    /// The first moment from `at` on that is open: `at` itself where it is open. `None` when nothing
    /// opens within 400 days.
    #[must_use]
    pub fn next_opening(&self, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
        if self.is_open(at) {
            return Some(at);
        }
        let today = seoul_date(at);
        (0..HORIZON)
            .filter_map(|ahead| today.checked_add_days(Days::new(ahead)))
            .flat_map(|date| self.of(date).iter().map(move |period| (date, period)))
            .filter_map(|(date, period)| moment(date, period.from))
            .find(|&opening| opening >= at)
    }
}

fn moment(date: NaiveDate, minute: u16) -> Option<DateTime<Utc>> {
    let local = date.and_time(NaiveTime::MIN).and_utc();
    local.checked_add_signed(TimeDelta::minutes(i64::from(minute)) - SEOUL)
}

fn in_order(periods: &mut [Period]) -> Result<(), HoursError> {
    periods.sort_unstable();
    let overlap = |pair: &[Period]| matches!(pair, [a, b] if b.from < a.until);
    if periods.len() > MOST_PERIODS || periods.windows(2).any(overlap) {
        return Err(HoursError::Periods);
    }
    Ok(())
}
