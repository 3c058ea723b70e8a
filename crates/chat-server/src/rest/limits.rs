//! How often an address may ask. Counted by this instance, in memory of a limited size.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use domain::account::AddressKey;
use tokio::time::Instant;

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
        self.count(budget, address, 1)
    }

    /// Whether one more is allowed, without counting it.
    ///
    /// # Errors
    /// As [`take`](Self::take).
    pub(super) fn look(&self, budget: Budget, address: IpAddr) -> Result<(), Duration> {
        self.count(budget, address, 0)
    }

    fn count(&self, budget: Budget, address: IpAddr, more: u32) -> Result<(), Duration> {
        let now = Instant::now();
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

    #[tokio::test(start_paused = true)]
    async fn an_address_has_its_budget_each_minute() {
        let limits = Limits::default();
        for _ in 0..30 {
            limits.look(Budget::SignIns, address(1)).expect("allowed");
            limits.take(Budget::SignIns, address(1)).expect("allowed");
        }
        let wait = limits.take(Budget::SignIns, address(1)).expect_err("over");
        assert!(wait <= WINDOW);
        limits.take(Budget::SignIns, address(2)).expect("another's");
        limits.take(Budget::Requests, address(1)).expect("another");
        tokio::time::advance(wait).await;
        limits.take(Budget::SignIns, address(1)).expect("again");
    }

    #[tokio::test(start_paused = true)]
    async fn memory_is_limited_whoever_comes() {
        let limits = Limits::default();
        for number in 0..25_000 {
            // Those beyond share a budget, and may be refused.
            drop(limits.take(Budget::SignIns, address(number)));
        }
        let held = limits.0.lock().expect("the counts").len();
        assert!(held <= MOST_ADDRESSES + 3, "{held}");
        assert!(limits.take(Budget::SignIns, address(99_999)).is_err());
        tokio::time::advance(WINDOW).await;
        limits
            .take(Budget::SignIns, address(99_999))
            .expect("again");
    }
}
