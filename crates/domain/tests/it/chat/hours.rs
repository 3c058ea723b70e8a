//! Holidays against a written list of the real ones, and hours over them.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use domain::chat::holiday;
use domain::chat::hours::{Hours, HoursError, OpeningState, Period, Week};
use proptest::prelude::*;

/// All public holidays of 2020 to 2036, as calendars print them: dates that are holidays besides Sundays.
/// Compared with `holidays` 0.109 (Python), another reading of the same law.
const REAL: [(i32, &str); 17] = [
    (
        2020,
        "01-01 01-24 01-25 01-26 01-27 03-01 04-15 04-30 05-05 06-06 08-15 08-17 09-30 10-01 10-02 10-03 10-09 12-25",
    ),
    (
        2021,
        "01-01 02-11 02-12 02-13 03-01 05-05 05-19 06-06 08-15 08-16 09-20 09-21 09-22 10-03 10-04 10-09 10-11 12-25",
    ),
    (
        2022,
        "01-01 01-31 02-01 02-02 03-01 03-09 05-05 05-08 06-01 06-06 08-15 09-09 09-10 09-11 09-12 10-03 10-09 10-10 12-25",
    ),
    (
        2023,
        "01-01 01-21 01-22 01-23 01-24 03-01 05-05 05-27 05-29 06-06 08-15 09-28 09-29 09-30 10-02 10-03 10-09 12-25",
    ),
    (
        2024,
        "01-01 02-09 02-10 02-11 02-12 03-01 04-10 05-05 05-06 05-15 06-06 08-15 09-16 09-17 09-18 10-01 10-03 10-09 12-25",
    ),
    (
        2025,
        "01-01 01-27 01-28 01-29 01-30 03-01 03-03 05-05 05-06 06-03 06-06 08-15 10-03 10-05 10-06 10-07 10-08 10-09 12-25",
    ),
    (
        2026,
        "01-01 02-16 02-17 02-18 03-01 03-02 05-01 05-05 05-24 05-25 06-03 06-06 07-17 08-15 08-17 09-24 09-25 09-26 10-03 10-05 10-09 12-25",
    ),
    (
        2027,
        "01-01 02-06 02-07 02-08 02-09 03-01 05-01 05-03 05-05 05-13 06-06 07-17 07-19 08-15 08-16 09-14 09-15 09-16 10-03 10-04 10-09 10-11 12-25 12-27",
    ),
    (
        2028,
        "01-01 01-26 01-27 01-28 03-01 04-12 05-01 05-02 05-05 06-06 07-17 08-15 10-02 10-03 10-04 10-05 10-09 12-25",
    ),
    (
        2029,
        "01-01 02-12 02-13 02-14 03-01 05-01 05-05 05-07 05-20 05-21 06-06 07-17 08-15 09-21 09-22 09-23 09-24 10-03 10-09 12-25",
    ),
    (
        2030,
        "01-01 02-02 02-03 02-04 02-05 03-01 03-27 05-01 05-05 05-06 05-09 06-06 06-12 07-17 08-15 09-11 09-12 09-13 10-03 10-09 12-25",
    ),
    (
        2031,
        "01-01 01-22 01-23 01-24 03-01 03-03 05-01 05-05 05-28 06-06 07-17 08-15 09-30 10-01 10-02 10-03 10-09 12-25",
    ),
    (
        2032,
        "01-01 02-10 02-11 02-12 03-01 04-14 05-01 05-03 05-05 05-16 05-17 06-06 07-17 07-19 08-15 08-16 09-18 09-19 09-20 09-21 10-03 10-04 10-09 10-11 12-25 12-27",
    ),
    (
        2033,
        "01-01 01-30 01-31 02-01 02-02 03-01 05-01 05-02 05-05 05-06 06-06 07-17 07-18 08-15 09-07 09-08 09-09 10-03 10-09 10-10 12-25 12-26",
    ),
    (
        2034,
        "01-01 02-18 02-19 02-20 02-21 03-01 05-01 05-05 05-25 05-31 06-06 07-17 08-15 09-26 09-27 09-28 10-03 10-09 12-25",
    ),
    (
        2035,
        "01-01 02-07 02-08 02-09 03-01 03-28 05-01 05-05 05-07 05-15 06-06 07-17 08-15 09-15 09-16 09-17 09-18 10-03 10-09 12-25",
    ),
    (
        2036,
        "01-01 01-27 01-28 01-29 01-30 03-01 03-03 04-09 05-01 05-03 05-05 05-06 06-06 07-17 08-15 10-03 10-04 10-05 10-06 10-07 10-09 12-25",
    ),
];

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

#[test]
fn holidays_are_the_real_ones() {
    for (year, days) in REAL {
        let found: Vec<_> = holiday::of_year(year)
            .iter()
            .map(|day| day.date.format("%m-%d").to_string())
            .collect();
        assert_eq!(found.join(" "), days, "{year}");
    }
}

#[test]
fn substitutes_are_named() {
    let two = holiday::on(day("2025-05-06")).unwrap();
    assert!(two.substitute && two.name.ends_with("대체공휴일"));
    assert_eq!(holiday::on(day("2026-06-08")), None, "현충일 on a Saturday");
    assert_eq!(
        holiday::on(day("2026-09-28")),
        None,
        "추석 until a Saturday"
    );
    assert!(
        holiday::on(day("2028-10-05")).is_some(),
        "개천절 within 추석"
    );
}

#[test]
fn years_past_the_table_are_told() {
    assert!(holiday::covers(2020) && holiday::covers(2050));
    assert!(!holiday::covers(2019) && !holiday::covers(2051) && !holiday::covers(i32::MIN));
    assert!(holiday::of_year(2051).is_empty());
}

fn closed(opens: &str) -> OpeningState {
    OpeningState {
        open: false,
        opens_at: Some(at(opens)),
        closes_at: None,
    }
}

fn open(until: &str) -> OpeningState {
    OpeningState {
        open: true,
        opens_at: None,
        closes_at: Some(at(until)),
    }
}

#[test]
fn opens_and_closes_to_the_second() {
    let hours = Hours::default();
    let today = closed("2026-11-20T05:00:00Z");
    assert_eq!(hours.at(at("2026-11-20T04:59:59Z")), today);
    let until = open("2026-11-20T12:00:00Z");
    assert_eq!(hours.at(at("2026-11-20T05:00:00Z")), until);
    assert_eq!(hours.at(at("2026-11-20T11:59:59Z")), until);
    let monday = closed("2026-11-23T05:00:00Z");
    assert_eq!(hours.at(at("2026-11-20T12:00:00Z")), monday);
}

#[test]
fn long_holidays_are_jumped_over() {
    // 3 to 9 October 2025 without a gap.
    let opening = closed("2025-10-10T05:00:00Z");
    assert_eq!(Hours::default().at(at("2025-10-02T12:00:00Z")), opening);
}

#[test]
fn admins_close_days() {
    let hours = Hours::new(Week::default(), [day("2026-11-23")]);
    let tuesday = closed("2026-11-24T05:00:00Z");
    assert_eq!(hours.at(at("2026-11-23T06:00:00Z")), tuesday);
    assert!(hours.at(at("2026-11-24T06:00:00Z")).open);
}

#[test]
fn weeks_are_written_as_people_write_them() {
    let week: Week = "mon-fri 14:00-21:00".parse().unwrap();
    assert_eq!(week, Week::default());
    let week: Week = "MON-sun 00:00-24:00".parse().unwrap();
    let always = Hours::new(week, []);
    // Open over midnight until the next holiday, Christmas.
    let until = open("2026-12-24T15:00:00Z");
    assert_eq!(always.at(at("2026-11-22T14:59:59Z")), until);
    let split: Week = "sat 10:00-12:00, sat 13:00-15:30".parse().unwrap();
    let split = Hours::new(split, []);
    let noon = closed("2026-11-21T04:00:00Z");
    assert_eq!(split.at(at("2026-11-21T03:00:00Z")), noon);
    for bad in [
        "",
        "mon",
        "mon 9:00-18:00",
        "mon 09:00-18:60",
        "mon 18:00-09:00",
        "mon 00:00-24:01",
        "fri-mon 09:00-18:00",
        "mon 09:00-12:00, mon 11:00-13:00",
        "월 09:00-12:00",
        "mon  +9:00-12:00",
    ] {
        assert!(bad.parse::<Week>().is_err(), "{bad}");
    }
    let never = Week::new(std::array::from_fn(|_| vec![])).unwrap();
    let state = Hours::new(never, []).at(at("2026-11-21T16:00:00Z"));
    assert_eq!(
        (state.open, state.opens_at, state.closes_at),
        (false, None, None)
    );
    assert_eq!(Period::new(60, 60), Err(HoursError::Period));
    assert_eq!(Period::new(0, 1441), Err(HoursError::Period));
}

proptest! {
    #[test]
    fn the_next_change_is_the_first(seconds in 1_577_836_800_i64..2_082_758_399) {
        let hours = Hours::default();
        let now = DateTime::from_timestamp(seconds, 0).unwrap();
        let state = hours.at(now);
        let change = state.opens_at.or(state.closes_at).unwrap();
        prop_assert!(change > now);
        prop_assert_eq!(state.opens_at.is_none(), state.open);
        prop_assert_eq!(hours.at(change).open, !state.open);
        let mut between = now;
        while between < change {
            prop_assert_eq!(hours.at(between).open, state.open);
            between += TimeDelta::minutes(30);
        }
        prop_assert_eq!(hours.at(change - TimeDelta::seconds(1)).open, state.open);
        prop_assert!(holiday::on(now.date_naive()).is_none_or(|h| h.date.year() == now.year()));
    }
}
