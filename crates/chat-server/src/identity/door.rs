//! The handshake: from what a client brings to who it is.

use std::fmt;
use std::sync::Arc;

use axum::http::HeaderMap;
use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::{Clock, later};
use domain::token::{AccessClaims, ClaimError};
use futures_util::future::BoxFuture;
use serde::Deserialize;
use service_kit::token::{TokenError, TokenVerifier};

use super::{GuestToken, Identity, Revoked, Staff};
use crate::store::model::{GuestId, Moment, Person};
use crate::store::{Guest, Store, StoreError};

/// What the `auth` of a handshake may hold.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Auth {
    token: Option<String>,
    guest_token: Option<String>,
    /// Whether the cookie of a console session is to be looked at. A visitor's page doesn't ask for it, so that a
    /// counsellor who visits the site is a visitor there.
    #[serde(default)]
    console: bool,
}

impl fmt::Debug for Auth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Auth(not shown)")
    }
}

/// Why somebody isn't who he says. The text is a code that clients know (chat protocol).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DoorError {
    /// Not signed by web-api, for something else, revoked, or no guest's token of ours.
    #[error("token_invalid")]
    Invalid,
    /// Good once.
    #[error("token_expired")]
    Expired,
    /// The session has ended, or the member is suspended or gone.
    #[error("token_revoked")]
    Revoked,
    /// No key yet, or the store is away: the same may be tried again.
    #[error("unavailable")]
    Unavailable,
}

impl From<StoreError> for DoorError {
    fn from(_: StoreError) -> Self {
        Self::Unavailable
    }
}

/// Counsellors' sessions of this server: from the `Cookie` headers to who it is.
pub trait StaffSessions: Send + Sync {
    /// Whose session it is; `None` when it has ended or there is none.
    ///
    /// # Errors
    /// When the store fails.
    fn resolve<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> BoxFuture<'a, Result<Option<Staff>, StoreError>>;
}

/// Checks who comes.
#[derive(Clone)]
pub(crate) struct Door {
    pub(crate) store: Store,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) verifier: Arc<TokenVerifier>,
    pub(crate) revoked: Revoked,
    pub(crate) staff: Option<Arc<dyn StaffSessions>>,
    pub(crate) guest_life: TimeDelta,
}

impl Door {
    /// Who a handshake comes from.
    pub(crate) async fn admit(
        &self,
        auth: &Auth,
        headers: &HeaderMap,
    ) -> Result<Identity, DoorError> {
        if let Some(token) = &auth.token {
            return self.token(token).map(Identity::of_token);
        }
        if auth.console {
            let staff = match &self.staff {
                Some(sessions) => sessions.resolve(headers).await?,
                None => None,
            };
            return staff.map(Identity::of_staff).ok_or(DoorError::Invalid);
        }
        let now = self.clock.now();
        if let Some(token) = &auth.guest_token {
            let guest = self.guest(token).await?.ok_or(DoorError::Invalid)?;
            let until = guest.expires_at.date_time();
            return Ok(Identity::of_guest(Person::Guest(guest.id), until, false));
        }
        let person = Person::Guest(GuestId::random());
        Ok(Identity::of_guest(
            person,
            later(now, self.guest_life),
            true,
        ))
    }

    /// What a good access token says.
    pub(crate) fn token(&self, token: &str) -> Result<AccessClaims, DoorError> {
        let now = self.clock.now();
        let claims = self.verifier.verify(token, now).map_err(|error| {
            tracing::debug!(%error, "an access token is refused");
            match error {
                TokenError::NoKeys => DoorError::Unavailable,
                TokenError::Claims(ClaimError::Expired) => DoorError::Expired,
                _ => DoorError::Invalid,
            }
        })?;
        // The leeway is for whoever asks once; a socket ends with its token and couldn't live at all.
        if claims.expires_at <= now {
            return Err(DoorError::Expired);
        }
        if !self.revoked.is_ready() {
            return Err(DoorError::Unavailable);
        }
        if self.revoked.refuses(&claims) {
            return Err(DoorError::Revoked);
        }
        Ok(claims)
    }

    /// Whose token it is, if it is good.
    pub(crate) async fn guest(&self, token: &str) -> Result<Option<Guest>, StoreError> {
        let Ok(token) = token.parse::<GuestToken>() else {
            return Ok(None);
        };
        let now = Moment::from(self.clock.now());
        self.store.guest(token.hash(), now).await
    }

    /// A token for a guest to keep, and until when.
    pub(crate) async fn issue(
        &self,
        guest: GuestId,
    ) -> Result<(GuestToken, DateTime<Utc>), StoreError> {
        let token = GuestToken::random();
        let until = later(self.clock.now(), self.guest_life);
        let guest = Guest {
            id: guest,
            expires_at: Moment::from(until),
        };
        self.store.add_guest(token.hash(), &guest).await?;
        Ok((token, until))
    }

    /// Whether a guest's token has lived long enough to be replaced.
    pub(crate) fn is_old(&self, until: DateTime<Utc>) -> bool {
        until.signed_duration_since(self.clock.now()) < self.guest_life / 2
    }
}
