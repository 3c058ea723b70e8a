//! `POST /auth/password-reset`: a number proves whose forgotten password is replaced.
//!
//! Numbers find new owners, so a number alone is not enough: its account's login id has to be named,
//! too. Where both aren't one account's, nothing changes, the token is used all the same (one guess a
//! message), and the answer and the work are those of a reset.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::account::{LoginId, Password, RedeemError, VerificationPurpose};
use domain::token::SessionId;
use zeroize::Zeroizing;

use crate::accounts::keys::What;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::sessions::{self, Ended};
use crate::accounts::store::users;
use crate::accounts::store::verifications::{self, Stored};
use crate::accounts::store::{failures, recovery};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::db::{Db, DbError};

const TOKEN: &str = "verificationToken";
const PURPOSE: VerificationPurpose = VerificationPurpose::ResetPassword;

impl Accounts {
    /// Replaces a forgotten password and ends every session.
    pub(crate) async fn reset_password(
        &self,
        token: &str,
        login_id: LoginId,
        chosen: &Password,
        address: IpAddr,
    ) -> Result<(), AccountError> {
        let verified = self.verified(TOKEN, token, PURPOSE).await?;
        let new = Zeroizing::new(chosen.expose().to_owned());
        let new = self.passwords.hash(new).await?;
        let now = self.clock.now();
        let account = self.keys.index.of(What::Account(login_id.as_str()));
        let address = self.keys.index.of(What::Address(address));
        let ended = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let ended = reset(db, &verified, &login_id, &new, now)?;
                    if matches!(ended, Some(Some(_))) {
                        failures::forgive(db, &account, &address)?;
                    }
                    Ok(ended)
                })
            })
            .await?;
        let used = || AccountError::invalid(TOKEN, Rule::Token(RedeemError::AlreadyRedeemed));
        if let Some(ended) = ended.ok_or_else(used)? {
            self.revoked.ended(&ended);
        }
        Ok(())
    }
}

/// Ids of the sessions that ended; `Some(None)` where login id and number aren't one account's, `None`
/// where the token was used meanwhile. Inside a transaction. Nothing is read before the member's row is
/// held: else a session that begins at this moment with the old password could be overlooked.
fn reset(
    db: &mut Db,
    verified: &Stored,
    login_id: &LoginId,
    new: &str,
    now: DateTime<Utc>,
) -> Result<Option<Option<Vec<SessionId>>>, DbError> {
    let Ok(used) = verified.state.redeem(PURPOSE, now) else {
        return Ok(None);
    };
    if !verifications::advance(db, &verified.id, &verified.state, &used, None)? {
        return Ok(None);
    }
    if !recovery::reset_password(db, login_id, &verified.phone_index, new, now)? {
        return Ok(Some(None));
    }
    let Some(user) = users::by_login_id(db, login_id)? else {
        return Ok(Some(None));
    };
    let ended = sessions::end_others(db, user.key, None, Ended::PasswordReset, now)?;
    // Nobody was signed in: the number proved who did it.
    audit::note(
        db,
        Action::PasswordReset,
        Some(&user.id),
        &user.id,
        None,
        now,
    )?;
    Ok(Some(Some(ended)))
}
