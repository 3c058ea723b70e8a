//! Providers that have to be told that somebody left.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clock::later;

use super::identities::Identity;
use crate::accounts::social::Provider;
use crate::accounts::store::named;
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
    let (subject, token) = (identity.subject.as_deref(), identity.token.as_deref());
    add(db, identity.provider, subject, token, now)
}

/// Adds a job for a person, if there is what his provider asks for.
///
/// # Errors
/// Database errors.
pub fn add(
    db: &mut Db,
    provider: Provider,
    subject: Option<&[u8]>,
    token: Option<&[u8]>,
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
    type Row = (i64, String, Vec<u8>, i32, NaiveDateTime);
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
        ));
    let mut taken = Vec::new();
    for (id, provider, sealed, attempts, created_at) in on!(db, c => query.load::<Row>(c))? {
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
            });
        }
    }
    Ok(taken)
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
