//! `POST /users` with a `signUpToken` and an `Idempotency-Key`: as for everybody, a double click or another
//! try after a lost answer makes one member and gets one answer. The token proves who asks.

use domain::token::UserId;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::NewSocialMember;
use crate::accounts::keys::What;
use crate::accounts::service::sign_up_once::{HEADER, said};
use crate::accounts::store::sign_up_answers::{self, Once};
use crate::accounts::{AccountError, Accounts, Rule};

impl Accounts {
    /// Makes a member of whom a provider named, or finds the one that the same request made in the last
    /// 24 hours.
    pub(crate) async fn social_sign_up_once(
        &self,
        key: Option<&str>,
        new: NewSocialMember,
    ) -> Result<UserId, AccountError> {
        let Some(key) = key else {
            return self.social_sign_up(new, None).await;
        };
        let once = self.social_once(key, &new);
        if let Some(made) = self.social_made_before(once).await? {
            return Ok(made);
        }
        match self.social_sign_up(new, Some(once)).await {
            // Perhaps it was the same request that was faster.
            Err(
                error @ (AccountError::Invalid(_)
                | AccountError::Taken(_)
                | AccountError::Social(_)
                | AccountError::Db(_)),
            ) => self.social_made_before(once).await?.ok_or(error),
            other => other,
        }
    }

    fn social_once(&self, key: &str, new: &NewSocialMember) -> Once {
        let phone = new.verification_token.as_ref();
        // No field that was checked holds a line break; the token of a number comes last.
        let body = Zeroizing::new(format!(
            "social\n{}\n{}\n{}\n{}",
            new.nickname.as_str(),
            new.email.as_ref().map_or("", |email| email.as_str()),
            said(&new.consents),
            phone.map_or("", |token| token.as_str()),
        ));
        let token = &new.token;
        Once {
            key: self.keys.index.of(What::SignUp { key, token }),
            body: self.keys.index.of(What::SignUpBody(&body)),
        }
    }

    async fn social_made_before(&self, once: Once) -> Result<Option<UserId>, AccountError> {
        let now = self.clock.now();
        let found = self
            .pool
            .run(move |db| sign_up_answers::find(db, &once.key, now))
            .await?;
        let Some((body, member)) = found else {
            return Ok(None);
        };
        if bool::from(body.ct_eq(&once.body)) {
            return Ok(Some(member));
        }
        Err(AccountError::invalid(HEADER, Rule::OtherBody))
    }
}
