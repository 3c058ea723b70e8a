//! `POST /auth/social/exchange`: the code becomes a session, or a token to sign up with.

use chrono::{DateTime, Utc};
use domain::clock::later;
use zeroize::Zeroizing;

use super::{secret, unknown_code};
use crate::accounts::service::Signed;
use crate::accounts::social::{Purpose, SIGN_UP_LIFE};
use crate::accounts::store::social::exchanges::{self, Exchange, Named};
use crate::accounts::store::social::identities;
use crate::accounts::store::users::{self, User};
use crate::accounts::{AccountError, Accounts};
use crate::db::Db;

/// A code with the cookie of the browser that shows it.
pub(crate) struct MayExchange {
    pub(crate) code: Zeroizing<String>,
    pub(crate) browser: Option<String>,
}

/// What a code was good for.
pub(crate) enum Exchanged {
    /// Somebody who is known here.
    Signed(Signed),
    /// Somebody who isn't.
    New {
        token: Zeroizing<String>,
        expires_at: DateTime<Utc>,
    },
}

impl Accounts {
    /// Signs in whom a provider named. Only the provider's own id says who that is.
    pub(crate) async fn social_exchange(
        &self,
        may: MayExchange,
        device: String,
    ) -> Result<Exchanged, AccountError> {
        let shown = self.shown(may)?;
        let token = secret();
        let now = self.clock.now();
        let (sign_up, expires_at) = (self.code_hash(&token), later(now, SIGN_UP_LIFE));
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(exchange) = shown.redeem(db, Purpose::SignIn, now)? else {
                    return Ok(None);
                };
                let (provider, index) = (exchange.named.provider, exchange.named.subject_index);
                let known = identities::by_subject(db, provider, &index)?;
                let user = match known {
                    Some(known) => users::by_key(db, known.user)?,
                    None => None,
                };
                if user.is_none() {
                    let new = Exchange {
                        code: sign_up,
                        purpose: Purpose::SignUp,
                        expires_at,
                        ..exchange.clone()
                    };
                    exchanges::insert(db, &new)?;
                }
                Ok(Some((user, exchange.named)))
            })
        };
        let found = self.pool.run(work).await?;
        let (user, person) = found.ok_or_else(unknown_code)?;
        match user {
            Some(user) => Ok(Exchanged::Signed(
                self.social_sign_in(user, person, device).await?,
            )),
            None => Ok(Exchanged::New { token, expires_at }),
        }
    }

    async fn social_sign_in(
        &self,
        mut user: User,
        person: Named,
        device: String,
    ) -> Result<Signed, AccountError> {
        self.let_in_again(&mut user).await?;
        if !user.state.may_sign_in() {
            let tried = Some(user.id.clone());
            self.refused(tried, user.state.as_str()).await?;
            return Err(AccountError::WrongCredentials);
        }
        let (key, provider) = (user.key, person.provider);
        let came = move |db: &mut Db| identities::came(db, key, &person);
        if user.role.needs_second_factor() {
            // The provider's word holds whether or not the second factor follows.
            self.pool.run(came.clone()).await?;
        }
        self.second_factor_after(&user, Some(provider)).await?;
        let signed = self.begin_with(user, device, false, came).await?;
        let counted = |result| metrics::counter!("sign_ins_total", "result" => result).increment(1);
        counted("right");
        counted(provider.as_str());
        Ok(signed)
    }
}
