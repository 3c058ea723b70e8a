//! Guests: browsers that hold a token.

use std::fmt;

use chrono::TimeDelta;
use domain::token::UserId;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::store::engine::{Engine, Kind, Record};
use crate::store::model::{GuestId, Moment};
use crate::store::{Store, StoreError, on};

/// How long a client that has lost the answer may ask again whether a guest was joined.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

/// SHA-256 of a guest's token: the store never has the token itself.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct TokenHash([u8; 32]);

impl TokenHash {
    /// Of a digest.
    #[must_use]
    pub const fn new(digest: [u8; 32]) -> Self {
        Self(digest)
    }

    /// Names the joining of this guest to a member. It tells nothing of either.
    fn joined_to(self, member: &UserId) -> String {
        let mut hash = Sha256::new_with_prefix("pillnuts guest joined 1");
        hash.update(self.0);
        hash.update(member.as_str());
        format!("joined-{}", Self(hash.finalize().into()).hex())
    }

    pub(super) fn hex(self) -> String {
        self.0.iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

impl fmt::Debug for TokenHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenHash(not shown)")
    }
}

/// A guest whose token is good.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guest {
    /// Who.
    pub id: GuestId,
    /// Until when the token is good.
    pub expires_at: Moment,
}

#[derive(Serialize, Deserialize)]
struct Body {
    guest: GuestId,
}

impl Store {
    /// Notes a guest's token; the same again changes nothing.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_guest(&self, token: TokenHash, guest: &Guest) -> Result<(), StoreError> {
        let record = Record {
            kind: Kind::Guest,
            id: token.hex(),
            owner: guest.id.to_string(),
            sort: guest.expires_at.millis(),
            expires_at: Some(guest.expires_at),
            body: serde_json::to_string(&Body { guest: guest.id })?,
        };
        on!(self, engine => engine.add(record).await)?;
        Ok(())
    }

    /// Whose token it is; `None` when it has expired, was revoked, or is none of ours.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn guest(&self, token: TokenHash, now: Moment) -> Result<Option<Guest>, StoreError> {
        let id = token.hex();
        let record = on!(self, engine => engine.record(Kind::Guest, &id, now).await)?;
        let Some(record) = record else {
            return Ok(None);
        };
        let body: Body = serde_json::from_str(&record.body)?;
        Ok(Some(Guest {
            id: body.guest,
            expires_at: record.expires_at.unwrap_or(now),
        }))
    }

    /// Notes that a guest's history goes to a member, whose client may have to ask twice: the first time makes the
    /// token useless. Kept for a day.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_joined(
        &self,
        token: TokenHash,
        member: &UserId,
        now: Moment,
    ) -> Result<(), StoreError> {
        let record = Record {
            kind: Kind::Mark,
            id: token.joined_to(member),
            owner: String::new(),
            sort: now.millis(),
            expires_at: Some(now.plus(REMEMBERED)),
            body: "{}".to_owned(),
        };
        on!(self, engine => engine.put(record).await)
    }

    /// Whether the guest of this token was joined to this member.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn was_joined(
        &self,
        token: TokenHash,
        member: &UserId,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let id = token.joined_to(member);
        let found = on!(self, engine => engine.record(Kind::Mark, &id, now).await)?;
        Ok(found.is_some())
    }

    /// Takes it back: he wasn't.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forget_joined(&self, token: TokenHash, member: &UserId) -> Result<(), StoreError> {
        let id = token.joined_to(member);
        on!(self, engine => engine.remove(Kind::Mark, &id).await)?;
        Ok(())
    }

    /// Revokes all tokens of a guest. His conversation stays.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke_guest(&self, guest: GuestId) -> Result<(), StoreError> {
        let owner = guest.to_string();
        on!(self, engine => engine.remove_owned(Kind::Guest, &owner).await)
    }
}
