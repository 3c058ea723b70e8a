//! What an access token says.

use chrono::TimeDelta;
use domain::account::Role;
use domain::token::{
    ACCESS_TOKEN_LIFE, Audience, ClaimError, KeyId, RawClaims, SessionId, TokenRules, UserId,
};
use proptest::prelude::*;

use super::at;

fn rules() -> TokenRules {
    TokenRules::new(
        "https://pillnuts.example",
        "pillnuts",
        TimeDelta::seconds(5),
    )
    .unwrap()
}

fn issued() -> RawClaims {
    let (user, session): (UserId, SessionId) = ("u-1".parse().unwrap(), "s-1".parse().unwrap());
    rules().issue(&user, &session, Role::Counsellor, at(0))
}

/// Changes good claims and says why they are refused.
fn refused(change: impl FnOnce(&mut RawClaims)) -> Option<ClaimError> {
    let mut claims = issued();
    change(&mut claims);
    rules().check(&claims, at(1)).err()
}

#[test]
fn what_was_issued_is_believed_for_fifteen_minutes() {
    let claims = rules().check(&issued(), at(0)).unwrap();
    assert_eq!(
        (claims.user.as_str(), claims.session.as_str()),
        ("u-1", "s-1")
    );
    assert_eq!(claims.role, Role::Counsellor);
    assert_eq!((claims.issued_at, claims.expires_at), (at(0), at(900)));
    assert_eq!(claims.expires_at - claims.issued_at, ACCESS_TOKEN_LIFE);
    assert!(rules().check(&issued(), at(904)).is_ok());
    assert_eq!(rules().check(&issued(), at(905)), Err(ClaimError::Expired));
    assert!(rules().check(&issued(), at(-5)).is_ok());
    assert_eq!(rules().check(&issued(), at(-6)), Err(ClaimError::NotYet));
}

#[test]
fn a_second_factor_is_said_and_never_assumed() {
    let says = |claims: &RawClaims| rules().check(claims, at(0)).unwrap().second_factor;
    assert!(!says(&issued()));
    let given = issued().with_second_factor(true);
    assert!(says(&given));
    assert!(!says(&given.with_second_factor(false)));
}

// A verifier that never heard of the claim refuses by the audience; ours by both.
#[test]
fn a_restricted_token_is_refused_where_it_is_not_asked_for() {
    let restricted = rules().restrict(issued().with_second_factor(true));
    let names_only = |aud: &Audience, name: &str| *aud == Audience::One(name.to_owned());
    assert!(names_only(&restricted.aud, "pillnuts:restricted"));
    let json = serde_json::to_value(&restricted).unwrap();
    assert_eq!(json["restricted"], true);
    assert_eq!(
        serde_json::from_value::<RawClaims>(json).unwrap(),
        restricted
    );
    let usual = serde_json::to_value(issued()).unwrap();
    assert!(usual.get("restricted").is_none());

    let claimed = RawClaims {
        restricted: true,
        ..issued()
    };
    let by_audience = RawClaims {
        restricted: false,
        ..restricted.clone()
    };
    for claims in [&restricted, &claimed, &by_audience] {
        assert_eq!(rules().check(claims, at(0)), Err(ClaimError::Restricted));
        let taken = rules().even_restricted().check(claims, at(0)).unwrap();
        assert!(taken.restricted, "{claims:?}");
    }
    assert!(!rules().check(&issued(), at(0)).unwrap().restricted);
    let taken = rules().even_restricted().check(&issued(), at(0)).unwrap();
    assert!(!taken.restricted);
    // Everything else is checked all the same.
    let late = rules().even_restricted().check(&restricted, at(905));
    assert_eq!(late, Err(ClaimError::Expired));
    let aud = Audience::One("other:restricted".to_owned());
    let other = rules()
        .even_restricted()
        .check(&RawClaims { aud, ..restricted }, at(0));
    assert_eq!(other, Err(ClaimError::Audience));
}

#[test]
fn each_claim_is_checked() {
    let start = at(0).timestamp();
    for (error, expected) in [
        (refused(|claims| claims.iss.push('/')), ClaimError::Issuer),
        (refused(|claims| claims.iss.clear()), ClaimError::Issuer),
        (
            refused(|claims| claims.aud = Audience::One("other".into())),
            ClaimError::Audience,
        ),
        (
            refused(|claims| claims.aud = Audience::Many(vec![])),
            ClaimError::Audience,
        ),
        (
            refused(|claims| claims.aud = Audience::Many(vec!["pillnuts".into(); 9])),
            ClaimError::Audience,
        ),
        (refused(|claims| claims.exp += 1), ClaimError::Life),
        (refused(|claims| claims.exp = start), ClaimError::Life),
        (refused(|claims| claims.exp = i64::MAX), ClaimError::Life),
        (refused(|claims| claims.iat = i64::MIN), ClaimError::Life),
        (
            refused(|claims| (claims.iat, claims.exp) = (start - 901, start - 10)),
            ClaimError::Expired,
        ),
        (
            refused(|claims| claims.nbf = Some(start + 60)),
            ClaimError::NotYet,
        ),
        (
            refused(|claims| claims.nbf = Some(i64::MAX)),
            ClaimError::Life,
        ),
        (refused(|claims| claims.sub.clear()), ClaimError::Subject),
        (
            refused(|claims| claims.sub = "a b".into()),
            ClaimError::Subject,
        ),
        (
            refused(|claims| claims.sid = "x".repeat(65)),
            ClaimError::Session,
        ),
        (
            refused(|claims| claims.role = "Admin".into()),
            ClaimError::Role,
        ),
    ] {
        assert_eq!(error, Some(expected));
    }
    assert_eq!(
        refused(|claims| claims.aud = Audience::Many(vec!["a".into(), "pillnuts".into()])),
        None
    );
    assert_eq!(refused(|claims| claims.nbf = Some(start)), None);
}

#[test]
fn claims_have_the_names_of_the_standards() {
    let json = serde_json::to_value(issued()).unwrap();
    let mut names: Vec<_> = json
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    names.sort_unstable();
    let standard = ["aud", "exp", "iat", "iss", "role"];
    let ours = ["secondFactor", "sid", "sub"];
    assert_eq!(names, [&standard[..], &ours[..]].concat());
    assert_eq!(json["aud"], "pillnuts");
    // What isn't said of a second factor is that there is none.
    for missing in names.into_iter().filter(|name| *name != "secondFactor") {
        let mut less = json.clone();
        less.as_object_mut().unwrap().remove(missing);
        assert!(
            serde_json::from_value::<RawClaims>(less).is_err(),
            "{missing}"
        );
    }
    let mut float = json;
    float["exp"] = serde_json::json!(1.5);
    assert!(serde_json::from_value::<RawClaims>(float).is_err());
}

#[test]
fn rules_are_checked_at_the_start() {
    for (issuer, audience, leeway) in [("", "a", 5), ("a", "", 5), ("a", "a", -1), ("a", "a", 61)] {
        assert!(TokenRules::new(issuer, audience, TimeDelta::seconds(leeway)).is_err());
    }
    for bad in ["", "a b", "a/b", "ä", &"x".repeat(65)] {
        assert!(bad.parse::<KeyId>().is_err());
    }
    assert_eq!(
        "2026-03_a".parse::<KeyId>().unwrap().to_string(),
        "2026-03_a"
    );
}

proptest! {
    /// Nothing panics, and whatever is believed lives now, and fifteen minutes at most.
    #[test]
    fn believed_claims_are_alive(iat in any::<i64>(), life in any::<i64>(), nbf in any::<Option<i64>>(), now in any::<i32>()) {
        let (wide, near) = (iat, at(0).timestamp() + iat % 2_000);
        for iat in [wide, near] {
            for life in [life, life % 2_000] {
                let claims = RawClaims { iat, exp: iat.saturating_add(life), nbf, ..issued() };
                for now in [at(i64::from(now)), at(i64::from(now % 2_000))] {
                    if let Ok(believed) = rules().check(&claims, now) {
                        prop_assert!(believed.expires_at - believed.issued_at <= ACCESS_TOKEN_LIFE);
                        prop_assert!(believed.issued_at <= now + TimeDelta::seconds(5));
                        prop_assert!(now < believed.expires_at + TimeDelta::seconds(5));
                    }
                }
            }
        }
    }
}
