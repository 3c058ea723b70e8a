//! Files that are to be deleted.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clock::later;

use crate::db::schema::image_deletions as table;
use crate::db::{Db, DbError, on, to_stored};

/// After the first try that failed; it doubles with each further one.
const FIRST_PAUSE: i64 = 10;
/// Doublings, at most: 10 s become 85 min.
const MOST_DOUBLINGS: i32 = 9;

/// Marks a file: it is deleted at `at`, and once more at `until`, when nobody can write it any more.
///
/// # Errors
/// [`DbError::Conflict`] where it is marked already.
pub fn add(
    db: &mut Db,
    file: &str,
    at: DateTime<Utc>,
    until: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = (
        table::file.eq(file),
        table::next_at.eq(to_stored(at)),
        table::until_at.eq(to_stored(until)),
        table::attempts.eq(0),
        table::created_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Has a marked file deleted at once instead of later; says whether it is marked.
///
/// # Errors
/// Database errors.
pub fn at_once(db: &mut Db, file: &str, now: DateTime<Utc>) -> Result<bool, DbError> {
    let change = table::next_at.eq(to_stored(now));
    let row = table::table.find(file);
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Takes the mark from a file that is needed after all; says whether it was there and nobody had
/// begun to delete the file. Where it says no, the file may be gone.
///
/// # Errors
/// Database errors.
pub fn keep(db: &mut Db, file: &str) -> Result<bool, DbError> {
    let row = table::table.find(file).filter(table::attempts.eq(0));
    Ok(on!(db, c => diesel::delete(row).execute(c))? == 1)
}

/// Takes what is due, the longest due first, at most `most`. What is taken comes again after a
/// pause, unless [`done`] says that it need not.
///
/// # Errors
/// Database errors.
pub fn take(db: &mut Db, now: DateTime<Utc>, most: i64) -> Result<Vec<String>, DbError> {
    let query = table::table
        .filter(table::next_at.le(to_stored(now)))
        .order((table::next_at.asc(), table::file.asc()))
        .limit(most)
        .select((table::file, table::next_at, table::attempts));
    let mut taken = Vec::new();
    for (file, next_at, attempts) in on!(db, c => query.load::<(String, NaiveDateTime, i32)>(c))? {
        let pause = FIRST_PAUSE << attempts.clamp(0, MOST_DOUBLINGS);
        let change = (
            table::next_at.eq(to_stored(later(now, TimeDelta::seconds(pause)))),
            table::attempts.eq(attempts.saturating_add(1)),
        );
        // Where another instance was faster nothing is left to take.
        let row = table::table.find(&file).filter(table::next_at.eq(next_at));
        if on!(db, c => diesel::update(row).set(change).execute(c))? == 1 {
            taken.push(file);
        }
    }
    Ok(taken)
}

/// Notes that a file is gone.
///
/// # Errors
/// Database errors.
pub fn done(db: &mut Db, file: &str, now: DateTime<Utc>) -> Result<(), DbError> {
    let now = to_stored(now);
    let over = table::table.find(file).filter(table::until_at.le(now));
    if on!(db, c => diesel::delete(over).execute(c))? == 0 {
        let change = (table::next_at.eq(table::until_at), table::attempts.eq(1));
        let row = table::table.find(file);
        on!(db, c => diesel::update(row).set(change).execute(c))?;
    }
    Ok(())
}
