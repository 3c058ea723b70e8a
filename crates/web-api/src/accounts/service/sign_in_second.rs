//! `POST /auth/sessions/second-factor`: the sign-in that waits for a second factor, and how long one
//! counts.

use std::net::IpAddr;

use base64ct::{Base64UrlUnpadded, Encoding as _};
use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use domain::token::UserId;
use subtle::ConstantTimeEq as _;

use super::Signed;
use crate::accounts::keys::What;
use crate::accounts::social::Provider;
use crate::accounts::store::security;
use crate::accounts::store::social::identities;
use crate::accounts::store::users::{self, User};
use crate::accounts::{AccountError, Accounts};
use crate::db::Db;

/// How long a second factor counts, of a session that goes on for longer: a working day (NIST SP
/// 800-63B, 4.2.3, asks for one every 12 hours at this level of assurance).
pub(crate) const SECOND_FACTOR_LIFE: TimeDelta = TimeDelta::hours(12);
/// How long a sign-in waits for the second factor.
const WAITS: TimeDelta = TimeDelta::minutes(5);
/// Longest token that is looked at; ours have some 250 characters.
const LONGEST_TOKEN: usize = 1_000;
/// Where the token is sealed.
const PLACE: &str = "a sign-in that waits for its second factor";

/// The first factor of who came by none of the providers.
const PASSWORD: &str = "password";

/// A sign-in that waits.
struct Waiter {
    id: UserId,
    /// By which provider; without one, by the password.
    by: Option<Provider>,
    /// Of what it rests on.
    mark: String,
}

impl Accounts {
    /// Whether a second factor that was given then still counts.
    pub(super) fn still_counts(&self, given: Option<DateTime<Utc>>) -> bool {
        given.is_some_and(|given| self.clock.now() < later(given, SECOND_FACTOR_LIFE))
    }

    /// Refuses a member of the staff who has a second factor and hasn't given it yet. He came by his password.
    pub(super) async fn second_factor_first(&self, user: &User) -> Result<(), AccountError> {
        self.second_factor_after(user, None).await
    }

    /// The same of who came by this provider; without one, by his password.
    pub(super) async fn second_factor_after(
        &self,
        user: &User,
        by: Option<Provider>,
    ) -> Result<(), AccountError> {
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
        let mark = self.first_factor(user, by).await?;
        let mark = mark.ok_or(AccountError::WrongCredentials)?;
        let way = by.map_or(PASSWORD, Provider::as_str);
        let text = format!("{} {} {way} {mark}", user.id, expires_at.timestamp());
        let sealed = self.keys.sealer.seal(PLACE, &text);
        let sealed = sealed.map_err(AccountError::internal)?;
        Err(AccountError::SecondFactorNeeded {
            token: Base64UrlUnpadded::encode_string(&sealed).into(),
            expires_at,
        })
    }

    /// A mark of what the first factor rests on: another one once the password was changed, the account
    /// suspended (though it be lifted again), or the link with the provider ended (though it be made anew).
    /// `None` where there is no such link.
    async fn first_factor(
        &self,
        user: &User,
        by: Option<Provider>,
    ) -> Result<Option<String>, AccountError> {
        let key = user.key;
        let work = move |db: &mut Db| {
            let Some(changed) = users::state_changed_at(db, key)? else {
                return Ok(None);
            };
            let Some(by) = by else {
                return Ok(Some((changed, None)));
            };
            let mut links = identities::of_user(db, key)?.into_iter();
            let link = links.find(|link| link.provider == by && link.linked);
            Ok(link.map(|link| (changed, Some(link.linked_at))))
        };
        let found = self.pool.run(work).await?;
        Ok(found.map(|(changed, linked)| {
            let hash = user.password_hash.as_deref().unwrap_or_default();
            let micros = |at: DateTime<Utc>| at.timestamp_micros();
            let text = format!("{} {:?} {hash}", micros(changed), linked.map(micros));
            Base64UrlUnpadded::encode_string(&self.keys.index.of(What::FirstFactor(&text)))
        }))
    }

    /// Whether what a sign-in that waits rests on is still the same.
    async fn still_stands(&self, user: &User, waiter: &Waiter) -> Result<bool, AccountError> {
        let now = self.first_factor(user, waiter.by).await?;
        Ok(now.is_some_and(|now| now.as_bytes().ct_eq(waiter.mark.as_bytes()).into()))
    }

    /// Whose sign-in waits.
    fn waiter(&self, token: &str) -> Option<Waiter> {
        if token.len() > LONGEST_TOKEN {
            return None;
        }
        let sealed = Base64UrlUnpadded::decode_vec(token).ok()?;
        let text = self.keys.sealer.open(PLACE, &sealed).ok()?;
        let mut parts = text.split(' ');
        let (id, until) = (parts.next()?, parts.next()?);
        let (way, mark) = (parts.next()?, parts.next()?);
        let until: i64 = until.parse().ok()?;
        (self.clock.now().timestamp() < until).then_some(())?;
        Some(Waiter {
            id: id.parse().ok()?,
            by: match way {
                PASSWORD => None,
                provider => Some(provider.parse().ok()?),
            },
            mark: mark.to_owned(),
        })
    }

    /// Ends the waiting of a sign-in: begins the session.
    pub(crate) async fn sign_in_second(
        &self,
        token: &str,
        code: &str,
        address: IpAddr,
        device: String,
    ) -> Result<Signed, AccountError> {
        let waiter = self.waiter(token).ok_or(AccountError::SecondFactorOver)?;
        let (mut user, factor) = self
            .with_factor(waiter.id.clone())
            .await?
            .ok_or(AccountError::SecondFactorOver)?;
        if !self.still_stands(&user, &waiter).await? {
            return Err(AccountError::SecondFactorOver);
        }
        let factor = factor.filter(|factor| factor.confirmed);
        let factor = factor.ok_or(AccountError::SecondFactorOver)?;
        self.let_in_again(&mut user).await?;
        if !user.state.may_sign_in() {
            return Err(AccountError::SecondFactorOver);
        }
        self.prove_factor(&user, &factor, code, address).await?;
        // Proving may have taken a while.
        if !self.still_stands(&user, &waiter).await? {
            return Err(AccountError::SecondFactorOver);
        }
        metrics::counter!("sign_ins_total", "result" => "right").increment(1);
        self.begin_with(user, device, true, |_| Ok(())).await
    }
}
