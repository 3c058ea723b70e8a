//! Slowing those who guess.

use std::net::IpAddr;
use std::time::Duration;

use chrono::TimeDelta;
use domain::account::{AddressKey, Failures, SignInFailures, Slowing};
use proptest::prelude::*;

use super::at;

fn on_account(count: u32) -> SignInFailures {
    SignInFailures {
        address_on_account: Failures {
            count,
            last_at: Some(at(0)),
        },
        ..SignInFailures::default()
    }
}

#[test]
fn a_few_slips_cost_nothing() {
    for count in 0..3 {
        assert_eq!(
            on_account(count).slowing(at(0)),
            Slowing::Hold(Duration::ZERO)
        );
    }
}

#[test]
fn guessing_from_one_address_gets_slow() {
    for (count, seconds) in [
        (3, 1),
        (4, 2),
        (5, 4),
        (8, 32),
        (9, 60),
        (40, 60),
        (u32::MAX, 60),
    ] {
        let failures = on_account(count);
        let retry_at = at(seconds);
        assert_eq!(
            failures.slowing(at(0)),
            Slowing::Refuse { retry_at },
            "{count}"
        );
        assert_eq!(failures.slowing(retry_at), Slowing::Hold(Duration::ZERO));
    }
    let spraying = |count| SignInFailures {
        address: Failures {
            count,
            last_at: Some(at(0)),
        },
        ..SignInFailures::default()
    };
    assert_eq!(spraying(19).slowing(at(0)), Slowing::Hold(Duration::ZERO));
    assert_eq!(
        spraying(20).slowing(at(0)),
        Slowing::Refuse { retry_at: at(1) }
    );
}

#[test]
fn an_account_under_attack_is_held_and_open() {
    for (account, milliseconds) in [
        (0, 0),
        (9, 0),
        (10, 500),
        (12, 1500),
        (15, 3000),
        (u32::MAX, 3000),
    ] {
        let failures = SignInFailures {
            account,
            ..SignInFailures::default()
        };
        assert_eq!(
            failures.slowing(at(0)),
            Slowing::Hold(Duration::from_millis(milliseconds))
        );
    }
}

#[test]
fn an_address_is_counted_with_its_network() {
    let key = |text: &str| AddressKey::of(text.parse::<IpAddr>().unwrap());
    assert_eq!(key("2001:db8:1:2:3::1"), key("2001:db8:1:2:ffff::"));
    assert_ne!(key("2001:db8:1:2::1"), key("2001:db8:1:3::1"));
    assert_eq!(key("2001:db8:1:2:3::1").get().to_string(), "2001:db8:1:2::");
    assert_eq!(key("::ffff:192.0.2.7"), key("192.0.2.7"));
    assert_ne!(key("192.0.2.7"), key("192.0.2.8"));
}

proptest! {
    /// However many strangers fail however often: the owner, from his own address and without
    /// failures of his own, gets through in three seconds.
    #[test]
    fn strangers_lock_nobody_out(account in any::<u32>(), seconds in -100_i64..100) {
        let owner = SignInFailures { account, ..SignInFailures::default() };
        match owner.slowing(at(seconds)) {
            Slowing::Hold(wait) => prop_assert!(wait <= Duration::from_secs(3)),
            Slowing::Refuse { .. } => prop_assert!(false, "refused"),
        }
    }

    #[test]
    fn nobody_waits_longer_than_a_minute(
        pair in any::<u32>(), address in any::<u32>(), account in any::<u32>(), last in 0_i64..1_000,
    ) {
        let failures = |count| Failures { count, last_at: Some(at(last)) };
        let all = SignInFailures { address_on_account: failures(pair), address: failures(address), account };
        prop_assert!(matches!(all.slowing(at(last + 60)), Slowing::Hold(_)));
        if let Slowing::Refuse { retry_at } = all.slowing(at(last)) {
            prop_assert!(retry_at <= at(last) + TimeDelta::seconds(60));
            prop_assert!(matches!(all.slowing(retry_at), Slowing::Hold(_)));
        }
    }

    #[test]
    fn more_failures_never_wait_less(pair in 0_u32..100, address in 0_u32..100) {
        let wait = |pair, address| {
            let failures = |count| Failures { count, last_at: Some(at(0)) };
            let all = SignInFailures { address_on_account: failures(pair), address: failures(address), account: 0 };
            match all.slowing(at(0)) {
                Slowing::Refuse { retry_at } => retry_at,
                Slowing::Hold(_) => at(0),
            }
        };
        prop_assert!(wait(pair, address) <= wait(pair + 1, address));
        prop_assert!(wait(pair, address) <= wait(pair, address + 1));
    }
}
