//! The rules themselves, without a store: whatever is done in whatever order.

use std::collections::HashMap;

use chat_server::store::model::{
    Attempt, Author, Closer, Command, Conversation, Counsellor, Delivery, DeliveryId, Draft,
    Episode, GuestId, MOST_DELIVERIES, Message, Person, Rules, StaffId, State, Step, Subject,
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

/// A conversation after some steps.
fn after(head: Conversation, commands: &[Command]) -> Conversation {
    let (known, rules) = (HashMap::new(), Rules::default());
    let mut step = Step::new(head, &known, &rules);
    for command in commands {
        step.apply(command).unwrap();
    }
    step.finish().0
}

fn waiting(person: Person) -> Conversation {
    let request = Command::Request(None, DeliveryId::random(), at(0));
    after(Conversation::new(person, at(0)), &[request])
}

fn adopt(head: Conversation, from: &Conversation) -> Conversation {
    let episode = Episode {
        of: Box::new(from.clone()),
        at: at(5),
    };
    after(head, &[Command::AdoptEpisode(episode)])
}

fn member(name: &str) -> Person {
    Person::Member(name.parse().unwrap())
}

#[test]
fn whoever_has_claimed_himself_gives_it_back() {
    let guest = waiting(Person::Guest(GuestId::random()));
    let staff: StaffId = "u:kim".parse().unwrap();
    let kim = Counsellor {
        id: staff.clone(),
        ..counsellor("kim")
    };
    let live = after(guest, &[Command::Claim(kim, at(60), at(1))]);
    let own = adopt(Conversation::new(member("kim"), at(0)), &live);
    assert_eq!((own.state, own.returned), (State::Waiting, true));
    assert!(!own.is_held_by(&staff) && own.lease_until.is_none());
    let other = adopt(Conversation::new(member("lee"), at(0)), &live);
    assert!(
        other.is_held_by(&staff),
        "a counsellor of somebody else stays"
    );
}

#[test]
fn a_counsellor_who_is_there_goes_before_a_place_in_the_queue() {
    let guest = waiting(Person::Guest(GuestId::random()));
    let live = after(guest, &[Command::Claim(counsellor("lee"), at(60), at(1))]);
    let own = adopt(waiting(member("kim")), &live);
    assert!(own.is_held_by(&counsellor("lee").id));
    assert_eq!(own.outbox.len(), 2);
    // A move that is repeated later undoes nothing.
    let closed = after(own, &[Command::Close(Closer::Visitor, at(9))]);
    let (known, rules) = (HashMap::new(), Rules::default());
    let mut step = Step::new(closed, &known, &rules);
    let again = Episode {
        of: Box::new(live),
        at: at(10),
    };
    assert!(step.apply(&Command::AdoptEpisode(again)).unwrap().repeated);
    assert_eq!(step.finish().0.state, State::Closed);
}

#[test]
fn no_message_to_slack_is_lost_when_a_guest_becomes_a_member() {
    let full = |person: Person| {
        let mut head = Conversation::new(person, at(0));
        let delivery = |_| Delivery::new(DeliveryId::random(), Subject::Left, None, at(0));
        head.outbox = (0..MOST_DELIVERIES).map(delivery).collect();
        head
    };
    let guest = full(Person::Guest(GuestId::random()));
    let own = adopt(full(member("kim")), &guest);
    assert_eq!(own.outbox.len(), 2 * MOST_DELIVERIES);
    let last = guest.outbox.last().unwrap().id;
    assert!(own.outbox.iter().any(|one| one.id == last));
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
