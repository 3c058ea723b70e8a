//! What repeated calls with an `Idempotency-Key` are answered with.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clock::later;
use domain::token::UserId;

use super::hash32;
use crate::db::schema::once_answers as table;
use crate::db::{Db, DbError, on, to_stored};

/// How long an answer is repeated (the contract's 24 hours).
const KEPT: TimeDelta = TimeDelta::hours(24);

/// A call that may come again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Once {
    /// Keyed hash of caller, route and the client's key.
    pub key: [u8; 32],
    /// Keyed hash of what is asked for.
    pub body: [u8; 32],
    /// Who asks: his answers go with him.
    pub caller: UserId,
}

/// An answer, as it was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// Its status.
    pub status: u16,
    /// Its body, JSON.
    pub body: String,
}

/// What is known of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Known {
    /// It came before, and got this.
    Given(Given),
    /// Its key came with another body.
    OtherBody,
}

fn since(now: DateTime<Utc>) -> NaiveDateTime {
    to_stored(later(now, -KEPT))
}

/// What is known of a call; `None` where it didn't come within 24 hours.
///
/// # Errors
/// Database errors.
pub fn find(db: &mut Db, once: &Once, now: DateTime<Utc>) -> Result<Option<Known>, DbError> {
    let query = table::table
        .find(&once.key[..])
        .filter(table::created_at.gt(since(now)))
        .select((table::body_hash, table::status, table::answer));
    let found = on!(db, c => query.first::<(Vec<u8>, i32, String)>(c).optional())?;
    found
        .map(|(body_hash, status, body)| {
            if hash32(&body_hash)? != once.body {
                return Ok(Known::OtherBody);
            }
            let status = u16::try_from(status).map_err(DbError::data)?;
            Ok(Known::Given(Given { status, body }))
        })
        .transpose()
}

/// Notes the answer, in the transaction that does what it tells of. What it replaces is older than
/// 24 hours.
///
/// # Errors
/// [`DbError::Conflict`] where the key has its answer already: the transaction is to be run again.
pub fn add(db: &mut Db, once: &Once, given: &Given, now: DateTime<Utc>) -> Result<(), DbError> {
    // Looked for first: deleting what isn't there locks the gap on MySQL, and many who do it at once
    // wait for each other.
    let old = table::table
        .find(&once.key[..])
        .filter(table::created_at.le(since(now)));
    let count = old.count();
    if on!(db, c => count.get_result::<i64>(c))? > 0 {
        on!(db, c => diesel::delete(old).execute(c))?;
    }
    let row = (
        table::key_hash.eq(&once.key[..]),
        table::body_hash.eq(&once.body[..]),
        table::caller_id.eq(once.caller.as_str()),
        table::status.eq(i32::from(given.status)),
        table::answer.eq(&given.body),
        table::created_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Forgets what a member was answered, for his withdrawal.
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, member: &UserId) -> Result<(), DbError> {
    let his = table::table.filter(table::caller_id.eq(member.as_str()));
    on!(db, c => diesel::delete(his).execute(c))?;
    Ok(())
}

/// Deletes what is repeated no more.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    let old = table::table.filter(table::created_at.le(since(now)));
    on!(db, c => diesel::delete(old).execute(c))?;
    Ok(())
}
