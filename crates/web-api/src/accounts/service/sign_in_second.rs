//! `POST /auth/sessions/second-factor`: the sign-in that waits for a second factor, and how long one
//! counts.

use std::net::IpAddr;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use domain::token::UserId;
use secrecy::SecretString;
use subtle::ConstantTimeEq as _;

use super::Signed;
use crate::accounts::keys::What;
use crate::accounts::store::security;
use crate::accounts::store::users::User;
use crate::accounts::{AccountError, Accounts};

/// How long a second factor counts, of a session that goes on for longer: a working day (NIST SP
/// 800-63B, 4.2.3, asks for one every 12 hours at this level of assurance).
pub(crate) const SECOND_FACTOR_LIFE: TimeDelta = TimeDelta::hours(12);
/// How long a sign-in waits for the second factor.
const WAITS: TimeDelta = TimeDelta::minutes(5);
/// Longest token that is looked at; ours have some 250 characters.
const LONGEST_TOKEN: usize = 1_000;
/// Where the token is sealed.
const PLACE: &str = "a sign-in that waits for its second factor";

impl Accounts {
    /// Whether a second factor that was given then still counts.
    pub(super) fn still_counts(&self, given: Option<DateTime<Utc>>) -> bool {
        given.is_some_and(|given| self.clock.now() < later(given, SECOND_FACTOR_LIFE))
    }

    /// Refuses a member of the staff who has a second factor and hasn't given it yet.
    pub(super) async fn second_factor_first(&self, user: &User) -> Result<(), AccountError> {
        if !user.role.needs_second_factor() {
            return Ok(());
        }
        let key = user.key;
        let factor = self.pool.run(move |db| security::factor(db, key)).await?;
        if !factor.is_some_and(|factor| factor.confirmed) {
            // He gets a session that may set one up and nothing else of the staff's.
            return Ok(());
        }
        metrics::counter!("sign_ins_total", "result" => "second_factor").increment(1);
        let expires_at = later(self.clock.now(), WAITS);
        Err(AccountError::SecondFactorNeeded {
            token: self.waiting(user, expires_at)?,
            expires_at,
        })
    }

    fn waiting(&self, user: &User, until: DateTime<Utc>) -> Result<SecretString, AccountError> {
        let text = format!(
            "{} {} {}",
            user.id,
            until.timestamp(),
            self.password_mark(user)
        );
        let sealed = self.keys.sealer.seal(PLACE, &text);
        let sealed = sealed.map_err(AccountError::internal)?;
        Ok(Base64UrlUnpadded::encode_string(&sealed).into())
    }

    /// Another one after the password was changed, so that what waited for the old one is over.
    fn password_mark(&self, user: &User) -> String {
        let hash = user.password_hash.as_deref().unwrap_or_default();
        Base64UrlUnpadded::encode_string(&self.keys.index.of(What::PasswordHash(hash)))
    }

    /// Whose sign-in waits, and with which password's mark.
    fn waiter(&self, token: &str) -> Option<(UserId, String)> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let sealed = Base64UrlUnpadded::decode_vec(token).ok()?;
        let text = self.keys.sealer.open(PLACE, &sealed).ok()?;
        let mut parts = text.split(' ');
        let (id, until, mark) = (parts.next()?, parts.next()?, parts.next()?);
        let until: i64 = until.parse().ok()?;
        (self.clock.now().timestamp() < until).then_some(())?;
        Some((id.parse().ok()?, mark.to_owned()))
    }

    /// Ends the waiting of a sign-in: begins the session.
    pub(crate) async fn sign_in_second(
        &self,
        token: &str,
        code: &str,
        address: IpAddr,
        device: String,
    ) -> Result<Signed, AccountError> {
        let (id, mark) = self.waiter(token).ok_or(AccountError::SecondFactorOver)?;
        let (mut user, factor) = self
            .with_factor(id)
            .await?
            .ok_or(AccountError::SecondFactorOver)?;
        let same = self.password_mark(&user);
        if !bool::from(same.as_bytes().ct_eq(mark.as_bytes())) {
            return Err(AccountError::SecondFactorOver);
        }
        let factor = factor.filter(|factor| factor.confirmed);
        let factor = factor.ok_or(AccountError::SecondFactorOver)?;
        self.let_in_again(&mut user).await?;
        if !user.state.may_sign_in() {
            return Err(AccountError::SecondFactorOver);
        }
        self.prove_factor(&user, &factor, code, address).await?;
        metrics::counter!("sign_ins_total", "result" => "right").increment(1);
        self.begin_with(user, device, true, |_| Ok(())).await
    }
}
