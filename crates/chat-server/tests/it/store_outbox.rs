//! What Slack is told: written with the request, tried until it is there.

use chat_server::store::model::{Attempt, Subject};
use chrono::TimeDelta;

use crate::store_kit::{Kept, at, guest, on_both_stores};

const LEASE: TimeDelta = TimeDelta::seconds(30);

on_both_stores!(
    a_delivery_is_tried_until_it_is_there,
    a_taken_delivery_comes_back_after_the_lease,
    many_workers_take_each_delivery_once,
    somebody_is_called_once_an_episode,
);

fn failed(most: u32) -> Attempt {
    Attempt::Failed {
        reason: "status_500",
        again_in: TimeDelta::seconds(10),
        most,
    }
}

async fn a_delivery_is_tried_until_it_is_there(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    let topic = Some("감기약".parse().unwrap());
    store.request(id, topic.clone(), at(0)).await.unwrap();
    let (of, first) = store.next_delivery(LEASE, at(0)).await.unwrap().unwrap();
    assert_eq!(
        (of.id, first.subject, &first.topic),
        (id, Subject::Requested, &topic)
    );
    store.report(id, first.id, failed(3), at(1)).await.unwrap();
    assert_eq!(store.next_delivery(LEASE, at(10)).await.unwrap(), None);
    let (_, second) = store.next_delivery(LEASE, at(11)).await.unwrap().unwrap();
    assert_eq!((second.id, second.attempts), (first.id, 2));
    store.report(id, first.id, failed(2), at(12)).await.unwrap();
    // Given up.
    assert_eq!(store.next_delivery(LEASE, at(9_999)).await.unwrap(), None);
    let dead = store.dead_letters(9).await.unwrap();
    assert_eq!(dead.len(), 1);
    assert_eq!(dead[0].1.failure.as_deref(), Some("status_500"));
    store.resend(id, first.id, at(20)).await.unwrap();
    assert!(store.dead_letters(9).await.unwrap().is_empty());
    let (_, third) = store.next_delivery(LEASE, at(20)).await.unwrap().unwrap();
    assert_eq!((third.id, third.attempts), (first.id, 1));
    for repeated in [false, true] {
        let told = store.report(id, first.id, Attempt::Delivered, at(21)).await;
        assert_eq!(told.unwrap().repeated, repeated);
    }
    assert_eq!(store.next_delivery(LEASE, at(9_999)).await.unwrap(), None);
    assert!(store.resend(id, first.id, at(22)).await.is_err());
}

async fn a_taken_delivery_comes_back_after_the_lease(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.request(id, None, at(0)).await.unwrap();
    let (_, first) = store.next_delivery(LEASE, at(0)).await.unwrap().unwrap();
    // Whoever took it was killed.
    let other = kept.another().await;
    assert_eq!(other.next_delivery(LEASE, at(29)).await.unwrap(), None);
    let (_, again) = other.next_delivery(LEASE, at(30)).await.unwrap().unwrap();
    assert_eq!(again.id, first.id);
}

async fn many_workers_take_each_delivery_once(kept: Kept) {
    let store = &kept.store;
    for n in 0..30 {
        let id = guest(store).await.id;
        store.request(id, None, at(n)).await.unwrap();
    }
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..6 {
        let store = kept.another().await;
        workers.spawn(async move {
            let mut taken = Vec::new();
            while let Some((of, one)) = store.next_delivery(LEASE, at(50)).await.unwrap() {
                store
                    .report(of.id, one.id, Attempt::Delivered, at(50))
                    .await
                    .unwrap();
                taken.push(one.id);
            }
            taken
        });
    }
    let mut taken: Vec<_> = workers.join_all().await.into_iter().flatten().collect();
    let all = taken.len();
    taken.sort();
    taken.dedup();
    assert_eq!((taken.len(), all), (30, 30));
    // Some may have looked while others took; nothing is left over.
    assert_eq!(store.next_delivery(LEASE, at(9_999)).await.unwrap(), None);
}

async fn somebody_is_called_once_an_episode(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.request(id, None, at(0)).await.unwrap();
    let after = TimeDelta::minutes(5);
    assert!(store.escalate(after, at(299)).await.unwrap().is_empty());
    assert_eq!(store.escalate(after, at(300)).await.unwrap().len(), 1);
    assert!(store.escalate(after, at(999)).await.unwrap().is_empty());
    let head = store.conversation(id).await.unwrap().unwrap();
    let told: Vec<_> = head.outbox.iter().map(|one| one.subject).collect();
    assert_eq!(told, [Subject::Requested, Subject::Escalated]);
}
