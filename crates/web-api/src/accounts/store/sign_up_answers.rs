//! What a repeated sign-up is answered with.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clock::later;
use domain::token::UserId;

use super::{hash32, named};
use crate::db::schema::sign_up_answers as table;
use crate::db::{Db, DbError, on, to_stored};

/// How long an answer is repeated (the contract's 24 hours).
const KEPT: TimeDelta = TimeDelta::hours(24);

/// A sign-up that may come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Once {
    /// Keyed hash of the client's key and of what proves him.
    pub key: [u8; 32],
    /// Keyed hash of what he asks for.
    pub body: [u8; 32],
}

fn since(now: DateTime<Utc>) -> NaiveDateTime {
    to_stored(later(now, -KEPT))
}

/// The hash of the body that a key came with, and the member that was made.
///
/// # Errors
/// Database errors.
pub fn find(
    db: &mut Db,
    key: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<Option<([u8; 32], UserId)>, DbError> {
    let query = table::table
        .find(&key[..])
        .filter(table::created_at.gt(since(now)))
        .select((table::body_hash, table::member_id));
    let found = on!(db, c => query.first::<(Vec<u8>, String)>(c).optional())?;
    found
        .map(|(body, member)| Ok((hash32(&body)?, named(&member)?)))
        .transpose()
}

/// Notes the answer, in the transaction that makes the member.
///
/// # Errors
/// [`DbError::Conflict`] where the key has its answer already.
pub fn add(db: &mut Db, once: &Once, member: &UserId, now: DateTime<Utc>) -> Result<(), DbError> {
    let old = table::table
        .find(&once.key[..])
        .filter(table::created_at.le(since(now)));
    on!(db, c => diesel::delete(old).execute(c))?;
    let row = (
        table::key_hash.eq(&once.key[..]),
        table::body_hash.eq(&once.body[..]),
        table::member_id.eq(member.as_str()),
        table::created_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Forgets what was noted of a member, for his withdrawal.
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, member: &UserId) -> Result<(), DbError> {
    let his = table::table.filter(table::member_id.eq(member.as_str()));
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
