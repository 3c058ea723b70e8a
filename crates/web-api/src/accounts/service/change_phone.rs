//! `PUT /me/phone`: another number, which was proved to be at hand.

use domain::account::{RedeemError, VerificationPurpose};
use domain::token::{SessionId, UserId};

use crate::accounts::keys::What;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::users::{self, Taken};
use crate::accounts::store::{recovery, verifications};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::db::{Db, DbError};

const TOKEN: &str = "verificationToken";
const PURPOSE: VerificationPurpose = VerificationPurpose::ChangePhone;

/// What became of a change.
enum Outcome {
    /// It is his number now, or was already.
    His,
    /// The token is no good.
    Refused(RedeemError),
    /// There is no such member any more.
    Gone,
}

impl Accounts {
    /// Gives a member who has just proved himself the number that a token proves: a number resets
    /// passwords, so that a stolen session must not move it. The same token once more, after a lost answer,
    /// finds the number to be his.
    pub(crate) async fn change_phone(
        &self,
        id: UserId,
        session: SessionId,
        token: &str,
    ) -> Result<(), AccountError> {
        self.fresh(&id, &session).await?;
        let now = self.clock.now();
        let hash = self.keys.index.of(What::VerificationToken(token));
        let found = self
            .pool
            .run(move |db| verifications::by_token(db, &hash))
            .await?;
        let unknown = || AccountError::invalid(TOKEN, Rule::UnknownToken);
        let stored = found.ok_or_else(unknown)?;
        let sealed = self.phone_for_user(&stored)?;
        let change = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(user) = users::by_id(db, &id)? else {
                    return Ok(Outcome::Gone);
                };
                let his = user.phone_index == Some(stored.phone_index);
                let used = match stored.state.redeem(PURPOSE, now) {
                    Ok(used) => used,
                    Err(RedeemError::AlreadyRedeemed) if his && stored.state.purpose == PURPOSE => {
                        return Ok(Outcome::His);
                    }
                    Err(error) => return Ok(Outcome::Refused(error)),
                };
                if !verifications::advance(db, &stored.id, &stored.state, &used, None)? {
                    return Ok(Outcome::Refused(RedeemError::AlreadyRedeemed));
                }
                if !his {
                    recovery::change_phone(db, user.key, &sealed, &stored.phone_index, now)?;
                    let action = Action::PhoneChanged;
                    audit::note(db, action, Some(&id), &id, Some(&session), now)?;
                }
                Ok(Outcome::His)
            })
        };
        match self.pool.run(change).await {
            Ok(Outcome::His) => Ok(()),
            Ok(Outcome::Refused(error)) => Err(AccountError::invalid(TOKEN, Rule::Token(error))),
            Ok(Outcome::Gone) => Err(AccountError::SessionOver),
            // Nothing was written: the token is still good for when that account is gone.
            Err(DbError::Conflict(_)) => Err(AccountError::Taken(vec![Taken::Phone])),
            Err(error) => Err(error.into()),
        }
    }
}
