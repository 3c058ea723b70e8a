//! Slowing those who guess passwords, without a way to lock somebody else out.
//!
//! A limit of tries per account is a gift to whoever wants to annoy its owner: a script that fails on
//! purpose keeps it locked for ever. So an *account* is never refused because of what others did. What
//! is refused, for a minute at most, is an **address**, or an address on one account; what an account
//! that is under attack from many addresses costs everyone, its owner too, is a **hold**: the answer
//! takes up to [`LONGEST_HOLD`] longer, which makes guessing over a botnet slow and signing in possible.
//!
//! | counted in the last 15 minutes | free | then |
//! |---|---|---|
//! | failures of this address on this account | 3 | refused 1, 2, 4 … 60 s after the last |
//! | failures of this address on all accounts | 20 | refused 1, 2, 4 … 60 s after the last |
//! | failures on this account from everywhere | 10 | held 0.5, 1, 1.5 … 3 s |
//!
//! People behind one address (an office, a carrier's NAT) can slow each other, by a minute at most.

use std::net::{IpAddr, Ipv6Addr};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::later;

/// How long a failure counts.
pub const FAILURE_MEMORY: TimeDelta = TimeDelta::minutes(15);
/// Most seconds that an address is refused after a failure.
const LONGEST_REFUSAL: i64 = 60;
/// Longest hold.
const LONGEST_HOLD: Duration = Duration::from_secs(3);
/// Longer by this with each failure.
const HOLD_STEP: Duration = Duration::from_millis(500);
const FREE_ON_ACCOUNT_FROM_ADDRESS: u32 = 3;
const FREE_FROM_ADDRESS: u32 = 20;
const FREE_ON_ACCOUNT: u32 = 10;

/// What an address is counted as: an IPv4 address whole, of an IPv6 address the first 64 bits, since
/// whoever has one address of such a network has them all. An IPv4 address in IPv6 clothes is what it
/// is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AddressKey(IpAddr);

impl AddressKey {
    /// The key of an address.
    #[must_use]
    pub fn of(address: IpAddr) -> Self {
        Self(match address.to_canonical() {
            IpAddr::V4(address) => IpAddr::V4(address),
            IpAddr::V6(address) => {
                let network = address.to_bits() >> 64 << 64;
                IpAddr::V6(Ipv6Addr::from_bits(network))
            }
        })
    }

    /// The key of the site that an IPv6 address belongs to: its /48, of which one customer may have all
    /// 65,536 networks (RFC 6177, 2). `None` for IPv4, where an address is as much as anybody gets.
    #[must_use]
    pub fn site_of(address: IpAddr) -> Option<Self> {
        match address.to_canonical() {
            IpAddr::V4(_) => None,
            IpAddr::V6(address) => {
                let site = address.to_bits() >> 80 << 80;
                Some(Self(IpAddr::V6(Ipv6Addr::from_bits(site))))
            }
        }
    }

    /// The address, or the first of the network.
    #[must_use]
    pub const fn get(self) -> IpAddr {
        self.0
    }
}

/// Failures that a store has counted since [`FAILURE_MEMORY`] ago.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Failures {
    /// How many.
    pub count: u32,
    /// The last one.
    pub last_at: Option<DateTime<Utc>>,
}

/// What is known when somebody tries to sign in. A try that was refused isn't a failure: its password
/// was never looked at. "Account" is the name that was typed, whether it exists or not, so that being
/// slowed tells nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SignInFailures {
    /// Of this address on this account. A success clears them.
    pub address_on_account: Failures,
    /// Of this address on all accounts. A success doesn't clear them: a guesser has an account too.
    pub address: Failures,
    /// On this account, from everywhere. A success doesn't clear them: the owner's would end the
    /// slowing of those who are still guessing.
    pub account: u32,
}

/// What to do with a try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slowing {
    /// Refuse it without looking at the password.
    Refuse {
        /// From when on the next is looked at.
        retry_at: DateTime<Utc>,
    },
    /// Wait so long, then look at the password. Zero for nearly everyone.
    Hold(Duration),
}

impl SignInFailures {
    /// What to do with a try that comes now.
    #[must_use]
    pub fn slowing(&self, now: DateTime<Utc>) -> Slowing {
        let of = |failures: &Failures, free| {
            let wait = refusal(failures.count, free)?;
            failures.last_at.map(|last| later(last, wait))
        };
        let retry_at = of(&self.address_on_account, FREE_ON_ACCOUNT_FROM_ADDRESS)
            .max(of(&self.address, FREE_FROM_ADDRESS));
        match retry_at.filter(|retry_at| now < *retry_at) {
            Some(retry_at) => Slowing::Refuse { retry_at },
            None => Slowing::Hold(hold(self.account)),
        }
    }
}

fn refusal(failures: u32, free: u32) -> Option<TimeDelta> {
    let beyond = failures.checked_sub(free)?;
    let seconds = 1_i64
        .checked_shl(beyond.min(32))
        .unwrap_or(LONGEST_REFUSAL)
        .min(LONGEST_REFUSAL);
    Some(TimeDelta::seconds(seconds))
}

fn hold(failures: u32) -> Duration {
    match failures.checked_sub(FREE_ON_ACCOUNT) {
        None => Duration::ZERO,
        Some(beyond) => HOLD_STEP
            .saturating_mul(beyond.saturating_add(1))
            .min(LONGEST_HOLD),
    }
}
