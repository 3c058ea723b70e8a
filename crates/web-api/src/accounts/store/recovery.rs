//! What changes about a member's proofs besides a password that he knows: a forgotten one, its hash, his
//! number.

use chrono::{DateTime, Utc};
use diesel::prelude::*;
use domain::account::LoginId;

use crate::db::schema::users as table;
use crate::db::{Db, DbError, on, to_stored};

/// Holds a member's row until the end of the transaction, if this is still his password's hash; says
/// whether it was. Whoever changes the password meanwhile waits.
///
/// # Errors
/// Database errors.
pub fn hold(db: &mut Db, key: i64, hash: &str) -> Result<bool, DbError> {
    let row = table::table.find(key).filter(table::password_hash.eq(hash));
    let same = table::updated_at.eq(table::updated_at);
    Ok(on!(db, c => diesel::update(row).set(same).execute(c))? == 1)
}

/// Stores the same password hashed anew, on the condition that the old hash still stands; says whether
/// it did. It isn't another password: its date stays.
///
/// # Errors
/// Database errors.
pub fn rehash(
    db: &mut Db,
    key: i64,
    old: &str,
    new: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = table::table.find(key).filter(table::password_hash.eq(old));
    let change = (
        table::password_hash.eq(new),
        table::updated_at.eq(to_stored(now)),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Replaces a forgotten password of the member who has both this login id and this number; says whether
/// there is one.
///
/// # Errors
/// Database errors.
pub fn reset_password(
    db: &mut Db,
    login_id: &LoginId,
    phone_index: &[u8; 32],
    new: &str,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = table::table
        .filter(table::login_id.eq(login_id.as_str()))
        .filter(table::phone_index.eq(&phone_index[..]));
    let change = (
        table::password_hash.eq(new),
        table::password_changed_at.eq(to_stored(now)),
        table::updated_at.eq(to_stored(now)),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Gives a member another number.
///
/// # Errors
/// [`DbError::Conflict`] where it is another's.
pub fn change_phone(
    db: &mut Db,
    key: i64,
    sealed: &[u8],
    index: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let change = (
        table::phone_sealed.eq(sealed),
        table::phone_index.eq(&index[..]),
        table::updated_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::update(table::table.find(key)).set(change).execute(c))?;
    Ok(())
}
