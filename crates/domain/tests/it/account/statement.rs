//! What a statement for chat-server says, and when it is believed.

use chrono::TimeDelta;
use domain::token::{
    Audience, RawStatement, STATEMENT_AUDIENCE, Stated, Statement, StatementError, StatementRules,
};
use proptest::prelude::*;

use super::at;

fn rules() -> StatementRules {
    StatementRules::new("https://pillnuts.example", TimeDelta::seconds(5)).unwrap()
}

fn all() -> [Stated; 5] {
    let (user, session) = ("u-1".parse().unwrap(), "s-1".parse().unwrap());
    let reinstated = Statement::UserReinstated { user };
    let user = || "u-1".parse().unwrap();
    [
        Statement::SessionRevoked {
            session,
            user: user(),
        },
        Statement::UserSuspended {
            user: user(),
            until: None,
        },
        Statement::UserSuspended {
            user: user(),
            until: Some(at(86_400)),
        },
        reinstated,
        Statement::UserErased { user: user() },
    ]
    .map(|statement| Stated {
        id: "d-1".parse().unwrap(),
        at: at(-3_600),
        statement,
    })
}

#[test]
fn what_is_issued_is_read_through_json_for_five_minutes() {
    for stated in all() {
        let raw = rules().issue(&stated, at(0));
        let json = serde_json::to_string(&raw).unwrap();
        let raw: RawStatement = serde_json::from_str(&json).unwrap();
        assert_eq!(rules().check(&raw, at(0)), Ok(stated.clone()));
        assert!(rules().check(&raw, at(304)).is_ok());
        let over = Err(StatementError::Life);
        assert_eq!(rules().check(&raw, at(305)), over);
        assert_eq!(rules().check(&raw, at(-6)), over);
        assert_eq!(raw.aud, Audience::One(STATEMENT_AUDIENCE.to_owned()));
    }
    let [revoked, ..] = all();
    let raw = serde_json::to_value(rules().issue(&revoked, at(0))).unwrap();
    assert_eq!(
        raw,
        serde_json::json!({
            "iss": "https://pillnuts.example",
            "aud": "pillnuts-chat-statements",
            "iat": at(0).timestamp(),
            "exp": at(300).timestamp(),
            "jti": "d-1",
            "toe": at(-3_600).timestamp(),
            "event": "sessionRevoked",
            "sub": "u-1",
            "sid": "s-1",
        })
    );
}

#[test]
fn a_suspension_and_its_end_have_names_that_stay() {
    let [_, suspended, timed, reinstated, _] = all();
    let said = |stated: &Stated| serde_json::to_value(rules().issue(stated, at(0))).unwrap();
    for (stated, event) in [
        (&suspended, "userSuspended"),
        (&timed, "userSuspended"),
        (&reinstated, "userReinstated"),
    ] {
        assert_eq!(said(stated)["event"], event);
        assert_eq!(said(stated)["sub"], "u-1");
    }
    assert_eq!(said(&timed)["until"], at(86_400).timestamp());
    let names: Vec<_> = said(&reinstated)
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    let expected = ["aud", "event", "exp", "iat", "iss", "jti", "sub", "toe"];
    assert_eq!(names, expected, "nothing besides");
}

type Change = fn(&mut RawStatement);

#[test]
fn each_claim_is_checked() {
    let refused = |change: fn(&mut RawStatement)| {
        let [revoked, ..] = all();
        let mut raw = rules().issue(&revoked, at(0));
        change(&mut raw);
        rules().check(&raw, at(1)).unwrap_err()
    };
    let cases: [(Change, StatementError); 12] = [
        (|raw| raw.iss.push('/'), StatementError::Issuer),
        (
            |raw| raw.aud = Audience::One("pillnuts".to_owned()),
            StatementError::Audience,
        ),
        (|raw| raw.exp += 1, StatementError::Life),
        (|raw| raw.exp = raw.iat, StatementError::Life),
        (|raw| raw.iat = i64::MAX, StatementError::Life),
        (|raw| raw.exp = i64::MIN, StatementError::Life),
        (|raw| raw.toe = i64::MAX, StatementError::Moment),
        (|raw| raw.toe += 10_000, StatementError::Moment),
        (|raw| raw.sub.clear(), StatementError::Id),
        (|raw| raw.sid = None, StatementError::Id),
        (|raw| raw.jti = " ".to_owned(), StatementError::Id),
        (|raw| raw.event = "other".to_owned(), StatementError::Event),
    ];
    for (number, (change, expected)) in cases.into_iter().enumerate() {
        assert_eq!(refused(change), expected, "case {number}");
    }
    assert!(StatementRules::new("", TimeDelta::zero()).is_err());
    assert!(StatementRules::new("issuer", TimeDelta::minutes(2)).is_err());
}

proptest! {
    #[test]
    fn no_claims_make_it_panic(
        iat in any::<i64>(), exp in any::<i64>(), toe in any::<i64>(), until in any::<Option<i64>>(),
        event in "sessionRevoked|userSuspended|userReinstated|userErased|.*", sub in ".*", sid in any::<Option<String>>(),
    ) {
        let [revoked, ..] = all();
        let raw = RawStatement {
            iat, exp, toe, until, event, sub, sid,
            ..rules().issue(&revoked, at(0))
        };
        drop(rules().check(&raw, at(0)));
    }
}
