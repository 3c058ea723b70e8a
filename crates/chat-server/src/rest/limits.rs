//! How often an address may ask. Counted by this instance, in memory of a limited size.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use domain::account::AddressKey;

/// How long counts last.
const WINDOW: Duration = Duration::from_secs(60);
/// Most addresses that are counted apart; the rest shares one count.
const MOST_ADDRESSES: usize = 20_000;

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Budget {
    /// Requests of staff.
    Requests,
    /// Sign-ins. Each costs the time of a password.
    SignIns,
    /// Statements that were no good: those of web-api are.
    BadStatements,
}

impl Budget {
    /// How many in a window.
    const fn most(self) -> u32 {
        match self {
            Self::Requests => 600,
            Self::SignIns => 30,
            Self::BadStatements => 60,
        }
    }
}

/// The counts.
#[derive(Debug, Default)]
pub(super) struct Limits(Mutex<HashMap<(Budget, Option<AddressKey>), Count>>);

#[derive(Debug, Clone, Copy)]
struct Count {
    since: Instant,
    used: u32,
}

impl Limits {
    /// Counts one.
    ///
    /// # Errors
    /// How long to wait, where there were too many.
    pub(super) fn take(&self, budget: Budget, address: IpAddr) -> Result<(), Duration> {
        self.count(budget, address, 1, Instant::now())
    }

    /// Whether one more is allowed, without counting it.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(super) fn look(&self, budget: Budget, address: IpAddr) -> Result<(), Duration> {
        self.count(budget, address, 0, Instant::now())
    }

    fn count(
        &self,
        budget: Budget,
        address: IpAddr,
        more: u32,
        now: Instant,
    ) -> Result<(), Duration> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let over = |count: &Count| now.duration_since(count.since) >= WINDOW;
        let mut key = (budget, Some(AddressKey::of(address)));
        if counts.len() >= MOST_ADDRESSES && !counts.contains_key(&key) {
            counts.retain(|_, count| !over(count));
            if counts.len() >= MOST_ADDRESSES {
                key = (budget, None);
            }
        }
        let count = counts.entry(key).or_insert(Count {
            since: now,
            used: 0,
        });
        if over(count) {
            *count = Count {
                since: now,
                used: 0,
            };
        }
        if count.used >= budget.most() {
            return Err(WINDOW.saturating_sub(now.duration_since(count.since)));
        }
        count.used = count.used.saturating_add(more);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(last: u32) -> IpAddr {
        IpAddr::V4(std::net::Ipv4Addr::from_bits(last))
    }

    #[test]
    fn an_address_has_its_budget_each_minute() {
        let (limits, start) = (Limits::default(), Instant::now());
        let take = |budget, last, at| limits.count(budget, address(last), 1, at);
        for _ in 0..30 {
            limits
                .count(Budget::SignIns, address(1), 0, start)
                .expect("a look");
            take(Budget::SignIns, 1, start).expect("allowed");
        }
        let wait = take(Budget::SignIns, 1, start).expect_err("over");
        assert_eq!(wait, WINDOW);
        take(Budget::SignIns, 2, start).expect("another's");
        take(Budget::Requests, 1, start).expect("another budget");
        take(Budget::SignIns, 1, start + wait).expect("again");
    }

    #[test]
    fn memory_is_limited_whoever_comes() {
        let (limits, start) = (Limits::default(), Instant::now());
        let take = |last, at| limits.count(Budget::SignIns, address(last), 1, at);
        for last in 0..25_000 {
            // Those beyond share a budget, and may be refused.
            take(last, start).ok();
        }
        let held = limits.0.lock().expect("the counts").len();
        assert!(held <= MOST_ADDRESSES + 3, "{held}");
        take(99_999, start).expect_err("the shared one is used up");
        take(99_999, start + WINDOW).expect("again");
    }
}
