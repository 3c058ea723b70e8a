//! Inspects and changes a stand-in while it runs.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, Utc};

use super::{Config, Message, Operation, Wrong, message};
use crate::Clock;

/// The faults of this stand-in.
pub type Faults = crate::faults::Faults<Operation, Wrong>;

#[derive(Debug, Default)]
struct State {
    messages: VecDeque<Message>,
    /// When requests to send came, within the period of the limit.
    requests: VecDeque<DateTime<Utc>>,
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

    /// Messages to a number, newest first. Anything but digits is ignored.
    #[must_use]
    pub fn messages_to(&self, number: &str) -> Vec<Message> {
        let digits = digits(number);
        let mut messages = self.messages();
        messages.retain(|message| message.to == digits);
        messages
    }

    /// Forgets every message.
    pub fn clear_messages(&self) {
        self.lock().messages.clear();
    }

    pub(crate) fn find(&self, matches: impl Fn(&Message) -> bool) -> Vec<Message> {
        let state = self.lock();
        let found = state.messages.iter().filter(|message| matches(message));
        found.cloned().collect()
    }

    pub(crate) fn keep(&self, messages: Vec<Message>) {
        let mut state = self.lock();
        state.messages.extend(messages);
        let surplus = state.messages.len().saturating_sub(self.config.kept);
        state.messages.drain(..surplus);
    }

    /// Counts a request against the limit; says whether it is within.
    pub(crate) fn within_limit(&self) -> bool {
        let now = self.clock.now();
        let limit = self.config.rate_limit;
        let mut state = self.lock();
        state
            .requests
            .retain(|at| message::after(*at, limit.period) > now);
        let within = u32::try_from(state.requests.len()).is_ok_and(|taken| taken < limit.requests);
        if within {
            state.requests.push_back(now);
        }
        within
    }
}

pub(crate) fn digits(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}
