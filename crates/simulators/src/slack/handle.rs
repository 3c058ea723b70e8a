//! Inspects and changes a stand-in while it runs.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use serde_json::Value;

use super::{Config, Operation, Wrong};
use crate::Clock;

/// The faults of this stand-in.
pub type Faults = crate::faults::Faults<Operation, Wrong>;

/// A message that the channel shows.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    /// When it was taken.
    pub received_at: DateTime<Utc>,
    /// `text`: what notifications show, and the channel where there are no blocks.
    pub text: String,
    /// `blocks` as they came; `null` without.
    pub blocks: Value,
    /// The header `Idempotency-Key`. Slack ignores it: the same key again is a second message.
    pub idempotency_key: Option<String>,
}

#[derive(Debug, Default)]
struct State {
    messages: VecDeque<Message>,
    /// When messages were taken, within the period of the limit.
    taken: VecDeque<DateTime<Utc>>,
    /// Until when nothing is taken.
    limited_until: Option<DateTime<Utc>>,
}

/// Inspects and changes a running stand-in. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Handle {
    /// What goes wrong, and what was asked for.
    pub faults: Faults,
    /// The stand-in's clock.
    pub clock: Clock,
    pub(crate) config: Arc<Config>,
    state: Arc<Mutex<State>>,
}

impl Handle {
    pub(crate) fn new(config: Config) -> Self {
        Self {
            faults: Faults::default(),
            clock: Clock::default(),
            config: Arc::new(config),
            state: Arc::default(),
        }
    }

    /// No holder of the lock can leave half a change behind, so a poisoned lock is as good as new.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Every message, newest first.
    #[must_use]
    pub fn messages(&self) -> Vec<Message> {
        self.lock().messages.iter().rev().cloned().collect()
    }

    /// Forgets every message.
    pub fn clear_messages(&self) {
        self.lock().messages.clear();
    }

    pub(crate) fn keep(&self, message: Message) {
        let mut state = self.lock();
        state.messages.push_back(message);
        let surplus = state.messages.len().saturating_sub(self.config.kept);
        state.messages.drain(..surplus);
    }

    /// Counts a message against the limit; the seconds to wait where it is beyond.
    pub(crate) fn limit(&self) -> Result<(), u32> {
        let now = self.clock.now();
        let limit = self.config.rate_limit;
        let mut state = self.lock();
        if let Some(until) = state.limited_until.filter(|until| *until > now) {
            return Err(whole_seconds(until - now));
        }
        let period = TimeDelta::from_std(limit.period).unwrap_or(TimeDelta::MAX);
        state
            .taken
            .retain(|at| now.signed_duration_since(*at) < period);
        if u32::try_from(state.taken.len()).is_ok_and(|taken| taken < limit.messages) {
            state.taken.push_back(now);
            return Ok(());
        }
        let until = now.checked_add_signed(TimeDelta::seconds(i64::from(limit.retry_after)));
        state.limited_until = until;
        Err(limit.retry_after)
    }
}

fn whole_seconds(left: TimeDelta) -> u32 {
    let seconds = left.num_milliseconds().saturating_add(999).div_euclid(1000);
    u32::try_from(seconds).unwrap_or(1)
}
