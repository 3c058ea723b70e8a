//! When counsellors are there: hours of the week, public holidays, and days that admins close.
//!
//! All of it is the time of Seoul, which has had no summer time since 1988. A period is open from its
//! first second and closed at its last moment: 14:00–21:00 is closed at 21:00:00.

use std::collections::BTreeSet;
use std::str::FromStr;

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, Utc, Weekday};

use super::holiday;
use crate::clock::seoul_date;

const DAY_MINUTES: u16 = 24 * 60;
const SEOUL: TimeDelta = TimeDelta::hours(9);
/// How many periods a day may have.
const MOST_PERIODS: usize = 8;
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
    /// Not in the form of a week.
    #[error("it isn't a list like mon-fri 14:00-21:00, sat 10:00-13:00")]
    Form,
}

/// The hours of a week, from Monday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Week([Vec<Period>; 7]);

impl Week {
    /// The periods of each day, from Monday.
    ///
    /// # Errors
    /// When periods of a day overlap, or there are too many of them.
    pub fn new(mut days: [Vec<Period>; 7]) -> Result<Self, HoursError> {
        for periods in &mut days {
            in_order(periods)?;
        }
        Ok(Self(days))
    }

    fn on(&self, day: Weekday) -> &[Period] {
        let [mon, tue, wed, thu, fri, sat, sun] = &self.0;
        match day {
            Weekday::Mon => mon,
            Weekday::Tue => tue,
            Weekday::Wed => wed,
            Weekday::Thu => thu,
            Weekday::Fri => fri,
            Weekday::Sat => sat,
            Weekday::Sun => sun,
        }
    }
}

impl Default for Week {
    /// Weekdays from 14:00 to 21:00.
    fn default() -> Self {
        let open = |day| match day {
            0..5 => vec![Period {
                from: 14 * 60,
                until: 21 * 60,
            }],
            _ => Vec::new(),
        };
        Self(std::array::from_fn(open))
    }
}

/// `mon-fri 14:00-21:00, sat 10:00-13:00`: days or a row of days, and a period of each; `24:00` ends a day.
impl FromStr for Week {
    type Err = HoursError;

    fn from_str(text: &str) -> Result<Self, HoursError> {
        let mut days: [Vec<Period>; 7] = Default::default();
        for part in text.split(',') {
            let (row, times) = part.trim().split_once(' ').ok_or(HoursError::Form)?;
            let (first, last) = row.split_once('-').unwrap_or((row, row));
            let (from, until) = times.trim().split_once('-').ok_or(HoursError::Form)?;
            let period = Period::new(minute(from)?, minute(until)?)?;
            let (first, last) = (weekday(first)?, weekday(last)?);
            if first > last {
                return Err(HoursError::Form);
            }
            for periods in days.iter_mut().take(last.saturating_add(1)).skip(first) {
                periods.push(period);
            }
        }
        Self::new(days)
    }
}

fn weekday(name: &str) -> Result<usize, HoursError> {
    let names = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    names
        .iter()
        .position(|one| one.eq_ignore_ascii_case(name))
        .ok_or(HoursError::Form)
}

fn minute(text: &str) -> Result<u16, HoursError> {
    let number = |text: &str, most: u16| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text
            .parse::<u16>()
            .ok()
            .filter(|&number| digits && number <= most);
        number.ok_or(HoursError::Form)
    };
    let (hour, minute) = text.split_once(':').ok_or(HoursError::Form)?;
    Ok(number(hour, 24)? * 60 + number(minute, 59)?)
}

/// Whether counsellors are there, and until or from when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpeningState {
    /// Whether they are.
    pub open: bool,
    /// When they are there again; `None` while open, and when nothing opens within 400 days.
    pub opens_at: Option<DateTime<Utc>>,
    /// Until when; `None` while closed.
    pub closes_at: Option<DateTime<Utc>>,
}

/// The hours of a week, the public holidays, and the days that admins close.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hours {
    week: Week,
    closed: BTreeSet<NaiveDate>,
}

impl Hours {
    /// The hours of a week, and days on which nobody counsels beside the public holidays (임시공휴일).
    #[must_use]
    pub fn new(week: Week, closed: impl IntoIterator<Item = NaiveDate>) -> Self {
        Self {
            week,
            closed: closed.into_iter().collect(),
        }
    }

    /// When a day in Seoul is open, in order: not at all on a public holiday and on a day that admins have
    /// closed, else the hours of its weekday.
    #[must_use]
    pub fn of(&self, date: NaiveDate) -> &[Period] {
        let periods = self.week.on(date.weekday());
        let closed =
            periods.is_empty() || self.closed.contains(&date) || holiday::on(date).is_some();
        if closed { &[] } else { periods }
    }

    /// Whether counsellors are there. Two periods that meet (until midnight, and from it) are one.
    #[must_use]
    pub fn at(&self, at: DateTime<Utc>) -> OpeningState {
        let mut closes_at = None;
        for (opens, closes) in self.ahead(at) {
            let known = closes_at.unwrap_or(at);
            if opens > known {
                return OpeningState {
                    open: closes_at.is_some(),
                    opens_at: closes_at.is_none().then_some(opens),
                    closes_at,
                };
            }
            closes_at = Some(closes);
        }
        OpeningState {
            open: closes_at.is_some(),
            opens_at: None,
            closes_at,
        }
    }

    /// The periods that end after a moment, in order.
    fn ahead(&self, at: DateTime<Utc>) -> impl Iterator<Item = (DateTime<Utc>, DateTime<Utc>)> {
        let today = seoul_date(at);
        (0..HORIZON)
            .filter_map(move |ahead| today.checked_add_days(Days::new(ahead)))
            .flat_map(|date| self.of(date).iter().map(move |period| (date, period)))
            .filter_map(|(date, period)| {
                Some((moment(date, period.from)?, moment(date, period.until)?))
            })
            .filter(move |(_, closes)| *closes > at)
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
