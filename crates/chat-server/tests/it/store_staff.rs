//! Accounts of counsellors and what was taken back, in the store.

use chat_server::store::model::StaffId;
use chat_server::store::{
    Factor, FailureCount, Revocation, RevokedSubject, StaffAccount, StaffSession, Store, TokenHash,
};
use chrono::TimeDelta;
use futures_util::StreamExt as _;

use crate::store_kit::{Kept, at, on_both_stores};

on_both_stores!(
    of_two_who_change_an_account_one_does,
    a_session_lasts_while_it_is_used,
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

const TOKEN: TokenHash = TokenHash::new([7; 32]);

fn used(seconds: i64) -> StaffSession {
    StaffSession {
        id: "console-1".parse().unwrap(),
        staff: "c:kim".parse().unwrap(),
        login: "kimpharm".parse().unwrap(),
        since: at(0),
        used_at: at(seconds),
        until: at(1_000),
    }
}

/// Uses it at a moment; one that isn't used for a minute ends.
async fn use_it(store: &Store, seconds: i64) -> bool {
    let idle = TimeDelta::seconds(60);
    let kept = store.keep_staff_session(TOKEN, &used(seconds), idle).await;
    kept.unwrap()
}

async fn found(store: &Store, seconds: i64) -> Option<StaffSession> {
    store.staff_session(TOKEN, at(seconds)).await.unwrap()
}

async fn a_session_lasts_while_it_is_used(kept: Kept) {
    let store = &kept.store;
    assert!(use_it(store, 0).await);
    assert_eq!(found(store, 59).await, Some(used(0)));
    assert_eq!(found(store, 60).await, None, "idle");
    assert!(use_it(store, 50).await);
    assert!(found(store, 100).await.is_some());
    // However much it is used.
    assert!(use_it(store, 990).await);
    assert_eq!(found(store, 1_000).await, None);
}

async fn a_session_that_was_ended_stays_ended(kept: Kept) {
    let store = &kept.store;
    let staff: StaffId = "c:kim".parse().unwrap();
    assert!(use_it(store, 0).await);
    let other = "console-2".parse().unwrap();
    let ended = store.end_staff_sessions(&staff, Some(&other), at(5)).await;
    assert!(ended.unwrap().is_empty());
    let ended = store.end_staff_sessions(&staff, None, at(5)).await.unwrap();
    assert_eq!(ended, [used(0)]);
    assert_eq!(found(store, 5).await, None);
    // A use that was on its way.
    assert!(!use_it(store, 6).await);
    assert_eq!(found(store, 6).await, None);
    let open = store.staff_sessions(&staff, at(6)).await.unwrap();
    assert!(open.is_empty());
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
    // A few at a time: how much a store takes at once is another test's matter.
    let writing = futures_util::stream::iter(0..620_i64).for_each_concurrent(16, async |n| {
        let id = format!("s{n}").parse().unwrap();
        let ended = revocation(RevokedSubject::Session(id), 0);
        // Many of one moment.
        store.revoke(&ended, at(n / 100)).await.unwrap();
        let user = format!("u{n}").parse().unwrap();
        let suspended = revocation(RevokedSubject::Suspended(user), 0);
        store.revoke(&suspended, at(0)).await.unwrap();
    });
    writing.await;
    let all = store.revocations(None, at(10)).await.unwrap();
    assert_eq!(all.len(), 1_240);
    assert_eq!(store.standings(at(10)).await.unwrap().len(), 620);
    let late = store.revocations(Some(at(6)), at(10)).await.unwrap();
    assert_eq!(late.len(), 20);
}
