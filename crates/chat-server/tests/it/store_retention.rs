//! What is deleted and when; numbers never come back.

use chat_server::store::model::{Closer, Draft, Moment};
use chat_server::store::{Span, Store};
use chrono::TimeDelta;

use crate::store_kit::{
    Kept, all_at, at, bot, counsellor, guest, on_both_stores, says, seqs, visitor,
};

const LEASE: TimeDelta = TimeDelta::seconds(60);

on_both_stores!(
    talk_with_the_bot_goes_after_five_days,
    a_counselling_stays_until_it_is_closed_and_five_days,
    what_is_unanswered_stays,
    numbers_go_on_after_all_was_deleted,
    expired_messages_are_deleted,
);

fn days(days: i64) -> Moment {
    at(0).plus(TimeDelta::days(days))
}

fn when(mut draft: Draft, at: Moment) -> Draft {
    draft.at = at;
    draft
}

async fn left(
    store: &Store,
    id: chat_server::store::model::ConversationId,
    now: Moment,
) -> Vec<i64> {
    seqs(&all_at(store, id, now).await)
}

async fn talk_with_the_bot_goes_after_five_days(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.say(id, visitor("a", "이메일")).await.unwrap();
    store.say(id, when(bot(0, "a"), days(1))).await.unwrap();
    let almost = days(5).plus(TimeDelta::milliseconds(-1));
    assert_eq!(left(store, id, almost).await, [1, 2]);
    assert_eq!(left(store, id, days(5)).await, [2]);
    let head = store.conversation(id).await.unwrap().unwrap();
    let replay = store
        .replay(&head, Span::After(0), 9, days(5))
        .await
        .unwrap();
    assert_eq!((replay.first_seq, replay.last_seq), (2, 2));
    let replay = store
        .replay(&head, Span::After(0), 9, days(6))
        .await
        .unwrap();
    assert_eq!((replay.first_seq, replay.last_seq), (3, 2));
}

async fn a_counselling_stays_until_it_is_closed_and_five_days(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.say(id, visitor("a", "상담")).await.unwrap();
    store.request(id, None, at(1)).await.unwrap();
    store.say(id, visitor("b", "언제 되나요")).await.unwrap();
    store
        .claim(id, counsellor("kim"), LEASE, at(2))
        .await
        .unwrap();
    store.say(id, says("kim", "c")).await.unwrap();
    assert_eq!(left(store, id, days(99)).await, [2, 3]);
    let closer = Closer::Counsellor("kim".parse().unwrap());
    store.end(id, closer, days(3)).await.unwrap();
    let almost = days(8).plus(TimeDelta::milliseconds(-1));
    // What was said to the bot before stays as long.
    assert_eq!(left(store, id, almost).await, [1, 2, 3]);
    assert!(left(store, id, days(8)).await.is_empty());
    let head = store.conversation(id).await.unwrap().unwrap();
    assert_eq!(head.purge_at, None, "it is written down at each message");
}

async fn what_is_unanswered_stays(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store
        .leave(id, visitor("a", "두드러기"), None)
        .await
        .unwrap();
    store.say(id, visitor("b", "이메일")).await.unwrap();
    store.say(id, bot(0, "b")).await.unwrap();
    assert_eq!(left(store, id, days(99)).await, [1, 2, 3]);
    store
        .claim(id, counsellor("kim"), LEASE, days(1))
        .await
        .unwrap();
    store.end(id, Closer::Visitor, days(1)).await.unwrap();
    assert_eq!(left(store, id, days(99)).await, [1, 2, 3]);
    store
        .claim(id, counsellor("kim"), LEASE, days(2))
        .await
        .unwrap();
    store.say(id, says("kim", "a")).await.unwrap();
    store.end(id, Closer::Visitor, days(2)).await.unwrap();
    assert!(left(store, id, days(7)).await.is_empty());
}

async fn numbers_go_on_after_all_was_deleted(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    for n in 0..3 {
        store.say(id, visitor(n, "말")).await.unwrap();
    }
    store.sweep(days(9)).await.unwrap();
    let said = store
        .say(id, when(visitor("new", "또 왔어요"), days(9)))
        .await;
    assert_eq!(said.unwrap().message.unwrap().seq, 4);
    assert_eq!(left(store, id, days(9)).await, [4]);
}

/// By the store itself: SQLite in a sweep, MongoDB by its own clock, which needs a past.
async fn expired_messages_are_deleted(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    let past = Moment::from(chrono::Utc::now()).plus(TimeDelta::days(-6));
    for n in 0..3 {
        let said = store.say(id, when(visitor(n, "말"), past)).await.unwrap();
        assert!(!said.repeated);
    }
    assert!(
        left(store, id, Moment::from(chrono::Utc::now()))
            .await
            .is_empty()
    );
    store.sweep(Moment::from(chrono::Utc::now())).await.unwrap();
    let before = past;
    let deleted = test_kit::eventually_async(std::time::Duration::from_secs(150), async || {
        left(store, id, before).await.is_empty()
    });
    assert!(deleted.await, "the store deletes what has expired");
}
