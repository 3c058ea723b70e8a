//! What was taken back: sessions that have ended, members that are suspended or gone. It is kept in the
//! store and known to every instance: to the one that was told at once, to the others within a second.
//!
//! A statement counts against tokens issued up to its `toe`. A suspended member has no good token at all
//! until he is reinstated; then those count that were issued since. The order in which statements come
//! doesn't matter.

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::{Clock, later};
use domain::token::{ACCESS_TOKEN_LIFE, AccessClaims, MOST_LEEWAY, SessionId, UserId};
use service_kit::ops::Dependency;
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

    /// Reads the store now and then until `stop`, at first at once and wholly; then `known` is up, and
    /// stays it: how the store is is told elsewhere.
    pub async fn follow(self, known: Dependency, stop: CancellationToken) {
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
                    known.up();
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
