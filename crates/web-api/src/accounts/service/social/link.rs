//! `PUT` and `DELETE /me/social/{provider}`. Both want a proof of who is there: whoever finds a phone
//! on a table must neither add a door of his own nor close its owner's.

use chrono::{DateTime, Utc};
use domain::token::{SessionId, UserId};

use super::{CODE, MayExchange, unknown_code};
use crate::accounts::social::{Provider, Purpose, SocialError, SocialRule};
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::social::exchanges::{self, Named};
use crate::accounts::store::social::{identities, members, proofs, unlinks};
use crate::accounts::store::users;
use crate::accounts::{AccountError, Accounts, Rule};
use crate::db::{Db, DbError};

impl Accounts {
    /// Links whom a provider named with the member. Twice is once.
    pub(crate) async fn social_link(
        &self,
        id: UserId,
        session: SessionId,
        provider: Provider,
        may: MayExchange,
    ) -> Result<(), AccountError> {
        self.fresh(&id, &session).await?;
        let shown = self.shown(may)?;
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(exchange) = shown.redeem(db, Purpose::Link, now)? else {
                    return Ok(Err(unknown_code()));
                };
                let person = exchange.named;
                let linked = linked(db, &id, provider, &person, now)?;
                match linked {
                    Ok(true) => {
                        let action = Action::SocialLinked;
                        audit::note(db, action, Some(&id), &id, Some(&session), now)?;
                    }
                    Ok(false) => {}
                    // Nothing comes of what he agreed to there.
                    Err(_) => exchanges::give_up(db, &person, now)?,
                }
                Ok(linked.map(|_| ()))
            })
        };
        match self.pool.run(work).await {
            Ok(done) => done,
            // Another member was faster.
            Err(DbError::Conflict(_)) => Err(SocialError::Taken.into()),
            Err(error) => Err(error.into()),
        }
    }

    /// Unlinks a provider, which is told of it later. Twice is once.
    pub(crate) async fn social_unlink(
        &self,
        id: UserId,
        session: SessionId,
        provider: Provider,
    ) -> Result<(), AccountError> {
        self.fresh(&id, &session).await?;
        let now = self.clock.now();
        let work = move |db: &mut Db| {
            db.write_tx(|db| {
                let Some(user) = users::by_id(db, &id)? else {
                    return Ok(Err(AccountError::SessionOver));
                };
                // Of two that are unlinked at once, one is the last.
                members::hold(db, user.key, now)?;
                let all = identities::of_user(db, user.key)?;
                let Some(one) = all.iter().find(|one| one.provider == provider) else {
                    return Ok(Ok(()));
                };
                let others = all
                    .iter()
                    .filter(|other| other.linked && other.provider != provider);
                if user.password_hash.is_none() && others.count() == 0 {
                    return Ok(Err(SocialError::LastWay.into()));
                }
                unlinks::add_for(db, one, now)?;
                identities::delete(db, user.key, provider)?;
                let action = Action::SocialUnlinked;
                audit::note(db, action, Some(&id), &id, Some(&session), now)?;
                Ok(Ok(()))
            })
        };
        self.pool.run(work).await?
    }

    /// Refuses a session whose member hasn't proved himself within the last ten minutes.
    ///
    /// # Errors
    /// [`SocialError::Stale`]; [`AccountError::SessionOver`] where there is no such member.
    pub(crate) async fn fresh(&self, id: &UserId, session: &SessionId) -> Result<(), AccountError> {
        let (id, session, now) = (id.clone(), session.clone(), self.clock.now());
        let fresh = self
            .pool
            .run(move |db| match users::by_id(db, &id)? {
                Some(user) => proofs::is_fresh(db, user.key, &session, now).map(Some),
                None => Ok(None),
            })
            .await?;
        match fresh {
            Some(true) => Ok(()),
            Some(false) => Err(SocialError::Stale.into()),
            None => Err(AccountError::SessionOver),
        }
    }
}

/// Links a person with a member, in a transaction; says whether that is new.
fn linked(
    db: &mut Db,
    id: &UserId,
    provider: Provider,
    person: &Named,
    now: DateTime<Utc>,
) -> Result<Result<bool, AccountError>, DbError> {
    if person.provider != provider {
        let rule = Rule::Social(SocialRule::OtherProvider);
        return Ok(Err(AccountError::invalid(CODE, rule)));
    }
    let Some(user) = users::by_id(db, id)? else {
        return Ok(Err(AccountError::SessionOver));
    };
    members::hold(db, user.key, now)?;
    match identities::by_subject(db, provider, &person.subject_index)? {
        Some(known) if known.user == user.key => {
            identities::came(db, user.key, person)?;
            return Ok(Ok(false));
        }
        Some(_) => return Ok(Err(SocialError::Taken.into())),
        None => {}
    }
    let own = identities::of_user(db, user.key)?;
    if own.iter().any(|one| one.provider == provider) {
        return Ok(Err(SocialError::OtherLinked.into()));
    }
    identities::insert(db, user.key, person, now)?;
    Ok(Ok(true))
}
