//! The conversation's states over every order of events.

use chrono::{DateTime, TimeDelta, Utc};
use domain::chat::state::{Event, Idle, Illegal, State, expected_wait, position};
use proptest::prelude::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000 + seconds, 0).unwrap()
}

fn run(events: &[(i64, Event)]) -> Result<State, Illegal> {
    events.iter().try_fold(State::Bot, |state, &(s, event)| {
        state.after(event, at(s), Idle::default())
    })
}

#[test]
fn the_whole_way() {
    let mut way = vec![
        (0, Event::Request),
        (5, Event::Claim(7)),
        (6, Event::CounsellorSaid(7)),
    ];
    assert_eq!(
        run(&[way.clone(), vec![(9, Event::Claim(8))]].concat()),
        Err(Illegal::AlreadyClaimed(7))
    );
    assert_eq!(
        run(&[way.clone(), vec![(65, Event::IdleWarn)]].concat()),
        Err(Illegal::NotIdle)
    );
    let lost = run(&[way.clone(), vec![(9, Event::LeaseLost(7))]].concat()).unwrap();
    assert_eq!(
        lost,
        State::Waiting {
            since: at(0),
            returned: true
        }
    );
    way.extend([(66, Event::IdleWarn), (126, Event::IdleClose)]);
    assert_eq!(run(&way), Ok(State::Closed { rated: false }));
    way.push((130, Event::Rate(5)));
    assert_eq!(run(&way), Ok(State::Closed { rated: true }));
    way.push((131, Event::Rate(5)));
    assert_eq!(run(&way), Err(Illegal::NotRatable));
}

#[test]
fn queue_and_wait() {
    let wait = |s, returned| State::Waiting {
        since: at(s),
        returned,
    };
    let queue = [wait(1, false), wait(5, true), wait(2, false)];
    assert_eq!(position(&queue, queue[1]), Some(1));
    assert_eq!(position(&queue, queue[2]), Some(3));
    assert_eq!(position(&queue, State::Bot), None);
    assert_eq!(expected_wait(1, &[], 0), None);
    assert_eq!(expected_wait(3, &[100, 200, 300], 1), Some(600));
    assert_eq!(expected_wait(usize::MAX, &[u32::MAX], 1), Some(7_200));
}

fn event() -> impl Strategy<Value = Event> {
    let who = 1_u64..4;
    prop_oneof![
        Just(Event::Request),
        Just(Event::Cancel),
        who.clone().prop_map(Event::Claim),
        (who.clone(), 1_u64..4).prop_map(|(from, to)| Event::Transfer { from, to }),
        who.clone().prop_map(Event::LeaseLost),
        who.clone().prop_map(Event::CounsellorSaid),
        Just(Event::VisitorSaid),
        Just(Event::IdleWarn),
        Just(Event::IdleClose),
        prop::option::of(who).prop_map(Event::End),
        (0_u8..8).prop_map(Event::Rate),
        Just(Event::LeaveMessage),
    ]
}

proptest! {
    #[test]
    fn nobody_speaks_in_anothers_conversation(events in prop::collection::vec((0_i64..90, event()), 0..60)) {
        let (mut state, mut now) = (State::Bot, 0);
        for (wait, event) in events {
            now += wait;
            let before = state;
            let Ok(next) = before.after(event, at(now), Idle::default()) else { continue };
            if let State::Live { by, .. } = next {
                let got_it = matches!(event, Event::Claim(to) | Event::Transfer { to, .. } if to == by);
                let had_it = matches!(before, State::Live { by: old, .. } if old == by);
                prop_assert!(got_it || had_it);
                prop_assert!(!next.bot_speaks());
            }
            if matches!(event, Event::IdleClose) {
                let warned = matches!(before, State::Live { warned: Some(w), .. } if at(now) - w >= TimeDelta::seconds(60));
                prop_assert!(warned);
            }
            if matches!(next, State::Closed { .. }) {
                let over = matches!(before, State::Live { .. } | State::Closed { .. });
                prop_assert!(over);
            }
            state = next;
        }
    }
}
