//! `POST /users` with an `Idempotency-Key`: a double click, or another try after a lost answer, makes one
//! member and gets one answer.
//!
//! Nobody is signed in yet, so who asks is told by the token of the verification: two people who happen
//! to choose the same key don't meet. The answer is stored in the transaction that makes the member;
//! the password isn't part of what is hashed for it, since whoever had the database and the key could
//! try passwords against such a hash a million times faster than against bcrypt's. It is held against
//! the member's own hash instead.

use domain::account::{ConsentAnswer, Password};
use domain::token::UserId;
use subtle::ConstantTimeEq as _;
use zeroize::Zeroizing;

use super::NewMember;
use crate::accounts::keys::What;
use crate::accounts::store::sign_up_answers::{self, Once};
use crate::accounts::store::users;
use crate::accounts::{AccountError, Accounts, Rule};

/// Where the key stands.
pub(super) const HEADER: &str = "Idempotency-Key";

/// Answers to the questions of a sign-up, a line each.
pub(super) fn said(consents: &[ConsentAnswer]) -> String {
    let lines = consents.iter().map(|one| {
        let version = one.version.as_ref().map_or("", |version| version.as_str());
        format!("{} {} {version}", one.kind.as_str(), one.agreed)
    });
    lines.collect::<Vec<_>>().join("\n")
}

impl Accounts {
    /// Makes a member, or finds the one that the same request made in the last 24 hours.
    pub(crate) async fn sign_up_once(
        &self,
        key: Option<&str>,
        new: NewMember,
    ) -> Result<UserId, AccountError> {
        let Some(key) = key else {
            return self.sign_up(new, None).await;
        };
        let once = self.once(key, &new);
        if let Some(made) = self.made_before(once, &new.password).await? {
            return Ok(made);
        }
        let password = new.password.clone();
        match self.sign_up(new, Some(once)).await {
            // Perhaps it was the same request that was faster: the other half of a double click.
            Err(
                error @ (AccountError::Invalid(_) | AccountError::Taken(_) | AccountError::Db(_)),
            ) => match self.made_before(once, &password).await? {
                Some(made) => Ok(made),
                None => Err(error),
            },
            other => other,
        }
    }

    fn once(&self, key: &str, new: &NewMember) -> Once {
        let token = &new.verification_token;
        // No field that was checked holds a line break.
        let body = Zeroizing::new(format!(
            "{}\n{}\n{}\n{}",
            new.login_id.as_str(),
            new.nickname.as_str(),
            new.email.as_ref().map_or("", |email| email.as_str()),
            said(&new.consents),
        ));
        Once {
            key: self.keys.index.of(What::SignUp { key, token }),
            body: self.keys.index.of(What::SignUpBody(&body)),
        }
    }

    async fn made_before(
        &self,
        once: Once,
        password: &Password,
    ) -> Result<Option<UserId>, AccountError> {
        let now = self.clock.now();
        let found = self
            .pool
            .run(move |db| {
                let Some((body, member)) = sign_up_answers::find(db, &once.key, now)? else {
                    return Ok(None);
                };
                Ok(Some((body, users::by_id(db, &member)?, member)))
            })
            .await?;
        let Some((body, user, member)) = found else {
            return Ok(None);
        };
        let hash = user.and_then(|user| user.password_hash);
        let text = Zeroizing::new(password.expose().to_owned());
        let same_password = self.passwords.verify(text, hash).await?;
        if same_password && bool::from(body.ct_eq(&once.body)) {
            return Ok(Some(member));
        }
        Err(AccountError::invalid(HEADER, Rule::OtherBody))
    }
}
