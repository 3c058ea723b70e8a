//! What is said: numbered, once, found again.

use chat_server::store::model::{
    Author, ConversationId, Draft, GuestId, Note, Person, Refusal, Side, Speaker, State,
};
use chat_server::store::{ChangeError, Span};

use crate::store_kit::{
    Kept, all, at, bot, guest, key, on_both_stores, says, seqs, texts, visitor,
};

on_both_stores!(
    a_person_has_one_conversation,
    messages_are_numbered_and_found_again,
    the_same_name_is_the_same_message,
    names_of_messages_are_ones_own,
    only_who_may_speak_speaks,
    what_is_said_of_a_silence_needs_the_silence,
    reading_goes_forward_only,
    notes_are_written_once,
    another_instance_sees_the_same,
    a_conversation_that_is_not_there,
);

async fn a_person_has_one_conversation(kept: Kept) {
    let person = Person::Guest(GuestId::random());
    let open = || kept.store.open_conversation(person.clone(), at(0));
    let (one, two, three) = tokio::join!(open(), open(), open());
    let first = one.unwrap();
    assert_eq!(two.unwrap().id, first.id);
    assert_eq!(three.unwrap().id, first.id);
    assert_eq!((first.state, first.last_seq), (State::Bot, 0));
    let found = kept.store.conversation_of(&person).await.unwrap();
    assert_eq!(found, kept.store.conversation(first.id).await.unwrap());
    assert_eq!(found, Some(first));
}

async fn messages_are_numbered_and_found_again(kept: Kept) {
    let store = &kept.store;
    let head = guest(store).await;
    for n in 1..=7 {
        let said = store.say(head.id, visitor(n, &format!("말 {n}"))).await;
        let said = said.unwrap();
        assert_eq!(said.message.unwrap().seq, n);
        assert_eq!((said.conversation.last_seq, said.repeated), (n, false));
    }
    let head = store.conversation(head.id).await.unwrap().unwrap();
    let page = async |span, limit| {
        let replay = store.replay(&head, span, limit, at(0)).await.unwrap();
        assert_eq!((replay.first_seq, replay.last_seq), (1, 7));
        seqs(&replay.messages)
    };
    assert_eq!(page(Span::After(0), 500).await, [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(page(Span::After(4), 2).await, [5, 6]);
    assert_eq!(page(Span::After(7), 9).await, [0; 0]);
    assert_eq!(page(Span::Before(5), 2).await, [3, 4]);
    assert_eq!(page(Span::Before(1), 9).await, [0; 0]);
    let messages = all(store, head.id).await;
    assert_eq!(texts(&messages)[6], "말 7");
    assert_eq!(messages[6].from, Speaker::Visitor);
    assert_eq!(messages[6].sent_at, at(0));

    let empty = guest(store).await;
    let replay = store
        .replay(&empty, Span::After(0), 9, at(0))
        .await
        .unwrap();
    assert_eq!((replay.first_seq, replay.last_seq), (1, 0));
}

async fn the_same_name_is_the_same_message(kept: Kept) {
    let store = &kept.store;
    let head = guest(store).await;
    let first = store.say(head.id, visitor("a", "처음")).await.unwrap();
    let again = store.say(head.id, visitor("a", "다른 글")).await.unwrap();
    assert!(again.repeated && !first.repeated);
    assert_eq!(again.message, first.message);
    // All at once, and from two instances.
    let other = kept.another().await;
    let mut tries = tokio::task::JoinSet::new();
    for n in 0..40 {
        let store = if n % 2 == 0 {
            store.clone()
        } else {
            other.clone()
        };
        tries.spawn(async move { store.say(head.id, visitor("b", "둘째")).await.unwrap() });
    }
    let said = tries.join_all().await;
    assert_eq!(said.iter().filter(|one| !one.repeated).count(), 1);
    assert!(said.iter().all(|one| one.message == said[0].message));
    assert_eq!(texts(&all(store, head.id).await), ["처음", "둘째"]);
}

async fn names_of_messages_are_ones_own(kept: Kept) {
    let store = &kept.store;
    let (one, two) = (guest(store).await, guest(store).await);
    for head in [&one, &two] {
        assert!(
            !store
                .say(head.id, visitor("a", "나"))
                .await
                .unwrap()
                .repeated
        );
        assert!(!store.say(head.id, bot(0, "a")).await.unwrap().repeated);
    }
    assert_eq!(seqs(&all(store, one.id).await), [1, 2]);
}

async fn only_who_may_speak_speaks(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    let refused = |result: Result<_, ChangeError>| result.unwrap_err().refusal().cloned();
    let stranger = store.say(id, says("kim", "x")).await;
    assert_eq!(refused(stranger), Some(Refusal::NotYours));
    let late = store.say(id, bot(1, "x")).await;
    assert_eq!(refused(late), Some(Refusal::BotSilenced));
    let system = Draft::new(Author::System, key("x"), "알림".parse().unwrap(), at(0));
    let said = store.say(id, system).await.unwrap();
    assert_eq!(said.message.unwrap().seq, 1);
}

async fn what_is_said_of_a_silence_needs_the_silence(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    store.say(id, visitor("a", "하나")).await.unwrap();
    let mut warning = Draft::new(Author::System, key("w"), "계세요?".parse().unwrap(), at(60));
    warning.if_last_seq = Some(0);
    let late = store.say(id, warning.clone()).await.unwrap_err();
    assert_eq!(late.refusal(), Some(&Refusal::Overtaken));
    warning.if_last_seq = Some(1);
    store.say(id, warning.clone()).await.unwrap();
    // The repetition is answered, although by now it is overtaken.
    assert!(store.say(id, warning).await.unwrap().repeated);
}

async fn reading_goes_forward_only(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    for n in 0..3 {
        store.say(id, bot(0, &n.to_string())).await.unwrap();
    }
    let read = async |seq| {
        let changed = store.read(id, Side::Visitor, seq).await.unwrap();
        changed.conversation.visitor_read
    };
    assert_eq!(read(2).await, 2);
    assert_eq!(read(1).await, 2);
    assert_eq!(read(99).await, 3);
    let staff = store.read(id, Side::Staff, 1).await.unwrap().conversation;
    assert_eq!((staff.staff_read, staff.visitor_read), (1, 3));
}

async fn notes_are_written_once(kept: Kept) {
    let store = &kept.store;
    let id = guest(store).await.id;
    let note = Note {
        id: key("n"),
        by: "kim".parse().unwrap(),
        text: "전에도 물었음".parse().unwrap(),
        at: at(1),
    };
    store.note(id, note.clone()).await.unwrap();
    assert!(store.note(id, note.clone()).await.unwrap().repeated);
    let head = store.conversation(id).await.unwrap().unwrap();
    assert_eq!(head.notes, [note]);
    assert_eq!(head.last_seq, 0);
}

async fn another_instance_sees_the_same(kept: Kept) {
    let head = guest(&kept.store).await;
    kept.store.say(head.id, visitor("a", "하나")).await.unwrap();
    let other = kept.another().await;
    other.say(head.id, visitor("b", "둘")).await.unwrap();
    let again = other.say(head.id, visitor("a", "하나")).await.unwrap();
    assert!(again.repeated);
    assert_eq!(all(&kept.store, head.id).await, all(&other, head.id).await);
    assert_eq!(texts(&all(&kept.store, head.id).await), ["하나", "둘"]);
}

async fn a_conversation_that_is_not_there(kept: Kept) {
    let nobody = ConversationId::random();
    let said = kept.store.say(nobody, visitor("a", "여보세요")).await;
    assert_eq!(said.unwrap_err().refusal(), Some(&Refusal::NoConversation));
    assert_eq!(kept.store.conversation(nobody).await.unwrap(), None);
}
