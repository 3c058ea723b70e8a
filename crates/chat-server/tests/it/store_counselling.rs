//! Queue, claim, lease, transfer, close, rating.

use chat_server::store::Which;
use chat_server::store::model::{Closer, Conversation, ConversationId, Rating, Refusal, State};
use chat_server::store::{Place, Store};
use chrono::TimeDelta;

use crate::store_kit::{Kept, at, bot, counsellor, guest, on_both_stores, says, visitor};

const LEASE: TimeDelta = TimeDelta::seconds(60);

on_both_stores!(
    the_queue_has_an_order,
    a_claim_has_one_winner_and_silences_the_bot,
    a_lost_counsellor_puts_it_at_the_head,
    a_transfer_changes_who_may_speak,
    a_counselling_ends_once_and_is_rated_once,
    an_idle_close_needs_the_silence,
    what_is_left_waits_for_an_answer,
    the_visitor_may_change_his_mind,
);

async fn waiting(store: &Store, seconds: i64) -> Conversation {
    let id = guest(store).await.id;
    store
        .request(id, None, at(seconds))
        .await
        .unwrap()
        .conversation
}

async fn position(store: &Store, id: ConversationId) -> Option<Place> {
    let head = store.conversation(id).await.unwrap().unwrap();
    store.place(&head).await.unwrap()
}

async fn the_queue_has_an_order(kept: Kept) {
    let store = &kept.store;
    let (late, early, middle) = (
        waiting(store, 30).await,
        waiting(store, 10).await,
        waiting(store, 20).await,
    );
    let topic = Some("감기약".parse().unwrap());
    let again = store.request(early.id, topic, at(99)).await.unwrap();
    assert!(again.repeated, "who waits keeps his place");
    let queue = store.conversations(Which::Waiting, 9).await.unwrap();
    let order: Vec<_> = queue.iter().map(|one| one.id).collect();
    assert_eq!(order, [early.id, middle.id, late.id]);
    for (place, head) in [(1, &early), (2, &middle), (3, &late)] {
        let found = position(store, head.id).await.unwrap();
        assert_eq!((found.position, found.waiting), (place, 3));
    }
    store.cancel(early.id, at(40)).await.unwrap();
    assert_eq!(position(store, early.id).await, None);
    assert_eq!(position(store, late.id).await.unwrap().position, 2);
    assert_eq!(store.waiting().await.unwrap(), 2);
}

async fn a_claim_has_one_winner_and_silences_the_bot(kept: Kept) {
    let store = &kept.store;
    let head = waiting(store, 0).await;
    // The bot began to think while the visitor's word was its own.
    let turn = head.bot_turn.checked_sub(1).unwrap();
    let kim = counsellor("kim");
    let won = store
        .claim(head.id, kim.clone(), LEASE, at(5))
        .await
        .unwrap();
    assert_eq!(won.conversation.state, State::Live);
    let lost = store.claim(head.id, counsellor("lee"), LEASE, at(5)).await;
    assert_eq!(
        lost.unwrap_err().refusal(),
        Some(&Refusal::AlreadyClaimed(kim.clone()))
    );
    let again = store.claim(head.id, kim, LEASE, at(6)).await.unwrap();
    assert!(again.repeated);
    for turn in [turn, head.bot_turn, won.conversation.bot_turn] {
        let late = store.say(head.id, bot(turn, "late")).await.unwrap_err();
        assert_eq!(late.refusal(), Some(&Refusal::BotSilenced));
    }
    store.say(head.id, says("kim", "a")).await.unwrap();
    let other = store.say(head.id, says("lee", "a")).await.unwrap_err();
    assert_eq!(other.refusal(), Some(&Refusal::NotYours));
    let mine = Which::HeldBy("kim".parse().unwrap());
    assert_eq!(store.conversations(mine, 9).await.unwrap().len(), 1);
}

async fn a_lost_counsellor_puts_it_at_the_head(kept: Kept) {
    let store = &kept.store;
    let lost = waiting(store, 50).await;
    let kim = counsellor("kim");
    store
        .claim(lost.id, kim.clone(), LEASE, at(60))
        .await
        .unwrap();
    let first = waiting(store, 10).await;
    assert!(store.return_lost(at(119)).await.unwrap().is_empty());
    assert_eq!(store.renew(&kim.id, LEASE, at(100)).await.unwrap(), 1);
    assert!(store.return_lost(at(159)).await.unwrap().is_empty());
    let back = store.return_lost(at(160)).await.unwrap();
    assert_eq!(back.len(), 1);
    assert_eq!(back[0].conversation.state, State::Waiting);
    assert_eq!(position(store, lost.id).await.unwrap().position, 1);
    assert_eq!(position(store, first.id).await.unwrap().position, 2);
    let late = store.say(lost.id, says("kim", "late")).await.unwrap_err();
    assert_eq!(late.refusal(), Some(&Refusal::NotYours));
    assert_eq!(store.renew(&kim.id, LEASE, at(161)).await.unwrap(), 0);

    store
        .claim(first.id, kim.clone(), LEASE, at(170))
        .await
        .unwrap();
    let gave = store.give_up(first.id, kim.id, at(171)).await.unwrap();
    assert!(gave.conversation.returned);
    assert_eq!(position(store, first.id).await.unwrap().position, 1);
}

async fn a_transfer_changes_who_may_speak(kept: Kept) {
    let store = &kept.store;
    let id = waiting(store, 0).await.id;
    let (kim, lee) = (counsellor("kim"), counsellor("lee"));
    store.claim(id, kim.clone(), LEASE, at(1)).await.unwrap();
    let stolen = store
        .transfer(id, lee.id.clone(), counsellor("park"), LEASE, at(2))
        .await
        .unwrap_err();
    assert_eq!(stolen.refusal(), Some(&Refusal::NotYours));
    for repeated in [false, true] {
        let moved = store
            .transfer(id, kim.id.clone(), lee.clone(), LEASE, at(2))
            .await
            .unwrap();
        assert_eq!(moved.repeated, repeated);
        assert_eq!(moved.conversation.counsellor, Some(lee.clone()));
    }
    store.say(id, says("lee", "a")).await.unwrap();
    let before = store.say(id, says("kim", "a")).await.unwrap_err();
    assert_eq!(before.refusal(), Some(&Refusal::NotYours));
}

async fn a_counselling_ends_once_and_is_rated_once(kept: Kept) {
    let store = &kept.store;
    let id = waiting(store, 0).await.id;
    let kim = counsellor("kim");
    let early = store.end(id, Closer::Visitor, at(1)).await.unwrap_err();
    assert_eq!(early.refusal(), Some(&Refusal::State(State::Waiting)));
    store.claim(id, kim.clone(), LEASE, at(1)).await.unwrap();
    let rating = Rating {
        episode: 1,
        score: 5,
        comment: None,
        at: at(9),
    };
    assert!(store.rate(id, rating.clone()).await.is_err());
    let stranger = Closer::Counsellor("lee".parse().unwrap());
    assert!(store.end(id, stranger, at(2)).await.is_err());
    for repeated in [false, true] {
        let closer = Closer::Counsellor(kim.id.clone());
        let ended = store.end(id, closer, at(2)).await.unwrap();
        assert_eq!(ended.repeated, repeated);
        assert_eq!(ended.conversation.closed_at, Some(at(2)));
    }
    assert_eq!(
        store.conversations(Which::Closed, 9).await.unwrap().len(),
        1
    );
    for (score, good) in [(0, false), (6, false), (5, true)] {
        let rating = Rating {
            score,
            ..rating.clone()
        };
        assert_eq!(store.rate(id, rating).await.is_ok(), good, "{score}");
    }
    assert!(store.rate(id, rating.clone()).await.unwrap().repeated);
    let other = store.rate(id, Rating { score: 1, ..rating }).await;
    assert_eq!(other.unwrap_err().refusal(), Some(&Refusal::AlreadyRated));
    // The next word is the bot's.
    let next = store.say(id, visitor("n", "고마워요")).await.unwrap();
    assert_eq!(next.conversation.state, State::Bot);
    let answer = bot(next.conversation.bot_turn, "n");
    assert_eq!(store.say(id, answer).await.unwrap().message.unwrap().seq, 2);
}

async fn an_idle_close_needs_the_silence(kept: Kept) {
    let store = &kept.store;
    let id = waiting(store, 0).await.id;
    store
        .claim(id, counsellor("kim"), LEASE, at(1))
        .await
        .unwrap();
    store.say(id, says("kim", "a")).await.unwrap();
    let quiet = store.conversations(Which::QuietSince(at(60)), 9).await;
    assert_eq!(quiet.unwrap().len(), 1);
    store.say(id, visitor("b", "네")).await.unwrap();
    let late = store.end(id, Closer::Idle(1), at(120)).await.unwrap_err();
    assert_eq!(late.refusal(), Some(&Refusal::Overtaken));
    let ended = store.end(id, Closer::Idle(2), at(120)).await.unwrap();
    assert_eq!(ended.conversation.state, State::Closed);
}

async fn what_is_left_waits_for_an_answer(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    let topic = Some("부작용".parse().unwrap());
    for repeated in [false, true] {
        let left = store
            .leave(id, visitor("l", "두드러기"), topic.clone())
            .await;
        assert_eq!(left.unwrap().repeated, repeated);
    }
    let left = store.conversations(Which::Unanswered, 9).await.unwrap();
    assert_eq!(left.len(), 1);
    assert_eq!(left[0].outbox.len(), 1, "Slack is told once");
    let claimed = store.claim(id, counsellor("kim"), LEASE, at(9)).await;
    assert_eq!(claimed.unwrap().conversation.topic, topic);
    // Closed without a word: it still waits.
    store.end(id, Closer::Visitor, at(10)).await.unwrap();
    assert_eq!(
        store
            .conversations(Which::Unanswered, 9)
            .await
            .unwrap()
            .len(),
        1
    );
    store
        .claim(id, counsellor("kim"), LEASE, at(11))
        .await
        .unwrap();
    store.say(id, says("kim", "a")).await.unwrap();
    assert!(
        store
            .conversations(Which::Unanswered, 9)
            .await
            .unwrap()
            .is_empty()
    );
}

async fn the_visitor_may_change_his_mind(kept: Kept) {
    let store = &kept.store;
    let id = waiting(store, 0).await.id;
    let back = store.cancel(id, at(1)).await.unwrap();
    assert_eq!(back.conversation.state, State::Bot);
    assert!(store.cancel(id, at(1)).await.unwrap().repeated);
    let none = store.claim(id, counsellor("kim"), LEASE, at(2)).await;
    assert_eq!(
        none.unwrap_err().refusal(),
        Some(&Refusal::State(State::Bot))
    );
}
