//! What web-api has taken back: sessions that were ended, members that are suspended or gone.
//!
//! A statement counts against tokens issued up to its `toe`, and is remembered for as long as such a token can
//! live. Statements come twice and out of order: a late older one never undoes a newer one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use domain::token::{ACCESS_TOKEN_LIFE, AccessClaims, MOST_LEEWAY, SessionId, UserId};

/// What was taken back; a cheap handle.
#[derive(Debug, Clone, Default)]
pub struct Revoked(Arc<Mutex<Known>>);

#[derive(Debug, Default)]
struct Known {
    sessions: HashMap<SessionId, DateTime<Utc>>,
    erased: HashMap<UserId, DateTime<Utc>>,
    suspended: HashMap<UserId, DateTime<Utc>>,
    reinstated: HashMap<UserId, DateTime<Utc>>,
}

impl Revoked {
    /// Whether it is known what was taken back, so that [`refuses`](Self::refuses) says something of a token.
    #[must_use]
    pub const fn is_ready(&self) -> bool {
        true
    }

    /// A session has ended.
    pub fn session(&self, session: &SessionId, toe: DateTime<Utc>) {
        self.with(|known| note(&mut known.sessions, session, toe));
    }

    /// A member was suspended.
    pub fn user_suspended(&self, user: &UserId, toe: DateTime<Utc>) {
        self.with(|known| note(&mut known.suspended, user, toe));
    }

    /// A suspension has ended.
    pub fn user_reinstated(&self, user: &UserId, toe: DateTime<Utc>) {
        self.with(|known| note(&mut known.reinstated, user, toe));
    }

    /// A member is gone.
    pub fn user_erased(&self, user: &UserId, toe: DateTime<Utc>) {
        self.with(|known| note(&mut known.erased, user, toe));
    }

    /// Whether a token is no good any more, however well it is signed.
    #[must_use]
    pub fn refuses(&self, claims: &AccessClaims) -> bool {
        self.with(|known| {
            let covers =
                |toe: Option<&DateTime<Utc>>| toe.is_some_and(|toe| claims.issued_at <= *toe);
            let suspended = known.suspended.get(&claims.user);
            let reinstated = known.reinstated.get(&claims.user);
            covers(known.sessions.get(&claims.session))
                || covers(known.erased.get(&claims.user))
                || covers(suspended)
                || suspended.is_some_and(|since| reinstated.is_none_or(|end| end < since))
        })
    }

    /// Forgets what no token is old enough for any more.
    pub fn forget(&self, now: DateTime<Utc>) {
        let oldest = later(
            now,
            -(ACCESS_TOKEN_LIFE + MOST_LEEWAY + TimeDelta::seconds(1)),
        );
        self.with(|known| {
            known.sessions.retain(|_, toe| *toe >= oldest);
            known.erased.retain(|_, toe| *toe >= oldest);
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Known) -> T) -> T {
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn note<K: std::hash::Hash + Eq + Clone>(
    known: &mut HashMap<K, DateTime<Utc>>,
    key: &K,
    toe: DateTime<Utc>,
) {
    let latest = known.entry(key.clone()).or_insert(toe);
    *latest = toe.max(*latest);
}
