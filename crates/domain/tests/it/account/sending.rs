//! How many messages are sent.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::{SendCounts, SendLimit, SendLimits, SendRefusal};
use domain::clock::Window;
use proptest::prelude::*;

use super::at;

fn refused(counts: SendCounts, price: u64) -> SendRefusal {
    SendLimits::default()
        .check(&counts, price, at(0))
        .unwrap_err()
}

type Change = fn(&mut SendCounts);

#[test]
fn each_limit_is_met_at_its_number() {
    let free = SendCounts::default();
    assert_eq!(SendLimits::default().check(&free, 10, at(0)), Ok(()));
    // Noon in Seoul: the day ends twelve hours later.
    let (hour_end, day_end) = (at(3600), at(12 * 3600));
    let cases: [(Change, SendLimit, DateTime<Utc>); 7] = [
        (
            |counts| counts.address_hour = 10,
            SendLimit::AddressHour,
            hour_end,
        ),
        (
            |counts| counts.address_day = 30,
            SendLimit::AddressDay,
            day_end,
        ),
        (
            |counts| counts.site_hour = 100,
            SendLimit::SiteHour,
            hour_end,
        ),
        (|counts| counts.site_day = 500, SendLimit::SiteDay, day_end),
        (
            |counts| counts.number_last = Some(at(-179)),
            SendLimit::NumberInterval,
            at(1),
        ),
        (
            |counts| counts.number_day = 5,
            SendLimit::NumberDay,
            day_end,
        ),
        (
            |counts| counts.cost_today = 49_991,
            SendLimit::DailyCost,
            day_end,
        ),
    ];
    for (change, limit, retry_at) in cases {
        let mut counts = free;
        change(&mut counts);
        assert_eq!(refused(counts, 10), SendRefusal { limit, retry_at });
    }
    let nearly = SendCounts {
        pair_day: 0,
        address_hour: 9,
        address_day: 29,
        site_hour: 99,
        site_day: 499,
        number_day: 4,
        number_last: Some(at(-180)),
        cost_today: 49_990,
    };
    assert_eq!(SendLimits::default().check(&nearly, 10, at(0)), Ok(()));
}

#[test]
fn a_cost_beyond_all_numbers_is_refused() {
    let overflowing = SendCounts {
        cost_today: u64::MAX,
        ..SendCounts::default()
    };
    assert_eq!(refused(overflowing, u64::MAX).limit, SendLimit::DailyCost);
}

#[test]
fn the_address_is_looked_at_first() {
    let everything = SendCounts {
        pair_day: 0,
        address_hour: 99,
        address_day: 99,
        site_hour: 999,
        site_day: 999,
        number_day: 99,
        number_last: Some(at(0)),
        cost_today: u64::MAX,
    };
    assert_eq!(refused(everything, 10).limit, SendLimit::AddressDay);
    let everything = SendCounts {
        address_day: 0,
        ..everything
    };
    assert_eq!(refused(everything, 10).limit, SendLimit::AddressHour);
    let everything = SendCounts {
        address_hour: 0,
        ..everything
    };
    assert_eq!(refused(everything, 10).limit, SendLimit::SiteDay);
    let everything = SendCounts {
        site_day: 0,
        ..everything
    };
    assert_eq!(refused(everything, 10).limit, SendLimit::SiteHour);
    let everything = SendCounts {
        site_hour: 0,
        ..everything
    };
    assert_eq!(refused(everything, 10).limit, SendLimit::NumberDay);
}

/// A store that only counts, as the rule asks of it.
#[derive(Default)]
struct Store {
    requests: Vec<(DateTime<Utc>, u8)>,
    messages: Vec<(DateTime<Utc>, u8)>,
}

const PRICE: u64 = 9;

impl Store {
    fn counts(&self, address: u8, number: u8, now: DateTime<Utc>) -> SendCounts {
        let count = |list: &[(DateTime<Utc>, u8)], who: u8, window: Window| {
            let those = list
                .iter()
                .filter(|(at, whose)| *whose == who && window.holds(*at));
            u32::try_from(those.count()).unwrap()
        };
        let (hour, day) = (Window::hour(now), Window::seoul_day(now));
        let today = self
            .messages
            .iter()
            .filter(|(at, _)| day.holds(*at))
            .count();
        SendCounts {
            address_hour: count(&self.requests, address, hour),
            address_day: count(&self.requests, address, day),
            site_hour: 0,
            site_day: 0,
            pair_day: 0,
            number_day: count(&self.messages, number, day),
            number_last: self
                .messages
                .iter()
                .filter(|(_, whose)| *whose == number)
                .map(|(at, _)| *at)
                .max(),
            cost_today: u64::try_from(today).unwrap() * PRICE,
        }
    }

    fn request(
        &mut self,
        limits: &SendLimits,
        address: u8,
        number: u8,
        now: DateTime<Utc>,
    ) -> Result<(), SendRefusal> {
        let decision = limits.check(&self.counts(address, number, now), PRICE, now);
        self.requests.push((now, address));
        if decision.is_ok() {
            self.messages.push((now, number));
        }
        decision
    }
}

proptest! {
    /// Three days of requests by three addresses for four numbers.
    #[test]
    fn no_order_of_requests_gets_more(
        requests in prop::collection::vec((0_u8..3, 0_u8..4, 0_i64..3_000), 1..200),
    ) {
        let limits = SendLimits { address_hour: 6, address_day: 12, daily_cost: 25 * PRICE, ..SendLimits::default() };
        let mut store = Store::default();
        let mut now = at(0);
        for (address, number, seconds) in requests {
            now += TimeDelta::seconds(seconds);
            let (before, sent) = (store.counts(address, number, now), store.messages.len());
            match store.request(&limits, address, number, now) {
                Ok(()) => prop_assert_eq!(store.messages.len(), sent + 1),
                Err(refusal) => {
                    prop_assert!(refusal.retry_at > now);
                    // Who is over the limits of his address leaves no trace on the number.
                    let after = store.counts(address, number, now);
                    prop_assert_eq!((before.number_day, before.number_last), (after.number_day, after.number_last));
                    // By then this limit is no longer met.
                    let then = store.counts(address, number, refusal.retry_at);
                    let again = limits.check(&then, PRICE, refusal.retry_at);
                    prop_assert_ne!(again.map_err(|refusal| refusal.limit), Err(refusal.limit));
                }
            }
        }
        check(&store, &limits)?;
    }
}

fn check(store: &Store, limits: &SendLimits) -> Result<(), TestCaseError> {
    let (mut a_day, mut by_number) = (HashMap::new(), HashMap::new());
    let mut last: HashMap<u8, DateTime<Utc>> = HashMap::new();
    for (at, number) in &store.messages {
        let day = Window::seoul_day(*at).start;
        *a_day.entry(day).or_insert(0) += PRICE;
        *by_number.entry((day, number)).or_insert(0) += 1;
        if let Some(before) = last.insert(*number, *at) {
            prop_assert!(*at - before >= TimeDelta::minutes(3));
        }
    }
    prop_assert!(a_day.values().all(|cost| *cost <= limits.daily_cost));
    prop_assert!(by_number.values().all(|count| *count <= limits.number_day));
    Ok(())
}

#[test]
fn one_address_leaves_a_number_messages() {
    let limits = SendLimits::default();
    assert!(limits.pair_day < limits.number_day);
    let counts = |pair_day, number_day| SendCounts {
        pair_day,
        number_day,
        ..SendCounts::default()
    };
    let now = DateTime::UNIX_EPOCH;
    let refused = limits.check(&counts(3, 3), PRICE, now).unwrap_err();
    assert_eq!(refused.limit, SendLimit::PairDay);
    assert!(limits.check(&counts(2, 2), PRICE, now).is_ok());
    assert!(
        limits.check(&counts(0, 3), PRICE, now).is_ok(),
        "its owner's"
    );
}
