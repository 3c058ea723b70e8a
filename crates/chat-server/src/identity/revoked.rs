//! What was taken back: sessions that have ended, members that are suspended or gone. It is kept in the
//! store and known to every instance: to the one that was told at once, to the others within a second.
//!
//! A statement counts against tokens issued up to its `toe`. A suspended member has no good token at all
//! until he is reinstated; then those count that were issued since. The order in which statements come
//! doesn't matter.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::{Clock, later};
use domain::token::{ACCESS_TOKEN_LIFE, AccessClaims, MOST_LEEWAY, SessionId, UserId};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::Identity;
use crate::hub::Hub;
use crate::store::model::Moment;
use crate::store::{Revocation, RevokedSubject, Store, StoreError};

/// Pause between two looks at what other instances were told.
const EVERY: Duration = Duration::from_millis(300);
/// Pause between two looks at everything.
const ALL_EVERY: Duration = Duration::from_secs(60);
/// How far back a look goes: clocks of instances differ, and a write takes its time.
const OVERLAP: TimeDelta = TimeDelta::seconds(30);

/// What was taken back; a cheap handle.
#[derive(Clone)]
pub struct Revoked(Arc<Inner>);

struct Inner {
    store: Store,
    hub: Hub,
    clock: Arc<dyn Clock>,
    known: RwLock<Known>,
    loaded: AtomicBool,
}

#[derive(Debug, Default)]
struct Known {
    sessions: HashMap<SessionId, DateTime<Utc>>,
    erased: HashMap<UserId, DateTime<Utc>>,
    standing: HashMap<UserId, Standing>,
}

/// How a member stands since a moment. Of two of the same second the suspension counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Standing {
    since: DateTime<Utc>,
    suspended: bool,
}

impl Known {
    /// Takes something in; whether it says anything new.
    fn learn(&mut self, revocation: &Revocation) -> bool {
        let toe = revocation.toe;
        match &revocation.subject {
            RevokedSubject::Session(id) => raise(&mut self.sessions, id, toe),
            RevokedSubject::Erased(id) => raise(&mut self.erased, id, toe),
            RevokedSubject::Suspended(id) => {
                let standing = Standing {
                    since: toe,
                    suspended: true,
                };
                raise(&mut self.standing, id, standing)
            }
            RevokedSubject::Reinstated(id) => {
                let standing = Standing {
                    since: toe,
                    suspended: false,
                };
                raise(&mut self.standing, id, standing)
            }
        }
    }

    fn refuses(&self, claims: &AccessClaims) -> bool {
        let covers = |toe: Option<&DateTime<Utc>>| toe.is_some_and(|toe| claims.issued_at <= *toe);
        let stands = self.standing.get(&claims.user).is_some_and(|standing| {
            // A member signs in anew after he was reinstated, perhaps in the same second.
            standing.suspended || claims.issued_at < standing.since
        });
        covers(self.sessions.get(&claims.session))
            || covers(self.erased.get(&claims.user))
            || stands
    }

    /// Forgets what no token is old enough for any more. Standings that still count are in the store.
    fn forget(&mut self, now: DateTime<Utc>) {
        let oldest = later(
            now,
            -(ACCESS_TOKEN_LIFE + MOST_LEEWAY + TimeDelta::minutes(1)),
        );
        self.sessions.retain(|_, toe| *toe >= oldest);
        self.erased.retain(|_, toe| *toe >= oldest);
        self.standing.retain(|_, standing| standing.since >= oldest);
    }
}

fn raise<K: std::hash::Hash + Eq + Clone, T: PartialOrd + Copy>(
    known: &mut HashMap<K, T>,
    key: &K,
    value: T,
) -> bool {
    match known.get(key) {
        Some(before) if *before >= value => false,
        _ => {
            known.insert(key.clone(), value);
            true
        }
    }
}

impl Revoked {
    /// What the store knows, once it was [read](Self::follow); who is concerned is told by the hub.
    #[must_use]
    pub fn new(store: Store, hub: Hub, clock: Arc<dyn Clock>) -> Self {
        Self(Arc::new(Inner {
            store,
            hub,
            clock,
            known: RwLock::default(),
            loaded: AtomicBool::new(false),
        }))
    }

    /// A session has ended: its sockets do, and its tokens of before are no good any more.
    ///
    /// # Errors
    /// When it can't be kept: then it has to be told again.
    pub async fn session(&self, id: SessionId, toe: DateTime<Utc>) -> Result<(), StoreError> {
        self.keep(RevokedSubject::Session(id), toe).await
    }

    /// A member was suspended: his sockets end, and no token of his is good until he is reinstated.
    ///
    /// # Errors
    /// As [`session`](Self::session).
    pub async fn user_suspended(&self, id: UserId, toe: DateTime<Utc>) -> Result<(), StoreError> {
        self.keep(RevokedSubject::Suspended(id), toe).await
    }

    /// A suspension has ended: tokens issued since are good.
    ///
    /// # Errors
    /// As [`session`](Self::session).
    pub async fn user_reinstated(&self, id: UserId, toe: DateTime<Utc>) -> Result<(), StoreError> {
        self.keep(RevokedSubject::Reinstated(id), toe).await
    }

    /// A member is gone: his sockets end. What he said is for the store to erase.
    ///
    /// # Errors
    /// As [`session`](Self::session).
    pub async fn user_erased(&self, id: UserId, toe: DateTime<Utc>) -> Result<(), StoreError> {
        self.keep(RevokedSubject::Erased(id), toe).await
    }

    /// Whether a token is no good any more, however well it is signed. All are refused until the store
    /// was read for the first time: see [`is_ready`](Self::is_ready).
    #[must_use]
    pub fn refuses(&self, claims: &AccessClaims) -> bool {
        let known = self.0.known.read().unwrap_or_else(PoisonError::into_inner);
        !self.is_ready() || known.refuses(claims)
    }

    /// Whether who came in is out again: his token is refused, or his session has ended.
    #[must_use]
    pub fn takes_back(&self, identity: &Identity) -> bool {
        match (&identity.claims, identity.session()) {
            (Some(claims), _) => self.refuses(claims),
            (None, Some(session)) => {
                let known = self.0.known.read().unwrap_or_else(PoisonError::into_inner);
                known.sessions.contains_key(session)
            }
            (None, None) => false,
        }
    }

    /// Whether the store was read, so that a refusal says something of the token.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.0.loaded.load(Ordering::Acquire)
    }

    async fn keep(&self, subject: RevokedSubject, toe: DateTime<Utc>) -> Result<(), StoreError> {
        let revocation = Revocation { subject, toe };
        let now = Moment::from(self.0.clock.now());
        let kept = self.0.store.revoke(&revocation, now).await;
        // Also where it couldn't be kept: it is told again, and meanwhile holds here.
        self.learn(&[revocation]);
        kept
    }

    fn learn(&self, revocations: &[Revocation]) {
        let new: Vec<&Revocation> = {
            let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
            let all = revocations.iter();
            all.filter(|one| known.learn(one)).collect()
        };
        for revocation in new {
            let ended = match &revocation.subject {
                RevokedSubject::Session(id) => self.0.hub.end_session(id),
                RevokedSubject::Suspended(id) | RevokedSubject::Erased(id) => {
                    self.0.hub.end_user(id)
                }
                RevokedSubject::Reinstated(_) => 0,
            };
            if ended > 0 {
                tracing::info!(sockets = ended, "sockets ended with what they stood on");
            }
        }
    }

    /// Reads the store now and then until `stop`, at first at once and wholly.
    pub async fn follow(self, stop: CancellationToken) {
        let mut whole_at: Option<Instant> = None;
        let mut since: Option<Moment> = None;
        let mut failing = false;
        loop {
            let now = self.0.clock.now();
            let whole = whole_at.is_none_or(|at| at.elapsed() >= ALL_EVERY);
            let read = tokio::select! {
                read = self.read(if whole { None } else { since }, now) => read,
                () = stop.cancelled() => return,
            };
            match read {
                Ok(()) => {
                    failing = false;
                    since = Some(Moment::from(now).plus(-OVERLAP));
                    if whole {
                        whole_at = Some(Instant::now());
                    }
                }
                Err(error) => {
                    if !std::mem::replace(&mut failing, true) {
                        tracing::warn!(%error, "what was taken back can't be read");
                    }
                }
            }
            tokio::select! {
                () = tokio::time::sleep(EVERY) => {}
                () = stop.cancelled() => return,
            }
        }
    }

    async fn read(&self, since: Option<Moment>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let moment = Moment::from(now);
        let mut found = self.0.store.revocations(since, moment).await?;
        if since.is_none() {
            let standings = self.0.store.standings(moment).await?;
            let mut known = self.0.known.write().unwrap_or_else(PoisonError::into_inner);
            known.forget(now);
            drop(known);
            found.extend(standings);
        }
        self.learn(&found);
        self.0.loaded.store(true, Ordering::Release);
        Ok(())
    }
}

impl std::fmt::Debug for Revoked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Revoked")
            .field("ready", &self.is_ready())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use domain::account::Role;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("a moment")
    }

    fn token(user: &str, session: &str, issued: i64) -> AccessClaims {
        AccessClaims {
            user: user.parse().expect("an id"),
            session: session.parse().expect("an id"),
            role: Role::Member,
            second_factor: false,
            restricted: false,
            issued_at: at(issued),
            expires_at: at(issued + 900),
        }
    }

    fn says(subject: RevokedSubject, seconds: i64) -> Revocation {
        Revocation {
            subject,
            toe: at(seconds),
        }
    }

    #[test]
    fn what_was_issued_up_to_the_moment_is_refused() {
        let mut known = Known::default();
        let session = RevokedSubject::Session("s1".parse().expect("an id"));
        assert!(known.learn(&says(session.clone(), 10)));
        assert!(!known.learn(&says(session, 5)), "a late older one");
        assert!(known.refuses(&token("u1", "s1", 10)));
        assert!(!known.refuses(&token("u1", "s1", 11)));
        assert!(!known.refuses(&token("u1", "s2", 5)));
        let erased = RevokedSubject::Erased("u2".parse().expect("an id"));
        assert!(known.learn(&says(erased, 10)));
        assert!(known.refuses(&token("u2", "s9", 10)));
    }

    #[test]
    fn a_suspension_holds_until_it_ends_in_whatever_order_it_is_told() {
        let user = || "u1".parse().expect("an id");
        let told = [
            says(RevokedSubject::Suspended(user()), 10),
            says(RevokedSubject::Reinstated(user()), 20),
            says(RevokedSubject::Suspended(user()), 30),
            says(RevokedSubject::Reinstated(user()), 40),
        ];
        // Every order of the first so many.
        for count in 1..=4 {
            for order in orders(count) {
                let mut known = Known::default();
                for place in &order {
                    known.learn(&told[*place]);
                    known.learn(&told[*place]);
                }
                let refused = |issued| known.refuses(&token("u1", "s", issued));
                assert!(refused(9), "of before: {order:?}");
                assert_eq!(refused(100), count % 2 == 1, "{order:?}");
            }
        }
        let mut known = Known::default();
        known.learn(&told[0]);
        known.learn(&says(RevokedSubject::Reinstated(user()), 10));
        assert!(known.refuses(&token("u1", "s", 50)), "of one second");
    }

    fn orders(count: usize) -> Vec<Vec<usize>> {
        if count == 0 {
            return vec![Vec::new()];
        }
        let mut all = Vec::new();
        for shorter in orders(count - 1) {
            for place in 0..=shorter.len() {
                let mut order = shorter.clone();
                order.insert(place, count - 1);
                all.push(order);
            }
        }
        all
    }

    #[test]
    fn what_no_token_is_old_enough_for_is_forgotten() {
        let mut known = Known::default();
        known.learn(&says(
            RevokedSubject::Session("s1".parse().expect("an id")),
            0,
        ));
        known.forget(at(900));
        assert!(known.refuses(&token("u1", "s1", 0)));
        known.forget(at(1_200));
        assert!(known.sessions.is_empty());
    }
}
