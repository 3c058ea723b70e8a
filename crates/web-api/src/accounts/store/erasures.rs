//! What remains of who withdrew: a receipt that names nobody, and for some minutes an opaque id whose
//! access tokens are refused.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::token::{StatementId, UserId};

use crate::db::schema::{erased_users, erasure_receipts as receipts};
use crate::db::{Db, DbError, on, to_stored};

/// A receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// By which it is found; nobody can guess it.
    pub id: String,
    /// When everything here was erased.
    pub erased_at: DateTime<Utc>,
    /// When chat-server said that it has done the same.
    pub chat_done_at: Option<DateTime<Utc>>,
}

/// Writes a receipt, inside the transaction of the erasure that `statement` tells.
///
/// # Errors
/// Database errors.
pub fn add_receipt(
    db: &mut Db,
    id: &str,
    statement: &StatementId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = (
        receipts::id.eq(id),
        receipts::erased_at.eq(to_stored(now)),
        receipts::statement_id.eq(statement.as_str()),
    );
    on!(db, c => diesel::insert_into(receipts::table).values(row).execute(c))?;
    Ok(())
}

/// The receipt of an id.
///
/// # Errors
/// Database errors.
pub fn receipt(db: &mut Db, id: &str) -> Result<Option<Receipt>, DbError> {
    let query = receipts::table
        .find(id)
        .select((receipts::erased_at, receipts::chat_done_at));
    let row: Option<(NaiveDateTime, Option<NaiveDateTime>)> =
        on!(db, c => query.first(c).optional())?;
    Ok(row.map(|(erased_at, chat_done_at)| Receipt {
        id: id.to_owned(),
        erased_at: erased_at.and_utc(),
        chat_done_at: chat_done_at.map(|at| at.and_utc()),
    }))
}

/// Chat-server has acknowledged.
pub(super) fn chat_done(
    db: &mut Db,
    statement: &StatementId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let open = receipts::table
        .filter(receipts::statement_id.eq(statement.as_str()))
        .filter(receipts::chat_done_at.is_null());
    let change = receipts::chat_done_at.eq(to_stored(now));
    on!(db, c => diesel::update(open).set(change).execute(c))?;
    Ok(())
}

/// Notes who is gone, inside the transaction of the erasure.
///
/// # Errors
/// Database errors.
pub fn note_gone(db: &mut Db, user: &UserId, now: DateTime<Utc>) -> Result<(), DbError> {
    let row = (
        erased_users::public_id.eq(user.as_str()),
        erased_users::erased_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(erased_users::table).values(row).execute(c))?;
    Ok(())
}

/// Who is gone since that time, at most `most`: their access tokens may still be about.
///
/// # Errors
/// Database errors.
pub fn gone_after(
    db: &mut Db,
    after: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(String, DateTime<Utc>)>, DbError> {
    let query = erased_users::table
        .filter(erased_users::erased_at.gt(to_stored(after)))
        .order(erased_users::erased_at.desc())
        .limit(most)
        .select((erased_users::public_id, erased_users::erased_at));
    let rows = on!(db, c => query.load::<(String, NaiveDateTime)>(c))?;
    Ok(rows
        .into_iter()
        .map(|(id, at)| (id, at.and_utc()))
        .collect())
}

/// Deletes ids of who was gone before `gone`, and receipts that were complete before `completed`.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, gone: DateTime<Utc>, completed: DateTime<Utc>) -> Result<(), DbError> {
    let over = erased_users::table.filter(erased_users::erased_at.lt(to_stored(gone)));
    on!(db, c => diesel::delete(over).execute(c))?;
    let old = receipts::table.filter(receipts::chat_done_at.lt(to_stored(completed)));
    on!(db, c => diesel::delete(old).execute(c))?;
    Ok(())
}
