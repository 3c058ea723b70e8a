//! Devices: seeing them, signing out here, there and everywhere.

use chrono::{DateTime, Utc};
use domain::token::{SessionId, UserId};

use super::sign_in::MOST_SESSIONS;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::sessions::{self, Ended};
use crate::accounts::store::users;
use crate::accounts::{AccountError, Accounts};

/// A device that somebody is signed in on.
#[derive(Debug)]
pub(crate) struct Device {
    pub(crate) session: SessionId,
    pub(crate) label: String,
    pub(crate) since: DateTime<Utc>,
    pub(crate) last_used_at: DateTime<Utc>,
}

impl Accounts {
    /// Where a member is signed in, the device used last first.
    pub(crate) async fn devices(&self, user: UserId) -> Result<Vec<Device>, AccountError> {
        let now = self.clock.now();
        let open = self
            .pool
            .run(move |db| match users::by_id(db, &user)? {
                Some(user) => sessions::open(db, user.key, now, MOST_SESSIONS),
                None => Ok(Vec::new()),
            })
            .await?;
        let device = |session: sessions::Session| Device {
            session: session.id,
            label: session.device,
            since: session.family.created_at,
            last_used_at: session.family.rotated_at,
        };
        Ok(open.into_iter().map(device).collect())
    }

    /// Signs one device of a member out. One that is signed out already, or another's, is unknown.
    pub(crate) async fn sign_out(
        &self,
        user: UserId,
        session: SessionId,
    ) -> Result<(), AccountError> {
        let now = self.clock.now();
        let id = session.clone();
        let ended = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let Some(row) = users::by_id(db, &user)? else {
                        return Ok(false);
                    };
                    let ended = sessions::end(db, row.key, &session, Ended::SignedOut, now)?;
                    if ended {
                        let action = Action::SignedOut;
                        audit::note(db, action, Some(&user), &user, Some(&session), now)?;
                    }
                    Ok(ended)
                })
            })
            .await?;
        if !ended {
            return Err(AccountError::UnknownSession);
        }
        self.revoked.ended(std::slice::from_ref(&id));
        Ok(())
    }

    /// Signs every device of a member out.
    pub(crate) async fn sign_out_everywhere(&self, user: UserId) -> Result<(), AccountError> {
        let now = self.clock.now();
        let ended = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let Some(row) = users::by_id(db, &user)? else {
                        return Ok(Vec::new());
                    };
                    let ended = sessions::end_others(db, row.key, None, Ended::SignedOut, now)?;
                    let action = Action::SignedOut;
                    audit::note(db, action, Some(&user), &user, None, now)?;
                    let (actor, why) = (Some(&user), Ended::SignedOut);
                    audit::ended(db, actor, &user, &ended, why, now)?;
                    Ok(ended)
                })
            })
            .await?;
        self.revoked.ended(&ended);
        Ok(())
    }
}
