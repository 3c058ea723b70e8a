//! `POST /users` and `GET /users/availability`.

use domain::account::{
    AttendanceDay, ConsentAnswer, ConsentEntry, ConsentKind, EmailAddress, LoginId, Nickname,
    Password, RedeemError, VerificationPurpose, sign_up_consents,
};
use domain::token::UserId;
use zeroize::Zeroizing;

use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::sign_up_answers::{self, Once};
use crate::accounts::store::users::{self, NewUser};
use crate::accounts::store::verifications::{self, Stored};
use crate::accounts::store::{attendance, consents};
use crate::accounts::{
    AccountError, Accounts, EMAIL_OF_USER, PHONE_OF_USER, PHONE_OF_VERIFICATION, Rule,
};
use crate::db::{Db, DbError};

/// Somebody who signs up, every field checked by itself.
#[derive(Debug)]
pub(crate) struct NewMember {
    pub(crate) login_id: LoginId,
    pub(crate) password: Password,
    pub(crate) nickname: Nickname,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) verification_token: Zeroizing<String>,
    pub(crate) consents: Vec<ConsentAnswer>,
}

/// Whose availability is asked.
#[derive(Debug)]
pub(crate) enum Who {
    LoginId(LoginId),
    Nickname(Nickname),
}

const TOKEN: &str = "verificationToken";

impl Accounts {
    /// Whether a name is still to be had.
    pub(crate) async fn available(&self, who: Who) -> Result<bool, AccountError> {
        let taken = self
            .pool
            .run(move |db| match &who {
                Who::LoginId(name) => users::taken(db, Some(name), None, None),
                Who::Nickname(name) => users::taken(db, None, Some(name), None),
            })
            .await?;
        Ok(taken.is_empty())
    }

    /// Makes a member. The account, the consents, the used token and the audit are one transaction;
    /// the hash, which takes long, is made before it and after everything that may refuse.
    /// What a repetition is answered with is part of the transaction, too.
    pub(crate) async fn sign_up(
        &self,
        new: NewMember,
        once: Option<Once>,
    ) -> Result<UserId, AccountError> {
        let now = self.clock.now();
        let lines = self.first_consents(&new.consents)?;
        let verified = self
            .verified(TOKEN, &new.verification_token, VerificationPurpose::SignUp)
            .await?;
        let (login_id, nickname, index) = (new.login_id, new.nickname, verified.phone_index);
        let (login, nick) = (login_id.clone(), nickname.clone());
        let taken = move |db: &mut Db| users::taken(db, Some(&login), Some(&nick), Some(&index));
        let found = self.pool.run(taken.clone()).await?;
        if !found.is_empty() {
            return Err(AccountError::Taken(found));
        }
        let password = Zeroizing::new(new.password.expose().to_owned());
        let hash = self.passwords.hash(password).await?;
        let id = new_id()?;
        let email = self.sealed_email(new.email.as_ref())?;
        let phone = self.phone_for_user(&verified)?;
        let given = id.clone();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let used = verified
                    .state
                    .redeem(VerificationPurpose::SignUp, now)
                    .map_err(DbError::data)?;
                if !verifications::advance(db, &verified.id, &verified.state, &used, None)? {
                    return Ok(false);
                }
                let new = NewUser {
                    id: &id,
                    login_id: &login_id,
                    password_hash: &hash,
                    nickname: &nickname,
                    email: email.as_deref(),
                    phone: &phone,
                    phone_index: &verified.phone_index,
                };
                let key = users::insert(db, &new, now)?;
                consents::add(db, key, &lines)?;
                attendance::note(db, key, AttendanceDay::of(now))?;
                if let Some(once) = &once {
                    sign_up_answers::add(db, once, &id, now)?;
                }
                audit::note(db, Action::SignedUp, Some(&id), &id, None, now)?;
                Ok(true)
            })
        };
        match self.pool.run(work).await {
            Ok(true) => Ok(given),
            Ok(false) => Err(AccountError::invalid(
                TOKEN,
                Rule::Token(RedeemError::AlreadyRedeemed),
            )),
            // Somebody was faster: what he took can be told now.
            Err(DbError::Conflict(cause)) => match self.pool.run(taken).await? {
                found if found.is_empty() => Err(DbError::Conflict(cause).into()),
                found => Err(AccountError::Taken(found)),
            },
            Err(error) => Err(error.into()),
        }
    }

    pub(super) fn first_consents(
        &self,
        said: &[ConsentAnswer],
    ) -> Result<Vec<ConsentEntry>, AccountError> {
        let in_force = self
            .text_in_force(ConsentKind::Terms)
            .ok_or_else(|| AccountError::internal("no version of the texts is in force"))?;
        sign_up_consents(said, |_| in_force.clone(), self.clock.now())
            .map_err(|error| AccountError::invalid("consents", Rule::Consent(error)))
    }

    pub(super) fn sealed_email(
        &self,
        email: Option<&EmailAddress>,
    ) -> Result<Option<Vec<u8>>, AccountError> {
        let sealed = email.map(|email| self.keys.sealer.seal(EMAIL_OF_USER, email.as_str()));
        sealed.transpose().map_err(AccountError::internal)
    }

    /// The number of a verification, sealed for its member.
    pub(crate) fn phone_for_user(&self, verified: &Stored) -> Result<Vec<u8>, AccountError> {
        let sealer = &self.keys.sealer;
        let number = sealer
            .open(PHONE_OF_VERIFICATION, &verified.phone)
            .map_err(AccountError::internal)?;
        sealer
            .seal(PHONE_OF_USER, &number)
            .map_err(AccountError::internal)
    }
}

fn new_id() -> Result<UserId, AccountError> {
    let id = uuid::Uuid::now_v7().to_string();
    id.parse().map_err(AccountError::internal)
}
