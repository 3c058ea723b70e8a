//! The rules themselves, without a store: whatever is done in whatever order.

use std::collections::HashMap;

use chat_server::store::model::{
    Attempt, Author, Closer, Command, Conversation, DeliveryId, Draft, GuestId, Message, Person,
    Rules, State, Step,
};
use proptest::prelude::*;

use crate::store_kit::{at, counsellor, key};

fn draft(author: Author, name: u8, second: i64) -> Draft {
    Draft::new(author, key(name), "말".parse().unwrap(), at(second))
}

/// A command by its number; names and people repeat often, so that things collide.
fn command(head: &Conversation, what: u8, who: u8, second: i64) -> Command {
    let name = ["kim", "lee"][usize::from(who % 2)];
    let staff = || counsellor(name).id;
    let lease = at(second.saturating_add(60));
    match what % 13 {
        0 | 1 => Command::Append(draft(Author::Visitor, who, second)),
        2 => {
            let turn = head.bot_turn.saturating_sub(i64::from(who % 2));
            Command::Append(draft(Author::Bot { turn }, who, second))
        }
        3 => Command::Append(draft(Author::Counsellor(staff()), who, second)),
        4 => Command::Request(None, DeliveryId::random(), at(second)),
        5 => Command::Cancel(at(second)),
        6 => Command::Claim(counsellor(name), lease, at(second)),
        7 => Command::Return(at(second)),
        8 => Command::Close(Closer::Counsellor(staff()), at(second)),
        9 => Command::Leave(
            draft(Author::Visitor, who, second),
            None,
            DeliveryId::random(),
        ),
        10 => Command::TakeDelivery(at(second), lease),
        11 => match head.outbox.first() {
            Some(one) => Command::Report(one.id, Attempt::Delivered, at(second)),
            None => Command::Close(Closer::Visitor, at(second)),
        },
        _ => Command::Transfer(staff(), counsellor("park"), lease, at(second)),
    }
}

proptest! {
    #[test]
    fn whatever_happens_the_rules_hold(steps in prop::collection::vec((any::<u8>(), 0_u8..12, 0_i64..100), 1..120)) {
        let mut head = Conversation::new(Person::Guest(GuestId::random()), at(0));
        let mut stored: HashMap<String, Message> = HashMap::new();
        let mut second = 0;
        for (what, who, later) in steps {
            second += later;
            let command = command(&head, what, who, second);
            let rules = Rules::default();
            let mut step = Step::new(head.clone(), &stored, &rules);
            let result = step.apply(&command);
            let changes = step.changes();
            let (after, added) = step.finish();
            match result {
                Err(_) => {
                    prop_assert_eq!(&after, &head, "a refusal changes nothing");
                    prop_assert!(added.is_empty());
                }
                Ok(changed) => prop_assert_eq!(changes, !changed.repeated),
            }
            for (expected, message) in (head.last_seq + 1..).zip(&added) {
                prop_assert_eq!(message.seq, expected);
            }
            let said = i64::try_from(added.len()).unwrap();
            prop_assert_eq!(after.last_seq, head.last_seq + said);
            prop_assert_eq!(after.state == State::Live, after.lease_until.is_some());
            prop_assert_eq!(after.state == State::Waiting, after.queue_key().is_some());
            prop_assert!(after.state != State::Live || after.counsellor.is_some());
            if after.state != head.state {
                prop_assert!(after.bot_turn > head.bot_turn, "pending answers die");
            }
            if matches!(after.state, State::Waiting | State::Live) || after.unanswered {
                prop_assert!(added.iter().all(|one| one.purge_at.is_none()));
                prop_assert!(after.purge_at.is_none());
            } else {
                prop_assert!(added.iter().all(|one| one.purge_at.is_some()));
            }
            // As a store does.
            for message in added {
                prop_assert!(stored.insert(message.key.clone(), message).is_none());
            }
            head = after;
            if let Some(at) = head.purge_at {
                let mut step = Step::new(head, &stored, &rules);
                step.apply(&Command::PurgeNoted(at)).unwrap();
                head = step.finish().0;
            }
        }
    }
}
