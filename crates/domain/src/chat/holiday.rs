//! Public holidays of Korea (공휴일에 관한 법률 and 관공서의 공휴일에 관한 규정).
//!
//! - 국경일: 3·1절, 광복절, 개천절, 한글날 and since 2026 제헌절; 1월 1일; 설날 and 추석 with the day before
//!   and after; 부처님오신날; 어린이날; 현충일; 기독탄신일; since 2026 노동절.
//! - 대체공휴일 (article 3): the first day after it that is no holiday. For 설날 and 추석 when one of the three
//!   days is a Sunday; for the others when the day is a Saturday or a Sunday; for either when another
//!   holiday falls on the day. Never for 1월 1일, 현충일 and days of elections. A substitute isn't a Saturday, and
//!   two that meet move the later one on. The rule holds for 국경일 since August 2021, for 부처님오신날 and
//!   기독탄신일 since May 2023.
//! - Election days at the end of a term (공직선거법 제34조) and days set once (임시공휴일): those known are in a
//!   table; later ones admins close ([`super::hours::Hours::new`]).
//!
//! Days before 2020 and after 2050 aren't known: see [`covers`].

use chrono::{Datelike, NaiveDate, Weekday};

use super::lunar;

/// Days that were set for one year: elections and 임시공휴일. Elections after 2026 are as 공직선거법 제34조 sets
/// them; one that is held early goes in here, and its old day out.
const ONCE: [(i32, u32, u32, &str); 17] = [
    (2020, 4, 15, "국회의원 선거일"),
    (2020, 8, 17, "임시공휴일"),
    (2022, 3, 9, "대통령 선거일"),
    (2022, 6, 1, "지방선거일"),
    (2023, 10, 2, "임시공휴일"),
    (2024, 4, 10, "국회의원 선거일"),
    (2024, 10, 1, "임시공휴일 (국군의 날)"),
    (2025, 1, 27, "임시공휴일"),
    (2025, 6, 3, "대통령 선거일"),
    (2026, 6, 3, "지방선거일"),
    (2028, 4, 12, "국회의원 선거일"),
    (2030, 3, 27, "대통령 선거일"),
    (2030, 6, 12, "지방선거일"),
    (2032, 4, 14, "국회의원 선거일"),
    (2034, 5, 31, "지방선거일"),
    (2035, 3, 28, "대통령 선거일"),
    (2036, 4, 9, "국회의원 선거일"),
];

/// When another day is given for a holiday.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Substitute {
    Never,
    /// On a Sunday, or with another holiday.
    Sunday,
    /// On a Saturday or Sunday, or with another holiday.
    Weekend,
}

/// A day that is a public holiday besides being perhaps a Sunday.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holiday {
    /// The day in Seoul.
    pub date: NaiveDate,
    /// Its Korean name; several holidays of one day are joined by ` · `.
    pub name: String,
    /// Whether it is given for another day (대체공휴일).
    pub substitute: bool,
}

/// Whether the lunar days of a year are known (2020 to 2050). Outside no day is a holiday, so whoever
/// runs past the end should be warned.
#[must_use]
pub fn covers(year: i32) -> bool {
    lunar_days(year).is_some()
}

/// The holiday that a day is, if it is one. Sundays are none by themselves.
#[must_use]
pub fn on(date: NaiveDate) -> Option<Holiday> {
    of_year(date.year())
        .into_iter()
        .find(|holiday| holiday.date == date)
}

/// All holidays of a year, in order. Empty for a year that isn't [covered](covers).
#[must_use]
pub fn of_year(year: i32) -> Vec<Holiday> {
    let base = base(year);
    let mut substitutes: Vec<(NaiveDate, &str)> = Vec::new();
    let mut given: Vec<(&str, NaiveDate)> = Vec::new();
    for &(date, name, rule) in &base {
        if !is_due(date, name, rule, &base) {
            continue;
        }
        // One holiday of three days gets one day, and so do two that share the day.
        if given
            .iter()
            .any(|&(other, day)| other == name || day == date)
        {
            continue;
        }
        given.push((name, date));
        // Every three-day holiday's own days are holidays, so the first free day is after them.
        let taken = |day| {
            base.iter().any(|&(other, ..)| other == day)
                || substitutes.iter().any(|&(other, _)| other == day)
                || matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
        };
        if let Some(free) = date.iter_days().skip(1).find(|&day| !taken(day)) {
            substitutes.push((free, name));
        }
    }
    let mut days: Vec<Holiday> = Vec::new();
    for (date, name, _) in base {
        match days.iter_mut().find(|day| day.date == date) {
            Some(day) => day.name = format!("{} · {name}", day.name),
            None => days.push(Holiday {
                date,
                name: name.to_owned(),
                substitute: false,
            }),
        }
    }
    days.extend(substitutes.into_iter().map(|(date, name)| Holiday {
        date,
        name: format!("{name} 대체공휴일"),
        substitute: true,
    }));
    days.sort_by_key(|day| day.date);
    days
}

type Base = (NaiveDate, &'static str, Substitute);

fn is_due(date: NaiveDate, name: &str, rule: Substitute, all: &[Base]) -> bool {
    let shared = || {
        all.iter()
            .any(|&(day, other, _)| day == date && other != name)
    };
    match (rule, date.weekday()) {
        (Substitute::Never, _) | (Substitute::Sunday, Weekday::Sat) => false,
        (Substitute::Sunday | Substitute::Weekend, Weekday::Sun)
        | (Substitute::Weekend, Weekday::Sat) => true,
        (Substitute::Sunday | Substitute::Weekend, _) => shared(),
    }
}

fn lunar_days(year: i32) -> Option<[(u32, u32); 3]> {
    let index = usize::try_from(year.checked_sub(lunar::FIRST_YEAR)?).ok()?;
    lunar::DAYS.get(index).copied()
}

fn base(year: i32) -> Vec<Base> {
    let Some([new_year, buddha, chuseok]) = lunar_days(year) else {
        return Vec::new();
    };
    let since = |first: bool| {
        if first {
            Substitute::Weekend
        } else {
            Substitute::Never
        }
    };
    let mut days = vec![
        (1, 1, "1월 1일", Substitute::Never),
        (3, 1, "3·1절", since(year >= 2022)),
        (buddha.0, buddha.1, "부처님오신날", since(year >= 2023)),
        (5, 5, "어린이날", Substitute::Weekend),
        (6, 6, "현충일", Substitute::Never),
        (8, 15, "광복절", since(year >= 2021)),
        (10, 3, "개천절", since(year >= 2021)),
        (10, 9, "한글날", since(year >= 2021)),
        (12, 25, "기독탄신일", since(year >= 2023)),
    ];
    if year >= 2026 {
        days.push((5, 1, "노동절", Substitute::Weekend));
        days.push((7, 17, "제헌절", Substitute::Weekend));
    }
    let once = ONCE.iter().filter(|day| day.0 == year);
    days.extend(once.map(|&(_, month, day, name)| (month, day, name, Substitute::Never)));
    let dated = |(month, day, name, rule)| {
        NaiveDate::from_ymd_opt(year, month, day).map(|date| (date, name, rule))
    };
    let mut dates: Vec<Base> = days.into_iter().filter_map(dated).collect();
    for (middle, name) in [(new_year, "설날"), (chuseok, "추석")] {
        let Some(date) = NaiveDate::from_ymd_opt(year, middle.0, middle.1) else {
            continue;
        };
        let three = [date.pred_opt(), Some(date), date.succ_opt()];
        dates.extend(
            three
                .into_iter()
                .flatten()
                .map(|day| (day, name, Substitute::Sunday)),
        );
    }
    dates.sort_by_key(|&(date, ..)| date);
    dates
}
