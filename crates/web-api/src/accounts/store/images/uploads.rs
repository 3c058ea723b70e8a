//! Permissions to upload a picture.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::prelude::*;
use domain::clock::later;
use domain::token::UserId;

use super::super::named;
use crate::db::schema::{image_uploads as table, users};
use crate::db::{Db, DbError, on, to_stored};

/// Nothing has come yet, as far as this server knows.
const WAITING: &str = "waiting";
/// It lies in the store.
const RECEIVED: &str = "received";
/// It became a picture.
const USED: &str = "used";
/// It isn't one.
const REFUSED: &str = "refused";

/// What was permitted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: String,
    /// The member's key.
    pub user: i64,
    /// The member's id.
    pub owner: UserId,
    /// The type that was announced.
    pub content_type: String,
    /// The length that was announced, in bytes.
    pub size: u32,
    /// When it was permitted.
    pub created_at: DateTime<Utc>,
    /// Until when it may be sent.
    pub expires_at: DateTime<Utc>,
    /// How far it is.
    pub state: State,
}

/// How far an upload is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It may come, or lie in the store.
    Open,
    /// It lies in our own store.
    Received,
    /// It became a picture.
    Used,
    /// It was none.
    Refused,
}

type Row = (
    String,
    i64,
    String,
    String,
    i32,
    String,
    NaiveDateTime,
    NaiveDateTime,
);

macro_rules! columns {
    () => {
        (
            table::id,
            table::user_id,
            users::public_id,
            table::content_type,
            table::size,
            table::state,
            table::created_at,
            table::expires_at,
        )
    };
}

fn upload(row: Row) -> Result<Upload, DbError> {
    let (id, user, owner, content_type, size, state, created_at, expires_at) = row;
    Ok(Upload {
        id,
        user,
        owner: named(&owner)?,
        content_type,
        size: u32::try_from(size).map_err(DbError::data)?,
        created_at: created_at.and_utc(),
        expires_at: expires_at.and_utc(),
        state: match state.as_str() {
            WAITING => State::Open,
            RECEIVED => State::Received,
            USED => State::Used,
            REFUSED => State::Refused,
            _ => return Err(DbError::data("an upload in no state")),
        },
    })
}

/// Stores a permission.
///
/// # Errors
/// Database errors.
pub fn insert(db: &mut Db, new: &Upload) -> Result<(), DbError> {
    let row = (
        table::id.eq(&new.id),
        table::user_id.eq(new.user),
        table::content_type.eq(&new.content_type),
        table::size.eq(i32::try_from(new.size).map_err(DbError::data)?),
        table::state.eq(WAITING),
        table::created_at.eq(to_stored(new.created_at)),
        table::expires_at.eq(to_stored(new.expires_at)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// When the permissions that a member got after `since` were given, the oldest first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn given_since(
    db: &mut Db,
    user: i64,
    since: DateTime<Utc>,
    most: i64,
) -> Result<Vec<DateTime<Utc>>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .filter(table::created_at.gt(to_stored(since)))
        .order(table::created_at.asc())
        .limit(most)
        .select(table::created_at);
    let times: Vec<NaiveDateTime> = on!(db, c => query.load(c))?;
    Ok(times.into_iter().map(|at| at.and_utc()).collect())
}

/// The one of an id, whoever's it is: for who proves by a signature that it was given to him.
///
/// # Errors
/// Database errors.
pub fn find(db: &mut Db, id: &str) -> Result<Option<Upload>, DbError> {
    let query = table::table
        .inner_join(users::table.on(users::id.eq(table::user_id)))
        .filter(table::id.eq(id))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(upload).transpose()
}

/// The one of an id, if it is this member's.
///
/// # Errors
/// Database errors.
pub fn of_owner(db: &mut Db, id: &str, owner: &UserId) -> Result<Option<Upload>, DbError> {
    let query = table::table
        .inner_join(users::table.on(users::id.eq(table::user_id)))
        .filter(table::id.eq(id))
        .filter(users::public_id.eq(owner.as_str()))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(upload).transpose()
}

/// Notes that the bytes come now, which happens once; says whether this is that time.
///
/// # Errors
/// Database errors.
pub fn receive(db: &mut Db, id: &str, now: DateTime<Utc>) -> Result<bool, DbError> {
    let row = table::table
        .find(id)
        .filter(table::state.eq(WAITING))
        .filter(table::expires_at.gt(to_stored(now)));
    let change = table::state.eq(RECEIVED);
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Takes that back: the bytes could not be stored.
///
/// # Errors
/// Database errors.
pub fn not_received(db: &mut Db, id: &str) -> Result<(), DbError> {
    let row = table::table.find(id).filter(table::state.eq(RECEIVED));
    let change = table::state.eq(WAITING);
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(())
}

/// Gives the work on an upload to one request for so long; says whether it was free.
///
/// # Errors
/// Database errors.
pub fn claim(
    db: &mut Db,
    id: &str,
    claim: &str,
    lease: TimeDelta,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let at = to_stored(now);
    let row = table::table
        .find(id)
        .filter(table::state.eq_any([WAITING, RECEIVED]))
        .filter(
            table::claimed_until
                .is_null()
                .or(table::claimed_until.le(at)),
        );
    let change = (
        table::claim.eq(claim),
        table::claimed_until.eq(to_stored(later(now, lease))),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Ends the work of a request on an upload for good; says whether it still had it.
///
/// # Errors
/// Database errors.
pub fn end(db: &mut Db, id: &str, claim: &str, used: bool) -> Result<bool, DbError> {
    let row = table::table
        .find(id)
        .filter(table::claim.eq(claim))
        .filter(table::state.eq_any([WAITING, RECEIVED]));
    let change = (
        table::state.eq(if used { USED } else { REFUSED }),
        table::claimed_until.eq(None::<NaiveDateTime>),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Gives the work back: another request may do it.
///
/// # Errors
/// Database errors.
pub fn release(db: &mut Db, id: &str, claim: &str) -> Result<(), DbError> {
    let row = table::table.find(id).filter(table::claim.eq(claim));
    let change = (
        table::claim.eq(None::<String>),
        table::claimed_until.eq(None::<NaiveDateTime>),
    );
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(())
}

/// Deletes those that were given before.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, before: DateTime<Utc>) -> Result<usize, DbError> {
    let old = table::table.filter(table::created_at.lt(to_stored(before)));
    Ok(on!(db, c => diesel::delete(old).execute(c))?)
}
