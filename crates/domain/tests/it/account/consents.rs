//! Consents, roles, states, days attended.

use chrono::TimeDelta;
use domain::account::{
    AttendanceDay, ConsentAnswer, ConsentEntry, ConsentError, ConsentKind, Consents, Role,
    TextVersion, UserState, VerificationPurpose, sign_up_consents,
};
use domain::clock::{Window, seoul_date};
use proptest::prelude::*;

use super::at;

fn version(text: &str) -> TextVersion {
    text.parse().unwrap()
}

fn answer(kind: ConsentKind, agreed: bool) -> ConsentAnswer {
    ConsentAnswer {
        kind,
        agreed,
        version: None,
    }
}

fn in_force(_: ConsentKind) -> TextVersion {
    version("2026-03-01")
}

fn required() -> Vec<ConsentAnswer> {
    let kinds = ConsentKind::ALL.iter().filter(|kind| kind.is_required());
    kinds.map(|kind| answer(*kind, true)).collect()
}

#[test]
fn three_are_required_and_two_are_not() {
    let names: Vec<_> = required()
        .iter()
        .map(|answer| answer.kind.as_str())
        .collect();
    assert_eq!(names, ["terms", "privacy", "age14"]);
    let entries = sign_up_consents(&required(), in_force, at(0)).unwrap();
    assert_eq!(entries.len(), 3);
    assert!(
        entries
            .iter()
            .all(|entry| entry.agreed && entry.at == at(0))
    );

    for left_out in 0..3 {
        let mut answers = required();
        let kind = answers.remove(left_out).kind;
        let error = sign_up_consents(&answers, in_force, at(0)).unwrap_err();
        assert_eq!(error, ConsentError::Required(kind));
        answers.push(answer(kind, false));
        let error = sign_up_consents(&answers, in_force, at(0)).unwrap_err();
        assert_eq!(error, ConsentError::Required(kind));
        assert!(error.to_string().contains(kind.as_str()));
    }
}

#[test]
fn optional_ones_leave_a_line_where_they_were_asked() {
    let mut answers = required();
    answers.push(answer(ConsentKind::Sensitive, false));
    answers.push(answer(ConsentKind::Marketing, true));
    let ledger = sign_up_consents(&answers, in_force, at(0)).unwrap();
    assert_eq!(ledger.len(), 5);
    let consents = Consents::from_ledger(ledger);
    assert!(!consents.holds(ConsentKind::Sensitive));
    assert!(consents.latest(ConsentKind::Sensitive).is_some());
    assert!(consents.holds(ConsentKind::Marketing));
    let reminder = consents.marketing_reminder_at().unwrap();
    assert_eq!(
        reminder,
        "2028-03-02T03:00:00Z"
            .parse::<chrono::DateTime<chrono::Utc>>()
            .unwrap()
    );
}

#[test]
fn an_answer_counts_once_and_for_the_text_in_force() {
    let mut answers = required();
    answers.push(answer(ConsentKind::Terms, false));
    let error = sign_up_consents(&answers, in_force, at(0)).unwrap_err();
    assert_eq!(error, ConsentError::Twice(ConsentKind::Terms));

    let mut answers = required();
    answers[1].version = Some(version("2025-01-01"));
    let error = sign_up_consents(&answers, in_force, at(0)).unwrap_err();
    assert_eq!(error, ConsentError::OtherVersion(ConsentKind::Privacy));
    answers[1].version = Some(version("2026-03-01"));
    sign_up_consents(&answers, in_force, at(0)).unwrap();
}

#[test]
fn a_newer_text_is_agreed_to_anew() {
    let ledger = sign_up_consents(&required(), in_force, at(0)).unwrap();
    let consents = Consents::from_ledger(ledger);
    let yes = answer(ConsentKind::Terms, true);
    assert_eq!(
        consents.change(&yes, version("2026-03-01"), at(9)),
        Ok(None)
    );
    let line = consents
        .change(&yes, version("2027-01-01"), at(9))
        .unwrap()
        .unwrap();
    assert_eq!((line.version.as_str(), line.at), ("2027-01-01", at(9)));
    let no = answer(ConsentKind::Terms, false);
    let error = consents
        .change(&no, version("2026-03-01"), at(9))
        .unwrap_err();
    assert_eq!(error, ConsentError::Required(ConsentKind::Terms));
}

#[test]
fn versions_are_short_names() {
    for bad in ["", "V1", "2026_03", "2026-03-01-and-so-on", "1 2", "가"] {
        assert_eq!(
            bad.parse::<TextVersion>().is_ok(),
            bad == "2026-03-01-and-so-on",
            "{bad}"
        );
    }
    assert!("2026-03-01-and-so-on1".parse::<TextVersion>().is_err());
}

proptest! {
    /// The ledger after any answers says what was answered last, adds nothing for an answer that it
    /// holds already, and read in another order says the same.
    #[test]
    fn a_ledger_says_what_was_answered_last(answers in proptest::collection::vec((0_usize..2, any::<bool>()), 0..30)) {
        let kinds = [ConsentKind::Sensitive, ConsentKind::Marketing];
        let mut ledger: Vec<ConsentEntry> = Vec::new();
        let mut expected = [false, false];
        for (second, (which, agreed)) in (0..).zip(answers) {
            let asked = answer(kinds[which], agreed);
            let before = Consents::from_ledger(ledger.clone());
            let line = before.change(&asked, version("1"), at(second)).unwrap();
            let said = before.latest(kinds[which]).map(|entry| entry.agreed);
            prop_assert_eq!(line.is_none(), said == Some(agreed));
            ledger.extend(line);
            expected[which] = agreed;
            let now = Consents::from_ledger(ledger.iter().rev().cloned());
            prop_assert_eq!(kinds.map(|kind| now.holds(kind)), expected);
            prop_assert_eq!(now.change(&asked, version("1"), at(99)), Ok(None));
        }
    }

    #[test]
    fn a_day_is_seouls(seconds in -4_000_000_000_i64..9_000_000_000) {
        let visit = at(seconds);
        let day = Window::seoul_day(visit);
        prop_assert!(day.holds(visit) && !day.holds(day.end));
        prop_assert_eq!(day.end - day.start, TimeDelta::days(1));
        let date = AttendanceDay::of(visit).date();
        prop_assert_eq!(date, seoul_date(visit));
        prop_assert_eq!(AttendanceDay::of(day.start).date(), date);
        prop_assert_eq!(AttendanceDay::of(day.end).date(), date.succ_opt().unwrap());
        let hour = Window::hour(visit);
        prop_assert!(hour.holds(visit) && hour.start >= day.start && hour.end <= day.end);
    }
}

#[test]
fn a_visit_before_nine_in_london_is_the_same_day_in_seoul() {
    let day = |text: &str| AttendanceDay::of(text.parse().unwrap()).date().to_string();
    assert_eq!(day("2026-03-01T14:59:59.999Z"), "2026-03-01");
    assert_eq!(day("2026-03-01T15:00:00Z"), "2026-03-02");
    assert_eq!(day("2026-12-31T15:00:00Z"), "2027-01-01");
    for edge in [
        chrono::DateTime::<chrono::Utc>::MIN_UTC,
        chrono::DateTime::<chrono::Utc>::MAX_UTC,
    ] {
        let day = Window::seoul_day(edge);
        assert!(day.start <= edge && edge <= day.end);
    }
}

#[test]
fn names_read_back_and_are_the_ones_of_json() {
    for role in Role::ALL {
        assert_eq!(role.as_str().parse::<Role>().unwrap(), *role);
        assert_eq!(serde_json::to_string(role).unwrap(), format!("\"{role}\""));
    }
    for state in UserState::ALL {
        assert_eq!(state.as_str().parse::<UserState>().unwrap(), *state);
        assert_eq!(
            serde_json::to_string(state).unwrap(),
            format!("\"{state}\"")
        );
    }
    for kind in ConsentKind::ALL {
        assert_eq!(kind.as_str().parse::<ConsentKind>().unwrap(), *kind);
        assert_eq!(serde_json::to_string(kind).unwrap(), format!("\"{kind}\""));
    }
    for purpose in VerificationPurpose::ALL {
        assert_eq!(
            purpose.as_str().parse::<VerificationPurpose>().unwrap(),
            *purpose
        );
        assert_eq!(
            serde_json::to_string(purpose).unwrap(),
            format!("\"{purpose}\"")
        );
    }
    let error = "root".parse::<Role>().unwrap_err().to_string();
    assert_eq!(error, "expected one of member, counsellor, admin");
    for text in ["Admin", "admin ", ""] {
        assert!(text.parse::<Role>().is_err());
    }
}

#[test]
fn a_withdrawn_account_stays_withdrawn() {
    use UserState::{Active, Suspended, Withdrawn};
    assert!(Active.may_become(Suspended) && Suspended.may_become(Active));
    assert!(Active.may_become(Withdrawn) && Suspended.may_become(Withdrawn));
    assert!(!Withdrawn.may_become(Active) && !Withdrawn.may_become(Suspended));
    assert!(UserState::ALL.iter().all(|state| state.may_become(*state)));
    let signing_in: Vec<_> = UserState::ALL
        .iter()
        .filter(|state| state.may_sign_in())
        .collect();
    assert_eq!(signing_in, [&Active, &Suspended]);
    let restricted: Vec<_> = UserState::ALL
        .iter()
        .filter(|state| state.is_restricted())
        .collect();
    assert_eq!(restricted, [&Suspended]);
    let second: Vec<_> = Role::ALL
        .iter()
        .filter(|role| role.needs_second_factor())
        .collect();
    assert_eq!(second, [&Role::Counsellor, &Role::Admin]);
}
