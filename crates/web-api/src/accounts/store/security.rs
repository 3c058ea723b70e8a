//! What keeps one account safe: the salt of its addresses in the audit, its second factor.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::account::UserState;

use super::{hash32, named};
use crate::accounts::keys::random;
use crate::db::schema::{account_security as table, users};
use crate::db::{Db, DbError, on, to_stored};

/// Bytes of the hash of a recovery code.
const HASH: usize = 32;

/// A second factor (TOTP) as it is stored.
#[derive(Debug, Clone)]
pub struct Factor {
    /// Sealed, bound to the member.
    pub secret: Vec<u8>,
    /// Whether a code of it was entered: only then it counts.
    pub confirmed: bool,
    /// The last step whose code was taken.
    pub last_step: i64,
    /// Keyed hashes of the recovery codes that are left.
    pub recovery: Vec<[u8; HASH]>,
}

/// What proves a second factor. Each is good once.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The code of this step.
    Step(i64),
    /// A recovery code: those that were left, and those that are left after it.
    Recovery {
        /// Before.
        before: Vec<[u8; HASH]>,
        /// After.
        after: Vec<[u8; HASH]>,
    },
}

/// Makes the row of a member who has none.
pub(super) fn ensure(db: &mut Db, user: i64) -> Result<(), DbError> {
    let row = table::user_id.eq(user);
    on!(db, c => diesel::insert_into(table::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// The salt of the key that a member's addresses are sealed with, which is made where there is none.
/// Who has withdrawn, or never was, has none.
///
/// # Errors
/// Database errors; [`DbError::Busy`] where it was made elsewhere since this transaction began.
pub fn address_salt(db: &mut Db, user: &str) -> Result<Option<[u8; 32]>, DbError> {
    let query = users::table
        .filter(users::public_id.eq(user))
        .select((users::id, users::state));
    let found = on!(db, c => query.first::<(i64, String)>(c).optional())?;
    let Some((key, state)) = found else {
        return Ok(None);
    };
    if named::<UserState>(&state)? == UserState::Withdrawn {
        return Ok(None);
    }
    if let Some(salt) = stored_salt(db, key)? {
        return Ok(Some(salt));
    }
    ensure(db, key)?;
    let fresh = random::<32>();
    let row = table::table.find(key).filter(table::address_salt.is_null());
    let change = table::address_salt.eq(&fresh[..]);
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    match stored_salt(db, key)? {
        Some(salt) => Ok(Some(salt)),
        // MySQL shows this transaction what stood when it began.
        None => Err(DbError::Busy("a member's salt was made elsewhere".into())),
    }
}

fn stored_salt(db: &mut Db, user: i64) -> Result<Option<[u8; 32]>, DbError> {
    let query = table::table.find(user).select(table::address_salt);
    let salt = on!(db, c => query.first::<Option<Vec<u8>>>(c).optional())?;
    salt.flatten().as_deref().map(hash32).transpose()
}

/// Deletes everything here of a member who withdraws: nobody reads his addresses afterwards.
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, user: i64) -> Result<(), DbError> {
    on!(db, c => diesel::delete(table::table.find(user)).execute(c))?;
    Ok(())
}

type Row = (Option<Vec<u8>>, Option<NaiveDateTime>, i64, Option<Vec<u8>>);

/// The second factor of a member.
///
/// # Errors
/// Database errors.
pub fn factor(db: &mut Db, user: i64) -> Result<Option<Factor>, DbError> {
    let query = table::table.find(user).select((
        table::factor_secret,
        table::factor_confirmed_at,
        table::factor_last_step,
        table::factor_recovery,
    ));
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    let Some((Some(secret), confirmed_at, last_step, recovery)) = row else {
        return Ok(None);
    };
    let hashes = recovery.as_deref().unwrap_or_default().chunks(HASH);
    Ok(Some(Factor {
        secret,
        confirmed: confirmed_at.is_some(),
        last_step,
        recovery: hashes.map(hash32).collect::<Result<_, _>>()?,
    }))
}

/// Stores a secret that isn't confirmed yet, in place of another such; says whether it did: not where
/// one is confirmed.
///
/// # Errors
/// Database errors.
pub fn propose(db: &mut Db, user: i64, secret: &[u8]) -> Result<bool, DbError> {
    ensure(db, user)?;
    let row = table::table
        .find(user)
        .filter(table::factor_confirmed_at.is_null());
    let change = (
        table::factor_secret.eq(secret),
        table::factor_last_step.eq(0),
        table::factor_recovery.eq(None::<Vec<u8>>),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Confirms a secret, by the code of a step; says whether it was still the one that was proposed.
///
/// # Errors
/// Database errors.
pub fn confirm(
    db: &mut Db,
    user: i64,
    secret: &[u8],
    step: i64,
    recovery: &[[u8; HASH]],
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = table::table
        .find(user)
        .filter(table::factor_secret.eq(secret))
        .filter(table::factor_confirmed_at.is_null());
    let change = (
        table::factor_confirmed_at.eq(to_stored(now)),
        table::factor_last_step.eq(step),
        table::factor_recovery.eq(recovery.concat()),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Uses a proof up; says whether it was still good.
///
/// # Errors
/// Database errors.
pub fn consume(db: &mut Db, user: i64, proof: &Proof) -> Result<bool, DbError> {
    let row = table::table
        .find(user)
        .filter(table::factor_confirmed_at.is_not_null());
    let changed = match proof {
        Proof::Step(step) => {
            let row = row.filter(table::factor_last_step.lt(*step));
            let change = table::factor_last_step.eq(*step);
            on!(db, c => diesel::update(row).set(change).execute(c))?
        }
        Proof::Recovery { before, after } => {
            let row = row.filter(table::factor_recovery.eq(before.concat()));
            let change = table::factor_recovery.eq(after.concat());
            on!(db, c => diesel::update(row).set(change).execute(c))?
        }
    };
    Ok(changed == 1)
}

/// Locks a member's row until the transaction ends: of tries at once each knows of the others.
///
/// # Errors
/// Database errors.
pub fn hold(db: &mut Db, user: i64) -> Result<(), DbError> {
    let change = table::factor_last_step.eq(table::factor_last_step);
    on!(db, c => diesel::update(table::table.find(user)).set(change).execute(c))?;
    Ok(())
}

/// Removes the second factor of a member; says whether there was one that counted.
///
/// # Errors
/// Database errors.
pub fn drop_factor(db: &mut Db, user: i64) -> Result<bool, DbError> {
    let counted = factor(db, user)?.is_some_and(|factor| factor.confirmed);
    let change = (
        table::factor_secret.eq(None::<Vec<u8>>),
        table::factor_confirmed_at.eq(None::<NaiveDateTime>),
        table::factor_last_step.eq(0),
        table::factor_recovery.eq(None::<Vec<u8>>),
    );
    on!(db, c => diesel::update(table::table.find(user)).set(change).execute(c))?;
    Ok(counted)
}
