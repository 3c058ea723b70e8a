//! The rules of accounts and of the access token, over every order of events.

mod codes;
mod consents;
mod entered;
mod entered_properties;
mod nicknames;
mod sending;
mod sessions;
mod slowing;
mod statement;
mod token;
mod verification;

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::HmacSecret;

/// A Monday noon in Seoul, and the seconds after it.
fn at(seconds: i64) -> DateTime<Utc> {
    "2026-03-02T03:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(seconds)
}

fn secret(fill: u8) -> HmacSecret {
    HmacSecret::new(&[fill; 32]).unwrap()
}
