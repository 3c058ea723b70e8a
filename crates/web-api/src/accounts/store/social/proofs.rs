//! Sessions whose member proved himself anew.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::clock::later;
use domain::token::SessionId;

use crate::accounts::social::FRESH;
use crate::db::schema::reauthentications as table;
use crate::db::{Db, DbError, on, to_stored};

/// Notes a proof; an older one of the session goes. In a transaction.
///
/// # Errors
/// Database errors.
pub fn note(
    db: &mut Db,
    user: i64,
    session: &SessionId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let old = table::table.find(session.as_str());
    on!(db, c => diesel::delete(old).execute(c))?;
    let row = (
        table::session_id.eq(session.as_str()),
        table::user_id.eq(user),
        table::proved_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Whether the member proved himself in this session within the last ten minutes.
///
/// # Errors
/// Database errors.
pub fn is_fresh(
    db: &mut Db,
    user: i64,
    session: &SessionId,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let query = table::table
        .find(session.as_str())
        .filter(table::user_id.eq(user))
        .filter(table::proved_at.gt(to_stored(later(now, -FRESH))))
        .select(table::proved_at);
    Ok(on!(db, c => query.first::<NaiveDateTime>(c).optional())?.is_some())
}

/// Deletes all of a member's.
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, user: i64) -> Result<(), DbError> {
    let rows = table::table.filter(table::user_id.eq(user));
    on!(db, c => diesel::delete(rows).execute(c))?;
    Ok(())
}

/// Deletes those that prove nothing any more.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    let old = table::table.filter(table::proved_at.lt(to_stored(later(now, -FRESH))));
    on!(db, c => diesel::delete(old).execute(c))?;
    Ok(())
}
