//! How many messages are sent: each one costs money, and reaches somebody who may not have asked.

use chrono::{DateTime, TimeDelta, Utc};

use super::RESEND_AFTER;
use crate::clock::{Window, later};

/// The limits of sending codes. The numbers' are the contract's (api.md); the others are settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendLimits {
    /// Requests of one address in an hour. Many phones of a carrier share an address, so this is more
    /// than one household needs.
    pub address_hour: u32,
    /// Requests of one address in a day.
    pub address_day: u32,
    /// Requests of all networks of one IPv6 site (/48) in an hour. An address is a /64 above, and who has
    /// a /48 has 65,536 of them; some carriers give each phone a /64, so a site may also be many people.
    pub site_hour: u32,
    /// Requests of one IPv6 site in a day.
    pub site_day: u32,
    /// Messages that one address asks for to one number in a day: fewer than a number may get, so that
    /// who asks for another's number leaves its owner some.
    pub pair_day: u32,
    /// Messages to one number in a day.
    pub number_day: u32,
    /// From one message to a number until the next.
    pub number_interval: TimeDelta,
    /// What all messages of a day may cost, in the unit of the price (won).
    pub daily_cost: u64,
}

impl Default for SendLimits {
    fn default() -> Self {
        Self {
            address_hour: 10,
            address_day: 30,
            site_hour: 100,
            site_day: 500,
            pair_day: 3,
            number_day: 5,
            number_interval: RESEND_AFTER,
            daily_cost: 50_000,
        }
    }
}

/// What a store has counted when a request comes, this request left out. Hours are
/// [`Window::hour`], days [`Window::seoul_day`].
///
/// The counts of the *address* and its *site* go up with every request that gets as far as this rule, also where it
/// is refused for its number or the cost: trying one number after another costs tries. The counts of
/// the *number* and the cost go up with messages only. Counting and noting are one transaction that
/// holds a lock on the address, the number and the day's cost, so that no two requests count the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct SendCounts {
    /// Requests of this address in this hour.
    pub address_hour: u32,
    /// Requests of this address on this day.
    pub address_day: u32,
    /// Requests of this address's IPv6 site in this hour; none for IPv4.
    pub site_hour: u32,
    /// Requests of this address's IPv6 site on this day.
    pub site_day: u32,
    /// Messages to this number on this day that this address asked for.
    pub pair_day: u32,
    /// Messages to this number on this day.
    pub number_day: u32,
    /// The last message to this number, on whichever day.
    pub number_last: Option<DateTime<Utc>>,
    /// What the messages of this day have cost.
    pub cost_today: u64,
}

/// The limit that was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SendLimit {
    /// Of the address, in an hour.
    AddressHour,
    /// Of the address, in a day.
    AddressDay,
    /// Of the address's IPv6 site, in an hour.
    SiteHour,
    /// Of the address's IPv6 site, in a day.
    SiteDay,
    /// Of the address for this number, in a day.
    PairDay,
    /// From one message to a number until the next.
    NumberInterval,
    /// Of the number, in a day.
    NumberDay,
    /// Of everybody, in a day. The one that an operator wants to hear of.
    DailyCost,
}

/// No message is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SendRefusal {
    /// Why.
    pub limit: SendLimit,
    /// From when on it is worth asking again.
    pub retry_at: DateTime<Utc>,
}

impl SendLimits {
    /// Whether a message may be sent that costs `price`.
    ///
    /// The address is looked at first: an address over its limits is refused before anything is said
    /// or noted about the number, so a stranger can't learn how many are left; and what one address may
    /// ask for one number is less than the number may get, so he can't use it up from there.
    ///
    /// # Errors
    /// The first limit that is met. Of the number's two the one that holds longer.
    pub fn check(
        &self,
        counts: &SendCounts,
        price: u64,
        now: DateTime<Utc>,
    ) -> Result<(), SendRefusal> {
        let day_end = Window::seoul_day(now).end;
        let refuse = |limit, retry_at| Err(SendRefusal { limit, retry_at });
        if counts.address_day >= self.address_day {
            return refuse(SendLimit::AddressDay, day_end);
        }
        if counts.address_hour >= self.address_hour {
            return refuse(SendLimit::AddressHour, Window::hour(now).end);
        }
        if counts.site_day >= self.site_day {
            return refuse(SendLimit::SiteDay, day_end);
        }
        if counts.site_hour >= self.site_hour {
            return refuse(SendLimit::SiteHour, Window::hour(now).end);
        }
        let free_at = counts
            .number_last
            .map(|last| later(last, self.number_interval))
            .filter(|free_at| now < *free_at);
        if counts.pair_day >= self.pair_day {
            return refuse(SendLimit::PairDay, day_end);
        }
        if counts.number_day >= self.number_day {
            let retry_at = free_at.map_or(day_end, |free_at| free_at.max(day_end));
            return refuse(SendLimit::NumberDay, retry_at);
        }
        if let Some(retry_at) = free_at {
            return refuse(SendLimit::NumberInterval, retry_at);
        }
        if counts.cost_today.saturating_add(price) > self.daily_cost {
            return refuse(SendLimit::DailyCost, day_end);
        }
        Ok(())
    }
}
