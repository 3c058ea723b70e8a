//! How often somebody may ask: one budget a class of routes and a person.
//!
//! A budget is a rate with a burst (GCRA): as many requests as a period allows may come at once, and
//! the budget fills up evenly. There are no windows, so no border at which twice the rate fits through.
//!
//! Each instance counts in memory. With Redis, what memory lets through is counted there too, so that
//! all instances share one budget; while Redis is away, memory alone decides, and it isn't empty then.

pub(crate) mod memory;
pub(crate) mod shared;

use std::fmt;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

use domain::token::UserId;
use memory::Memory;
use shared::Shared;

/// What kind of work a route is. Routes of one class share a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum RateClass {
    /// Searching and completing: asked while typing.
    Search,
    /// Reading one thing.
    Detail,
    /// Pages and their files.
    Pages,
    /// Proving who one is: guessing has to be slow.
    SignIn,
    /// What sends an SMS: costs money and annoys a stranger.
    Sms,
    /// Changing what is one's own.
    Writes,
    /// Administration.
    Admin,
    /// Other services.
    Internal,
}

impl RateClass {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Search,
        Self::Detail,
        Self::Pages,
        Self::SignIn,
        Self::Sms,
        Self::Writes,
        Self::Admin,
        Self::Internal,
    ];

    /// Its name in metrics and in Redis.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Search => "search",
            Self::Detail => "detail",
            Self::Pages => "pages",
            Self::SignIn => "sign_in",
            Self::Sms => "sms",
            Self::Writes => "writes",
            Self::Admin => "admin",
            Self::Internal => "internal",
        }
    }

    /// Whether the address counts even where the member is known: whoever guesses or spends has any
    /// number of accounts.
    pub(crate) const fn is_by_address(self) -> bool {
        matches!(self, Self::SignIn | Self::Sms | Self::Internal)
    }
}

/// So many requests in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many; all of them may come at once.
    pub count: NonZeroU32,
    /// In how long; whole seconds.
    pub period: Duration,
}

impl Rate {
    /// The time after which one more request fits in.
    fn interval(self) -> Duration {
        self.period / self.count.get()
    }

    /// As `RateLimit-Policy` writes it.
    fn policy(self) -> String {
        format!("{};w={}", self.count, self.period.as_secs())
    }
}

/// `1200/minute`
impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (count, unit) = text.split_once('/').ok_or("no slash")?;
        let count: NonZeroU32 = count.trim().parse().map_err(|_| "no such number")?;
        if count.get() > 1_000_000 {
            return Err("more than a million");
        }
        let seconds = match unit.trim() {
            "second" => 1,
            "minute" => 60,
            "hour" => 3_600,
            "day" => 86_400,
            _ => return Err("no such unit"),
        };
        let period = Duration::from_secs(seconds);
        Ok(Self { count, period })
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.period.as_secs() {
            1 => "second",
            60 => "minute",
            3_600 => "hour",
            86_400 => "day",
            other => return write!(f, "{}/{other}s", self.count),
        };
        write!(f, "{}/{unit}", self.count)
    }
}

/// Whose budget it is.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Identity {
    /// A member, wherever he is.
    Member(UserId),
    /// An address, or the beginning of one.
    Address(IpAddr),
}

impl Identity {
    /// The budget of an address. A household gets a whole /64 of IPv6 and may change inside it at
    /// will.
    pub(crate) fn of_address(address: IpAddr) -> Self {
        Self::Address(match address {
            IpAddr::V4(_) => address,
            IpAddr::V6(whole) => IpAddr::V6((whole.to_bits() >> 64 << 64).into()),
        })
    }
}

impl fmt::Display for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Member(id) => write!(f, "m:{id}"),
            Self::Address(address) => write!(f, "a:{address}"),
        }
    }
}

/// Whether a request fits into a budget, and what is left of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) rate: Rate,
    /// How many more fit in now.
    pub(crate) remaining: u32,
    /// After which the whole budget is there again.
    pub(crate) reset: Duration,
    /// After which one request fits in; `None` where this one did.
    pub(crate) wait: Option<Duration>,
}

impl Decision {
    /// Tells the client.
    pub(crate) fn write(&self, headers: &mut HeaderMap) {
        let mut set = |name, value: HeaderValue| {
            headers.insert(HeaderName::from_static(name), value);
        };
        set("ratelimit-limit", self.rate.count.get().into());
        set("ratelimit-remaining", self.remaining.into());
        set("ratelimit-reset", whole_seconds(self.reset).into());
        if let Ok(policy) = HeaderValue::from_str(&self.rate.policy()) {
            set("ratelimit-policy", policy);
        }
    }
}

/// Rounded up: too early is in vain.
fn whole_seconds(time: Duration) -> u64 {
    time.as_secs()
        .saturating_add(u64::from(time.subsec_nanos() > 0))
}

/// The rates of all classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rates([Rate; 8]);

impl Rates {
    /// The rate that `rate_of` gives each class.
    pub fn new(rate_of: impl FnMut(RateClass) -> Rate) -> Self {
        Self(RateClass::ALL.map(rate_of))
    }
}

/// Counts, and says when it is enough.
#[derive(Debug)]
pub(crate) struct Limiter {
    lanes: [(RateClass, Rate, Memory); 8],
    shared: Option<Arc<Shared>>,
}

impl Limiter {
    /// With these rates; `shared` where instances count together.
    pub(crate) fn new(rates: &Rates, shared: Option<Arc<Shared>>) -> Self {
        let mut rates = rates.0.into_iter();
        let lanes = RateClass::ALL.map(|class| {
            let rate = rates.next().unwrap_or(LEAST);
            (class, rate, Memory::new(rate))
        });
        Self { lanes, shared }
    }

    /// Takes one request out of a budget, where it fits in.
    pub(crate) async fn take(&self, class: RateClass, identity: &Identity) -> Decision {
        let lane = self.lanes.iter().find(|(lane, ..)| *lane == class);
        let Some((_, rate, memory)) = lane else {
            return refusal(LEAST);
        };
        let here = memory.take(identity);
        let decision = match &self.shared {
            // Who is over the limit here is so everywhere: Redis need not hear of a flood.
            Some(shared) if here.wait.is_none() => {
                shared.take(class, *rate, identity).await.unwrap_or(here)
            }
            _ => here,
        };
        if decision.wait.is_some() {
            metrics::counter!("rate_limited_total", "class" => class.name()).increment(1);
        }
        decision
    }
}

/// What holds where nothing else could: there is no such case, and it must not be an open door.
const LEAST: Rate = Rate {
    count: NonZeroU32::MIN,
    period: Duration::from_secs(60),
};

fn refusal(rate: Rate) -> Decision {
    Decision {
        rate,
        remaining: 0,
        reset: rate.period,
        wait: Some(rate.interval()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_written() {
        for text in ["1/second", "1200/minute", "30/hour", "1000000/day"] {
            assert_eq!(text.parse::<Rate>().expect(text).to_string(), text);
        }
        for text in [
            "",
            "5",
            "0/minute",
            "-1/minute",
            "1/week",
            "1000001/day",
            "1.5/hour",
            "/",
            "5/",
        ] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_household_is_one_identity() {
        let of = |text: &str| Identity::of_address(text.parse().expect("an address"));
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("203.0.113.1"), of("203.0.113.2"));
        assert_eq!(of("2001:db8:1:2::1").to_string(), "a:2001:db8:1:2::");
        assert_ne!(
            Identity::Member("203-0-113-1".parse().expect("an id")),
            of("203.0.113.1")
        );
    }

    #[test]
    fn headers_are_whole_seconds_rounded_up() {
        let decision = Decision {
            rate: "30/minute".parse().expect("a rate"),
            remaining: 7,
            reset: Duration::from_millis(2_001),
            wait: None,
        };
        let mut headers = HeaderMap::new();
        decision.write(&mut headers);
        for (name, value) in [
            ("ratelimit-limit", "30"),
            ("ratelimit-remaining", "7"),
            ("ratelimit-reset", "3"),
            ("ratelimit-policy", "30;w=60"),
        ] {
            assert_eq!(headers.get(name).expect(name), value);
        }
    }
}
