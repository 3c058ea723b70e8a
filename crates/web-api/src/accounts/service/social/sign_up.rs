//! `POST /users` with a `signUpToken`: somebody whom a provider named becomes a member.
//!
//! A phone number isn't asked for. It is what a local account is found again by and what keeps one
//! person from a thousand of them; here the provider does both, and what isn't needed isn't collected
//! (개인정보 보호법, article 16). Whoever gives one anyway has to have verified it.

use chrono::{DateTime, Utc};
use domain::account::{
    AttendanceDay, ConsentAnswer, ConsentEntry, EmailAddress, Nickname, RedeemError, Verification,
    VerificationPurpose,
};
use domain::token::UserId;
use zeroize::Zeroizing;

use crate::accounts::social::{Purpose, SocialError, SocialRule};
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::sign_up_answers::{self, Once};
use crate::accounts::store::social::{exchanges, identities, members};
use crate::accounts::store::users::{self, Taken};
use crate::accounts::store::verifications;
use crate::accounts::store::{attendance, consents};
use crate::accounts::{AccountError, Accounts, Field, Rule};
use crate::db::{Db, DbError};

const SIGN_UP_TOKEN: Field = "signUpToken";
const VERIFICATION_TOKEN: Field = "verificationToken";

/// Somebody who signs up by another service, every field checked by itself.
#[derive(Debug)]
pub(crate) struct NewSocialMember {
    pub(crate) token: Zeroizing<String>,
    pub(crate) nickname: Nickname,
    pub(crate) email: Option<EmailAddress>,
    pub(crate) verification_token: Option<Zeroizing<String>>,
    pub(crate) consents: Vec<ConsentAnswer>,
}

/// A number that was verified, ready to be stored.
struct Phone {
    verification: String,
    state: Verification,
    used: Verification,
    sealed: Vec<u8>,
    index: [u8; 32],
}

/// Everything that the transaction needs.
struct Making {
    code: [u8; 32],
    id: UserId,
    nickname: Nickname,
    email: Option<Vec<u8>>,
    phone: Option<Phone>,
    lines: Vec<ConsentEntry>,
    once: Option<Once>,
    now: DateTime<Utc>,
}

impl Making {
    /// Makes the member, in a transaction.
    fn make(&self, db: &mut Db) -> Result<Outcome, DbError> {
        let (now, id) = (self.now, &self.id);
        let found = exchanges::find(db, &self.code, Purpose::SignUp, None, now)?;
        let Some(person) = found.map(|found| found.named) else {
            return Ok(Outcome::TokenOver);
        };
        // He may have signed up meanwhile, in another tab.
        if identities::by_subject(db, person.provider, &person.subject_index)?.is_some() {
            return Ok(Outcome::IdentityTaken);
        }
        if let Some(phone) = &self.phone {
            let (old, used) = (&phone.state, &phone.used);
            if !verifications::advance(db, &phone.verification, old, used, None)? {
                return Ok(Outcome::NumberUsed);
            }
        }
        let phone = self.phone.as_ref();
        let member = members::NewMember {
            id,
            nickname: &self.nickname,
            email: self.email.as_deref(),
            phone: phone.map(|phone| (phone.sealed.as_slice(), &phone.index)),
        };
        let key = members::insert(db, &member, now)?;
        identities::insert(db, key, &person, now)?;
        consents::add(db, key, &self.lines)?;
        attendance::note(db, key, AttendanceDay::of(now))?;
        if let Some(once) = &self.once {
            sign_up_answers::add(db, once, id, now)?;
        }
        audit::note(db, Action::SignedUp, Some(id), id, None, now)?;
        // What fails before leaves the token as it was.
        if !exchanges::end(db, &self.code)? {
            return Err(DbError::Busy("a token to sign up with came twice".into()));
        }
        Ok(Outcome::Made)
    }
}

/// How it ended inside of the transaction.
enum Outcome {
    Made,
    TokenOver,
    NumberUsed,
    IdentityTaken,
}

impl Accounts {
    /// Makes a member of whom a provider named. One transaction, as for everybody.
    pub(super) async fn social_sign_up(
        &self,
        new: NewSocialMember,
        once: Option<Once>,
    ) -> Result<UserId, AccountError> {
        let lines = self.first_consents(&new.consents)?;
        let phone = self.phone(new.verification_token).await?;
        let email = self.sealed_email(new.email.as_ref())?;
        let id: UserId = uuid::Uuid::now_v7()
            .to_string()
            .parse()
            .map_err(AccountError::internal)?;
        let index = phone.as_ref().map(|phone| phone.index);
        let making = Making {
            code: self.code_hash(&new.token),
            id,
            nickname: new.nickname,
            email,
            phone,
            lines,
            once,
            now: self.clock.now(),
        };
        let (given, nick) = (making.id.clone(), making.nickname.clone());
        let work = move |db: &mut Db| db.write_tx(|db| making.make(db));
        let rule = |field, rule| Err(AccountError::invalid(field, rule));
        match self.pool.run(work).await {
            Ok(Outcome::Made) => Ok(given),
            Ok(Outcome::TokenOver) => rule(SIGN_UP_TOKEN, Rule::Social(SocialRule::SignUpToken)),
            Ok(Outcome::NumberUsed) => rule(
                VERIFICATION_TOKEN,
                Rule::Token(RedeemError::AlreadyRedeemed),
            ),
            Ok(Outcome::IdentityTaken) => Err(AccountError::Social(SocialError::Taken)),
            Err(DbError::Conflict(cause)) => {
                let taken = move |db: &mut Db| users::taken(db, None, Some(&nick), index.as_ref());
                let found: Vec<Taken> = self.pool.run(taken).await?;
                if found.is_empty() {
                    tracing::debug!(%cause, "somebody signed up twice at once");
                    return Err(AccountError::Social(SocialError::Taken));
                }
                Err(AccountError::Taken(found))
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The number that was verified, where there is one.
    async fn phone(&self, token: Option<Zeroizing<String>>) -> Result<Option<Phone>, AccountError> {
        let Some(token) = token else {
            return Ok(None);
        };
        let purpose = VerificationPurpose::SignUp;
        let verified = self.verified(VERIFICATION_TOKEN, &token, purpose).await?;
        let used = verified
            .state
            .redeem(purpose, self.clock.now())
            .map_err(|error| AccountError::invalid(VERIFICATION_TOKEN, Rule::Token(error)))?;
        let sealed = self.phone_for_user(&verified)?;
        Ok(Some(Phone {
            verification: verified.id,
            state: verified.state,
            used,
            sealed,
            index: verified.phone_index,
        }))
    }
}
