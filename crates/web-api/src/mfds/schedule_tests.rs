use chrono::{DateTime, TimeDelta, Utc};
use service_kit::settings::{Reader, Source};

use super::{End, Ended, Last, SyncSettings, due};

fn settings(schedule: &str) -> SyncSettings {
    SyncSettings::read(&mut Reader::new(Source::from_pairs([(
        "SYNC_SCHEDULE",
        schedule,
    )])))
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

#[test]
fn tuesdays_at_two_in_seoul() {
    let settings = settings("0 2 * * 2");
    // 2026-11-24 is a Tuesday; 02:00 in Seoul is 17:00 UTC of the day before, all year round.
    for (now, synced, expected) in [
        (
            "2026-11-23T16:59:59Z",
            "2026-11-20T00:00:00Z",
            "2026-11-23T17:00:00Z",
        ),
        (
            "2026-11-23T17:00:01Z",
            "2026-11-23T17:00:00.5Z",
            "2026-11-30T17:00:00Z",
        ),
        (
            "2026-07-01T00:00:00Z",
            "2026-06-30T00:00:00Z",
            "2026-07-06T17:00:00Z",
        ),
        (
            "2027-12-28T00:00:00Z",
            "2027-12-27T18:00:00Z",
            "2028-01-03T17:00:00Z",
        ),
    ] {
        assert_eq!(
            due(&settings, at(now), Some(at(synced)), None),
            Some(at(expected)),
            "{now}"
        );
    }
}

#[test]
fn a_missing_or_missed_catalogue_is_due_now() {
    let settings = settings("0 2 * * 2");
    let now = at("2026-11-24T00:00:00Z");
    assert_eq!(due(&settings, now, None, None), Some(now));
    let before_the_date = at("2026-11-23T16:00:00Z");
    assert_eq!(due(&settings, now, Some(before_the_date), None), Some(now));
    assert_eq!(
        due(
            &SyncSettings {
                schedule: None,
                ..settings
            },
            now,
            None,
            None
        ),
        None
    );
}

#[test]
fn what_others_met_is_respected() {
    let met = |text: &str| at(text).naive_utc();
    let early = "2026-11-24T00:00:00Z";
    let late = "2026-11-24T01:00:00Z";
    let last = |text, end| Some(Last { at: at(text), end });
    // After a restart.
    assert_eq!(
        Last::newer(None, Some((Ended::Refused, met(early)))),
        last(early, End::Refused)
    );
    // While another instance had the lease.
    assert_eq!(
        Last::newer(last(late, End::Busy), Some((Ended::Paused, met(early)))),
        last(early, End::Paused)
    );
    // Ours is newer, or says more.
    let ours = last(late, End::Unfinished(3));
    assert_eq!(Last::newer(ours, Some((Ended::Paused, met(early)))), ours);
    assert_eq!(Last::newer(ours, Some((Ended::Otherwise, met(late)))), ours);
    assert_eq!(Last::newer(ours, None), ours);
}

#[test]
fn what_was_stopped_goes_on_later() {
    let settings = settings("0 2 * * 2");
    let ended = at("2026-11-24T00:00:00Z");
    let again = |end| due(&settings, ended, None, Some(Last { at: ended, end })).unwrap();
    // The quota is new at midnight in Seoul, 15:00 UTC.
    assert_eq!(again(End::Paused), at("2026-11-24T15:10:00Z"));
    assert_eq!(again(End::Unfinished(1)), ended + TimeDelta::minutes(15));
    assert_eq!(again(End::Unfinished(2)), ended + TimeDelta::minutes(30));
    assert_eq!(again(End::Unfinished(99)), ended + TimeDelta::hours(6));
    assert_eq!(again(End::Busy), ended + TimeDelta::minutes(5));
    assert_eq!(again(End::Refused), ended + TimeDelta::hours(6));
}
