//! Staying signed in.

mod token;

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::later;

pub use token::{
    FamilyHash, FamilyId, PresentedToken, RefreshKeys, RefreshKeysError, RefreshToken,
};

/// How long a refresh token lives, and so a session in which nothing happens (api.md,
/// `POST /auth/sessions`).
pub const REFRESH_LIFE: TimeDelta = TimeDelta::days(30);
/// How long a session lives that is used every day: nobody stays signed in for ever.
pub const SESSION_LONGEST: TimeDelta = TimeDelta::days(365);
/// How long after its use a token still gets the answer that was lost (api.md,
/// `POST /auth/sessions/refresh`).
pub const REPLAY_GRACE: TimeDelta = TimeDelta::seconds(10);

/// What a store keeps of a session: a *family* of refresh tokens, numbered by generation, of which
/// the last one is good.
///
/// # The decision
/// | presented | when | decision |
/// |---|---|---|
/// | the current generation | | [`Rotate`](RefreshDecision::Rotate): the next one |
/// | the one before | within 10 s of its use | [`Repeat`](RefreshDecision::Repeat): the current one, again |
/// | the one before | later | [`Reuse`](RefreshDecision::Reuse): the family ends |
/// | older | whenever | [`Reuse`](RefreshDecision::Reuse): its successor has been used, so it arrived |
/// | a later one than there is | | [`Unknown`](RefreshDecision::Unknown): the store is older than the token |
///
/// # Two tabs
/// Both present the same token, at once. One rotates; the other, however late within 10 s, is repeated
/// *the same* successor, since tokens are computed from family and generation and not drawn. Both hold
/// one token, and it is the current one.
///
/// The store writes `Rotate` on the condition that the generation is still the one that was read
/// (`UPDATE … WHERE generation = …`). Whoever loses reads and decides again, and comes to `Repeat`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SessionFamily {
    /// Number of the token that is good.
    pub generation: u32,
    /// When somebody signed in.
    pub created_at: DateTime<Utc>,
    /// When this generation was first given out.
    pub rotated_at: DateTime<Utc>,
    /// Signed out, or ended because a token was used again.
    pub ended: bool,
}

/// What to do with a token whose code is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RefreshDecision {
    /// Store this state, on the condition that the old one still stands; then give out its token.
    Rotate(SessionFamily),
    /// Give out the token of the current generation; nothing is stored.
    Repeat,
    /// End the family, record it, refuse: somebody else has had the token.
    Reuse,
    /// Refuse: the session was ended.
    Ended,
    /// Refuse: the session is too old.
    Expired,
    /// Refuse, and end nothing: nobody did wrong, a store was put back to an older state.
    Unknown,
}

impl SessionFamily {
    /// The state after a sign-in. Its token is that of generation 0.
    #[must_use]
    pub const fn begin(now: DateTime<Utc>) -> Self {
        Self {
            generation: 0,
            created_at: now,
            rotated_at: now,
            ended: false,
        }
    }

    /// First moment at which the current token is too old.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        later(self.rotated_at, REFRESH_LIFE).min(later(self.created_at, SESSION_LONGEST))
    }

    /// What to do with a token of this family.
    #[must_use]
    pub fn decide(&self, presented_generation: u32, now: DateTime<Utc>) -> RefreshDecision {
        if self.ended {
            return RefreshDecision::Ended;
        }
        if now >= self.expires_at() {
            return RefreshDecision::Expired;
        }
        match self.generation.checked_sub(presented_generation) {
            None => RefreshDecision::Unknown,
            // Four thousand million refreshes are no session either.
            Some(0) => {
                self.generation
                    .checked_add(1)
                    .map_or(RefreshDecision::Expired, |generation| {
                        RefreshDecision::Rotate(Self {
                            generation,
                            rotated_at: now,
                            ..*self
                        })
                    })
            }
            Some(1) if now <= later(self.rotated_at, REPLAY_GRACE) => RefreshDecision::Repeat,
            Some(_) => RefreshDecision::Reuse,
        }
    }
}
