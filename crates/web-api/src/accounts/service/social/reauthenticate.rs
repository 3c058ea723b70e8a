//! `POST /me/reauthentications`: who is signed in proves that it is still he.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::account::PasswordAttempt;
use domain::clock::later;
use domain::token::{SessionId, UserId};

use super::{CODE, MayExchange, unknown_code};
use crate::accounts::social::{FRESH, Purpose, SocialRule};
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::social::{exchanges, identities, proofs};
use crate::accounts::store::users::{self, User};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::db::Db;

/// What he proves it by.
pub(crate) enum Proof {
    /// `None` where no password can look like what was typed.
    Password(Option<PasswordAttempt>, IpAddr),
    /// A code of a way to a provider that was begun for this.
    Social(MayExchange),
}

impl Accounts {
    /// Marks the session as fresh; gives until when it is.
    pub(crate) async fn reauthenticate(
        &self,
        id: UserId,
        session: SessionId,
        proof: Proof,
    ) -> Result<DateTime<Utc>, AccountError> {
        let user = match proof {
            Proof::Password(password, address) => {
                self.proved("password", &id, password, address).await?
            }
            Proof::Social(may) => self.proved_by_provider(&id, may).await?,
        };
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                proofs::note(db, user.key, &session, now)?;
                let action = Action::Reauthenticated;
                audit::note(db, action, Some(&id), &id, Some(&session), now)
            })
        };
        self.pool.run(work).await?;
        Ok(later(now, FRESH))
    }

    async fn proved_by_provider(
        &self,
        id: &UserId,
        may: MayExchange,
    ) -> Result<User, AccountError> {
        let shown = self.shown(may)?;
        let (id, now) = (id.clone(), self.clock.now());
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(exchange) = shown.redeem(db, Purpose::Reauthenticate, now)? else {
                    return Ok(Err(unknown_code()));
                };
                let person = exchange.named;
                let Some(user) = users::by_id(db, &id)? else {
                    exchanges::give_up(db, &person, now)?;
                    return Ok(Err(AccountError::SessionOver));
                };
                let known = identities::by_subject(db, person.provider, &person.subject_index)?;
                if known.is_none_or(|known| known.user != user.key) {
                    exchanges::give_up(db, &person, now)?;
                    let rule = Rule::Social(SocialRule::OtherPerson);
                    return Ok(Err(AccountError::invalid(CODE, rule)));
                }
                identities::came(db, user.key, &person)?;
                Ok(Ok(user))
            })
        };
        self.pool.run(work).await?
    }
}
