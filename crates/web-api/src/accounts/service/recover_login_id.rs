//! `POST /auth/login-id-recovery`: whose number it is learns what he is called here.

use domain::account::{RedeemError, VerificationPurpose};

use crate::accounts::store::users::{self, User};
use crate::accounts::store::verifications;
use crate::accounts::{AccountError, Accounts, Rule};

const TOKEN: &str = "verificationToken";

impl Accounts {
    /// The account of the number that a token proves, if there is one. The token is used either way.
    pub(crate) async fn recover_login_id(&self, token: &str) -> Result<Option<User>, AccountError> {
        let purpose = VerificationPurpose::FindLoginId;
        let verified = self.verified(TOKEN, token, purpose).await?;
        let now = self.clock.now();
        let found = self
            .pool
            .run(move |db| {
                db.write_tx(|db| {
                    let Ok(used) = verified.state.redeem(purpose, now) else {
                        return Ok(None);
                    };
                    if !verifications::advance(db, &verified.id, &verified.state, &used, None)? {
                        return Ok(None);
                    }
                    users::by_phone(db, &verified.phone_index).map(Some)
                })
            })
            .await?;
        let used = || AccountError::invalid(TOKEN, Rule::Token(RedeemError::AlreadyRedeemed));
        found.ok_or_else(used)
    }
}
