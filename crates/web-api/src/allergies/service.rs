//! Reading and changing one's list.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::account::ConsentKind;
use domain::catalogue::IngredientId;
use domain::token::UserId;

use super::{AllergyError, List, store};
use crate::accounts::store::{consents, users};
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};

/// A member's list.
#[derive(Debug)]
pub(crate) struct Mine {
    pub(crate) list: List,
    /// Whether he agrees to its being stored; without it, it is empty.
    pub(crate) consented: bool,
}

/// Somebody's own list.
pub(super) async fn list(accounts: Arc<Accounts>, id: UserId) -> Result<Mine, AllergyError> {
    let pool = accounts.pool.clone();
    let found = pool.run(move |db| {
        let Some(user) = users::by_id(db, &id)? else {
            return Ok(None);
        };
        Ok(Some(Mine {
            list: opened(db, &accounts, user.key)?,
            consented: consents::holds(db, user.key, ConsentKind::Sensitive)?,
        }))
    });
    Ok(found.await?.ok_or(AccountError::SessionOver)?)
}

/// What a member is allergic to, for marking medicines: asked for with every answer that he gets.
pub(super) async fn allergens(accounts: Arc<Accounts>, id: UserId) -> Result<List, AllergyError> {
    let pool = accounts.pool.clone();
    let stored = pool.run(move |db| store::of_member(db, &id)).await?;
    let (user, sealed) = stored.ok_or(AccountError::SessionOver)?;
    let list = sealed.map(|sealed| List::open(&accounts.keys.sealer, user, &sealed));
    let list = list.transpose().map_err(AccountError::internal)?;
    Ok(list.unwrap_or_default())
}

/// Lists an ingredient; gives since when it is listed.
pub(super) async fn add(
    accounts: Arc<Accounts>,
    id: UserId,
    ingredient: IngredientId,
) -> Result<DateTime<Utc>, AllergyError> {
    let now = accounts.clock.now();
    let changed = change(accounts, id, move |db, user, list| {
        if !consents::holds(db, user, ConsentKind::Sensitive)? {
            return Ok(Err(AllergyError::ConsentRequired));
        }
        Ok(list.add(ingredient, now).ok_or(AllergyError::Full))
    });
    changed.await?
}

/// Takes an ingredient off the list: each id that `means` it.
pub(super) async fn remove(
    accounts: Arc<Accounts>,
    id: UserId,
    means: impl Fn(IngredientId) -> bool + Send + 'static,
) -> Result<(), AllergyError> {
    let changed = change(accounts, id, move |_, _, list| Ok(list.remove(&means)));
    changed.await?;
    Ok(())
}

/// Changes a list while its owner is held: changes at once come one after another, and none after
/// the consent was taken back.
async fn change<T: Send + 'static>(
    accounts: Arc<Accounts>,
    id: UserId,
    work: impl Fn(&mut Db, i64, &mut List) -> Result<T, DbError> + Send + 'static,
) -> Result<T, AllergyError> {
    let pool = accounts.pool.clone();
    let changed = pool.run(move |db| {
        let Some(user) = users::by_id(db, &id)? else {
            return Ok(None);
        };
        db.write_tx(|db| {
            // The first read of the transaction: MySQL shows all others as of their first.
            if users::hold(db, user.key)?.is_none() {
                return Ok(None);
            }
            let before = opened(db, &accounts, user.key)?;
            let mut list = before.clone();
            let done = work(db, user.key, &mut list)?;
            if list.items().is_empty() {
                store::forget(db, user.key)?;
            } else if list != before {
                let sealed = list.seal(&accounts.keys.sealer, user.key);
                store::keep(db, user.key, &sealed.map_err(DbError::data)?)?;
            }
            Ok(Some(done))
        })
    });
    Ok(changed.await?.ok_or(AccountError::SessionOver)?)
}

fn opened(db: &mut Db, accounts: &Accounts, user: i64) -> Result<List, DbError> {
    let sealed = store::sealed(db, user)?;
    let list = sealed.map(|sealed| List::open(&accounts.keys.sealer, user, &sealed));
    Ok(list.transpose().map_err(DbError::data)?.unwrap_or_default())
}
