//! `POST /auth/phone-verifications/{id}/confirm`: the code is entered.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use domain::account::{Confirmation, VerificationCode, VerificationPurpose};
use zeroize::Zeroizing;

use crate::accounts::keys::What;
use crate::accounts::store::verifications::{self, Stored};
use crate::accounts::{AccountError, Accounts, Field, Rule};
use crate::db::Db;

/// How often a change that lost against another one is tried again: codes have five tries.
const ROUNDS: usize = 8;

impl Accounts {
    /// Looks at a code; a right one gives the one token of the verification. The token is computed, so
    /// that the right code gives it again where the answer was lost, though only its hash is stored.
    pub(crate) async fn confirm_verification(
        &self,
        id: String,
        code: &VerificationCode,
    ) -> Result<Zeroizing<String>, AccountError> {
        let now = self.clock.now();
        let token = self.keys.code_source.of(What::VerificationTokenOf(&id));
        let token = Zeroizing::new(Base64UrlUnpadded::encode_string(&token));
        let token_hash = self.keys.index.of(What::VerificationToken(&token));
        let entered = code.hash(&self.keys.codes, &id);
        let confirm = move |db: &mut Db| {
            for _ in 0..ROUNDS {
                let Some(stored) = verifications::find(db, &id)? else {
                    return Ok(None);
                };
                let (next, outcome) = stored.state.confirm(entered == stored.code, now);
                let right = outcome == Confirmation::Right;
                let unchanged = next == stored.state;
                let token = right.then_some(&token_hash);
                if unchanged || verifications::advance(db, &id, &stored.state, &next, token)? {
                    return Ok(Some(outcome));
                }
            }
            Err(crate::db::DbError::Busy(
                "a verification is tried at many times at once".into(),
            ))
        };
        match self.pool.run(confirm).await? {
            None => Err(AccountError::UnknownVerification),
            Some(Confirmation::Right) => Ok(token),
            Some(Confirmation::Wrong { tries_left }) => Err(AccountError::WrongCode { tries_left }),
            Some(
                Confirmation::Expired | Confirmation::Exhausted | Confirmation::AlreadyRedeemed,
            ) => Err(AccountError::VerificationOver),
        }
    }

    /// The verification of a token, which still has to be redeemed.
    pub(crate) async fn verified(
        &self,
        field: Field,
        token: &str,
        purpose: VerificationPurpose,
    ) -> Result<Stored, AccountError> {
        let hash = self.keys.index.of(What::VerificationToken(token));
        let now = self.clock.now();
        let found = self
            .pool
            .run(move |db| verifications::by_token(db, &hash))
            .await?;
        let stored = found.ok_or_else(|| AccountError::invalid(field, Rule::UnknownToken))?;
        match stored.state.redeem(purpose, now) {
            Ok(_) => Ok(stored),
            Err(error) => Err(AccountError::invalid(field, Rule::Token(error))),
        }
    }
}
