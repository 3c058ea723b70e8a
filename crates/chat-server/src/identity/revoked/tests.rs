//! In what order things may be told.

use domain::account::Role;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a moment")
}

fn token(user: &str, session: &str, issued: i64) -> AccessClaims {
    AccessClaims {
        user: user.parse().expect("an id"),
        session: session.parse().expect("an id"),
        role: Role::Member,
        second_factor: false,
        restricted: false,
        issued_at: at(issued),
        expires_at: at(issued + 900),
    }
}

fn says(subject: RevokedSubject, seconds: i64) -> Revocation {
    Revocation {
        subject,
        toe: at(seconds),
    }
}

#[test]
fn what_was_issued_up_to_the_moment_is_refused() {
    let mut known = Known::default();
    let session = RevokedSubject::Session("s1".parse().expect("an id"));
    assert!(known.learn(&says(session.clone(), 10)));
    assert!(!known.learn(&says(session, 5)), "a late older one");
    assert!(known.refuses(&token("u1", "s1", 10)));
    assert!(!known.refuses(&token("u1", "s1", 11)));
    assert!(!known.refuses(&token("u1", "s2", 5)));
    let erased = RevokedSubject::Erased("u2".parse().expect("an id"));
    assert!(known.learn(&says(erased, 10)));
    assert!(known.refuses(&token("u2", "s9", 10)));
}

#[test]
fn a_suspension_holds_until_it_ends_in_whatever_order_it_is_told() {
    let user = || "u1".parse().expect("an id");
    let told = [
        says(RevokedSubject::Suspended(user()), 10),
        says(RevokedSubject::Reinstated(user()), 20),
        says(RevokedSubject::Suspended(user()), 30),
        says(RevokedSubject::Reinstated(user()), 40),
    ];
    // Every order of the first so many.
    for count in 1..=4 {
        for order in orders(count) {
            let mut known = Known::default();
            for place in &order {
                known.learn(&told[*place]);
                known.learn(&told[*place]);
            }
            let refused = |issued| known.refuses(&token("u1", "s", issued));
            assert!(refused(9), "of before: {order:?}");
            assert_eq!(refused(100), count % 2 == 1, "{order:?}");
        }
    }
    let mut known = Known::default();
    known.learn(&told[0]);
    known.learn(&says(RevokedSubject::Reinstated(user()), 10));
    assert!(known.refuses(&token("u1", "s", 50)), "of one second");
}

fn orders(count: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    let mut all = Vec::new();
    for shorter in orders(count - 1) {
        for place in 0..=shorter.len() {
            let mut order = shorter.clone();
            order.insert(place, count - 1);
            all.push(order);
        }
    }
    all
}

#[test]
fn what_no_token_is_old_enough_for_is_forgotten() {
    let mut known = Known::default();
    known.learn(&says(
        RevokedSubject::Session("s1".parse().expect("an id")),
        0,
    ));
    known.forget(at(900));
    assert!(known.refuses(&token("u1", "s1", 0)));
    known.forget(at(1_200));
    assert!(known.sessions.is_empty());
}
