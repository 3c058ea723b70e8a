//! Many at once.

use std::collections::HashMap;
use std::sync::Arc;

use chat_server::store::model::{Refusal, State};
use chat_server::store::{ChangeError, Which};
use chrono::TimeDelta;

use crate::store_kit::{Kept, all, at, counsellor, guest, on_both_stores, seqs, visitor};

on_both_stores!(
    twenty_senders_leave_no_hole,
    two_hundred_counsellors_race_for_five_hundred,
);

const SENDERS: usize = 20;
const EACH: usize = 1_000;

/// Half of them through another instance. Each waits for its acknowledgement, as clients do.
async fn twenty_senders_leave_no_hole(kept: Kept) {
    let id = guest(&kept.store).await.id;
    let instances = [kept.store.clone(), kept.another().await];
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..SENDERS {
        let store = instances[sender % 2].clone();
        senders.spawn(async move {
            let mut got = Vec::with_capacity(EACH);
            for n in 0..EACH {
                let text = format!("{sender}-{n}");
                let said = loop {
                    match store.say(id, visitor(&text, &text)).await {
                        Ok(said) => break said,
                        // As a client would: again, under the same name.
                        Err(ChangeError::Store(_)) => {}
                        Err(error) => panic!("{error}"),
                    }
                };
                got.push((text, said.message.unwrap().seq));
            }
            assert!(
                got.is_sorted_by_key(|(_, seq)| *seq),
                "a sender's own order"
            );
            got
        });
    }
    let told: HashMap<String, i64> = senders.join_all().await.into_iter().flatten().collect();
    let messages = all(&kept.store, id).await;
    let last = i64::try_from(SENDERS * EACH).unwrap();
    assert_eq!(seqs(&messages), (1..=last).collect::<Vec<_>>());
    for message in &messages {
        assert_eq!(told.get(message.text.as_str()), Some(&message.seq));
    }
    assert_eq!(told.len(), messages.len());
}

async fn two_hundred_counsellors_race_for_five_hundred(kept: Kept) {
    let mut queue = Vec::new();
    for n in 0..500 {
        let id = guest(&kept.store).await.id;
        kept.store.request(id, None, at(n)).await.unwrap();
        queue.push(id);
    }
    let queue = Arc::new(queue);
    let instances = [kept.store.clone(), kept.another().await];
    let mut counsellors = tokio::task::JoinSet::new();
    for n in 0..200_usize {
        let store = instances[n % 2].clone();
        let queue = Arc::clone(&queue);
        counsellors.spawn(async move {
            let me = counsellor(&format!("c{n}"));
            let mut won = Vec::new();
            let mut told = Vec::new();
            // Each tries twenty of them; eight try the same at about the same time.
            for step in 0..20 {
                let id = queue[(n / 8 * 20 + step) % queue.len()];
                let lease = TimeDelta::seconds(60);
                match store.claim(id, me.clone(), lease, at(600)).await {
                    Ok(_) => won.push(id),
                    Err(ChangeError::Refused(Refusal::AlreadyClaimed(by))) => {
                        assert_ne!(by.id, me.id);
                        told.push((id, by.id));
                    }
                    Err(error) => panic!("{error}"),
                }
            }
            (me.id, won, told)
        });
    }
    let results = counsellors.join_all().await;
    let mut owner = HashMap::new();
    for (me, won, _) in &results {
        for id in won {
            assert_eq!(owner.insert(*id, me.clone()), None, "two winners");
        }
    }
    assert_eq!(owner.len(), 500);
    for (id, by) in results.iter().flat_map(|(_, _, told)| told) {
        assert_eq!(owner.get(id), Some(by), "told somebody else");
    }
    for id in queue.iter() {
        let head = kept.store.conversation(*id).await.unwrap().unwrap();
        assert_eq!(head.state, State::Live);
        assert_eq!(head.counsellor.map(|one| one.id).as_ref(), owner.get(id));
    }
    assert!(
        kept.store
            .conversations(Which::Waiting, 9)
            .await
            .unwrap()
            .is_empty()
    );
}
