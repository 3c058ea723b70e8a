//! How often and how much: per person, per address, and in all.
//!
//! Counts are this instance's own. Whoever goes over is told when to try again; nothing is dropped silently.

use std::collections::{HashMap, VecDeque};
use std::hash::Hash;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

use super::settings::ChatLimits;

/// Keys after whose number those that are idle are forgotten.
const TIDY_AT: usize = 1_024;

/// At most so many within such a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rate {
    /// How many.
    most: usize,
    /// Within how long.
    within: Duration,
}

/// Times of what was done lately, by who did it.
#[derive(Debug)]
struct Windows<K> {
    rates: Vec<Rate>,
    seen: Mutex<Seen<K>>,
}

#[derive(Debug)]
struct Seen<K> {
    times: HashMap<K, VecDeque<Instant>>,
    tidy_at: usize,
}

impl<K: Eq + Hash> Windows<K> {
    fn new(rates: Vec<Rate>) -> Self {
        Self {
            rates,
            seen: Mutex::new(Seen {
                times: HashMap::new(),
                tidy_at: TIDY_AT,
            }),
        }
    }

    /// Counts one more, unless that is too many: then how long to wait. What is refused doesn't count, so that
    /// patience is always rewarded.
    fn take(&self, key: K, now: Instant) -> Result<(), Duration> {
        let longest = self.rates.iter().map(|rate| rate.within).max();
        let longest = longest.unwrap_or_default();
        let old = |at: &Instant| now.saturating_duration_since(*at) >= longest;
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.times.len() >= seen.tidy_at {
            seen.times
                .retain(|_, times| times.back().is_some_and(|last| !old(last)));
            seen.tidy_at = seen.times.len().saturating_mul(2).max(TIDY_AT);
        }
        let times = seen.times.entry(key).or_default();
        while times.front().is_some_and(old) {
            times.pop_front();
        }
        let wait = self.rates.iter().filter_map(|rate| {
            // The one that has to be over before there is room again.
            let first = times.len().checked_sub(rate.most)?;
            let age = now.saturating_duration_since(*times.get(first)?);
            rate.within.checked_sub(age).filter(|wait| !wait.is_zero())
        });
        match wait.max() {
            Some(wait) => Err(wait),
            None => {
                times.push_back(now);
                Ok(())
            }
        }
    }
}

/// An address as it is counted: of IPv6 the network that one customer has.
fn counted(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(address) => IpAddr::V4(address),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// All limits that count; a cheap handle.
#[derive(Debug, Clone)]
pub(crate) struct Rates(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    messages: Windows<String>,
    events: Windows<String>,
    connects: Windows<IpAddr>,
    guests: Windows<IpAddr>,
    seats: Mutex<Seats>,
    most_sockets: usize,
    most_per_address: usize,
}

#[derive(Debug, Default)]
struct Seats {
    taken: usize,
    by_address: HashMap<IpAddr, usize>,
}

/// A place among the sockets; free again when it is dropped.
#[derive(Debug)]
pub(crate) struct Seat {
    rates: Rates,
    address: IpAddr,
}

impl Rates {
    pub(crate) fn new(limits: &ChatLimits) -> Self {
        let minute = |most| Rate {
            most,
            within: Duration::from_secs(60),
        };
        let burst = Rate {
            most: limits.burst_messages,
            within: limits.burst,
        };
        let guests = Rate {
            most: limits.guests_per_hour,
            within: Duration::from_secs(3_600),
        };
        Self(Arc::new(Inner {
            messages: Windows::new(vec![burst, minute(limits.messages_per_minute)]),
            events: Windows::new(vec![minute(limits.events_per_minute)]),
            connects: Windows::new(vec![minute(limits.connects_per_minute)]),
            guests: Windows::new(vec![guests]),
            seats: Mutex::default(),
            most_sockets: limits.sockets,
            most_per_address: limits.sockets_per_address,
        }))
    }

    /// A message of a person; else how long to wait.
    pub(crate) fn message(&self, person: String) -> Result<(), Duration> {
        self.0.messages.take(person, Instant::now())
    }

    /// Any event of a person.
    pub(crate) fn event(&self, person: String) -> Result<(), Duration> {
        self.0.events.take(person, Instant::now())
    }

    /// A new connection from an address.
    pub(crate) fn connect(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.connects.take(counted(address), Instant::now())
    }

    /// A new guest from an address.
    pub(crate) fn guest(&self, address: IpAddr) -> Result<(), Duration> {
        self.0.guests.take(counted(address), Instant::now())
    }

    /// A place for a socket; `None`: there are too many, of this address or in all.
    pub(crate) fn seat(&self, address: IpAddr) -> Option<Seat> {
        let address = counted(address);
        let mut seats = self.lock();
        let own = seats.by_address.get(&address).copied().unwrap_or(0);
        if seats.taken >= self.0.most_sockets || own >= self.0.most_per_address {
            return None;
        }
        seats.taken = seats.taken.saturating_add(1);
        seats.by_address.insert(address, own.saturating_add(1));
        drop(seats);
        Some(Seat {
            rates: self.clone(),
            address,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Seats> {
        self.0.seats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut seats = self.rates.lock();
        seats.taken = seats.taken.saturating_sub(1);
        let left = seats.by_address.get(&self.address).copied().unwrap_or(0);
        if left > 1 {
            seats
                .by_address
                .insert(self.address, left.saturating_sub(1));
        } else {
            seats.by_address.remove(&self.address);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(most: usize, seconds: u64) -> Rate {
        Rate {
            most,
            within: Duration::from_secs(seconds),
        }
    }

    #[test]
    fn five_in_three_seconds_and_sixty_in_a_minute() {
        let windows = Windows::new(vec![rate(5, 3), rate(60, 60)]);
        let start = Instant::now();
        for _ in 0..5 {
            assert_eq!(windows.take("a", start), Ok(()));
        }
        assert_eq!(windows.take("a", start), Err(Duration::from_secs(3)));
        assert_eq!(windows.take("b", start), Ok(()), "another person");
        let mut now = start;
        for round in 1..12 {
            now = start + Duration::from_secs(3 * round);
            for _ in 0..5 {
                assert_eq!(windows.take("a", now), Ok(()));
            }
        }
        // 60 in 33 seconds: now the minute counts.
        let later = now + Duration::from_secs(3);
        let wait = windows.take("a", later).expect_err("too many");
        assert_eq!(wait, Duration::from_secs(24));
        assert_eq!(windows.take("a", later + wait), Ok(()));
    }

    #[test]
    fn idle_keys_are_forgotten() {
        let windows = Windows::new(vec![rate(5, 3)]);
        let start = Instant::now();
        for key in 0..5_000 {
            let now = start + Duration::from_millis(10 * key);
            assert_eq!(windows.take(key, now), Ok(()));
        }
        let known = windows.seen.lock().expect("a lock").times.len();
        assert!(known < 2_000, "{known}");
    }

    #[test]
    fn places_are_counted_by_address_and_given_back() {
        let limits = ChatLimits {
            sockets: 3,
            sockets_per_address: 2,
            ..ChatLimits::default()
        };
        let rates = Rates::new(&limits);
        let home: IpAddr = "2001:db8:1:2::1".parse().expect("an address");
        let same: IpAddr = "2001:db8:1:2:ffff::9".parse().expect("an address");
        let other: IpAddr = "192.0.2.1".parse().expect("an address");
        let first = rates.seat(home).expect("a place");
        let _second = rates.seat(same).expect("a place");
        assert!(rates.seat(home).is_none(), "the third of one address");
        let third = rates.seat(other).expect("a place");
        assert!(
            rates
                .seat("192.0.2.9".parse().expect("an address"))
                .is_none()
        );
        drop(third);
        drop(first);
        assert!(rates.seat(home).is_some());
        assert_eq!(rates.lock().by_address.len(), 1);
    }
}
