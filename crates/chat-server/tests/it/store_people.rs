//! Guests, their way into an account, and forgetting.

use chat_server::store::model::{Conversation, GuestId, Person, Refusal, State};
use chat_server::store::{Guest, Store, TokenHash, Which};
use chrono::TimeDelta;
use domain::token::UserId;

use crate::store_kit::{
    Kept, all, at, counsellor, guest, on_both_stores, says, seqs, texts, visitor,
};

on_both_stores!(
    a_guests_token_is_good_until_it_is_not,
    a_guests_history_goes_into_the_account,
    a_guest_in_the_queue_keeps_his_place,
    two_devices_merge_at_once,
    a_merge_that_was_interrupted_is_finished,
    a_merge_into_an_erased_account_leaves_one_or_none,
    an_erased_person_is_forgotten,
    who_speaks_while_he_is_erased_leaves_nothing,
);

fn member(id: &str) -> UserId {
    id.parse().unwrap()
}

fn guest_of(head: &Conversation) -> GuestId {
    match head.person {
        Some(Person::Guest(id)) => id,
        _ => panic!("not a guest's"),
    }
}

async fn with_token(store: &Store, id: GuestId, token: u8) -> TokenHash {
    let token = TokenHash::new([token; 32]);
    let guest = Guest {
        id,
        expires_at: at(100),
    };
    store.add_guest(token, &guest).await.unwrap();
    token
}

async fn a_guests_token_is_good_until_it_is_not(kept: Kept) {
    let store = &kept.store;
    let id = GuestId::random();
    let token = with_token(store, id, 1).await;
    let other = with_token(store, GuestId::random(), 2).await;
    assert_eq!(store.guest(token, at(99)).await.unwrap().unwrap().id, id);
    assert_eq!(store.guest(token, at(100)).await.unwrap(), None);
    let unknown = TokenHash::new([9; 32]);
    assert_eq!(store.guest(unknown, at(0)).await.unwrap(), None);
    store.revoke_guest(id).await.unwrap();
    assert_eq!(store.guest(token, at(0)).await.unwrap(), None);
    assert!(store.guest(other, at(0)).await.unwrap().is_some());
}

async fn a_guests_history_goes_into_the_account(kept: Kept) {
    let store = &kept.store;
    let from = guest(store).await;
    let token = with_token(store, guest_of(&from), 1).await;
    for n in 0..250 {
        store
            .say(from.id, visitor(n, &format!("손님 {n}")))
            .await
            .unwrap();
    }
    let person = Person::Member(member("u1"));
    let own = store.open_conversation(person, at(0)).await.unwrap();
    store.say(own.id, visitor("0", "회원")).await.unwrap();
    for _ in 0..2 {
        let merged = store
            .merge(guest_of(&from), member("u1"), at(5))
            .await
            .unwrap();
        assert!(merged.is_none_or(|head| head.id == own.id));
        let messages = all(store, own.id).await;
        assert_eq!(seqs(&messages), (1..=251).collect::<Vec<_>>());
        assert_eq!(texts(&messages)[0], "회원");
        assert_eq!(texts(&messages)[250], "손님 249");
    }
    assert_eq!(store.guest(token, at(6)).await.unwrap(), None);
    let gone = Person::Guest(guest_of(&from));
    assert_eq!(store.conversation_of(&gone).await.unwrap(), None);
    let late = store.say(from.id, visitor("x", "아직")).await.unwrap_err();
    assert_eq!(late.refusal(), Some(&Refusal::NoConversation));
}

async fn a_guest_in_the_queue_keeps_his_place(kept: Kept) {
    let store = &kept.store;
    let from = guest(store).await;
    store.request(from.id, None, at(10)).await.unwrap();
    let later = guest(store).await;
    store.request(later.id, None, at(20)).await.unwrap();
    let merged = store.merge(guest_of(&from), member("u1"), at(30)).await;
    let own = merged.unwrap().unwrap();
    assert_eq!((own.state, own.queued_at), (State::Waiting, Some(at(10))));
    assert_eq!(own.outbox.len(), 1);
    assert_eq!(store.place(&own).await.unwrap().unwrap().position, 1);
    let queue = store.conversations(Which::Waiting, 9).await.unwrap();
    assert_eq!(queue.len(), 2);
    // And while a counsellor is there.
    let lease = TimeDelta::seconds(60);
    store
        .claim(later.id, counsellor("kim"), lease, at(40))
        .await
        .unwrap();
    let live = store.merge(guest_of(&later), member("u2"), at(41)).await;
    let live = live.unwrap().unwrap();
    assert_eq!(live.state, State::Live);
    store.say(live.id, says("kim", "a")).await.unwrap();
}

async fn two_devices_merge_at_once(kept: Kept) {
    let store = &kept.store;
    let from = guest(store).await;
    for n in 0..30 {
        store.say(from.id, visitor(n, "말")).await.unwrap();
    }
    let other = kept.another().await;
    let id = guest_of(&from);
    let (one, two) = tokio::join!(
        store.merge(id, member("u1"), at(1)),
        other.merge(id, member("u1"), at(1)),
    );
    one.unwrap();
    two.unwrap();
    let person = Person::Member(member("u1"));
    let own = store.conversation_of(&person).await.unwrap().unwrap();
    let messages = all(store, own.id).await;
    assert_eq!(seqs(&messages), (1..=30).collect::<Vec<_>>());
    // Somebody else's account doesn't get it any more.
    let none = store.merge(id, member("u2"), at(2)).await.unwrap();
    assert_eq!(none, None);
}

/// As by a kill: whatever it was doing, it does no further. Another instance finishes it.
async fn a_merge_that_was_interrupted_is_finished(kept: Kept) {
    let mut interrupted = 0;
    for round in 0..12 {
        let from = guest(&kept.store).await;
        for n in 0..130 {
            kept.store
                .say(from.id, visitor(n, &n.to_string()))
                .await
                .unwrap();
        }
        let account = format!("u{round}");
        let person = Person::Member(member(&account));
        kept.store
            .open_conversation(person.clone(), at(0))
            .await
            .unwrap();
        let merge = kept.store.merge(guest_of(&from), member(&account), at(1));
        let limit = std::time::Duration::from_micros(300 * (1 << round));
        interrupted += usize::from(tokio::time::timeout(limit, merge).await.is_err());
        let other = kept.another().await;
        other.sweep(at(2)).await.unwrap();
        let own = other.conversation_of(&person).await.unwrap().unwrap();
        let (moved, left) = (all(&other, own.id).await, all(&other, from.id).await);
        // Not begun, or finished; never in between.
        let whole = (1..=130).collect::<Vec<_>>();
        assert!(
            seqs(&moved) == whole && left.is_empty() || moved.is_empty() && seqs(&left) == whole
        );
        let words = if left.is_empty() { &moved } else { &left };
        assert!(
            texts(words)
                .iter()
                .zip(0..)
                .all(|(text, n)| *text == n.to_string())
        );
    }
    assert!(interrupted > 0, "none was interrupted");
}

async fn a_merge_into_an_erased_account_leaves_one_or_none(kept: Kept) {
    let store = &kept.store;
    let from = guest(store).await;
    store.say(from.id, visitor("a", "하나")).await.unwrap();
    // The account's conversation can't be written for a moment: it is being erased.
    let person = Person::Member(member("u1"));
    let own = store
        .open_conversation(person.clone(), at(0))
        .await
        .unwrap();
    let (merged, erased) = tokio::join!(
        store.merge(guest_of(&from), member("u1"), at(1)),
        store.erase(&person, at(1)),
    );
    erased.unwrap();
    drop(merged);
    store.sweep(at(2)).await.unwrap();
    // Whichever came first, the guest's words are in one place or in none.
    let mut found = all_if_there(store, from.id).await;
    found += all_if_there(store, own.id).await;
    if let Some(new) = store.conversation_of(&person).await.unwrap() {
        found += all_if_there(store, new.id).await;
    }
    assert!(found <= 1);
}

async fn all_if_there(store: &Store, id: chat_server::store::model::ConversationId) -> usize {
    match store.conversation(id).await.unwrap() {
        Some(_) => all(store, id).await.len(),
        None => 0,
    }
}

async fn an_erased_person_is_forgotten(kept: Kept) {
    let store = &kept.store;
    let head = guest(store).await;
    let token = with_token(store, guest_of(&head), 1).await;
    let other = guest(store).await;
    store.say(head.id, visitor("a", "비밀")).await.unwrap();
    store.say(other.id, visitor("a", "남의 말")).await.unwrap();
    store
        .request(head.id, Some("비밀".parse().unwrap()), at(1))
        .await
        .unwrap();
    let person = head.person.clone().unwrap();
    for _ in 0..2 {
        store.erase(&person, at(2)).await.unwrap();
    }
    assert_eq!(store.conversation_of(&person).await.unwrap(), None);
    let rest = store.conversation(head.id).await.unwrap().unwrap();
    assert!(!format!("{rest:?}").contains(&guest_of(&head).to_string()));
    assert_eq!((rest.topic, rest.outbox.len()), (None, 0));
    assert!(all(store, head.id).await.is_empty());
    assert_eq!(store.waiting().await.unwrap(), 0);
    assert_eq!(store.guest(token, at(3)).await.unwrap(), None);
    assert_eq!(
        store
            .next_delivery(TimeDelta::seconds(1), at(9))
            .await
            .unwrap(),
        None
    );
    assert_eq!(all(store, other.id).await.len(), 1);
    // A day later not even the name is there.
    store.sweep(at(3)).await.unwrap();
    assert!(store.conversation(head.id).await.unwrap().is_some());
    store.sweep(at(2 + 86_400)).await.unwrap();
    assert_eq!(store.conversation(head.id).await.unwrap(), None);
    // Coming back is coming for the first time.
    let again = store.open_conversation(person, at(9)).await.unwrap();
    assert_ne!(again.id, head.id);
    assert_eq!(again.last_seq, 0);
}

async fn who_speaks_while_he_is_erased_leaves_nothing(kept: Kept) {
    for round in 0..5 {
        let head = guest(&kept.store).await;
        let mut senders = tokio::task::JoinSet::new();
        for sender in 0..4 {
            let store = kept.another().await;
            senders.spawn(async move {
                for n in 0..20 {
                    drop(
                        store
                            .say(head.id, visitor(format!("{sender}-{n}"), "말"))
                            .await,
                    );
                }
            });
        }
        tokio::time::sleep(std::time::Duration::from_millis(5 * round)).await;
        let person = head.person.clone().unwrap();
        kept.store.erase(&person, at(1)).await.unwrap();
        senders.join_all().await;
        assert!(all(&kept.store, head.id).await.is_empty());
    }
}
