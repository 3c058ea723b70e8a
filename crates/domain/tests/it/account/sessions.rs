//! Staying signed in: tokens, decisions, two tabs at once.

use chrono::TimeDelta;
use domain::account::{
    FamilyHash, FamilyId, HmacSecret, RefreshDecision, RefreshKeys, SessionFamily,
};
use proptest::prelude::*;

use super::{at, secret};

fn family(fill: u8) -> FamilyId {
    FamilyId::from_random([fill; 16])
}

fn keys(current: u8, former: &[u8]) -> RefreshKeys {
    let former = former.iter().map(|fill| secret(*fill)).collect();
    RefreshKeys::new(secret(current), former).unwrap()
}

#[test]
fn a_token_is_computed_and_not_drawn() {
    let token = keys(1, &[]).token(&family(9), 4);
    assert_eq!(token.expose(), keys(1, &[]).token(&family(9), 4).expose());
    assert_eq!(token.expose().len(), 70);
    for other in [
        keys(1, &[]).token(&family(9), 5),
        keys(1, &[]).token(&family(8), 4),
        keys(2, &[]).token(&family(9), 4),
    ] {
        assert_ne!(token.expose(), other.expose());
    }
    let printed = format!(
        "{token:?} {:?} {:?} {:?}",
        family(9),
        family(9).hash(),
        keys(1, &[])
    );
    assert!(
        !printed.contains("9, 9") && !printed.contains("1, 1"),
        "{printed}"
    );
    assert!(!printed.contains(&token.expose()[..8]), "{printed}");
}

#[test]
fn tokens_of_a_former_secret_are_read() {
    let old = keys(1, &[]).token(&family(9), 4);
    let read = keys(2, &[3, 1]).read(old.expose()).unwrap();
    assert_eq!((read.family.hash(), read.generation), (family(9).hash(), 4));
    assert!(keys(2, &[3]).read(old.expose()).is_none());
    let many = (0..4).map(secret).collect();
    assert!(RefreshKeys::new(secret(9), many).is_err());
}

#[test]
fn secrets_have_a_length() {
    for (length, good) in [(0, false), (31, false), (32, true), (64, true), (65, false)] {
        assert_eq!(HmacSecret::new(&vec![1; length]).is_ok(), good, "{length}");
    }
}

/// The code inside a token is HMAC-SHA-256 over the parts with their lengths, computed elsewhere
/// (Python's `hmac`): the next version must still read the tokens that are out.
#[test]
fn tokens_stay_readable_for_later_versions() {
    let token = keys(7, &[]).token(&family(9), 1);
    assert_eq!(token.expose(), KNOWN);
    let hash = family(9).hash();
    let hex: String = hash
        .as_bytes()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(hex, KNOWN_HASH);
    assert_eq!(FamilyHash::from_bytes(*hash.as_bytes()), hash);
}

const KNOWN: &str = "CQkJCQkJCQkJCQkJCQkJCQAAAAFTAPWh8l2MTNkix7q9VJvP_8TsrryyCwr5GzkdsLxmcw";
const KNOWN_HASH: &str = "eccec0a877b00a23dafe19bff7a83ca1f3c548693782286eaee82a8c13b07baa";

#[test]
fn the_table_of_decisions() {
    let begun = SessionFamily::begin(at(0));
    let RefreshDecision::Rotate(second) = begun.decide(0, at(100)) else {
        panic!("the first token rotates");
    };
    assert_eq!((second.generation, second.rotated_at), (1, at(100)));
    assert_eq!(second.decide(0, at(100)), RefreshDecision::Repeat);
    assert_eq!(second.decide(0, at(110)), RefreshDecision::Repeat);
    assert_eq!(second.decide(0, at(111)), RefreshDecision::Reuse);
    assert_eq!(second.decide(2, at(101)), RefreshDecision::Unknown);
    let RefreshDecision::Rotate(third) = second.decide(1, at(105)) else {
        panic!("the second token rotates");
    };
    assert_eq!(third.decide(0, at(106)), RefreshDecision::Reuse);
    assert_eq!(third.decide(1, at(106)), RefreshDecision::Repeat);
    let ended = SessionFamily {
        ended: true,
        ..third
    };
    for presented in 0..5 {
        assert_eq!(ended.decide(presented, at(106)), RefreshDecision::Ended);
    }
    let last = SessionFamily {
        generation: u32::MAX,
        ..third
    };
    assert_eq!(last.decide(u32::MAX, at(106)), RefreshDecision::Expired);
}

#[test]
fn a_session_lives_thirty_days_from_its_last_use_and_a_year_at_most() {
    const DAY: i64 = 86_400;
    let mut session = SessionFamily::begin(at(0));
    assert!(matches!(
        session.decide(0, at(30 * DAY - 1)),
        RefreshDecision::Rotate(_)
    ));
    assert_eq!(session.decide(0, at(30 * DAY)), RefreshDecision::Expired);
    let mut days = 0;
    while let RefreshDecision::Rotate(next) = session.decide(session.generation, at(days * DAY)) {
        session = next;
        days += 1;
    }
    assert_eq!(days, 365);
    assert_eq!(session.expires_at(), at(365 * DAY));
}

proptest! {
    #[test]
    fn what_is_written_is_read(bytes in any::<[u8; 16]>(), generation in any::<u32>()) {
        let family = FamilyId::from_random(bytes);
        let token = keys(1, &[2]).token(&family, generation);
        let read = keys(1, &[2]).read(token.expose()).unwrap();
        prop_assert_eq!(read.generation, generation);
        prop_assert_eq!(read.family.hash(), family.hash());
    }

    #[test]
    fn one_other_character_is_another_token(at in 0_usize..70, other in "[A-Za-z0-9_-]", generation in any::<u32>()) {
        let token = keys(1, &[]).token(&family(5), generation);
        let mut changed = token.expose().to_owned();
        changed.replace_range(at..=at, &other);
        prop_assert_eq!(keys(1, &[]).read(&changed).is_some(), changed == token.expose());
    }

    #[test]
    fn anything_else_is_no_token(text in prop_oneof![any::<String>(), "[A-Za-z0-9_-]{69,71}"]) {
        prop_assert!(keys(1, &[]).read(&text).is_none());
    }
}

/// A tab's request on its way through a server: it reads the state, decides, and commits only if the
/// state still is what it read.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Request {
    Idle,
    Read {
        presented: u32,
        state: SessionFamily,
    },
    Answered,
}

/// Browser tabs that share a session and a server that runs their requests in any order.
struct World {
    stored: SessionFamily,
    tabs: Vec<(u32, Request)>,
    now: i64,
}

impl World {
    fn new(tabs: usize) -> Self {
        Self {
            stored: SessionFamily::begin(at(0)),
            tabs: vec![(0, Request::Idle); tabs],
            now: 0,
        }
    }

    /// The next step of one tab's request. `lost` loses the answer, so that the tab asks again.
    fn step(&mut self, tab: usize, lost: bool) -> Result<(), RefreshDecision> {
        let (held, request) = self.tabs[tab];
        let (held, next) = match request {
            Request::Idle => (
                held,
                Request::Read {
                    presented: held,
                    state: self.stored,
                },
            ),
            Request::Read { presented, state } => match state.decide(presented, at(self.now)) {
                RefreshDecision::Rotate(_) if self.stored != state => (
                    held,
                    Request::Read {
                        presented,
                        state: self.stored,
                    },
                ),
                RefreshDecision::Rotate(next) => {
                    self.stored = next;
                    answer(held, next.generation, lost)
                }
                RefreshDecision::Repeat => answer(held, state.generation, lost),
                refusal => return Err(refusal),
            },
            Request::Answered => (held, Request::Answered),
        };
        self.tabs[tab] = (held, next);
        Ok(())
    }

    fn all_answered(&self) -> bool {
        self.tabs
            .iter()
            .all(|(_, request)| *request == Request::Answered)
    }
}

fn answer(held: u32, given: u32, lost: bool) -> (u32, Request) {
    if lost {
        (held, Request::Idle)
    } else {
        (given, Request::Answered)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    /// Several tabs refresh at once, round after round, their requests interleaved at every step,
    /// answers lost on the way: as long as a round is over within the grace, all hold the one good
    /// token after it, it was rotated exactly once, and nobody is signed out.
    #[test]
    fn tabs_that_refresh_at_once_stay_signed_in(
        tabs in 2_usize..5,
        rounds in prop::collection::vec(
            prop::collection::vec((any::<prop::sample::Index>(), prop::bool::weighted(0.2), prop::bool::weighted(0.15)), 0..40),
            1..6,
        ),
    ) {
        let mut world = World::new(tabs);
        for (round, steps) in (1..).zip(rounds) {
            let mut passed = 0;
            for (tab, lost, second_passes) in steps {
                if second_passes && passed < 10 {
                    passed += 1;
                    world.now += 1;
                }
                let done = world.step(tab.index(tabs), lost);
                prop_assert_eq!(done, Ok(()));
            }
            // Whoever still waits for an answer gets it, still within the grace.
            while !world.all_answered() {
                for tab in 0..tabs {
                    prop_assert_eq!(world.step(tab, false), Ok(()));
                }
            }
            prop_assert_eq!(world.stored.generation, round);
            for (held, request) in &mut world.tabs {
                prop_assert_eq!(*held, round);
                *request = Request::Idle;
            }
            world.now += 900;
        }
    }

    /// A thief has copied the token of some generation. Once the owner has gone on, and the grace is
    /// over, using it ends the session, whatever happened in between; and ended it stays.
    #[test]
    fn a_stolen_token_ends_the_session(
        stolen in 0_u32..5, further in 1_u32..5, waits in prop::collection::vec(0_i64..100_000, 10), late in 11_i64..100_000,
    ) {
        let mut session = SessionFamily::begin(at(0));
        let mut now = 0;
        for wait in waits.iter().take(usize::try_from(stolen + further).unwrap()) {
            now += wait;
            let RefreshDecision::Rotate(next) = session.decide(session.generation, at(now)) else {
                panic!("the owner goes on");
            };
            session = next;
        }
        prop_assert_eq!(session.decide(stolen, at(now + late)), RefreshDecision::Reuse);
        let ended = SessionFamily { ended: true, ..session };
        for generation in 0..=session.generation {
            prop_assert_eq!(ended.decide(generation, at(now + late)), RefreshDecision::Ended);
        }
    }

    /// A token is good for one rotation; whatever else it gets is what it got before.
    #[test]
    fn a_decision_never_skips(generation in prop_oneof![0_u32..4, any::<u32>()], near in -3_i64..3, seconds in prop_oneof![-20_i64..20, -20_i64..5_000_000]) {
        let presented = u32::try_from((i64::from(generation) + near).clamp(0, i64::from(u32::MAX))).unwrap();
        let session = SessionFamily { generation, created_at: at(-1_000), rotated_at: at(0), ended: false };
        match session.decide(presented, at(seconds)) {
            RefreshDecision::Rotate(next) => {
                prop_assert_eq!(presented, generation);
                prop_assert_eq!(next.generation, generation + 1);
                prop_assert_eq!(next.rotated_at - at(0), TimeDelta::seconds(seconds));
            }
            RefreshDecision::Repeat => prop_assert!(presented == generation - 1 && seconds <= 10),
            RefreshDecision::Reuse => prop_assert!(presented < generation),
            RefreshDecision::Unknown => prop_assert!(presented > generation),
            RefreshDecision::Expired => prop_assert!(seconds >= 30 * 86_400 || generation == u32::MAX),
            RefreshDecision::Ended => prop_assert!(false),
        }
    }
}
