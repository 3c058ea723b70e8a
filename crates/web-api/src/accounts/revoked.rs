//! Access tokens that are good by themselves and no longer believed: their session has ended, their
//! member is suspended or has withdrawn. Held in memory, so that a check waits for nothing; this instance knows
//! at once what it did, the others within [`EVERY`].

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, RwLock};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use domain::token::{ACCESS_TOKEN_LIFE, RawClaims, SessionId, UserId};
use quick_cache::sync::Cache;
use service_kit::token::{TokenError, TokenVerifier};
use sha2::{Digest as _, Sha256};
use tokio_util::sync::CancellationToken;

use super::SharedClock;
use super::store::{erasures, sessions, staff};
use crate::db::{DbError, Pool, chain};
use crate::http::caller::{Member, NotBelieved, TokenCheck};

/// How often the database is looked at.
const EVERY: Duration = Duration::from_secs(2);
/// Most sessions and members that are held.
const MOST: i64 = 200_000;
/// How long after its end a session is held: as long as its last token may live, and a little.
pub(super) const HELD: TimeDelta = TimeDelta::seconds(ACCESS_TOKEN_LIFE.num_seconds() + 60);

/// Tokens whose signature is remembered, at most; each takes some 500 bytes.
const REMEMBERED: usize = 8_192;

/// Checks access tokens.
#[derive(Debug)]
pub struct Revoked {
    /// Its keys stay what they are while the server runs.
    verifier: TokenVerifier,
    /// What was signed, by the hash of the token: who has signed in asks again and again with the same
    /// one, and its signature takes longer than most answers. Whether the claims still hold, and nobody
    /// has ended the session, is asked each time.
    signed: Cache<[u8; 32], Arc<RawClaims>>,
    clock: Arc<dyn SharedClock>,
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// When each of them ended.
    sessions: HashMap<String, DateTime<Utc>>,
    suspended: HashSet<String>,
    /// Who has withdrawn, and when.
    gone: HashMap<String, DateTime<Utc>>,
    /// How often this instance has changed who is suspended.
    changes: u64,
}

impl Revoked {
    pub(super) fn new(verifier: TokenVerifier, clock: Arc<dyn SharedClock>) -> Self {
        Self {
            verifier,
            signed: Cache::new(REMEMBERED),
            clock,
            known: RwLock::default(),
        }
    }

    /// Notes sessions that this instance has ended.
    pub(super) fn ended(&self, sessions: &[SessionId]) {
        let now = self.clock.now();
        let ids = sessions.iter().map(|id| (id.as_str().to_owned(), now));
        let mut known = self
            .known
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        known.sessions.extend(ids);
    }

    /// Notes that a member is gone, by this instance's doing.
    pub(super) fn gone(&self, user: &UserId) {
        let now = self.clock.now();
        let mut known = self
            .known
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        known.gone.insert(user.as_str().to_owned(), now);
    }

    /// Notes that this instance has suspended a member, or let one in again.
    pub(super) fn suspended(&self, user: &UserId, suspended: bool) {
        let mut known = self
            .known
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        known.changes = known.changes.wrapping_add(1);
        if suspended {
            known.suspended.insert(user.as_str().to_owned());
        } else {
            known.suspended.remove(user.as_str());
        }
    }

    fn changes(&self) -> u64 {
        self.known
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .changes
    }

    /// Follows the database until `stop`. While it can't be read, what was known goes on being known.
    pub async fn follow(&self, pool: Pool, stop: CancellationToken) {
        let mut down = false;
        loop {
            match self.refresh(&pool).await {
                Ok(()) => down = false,
                Err(error) if !down => {
                    down = true;
                    tracing::warn!(cause = %chain(&error), "ended sessions can't be read");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// Reads the database once.
    ///
    /// # Errors
    /// Database errors.
    pub async fn refresh(&self, pool: &Pool) -> Result<(), DbError> {
        let now = self.clock.now();
        let since = later(now, -HELD);
        let changes = self.changes();
        let (ended, suspended, gone) = pool
            .run(move |db| {
                let ended = sessions::ended_after(db, since, MOST)?;
                let suspended = staff::suspended(db, now, MOST)?;
                Ok((ended, suspended, erasures::gone_after(db, since, MOST)?))
            })
            .await?;
        let mut known = self
            .known
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        // What this instance ended while the database was read stays.
        known.sessions.retain(|_, at| *at > since);
        known.sessions.extend(ended);
        known.gone.retain(|_, at| *at > since);
        known.gone.extend(gone);
        // What was read may be older than what this instance did meanwhile: the next look tells.
        if known.changes == changes {
            known.suspended = suspended.into_iter().collect();
        }
        Ok(())
    }
}

impl TokenCheck for Revoked {
    fn check(&self, token: &str) -> Result<Member, NotBelieved> {
        self.believe(self.signed(token))
    }
}

impl Revoked {
    /// What a token says that we have signed.
    fn signed(&self, token: &str) -> Result<Arc<RawClaims>, TokenError> {
        let hash = Sha256::digest(token).into();
        if let Some(claims) = self.signed.get(&hash) {
            return Ok(claims);
        }
        let claims = Arc::new(self.verifier.claims(token)?);
        self.signed.insert(hash, Arc::clone(&claims));
        Ok(claims)
    }

    /// The check of a token that wasn't seen before.
    #[cfg(feature = "bench")]
    pub(super) fn check_first(&self, token: &str) -> Result<Member, NotBelieved> {
        self.believe(self.verifier.claims(token).map(Arc::new))
    }

    fn believe(&self, signed: Result<Arc<RawClaims>, TokenError>) -> Result<Member, NotBelieved> {
        let now = self.clock.now();
        let claims = match signed.and_then(|claims| self.verifier.judge(&claims, now)) {
            Ok(claims) => claims,
            Err(error) => {
                tracing::debug!(%error, "an access token isn't believed");
                return Err(NotBelieved);
            }
        };
        let known = self
            .known
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if known.sessions.contains_key(claims.session.as_str())
            || known.gone.contains_key(claims.user.as_str())
        {
            return Err(NotBelieved);
        }
        Ok(Member {
            // The claim tells it also before the database was read; who is let in again refreshes.
            suspended: claims.restricted || known.suspended.contains(claims.user.as_str()),
            id: claims.user,
            session: claims.session,
            role: claims.role,
            second_factor: claims.second_factor,
        })
    }
}
