//! `PUT /me/password`: ends every other session.

use std::net::IpAddr;

use domain::account::{Password, PasswordAttempt, Slowing};
use domain::token::{SessionId, UserId};
use zeroize::Zeroizing;

use super::second_factor::failed;
use crate::accounts::keys::What;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::failures;
use crate::accounts::store::sessions::{self, Ended};
use crate::accounts::store::users::{self, User};
use crate::accounts::{AccountError, Accounts, Field, Rule};

pub(super) const CURRENT: &str = "currentPassword";

impl Accounts {
    /// Replaces a password by another one, if the present one is known.
    pub(crate) async fn change_password(
        &self,
        id: UserId,
        session: SessionId,
        present: Option<PasswordAttempt>,
        chosen: &Password,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        let now = self.clock.now();
        let user = self.proved(CURRENT, &id, present, address).await?;
        let Some(old) = user.password_hash else {
            return Err(AccountError::invalid(CURRENT, Rule::WrongPassword));
        };
        let new = Zeroizing::new(chosen.expose().to_owned());
        let new = self.passwords.hash(new).await?;
        let key = user.key;
        let ended = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    if !users::change_password(db, key, &old, &new, now)? {
                        return Ok(None);
                    }
                    let why = Ended::PasswordChanged;
                    let ended = sessions::end_others(db, key, Some(&session), why, now)?;
                    let action = Action::PasswordChanged;
                    audit::note(db, action, Some(&id), &id, Some(&session), now)?;
                    audit::ended(db, Some(&id), &id, &ended, why, now)?;
                    Ok(Some(ended))
                })
            })
            .await?;
        // Changed elsewhere meanwhile: the present one isn't the present one any more.
        let ended = ended.ok_or_else(|| AccountError::invalid(CURRENT, Rule::WrongPassword))?;
        self.revoked.ended(&ended);
        Ok(())
    }

    /// The member, if the password is his: guessing it here is slowed as it is at the door.
    pub(super) async fn proved(
        &self,
        field: Field,
        id: &UserId,
        present: Option<PasswordAttempt>,
        address: IpAddr,
    ) -> Result<User, AccountError> {
        let now = self.clock.now();
        let account = self.keys.index.of(What::Member(id.as_str()));
        let address = self.keys.index.of(What::Address(address));
        let wanted = id.clone();
        let turn = self.turns.of(&address).await;
        let (known, user) = self
            .pool
            .run(move |db| {
                let known = failures::known(db, &account, &address, now)?;
                if matches!(known.slowing(now), Slowing::Hold(_)) {
                    failures::note(db, &account, &address, now)?;
                }
                Ok((known, users::by_id(db, &wanted)?))
            })
            .await?;
        drop(turn);
        match known.slowing(now) {
            Slowing::Refuse { retry_at } => return Err(AccountError::Slowed { retry_at }),
            Slowing::Hold(hold) => tokio::time::sleep(hold).await,
        }
        let user = user.ok_or(AccountError::SessionOver)?;
        let right = self.is_right(present, Some(&user)).await;
        if !matches!(right, Ok(false)) {
            self.pool
                .run(move |db| failures::take_back(db, &account, &address, now))
                .await?;
        }
        if right? {
            return Ok(user);
        }
        let id = id.clone();
        self.pool
            .run(move |db| audit::add(db, &failed(&id, "reauthentication", now)))
            .await?;
        Err(AccountError::invalid(field, Rule::WrongPassword))
    }
}
