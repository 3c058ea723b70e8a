//! Providers that have to be told that somebody left.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clock::later;

use super::exchanges;
use super::identities::Identity;
use crate::accounts::social::Provider;
use crate::accounts::store::{hash32, named};
use crate::db::schema::social_unlinks as table;
use crate::db::{Db, DbError, on, to_stored};

/// What one who tells has taken.
#[derive(Debug, Clone)]
pub struct Job {
    /// Of the job.
    pub id: i64,
    /// Who has to be told.
    pub provider: Provider,
    /// What for Kakao is the person's id and for the others a token, sealed.
    pub sealed: Vec<u8>,
    /// By which the person is found; absent in jobs of before there was one.
    pub subject_index: Option<[u8; 32]>,
    /// How often it was tried.
    pub attempts: u32,
    /// Since when.
    pub created_at: DateTime<Utc>,
}

/// Adds a job for an identity that is about to be deleted, if there is anything to tell.
///
/// # Errors
/// Database errors.
pub fn add_for(db: &mut Db, identity: &Identity, now: DateTime<Utc>) -> Result<(), DbError> {
    if !identity.linked {
        return Ok(());
    }
    let secrets = (identity.subject.as_deref(), identity.token.as_deref());
    add(db, identity.provider, &identity.subject_index, secrets, now)
}

/// Adds a job for a person, if there is what his provider asks for: the sealed id or the sealed token.
///
/// # Errors
/// Database errors.
pub fn add(
    db: &mut Db,
    provider: Provider,
    index: &[u8; 32],
    (subject, token): (Option<&[u8]>, Option<&[u8]>),
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let sealed = match provider {
        Provider::Kakao => subject,
        Provider::Naver | Provider::Google => token,
    };
    let Some(sealed) = sealed else {
        return Ok(());
    };
    let now = to_stored(now);
    let row = (
        table::provider.eq(provider.as_str()),
        table::sealed.eq(sealed),
        table::attempts.eq(0),
        table::next_at.eq(now),
        table::created_at.eq(now),
        table::subject_index.eq(&index[..]),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Takes jobs whose turn it is, at most `most`.
///
/// # Errors
/// Database errors.
pub fn take(
    db: &mut Db,
    owner: &str,
    now: DateTime<Utc>,
    lease: TimeDelta,
    most: i64,
) -> Result<Vec<Job>, DbError> {
    type Row = (i64, String, Vec<u8>, i32, NaiveDateTime, Option<Vec<u8>>);
    let at = to_stored(now);
    let query = table::table
        .filter(table::next_at.le(at))
        .filter(table::lease_until.is_null().or(table::lease_until.le(at)))
        .order((table::next_at.asc(), table::id.asc()))
        .limit(most)
        .select((
            table::id,
            table::provider,
            table::sealed,
            table::attempts,
            table::created_at,
            table::subject_index,
        ));
    let mut taken = Vec::new();
    for (id, provider, sealed, attempts, created_at, index) in on!(db, c => query.load::<Row>(c))? {
        let free = table::table
            .find(id)
            .filter(table::lease_until.is_null().or(table::lease_until.le(at)));
        let change = (
            table::lease_owner.eq(owner),
            table::lease_until.eq(to_stored(later(now, lease))),
        );
        if on!(db, c => diesel::update(free).set(change).execute(c))? == 1 {
            taken.push(Job {
                id,
                provider: named(&provider)?,
                sealed,
                attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
                created_at: created_at.and_utc(),
                subject_index: index.map(|index| hash32(&index)).transpose()?,
            });
        }
    }
    Ok(taken)
}

/// Drops what waits to be told of a person who has come again: what he agreed to since must not be ended by
/// it. What it would have been ended with is the new link's. Gives false where somebody is just telling it.
///
/// Whoever has taken a job looks for the person only then ([`exchanges::is_wanted`]); the caller's own row of
/// the person is committed before: so one of the two sees the other. In a transaction.
///
/// # Errors
/// Database errors.
pub fn drop_waiting(
    db: &mut Db,
    provider: Provider,
    index: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let at = to_stored(now);
    let query = table::table
        .filter(table::provider.eq(provider.as_str()))
        .filter(table::subject_index.eq(&index[..]))
        .order(table::id.desc())
        .select((table::id, table::sealed));
    for (id, sealed) in on!(db, c => query.load::<(i64, Vec<u8>)>(c))? {
        let free = table::table
            .find(id)
            .filter(table::lease_until.is_null().or(table::lease_until.le(at)));
        if on!(db, c => diesel::delete(free).execute(c))? == 0 {
            return Ok(false);
        }
        hand_over(db, provider, index, &sealed)?;
    }
    Ok(true)
}

/// Drops a job that the owner holds, whose person has come again since. Says whether he has.
///
/// # Errors
/// Database errors.
pub fn drop_taken(db: &mut Db, owner: &str, job: &Job) -> Result<bool, DbError> {
    let Some(index) = &job.subject_index else {
        return Ok(false);
    };
    if !exchanges::is_wanted(db, job.provider, index)? {
        return Ok(false);
    }
    hand_over(db, job.provider, index, &job.sealed)?;
    over(db, owner, job.id)?;
    Ok(true)
}

/// Kakao's jobs hold an id, which every link has of its own.
fn hand_over(
    db: &mut Db,
    provider: Provider,
    index: &[u8; 32],
    sealed: &[u8],
) -> Result<(), DbError> {
    match provider {
        Provider::Kakao => Ok(()),
        Provider::Naver | Provider::Google => exchanges::inherit(db, provider, index, sealed),
    }
}

/// Deletes a job that the owner holds.
///
/// # Errors
/// Database errors.
pub fn over(db: &mut Db, owner: &str, id: i64) -> Result<(), DbError> {
    let held = table::table.find(id).filter(table::lease_owner.eq(owner));
    on!(db, c => diesel::delete(held).execute(c))?;
    Ok(())
}

/// Gives a job back for later.
///
/// # Errors
/// Database errors.
pub fn again(db: &mut Db, owner: &str, job: &Job, next_at: DateTime<Utc>) -> Result<(), DbError> {
    let held = table::table
        .find(job.id)
        .filter(table::lease_owner.eq(owner));
    let attempts = i32::try_from(job.attempts.saturating_add(1)).unwrap_or(i32::MAX);
    let change = (
        table::attempts.eq(attempts),
        table::next_at.eq(to_stored(next_at)),
        table::lease_owner.eq(None::<String>),
        table::lease_until.eq(None::<NaiveDateTime>),
    );
    on!(db, c => diesel::update(held).set(change).execute(c))?;
    Ok(())
}
