//! A clock that a test moves.

use std::sync::Mutex;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::Clock;

/// The system's clock, and what a test has added to it; or a moment at which a test holds it.
#[derive(Debug, Default)]
pub(crate) struct TestClock(Mutex<Hands>);

#[derive(Debug, Default)]
struct Hands {
    added: TimeDelta,
    held: Option<DateTime<Utc>>,
}

impl TestClock {
    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut hands = self.0.lock().unwrap();
        hands.added += by;
        hands.held = hands.held.map(|at| at + by);
    }

    /// Makes it stand still, for what is told to the second; gives the moment.
    pub(crate) fn hold(&self) -> DateTime<Utc> {
        let now = self.now();
        self.0.lock().unwrap().held = Some(now);
        now
    }

    /// Lets it run on from the present.
    pub(crate) fn release(&self) {
        self.0.lock().unwrap().held = None;
    }
}

impl Clock for TestClock {
    fn now(&self) -> DateTime<Utc> {
        let hands = self.0.lock().unwrap();
        hands.held.unwrap_or_else(|| Utc::now() + hands.added)
    }
}
