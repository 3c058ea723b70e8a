//! Budgets in the memory of this instance.

use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use governor::clock::{Clock, MonotonicClock};
use governor::middleware::StateInformationMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed, StateStore};
use governor::{Quota, RateLimiter};
use quick_cache::sync::Cache;

use super::{Decision, Identity, Rate, refusal};

/// Budgets held at most, a class. A flood from more addresses pushes out those that are seldom
/// asked for, and never makes the table grow.
const MAX_KEYS: usize = 50_000;

/// The budgets of one class.
pub(crate) struct Memory<C: Clock = MonotonicClock> {
    rate: Rate,
    limiter: RateLimiter<Identity, Cells, C, StateInformationMiddleware>,
}

impl Memory {
    /// Full budgets of this rate.
    pub(crate) fn new(rate: Rate) -> Self {
        Self::with_clock(rate, MonotonicClock)
    }
}

impl<C: Clock> Memory<C> {
    /// As [`Memory::new`], by another clock.
    pub(crate) fn with_clock(rate: Rate, clock: C) -> Self {
        let second = Duration::from_secs(1);
        let interval = rate.interval().max(Duration::from_nanos(1));
        let quota = Quota::with_period(interval)
            .unwrap_or_else(|| Quota::per_second(rate.count))
            .allow_burst(rate.count);
        debug_assert!(rate.period >= second);
        Self {
            rate,
            limiter: RateLimiter::new(quota, Cells(Cache::new(MAX_KEYS)), clock),
        }
    }

    /// Takes one request out of a budget, where it fits in.
    pub(crate) fn take(&self, identity: &Identity) -> Decision {
        match self.limiter.check_key(identity) {
            Ok(state) => {
                let remaining = state.remaining_burst_capacity();
                let used = self.rate.count.get().saturating_sub(remaining);
                Decision {
                    rate: self.rate,
                    remaining,
                    reset: self.rate.interval().saturating_mul(used),
                    wait: None,
                }
            }
            Err(until) => Decision {
                wait: Some(until.wait_time_from(self.limiter.clock().now())),
                ..refusal(self.rate)
            },
        }
    }
}

impl<C: Clock> fmt::Debug for Memory<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("rate", &self.rate)
            .finish_non_exhaustive()
    }
}

/// A bounded table of budgets. governor's own tables grow with every address that ever asked.
struct Cells(Cache<Identity, Arc<InMemoryState>>);

impl StateStore for Cells {
    type Key = Identity;

    fn measure_and_replace<T, F, E>(&self, key: &Identity, decide: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let fresh = || Ok::<_, Infallible>(Arc::default());
        let Ok(cell) = self.0.get_or_insert_with(key, fresh);
        cell.measure_and_replace(&NotKeyed::NonKey, decide)
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::Instant;

    use governor::clock::FakeRelativeClock;

    use super::*;

    fn address(number: u32) -> Identity {
        Identity::of_address(Ipv4Addr::from(number).into())
    }

    fn rate(text: &str) -> Rate {
        text.parse().expect("a rate")
    }

    #[test]
    fn a_budget_is_spent_at_once_and_fills_evenly() {
        let clock = FakeRelativeClock::default();
        let memory = Memory::with_clock(rate("60/minute"), clock.clone());
        for left in (0..60).rev() {
            let decision = memory.take(&address(1));
            assert_eq!((decision.wait, decision.remaining), (None, left));
        }
        let refused = memory.take(&address(1));
        assert_eq!(refused.wait, Some(Duration::from_secs(1)));
        assert_eq!(refused.remaining, 0);
        assert_eq!(memory.take(&address(2)).remaining, 59, "another's is whole");
        clock.advance(Duration::from_millis(999));
        assert_eq!(
            memory.take(&address(1)).wait,
            Some(Duration::from_millis(1))
        );
        clock.advance(Duration::from_millis(1));
        assert_eq!(memory.take(&address(1)).wait, None);
        assert!(memory.take(&address(1)).wait.is_some());
        clock.advance(Duration::from_secs(60));
        let full = memory.take(&address(1));
        assert_eq!((full.remaining, full.reset), (59, Duration::from_secs(1)));
    }

    /// A counter a window would let twice the rate through around each border.
    #[test]
    fn no_moment_is_better_than_another() {
        let clock = FakeRelativeClock::default();
        let memory = Memory::with_clock(rate("60/minute"), clock.clone());
        let mut passed: Vec<u64> = Vec::new();
        for tenth in 0..6_000_u64 {
            // Bursts around whole minutes, where windows end.
            let tries = if tenth % 600 >= 595 || tenth % 600 < 5 {
                20
            } else {
                0
            };
            for _ in 0..tries {
                if memory.take(&address(1)).wait.is_none() {
                    passed.push(tenth);
                }
            }
            clock.advance(Duration::from_millis(100));
        }
        assert!(passed.len() > 500, "{}", passed.len());
        for from in &passed {
            let minute = passed.iter().filter(|at| (*from..from + 600).contains(at));
            // The burst, and what fills up meanwhile.
            assert!(minute.count() <= 120, "from {from}");
        }
        let second = |from: u64| {
            passed
                .iter()
                .filter(|at| (from..from + 10).contains(at))
                .count()
        };
        for border in (600..6_000).step_by(600) {
            assert!(
                second(border - 5) <= 61,
                "{} at {border}",
                second(border - 5)
            );
        }
    }

    #[test]
    fn threads_at_once_get_no_more_than_there_is() {
        let memory = Memory::with_clock(rate("100/minute"), FakeRelativeClock::default());
        let passed = AtomicU32::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..1_000 {
                        if memory.take(&address(7)).wait.is_none() {
                            passed.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        assert_eq!(passed.into_inner(), 100);
    }

    #[test]
    fn a_flood_of_addresses_neither_grows_the_table_nor_frees_who_is_over() {
        let memory = Memory::with_clock(rate("10/minute"), FakeRelativeClock::default());
        for _ in 0..20 {
            memory.take(&address(0));
        }
        let mut freed = 0;
        for number in 1..=300_000 {
            memory.take(&address(number));
            if number % 1_000 == 0 && memory.take(&address(0)).wait.is_none() {
                freed += 1;
            }
        }
        assert_eq!(freed, 0, "who keeps asking keeps his budget");
        let cells = memory.limiter.into_state_store().0;
        assert!(cells.len() <= MAX_KEYS, "{}", cells.len());
        assert!(cells.len() > MAX_KEYS / 2, "{}", cells.len());
    }

    /// Prints what one decision costs; fails only where it is out of all proportion.
    #[test]
    fn a_decision_costs_next_to_nothing() {
        let memory = Memory::new(rate("1000000/second"));
        let identities: Vec<_> = (0..1_000).map(address).collect();
        let begun = Instant::now();
        let rounds = 200;
        for _ in 0..rounds {
            for identity in &identities {
                memory.take(identity);
            }
        }
        let each = begun.elapsed() / (rounds * 1_000);
        println!("one decision in memory: {each:?}");
        assert!(each < Duration::from_micros(50), "{each:?}");
    }
}
