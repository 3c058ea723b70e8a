//! A clock that a test can move.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use chrono::{DateTime, TimeDelta, Utc};

/// How far a clock can be moved, either way.
const LIMIT_MILLIS: i64 = 10 * 366 * 24 * 60 * 60 * 1000;

/// The time as a stand-in sees it: the system's, moved by what the test says. Clones move together.
#[derive(Debug, Clone, Default)]
pub struct Clock {
    offset_millis: Arc<AtomicI64>,
}

impl Clock {
    /// The time now.
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let offset = TimeDelta::milliseconds(self.offset_millis.load(Ordering::Acquire));
        Utc::now()
            .checked_add_signed(offset)
            .unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves it, forward or back, at most ten years away from the system's time.
    pub fn move_by(&self, delta: TimeDelta) {
        let moved = |offset: i64| {
            let sum = offset.saturating_add(delta.num_milliseconds());
            Some(sum.clamp(-LIMIT_MILLIS, LIMIT_MILLIS))
        };
        // The closure always gives a value, so there is no failure to handle.
        let _before = self
            .offset_millis
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, moved);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_move_together_and_not_beyond_the_limit() {
        let clock = Clock::default();
        let twin = clock.clone();
        twin.move_by(TimeDelta::hours(-2));
        let behind = Utc::now() - clock.now();
        assert!((7_199_000..=7_201_000).contains(&behind.num_milliseconds()));
        twin.move_by(TimeDelta::MAX);
        assert!(clock.now() < Utc::now() + TimeDelta::days(3661));
    }
}
