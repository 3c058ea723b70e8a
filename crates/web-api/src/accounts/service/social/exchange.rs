//! `POST /auth/social/exchange`: the code becomes a session, or a token to sign up with.

use chrono::{DateTime, Utc};
use domain::clock::later;
use zeroize::Zeroizing;

use super::secret;
use crate::accounts::service::Signed;
use crate::accounts::social::{Purpose, SIGN_UP_LIFE};
use crate::accounts::store::social::exchanges::{self, Exchange};
use crate::accounts::store::social::identities;
use crate::accounts::store::users;
use crate::accounts::{AccountError, Accounts};

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
        let exchange = self.redeem(Purpose::SignIn, may).await?;
        let (provider, index) = (exchange.named.provider, exchange.named.subject_index);
        let user = self
            .pool
            .run(
                move |db| match identities::by_subject(db, provider, &index)? {
                    Some(identity) => users::by_key(db, identity.user),
                    None => Ok(None),
                },
            )
            .await?;
        let Some(mut user) = user else {
            return self.to_sign_up(exchange).await;
        };
        self.let_in_again(&mut user).await?;
        if !user.state.may_sign_in() {
            let tried = Some(user.id.clone());
            self.refused(tried, user.state.as_str()).await?;
            return Err(AccountError::WrongCredentials);
        }
        let (key, person) = (user.key, exchange.named);
        let came = move |db: &mut crate::db::Db| identities::came(db, key, &person);
        let signed = self.begin(user, device, came).await?;
        metrics::counter!("sign_ins_total", "result" => provider.as_str()).increment(1);
        Ok(Exchanged::Signed(signed))
    }

    async fn to_sign_up(&self, exchange: Exchange) -> Result<Exchanged, AccountError> {
        let token = secret();
        let expires_at = later(self.clock.now(), SIGN_UP_LIFE);
        let new = Exchange {
            code: self.code_hash(&token),
            purpose: Purpose::SignUp,
            expires_at,
            ..exchange
        };
        self.pool.run(move |db| exchanges::insert(db, &new)).await?;
        Ok(Exchanged::New { token, expires_at })
    }
}
