//! Accounts of counsellors and what was taken back, in the store.

use chat_server::store::model::StaffId;
use chat_server::store::{
    Factor, FailureCount, Revocation, RevokedSubject, StaffAccount, StaffSession, TokenHash,
};
use chrono::TimeDelta;

use crate::store_kit::{Kept, at, on_both_stores};

on_both_stores!(
    of_two_who_change_an_account_one_does,
    a_session_that_was_ended_stays_ended,
    failures_are_counted_for_a_quarter_of_an_hour,
    the_latest_statement_of_a_member_counts,
    more_than_a_page_of_revocations_is_read,
);

fn account(login: &str) -> StaffAccount {
    StaffAccount {
        login: login.parse().unwrap(),
        id: format!("c:{login}").parse().unwrap(),
        name: "김약사".to_owned(),
        pharmacist: true,
        admin: false,
        disabled: false,
        password: "$2b$04$…".to_owned(),
        factor: Some(Factor {
            sealed: vec![1, 2, 255],
            confirmed: false,
            last_step: 7,
            proposed_at: at(1),
        }),
        created_at: at(0),
        changed_at: at(0),
        version: 1,
    }
}

async fn of_two_who_change_an_account_one_does(kept: Kept) {
    let store = &kept.store;
    let first = account("kimpharm");
    assert!(store.add_staff(&first).await.unwrap());
    assert!(!store.add_staff(&first).await.unwrap());
    assert!(!format!("{first:?}").contains("2b$04"));
    let found = store.staff_account(&first.login, at(1)).await.unwrap();
    assert_eq!(found.unwrap(), first);
    let mut changing = tokio::task::JoinSet::new();
    let other = kept.another().await;
    for n in 0..10 {
        let store = if n % 2 == 0 {
            store.clone()
        } else {
            other.clone()
        };
        let changed = StaffAccount {
            name: format!("이름 {n}"),
            ..first.clone()
        };
        changing.spawn(async move { store.change_staff(&changed).await.unwrap() });
    }
    let won = changing
        .join_all()
        .await
        .into_iter()
        .filter(|won| *won)
        .count();
    assert_eq!(won, 1);
    let now = store
        .staff_account(&first.login, at(1))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(now.version, 2);
    assert_eq!(store.staff_accounts(at(1)).await.unwrap(), [now]);
}

async fn a_session_that_was_ended_stays_ended(kept: Kept) {
    let store = &kept.store;
    let token = TokenHash::new([7; 32]);
    let staff: StaffId = "c:kim".parse().unwrap();
    let idle = TimeDelta::seconds(60);
    let session = StaffSession {
        id: "console-1".parse().unwrap(),
        staff: staff.clone(),
        login: "kimpharm".parse().unwrap(),
        since: at(0),
        used_at: at(0),
        until: at(1_000),
    };
    let used = |seconds| StaffSession {
        used_at: at(seconds),
        ..session.clone()
    };
    assert!(
        store
            .keep_staff_session(token, &session, idle)
            .await
            .unwrap()
    );
    assert_eq!(
        store.staff_session(token, at(59)).await.unwrap(),
        Some(session.clone())
    );
    assert_eq!(
        store.staff_session(token, at(60)).await.unwrap(),
        None,
        "idle"
    );
    assert!(
        store
            .keep_staff_session(token, &used(50), idle)
            .await
            .unwrap()
    );
    assert!(store.staff_session(token, at(100)).await.unwrap().is_some());
    // However much it is used.
    assert!(
        store
            .keep_staff_session(token, &used(990), idle)
            .await
            .unwrap()
    );
    assert_eq!(store.staff_session(token, at(1_000)).await.unwrap(), None);

    let ended = store
        .end_staff_sessions(&staff, None, at(995))
        .await
        .unwrap();
    assert_eq!(ended.len(), 1);
    assert_eq!(store.staff_session(token, at(995)).await.unwrap(), None);
    // A use that was on its way.
    assert!(
        !store
            .keep_staff_session(token, &used(996), idle)
            .await
            .unwrap()
    );
    assert_eq!(store.staff_session(token, at(996)).await.unwrap(), None);
    assert!(
        store
            .staff_sessions(&staff, at(996))
            .await
            .unwrap()
            .is_empty()
    );
}

async fn failures_are_counted_for_a_quarter_of_an_hour(kept: Kept) {
    let store = &kept.store;
    for n in 0..3 {
        store
            .note_failure("k", &format!("t{n}"), at(n))
            .await
            .unwrap();
    }
    store.note_failure("other", "t0", at(0)).await.unwrap();
    let known = store.failures("k", "t1", at(5)).await.unwrap();
    let last_at = Some(at(2).date_time());
    assert_eq!(known, FailureCount { count: 2, last_at });
    store.take_failure_back("k", "t2").await.unwrap();
    assert_eq!(store.failures("k", "", at(5)).await.unwrap().count, 2);
    assert_eq!(store.failures("k", "", at(900)).await.unwrap().count, 1);
    store.forgive("k").await.unwrap();
    assert_eq!(
        store.failures("k", "", at(5)).await.unwrap(),
        FailureCount::default()
    );
    assert_eq!(store.failures("other", "", at(5)).await.unwrap().count, 1);
}

fn revocation(subject: RevokedSubject, seconds: i64) -> Revocation {
    Revocation {
        subject,
        toe: at(seconds).date_time(),
    }
}

async fn the_latest_statement_of_a_member_counts(kept: Kept) {
    let store = &kept.store;
    let user = || "u1".parse().unwrap();
    let suspended = |seconds| revocation(RevokedSubject::Suspended(user()), seconds);
    let reinstated = |seconds| revocation(RevokedSubject::Reinstated(user()), seconds);
    for (told, counts) in [
        (suspended(10), suspended(10)),
        (reinstated(30), reinstated(30)),
        (suspended(20), reinstated(30)),
        (suspended(30), suspended(30)),
        (reinstated(30), suspended(30)),
        (reinstated(31), reinstated(31)),
    ] {
        store.revoke(&told, at(100)).await.unwrap();
        assert_eq!(store.standings(at(100)).await.unwrap(), [counts]);
    }
    // A suspension has no end of its own.
    store.revoke(&suspended(40), at(100)).await.unwrap();
    let years = at(100).plus(TimeDelta::days(3_000));
    assert_eq!(store.standings(years).await.unwrap(), [suspended(40)]);
    let erased = revocation(RevokedSubject::Erased(user()), 50);
    store.revoke(&erased, at(100)).await.unwrap();
    assert!(store.standings(at(100)).await.unwrap().is_empty());
    assert!(
        store
            .revocations(None, at(101))
            .await
            .unwrap()
            .contains(&erased)
    );
    assert!(store.revocations(None, years).await.unwrap().is_empty());
}

async fn more_than_a_page_of_revocations_is_read(kept: Kept) {
    let store = &kept.store;
    let mut writing = tokio::task::JoinSet::new();
    for n in 0..620_i64 {
        let store = store.clone();
        writing.spawn(async move {
            let id = format!("s{n}").parse().unwrap();
            let ended = revocation(RevokedSubject::Session(id), 0);
            // Many of one moment.
            store.revoke(&ended, at(n / 100)).await.unwrap();
            let user = format!("u{n}").parse().unwrap();
            let suspended = revocation(RevokedSubject::Suspended(user), 0);
            store.revoke(&suspended, at(0)).await.unwrap();
        });
    }
    writing.join_all().await;
    let all = store.revocations(None, at(10)).await.unwrap();
    assert_eq!(all.len(), 1_240);
    assert_eq!(store.standings(at(10)).await.unwrap().len(), 620);
    let late = store.revocations(Some(at(6)), at(10)).await.unwrap();
    assert_eq!(late.len(), 20);
}
