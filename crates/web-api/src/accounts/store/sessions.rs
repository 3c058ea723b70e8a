//! Sign-ins, one a device.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::account::{FamilyHash, SessionFamily};
use domain::token::{SessionId, Statement};

use super::{named, statements};
use crate::db::schema::{sessions as table, users};
use crate::db::{Db, DbError, on, to_stored};

/// Why a session ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ended {
    /// Its owner signed out.
    SignedOut,
    /// One of its tokens came a second time.
    Reused,
    /// The password was changed.
    PasswordChanged,
    /// A forgotten password was replaced.
    PasswordReset,
    /// Another one began, and there were as many as there may be.
    TooMany,
    /// Its owner became something else to the service.
    RoleChanged,
    /// The second factor was removed.
    FactorRemoved,
    /// The service that he signed in by said that this is over.
    Unlinked,
}

impl Ended {
    /// The name in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignedOut => "signedOut",
            Self::Reused => "reused",
            Self::PasswordChanged => "passwordChanged",
            Self::PasswordReset => "passwordReset",
            Self::TooMany => "tooMany",
            Self::RoleChanged => "roleChanged",
            Self::FactorRemoved => "factorRemoved",
            Self::Unlinked => "unlinked",
        }
    }
}

/// A session as it is stored.
#[derive(Debug, Clone)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Whose it is.
    pub user: i64,
    /// Where it stands.
    pub family: SessionFamily,
    /// What its owner sees it as.
    pub device: String,
}

type Row = (
    String,
    i64,
    i64,
    NaiveDateTime,
    NaiveDateTime,
    String,
    Option<NaiveDateTime>,
);

macro_rules! columns {
    () => {
        (
            table::id,
            table::user_id,
            table::generation,
            table::created_at,
            table::rotated_at,
            table::device,
            table::ended_at,
        )
    };
}

fn session(row: Row) -> Result<Session, DbError> {
    let (id, user, generation, created_at, rotated_at, device, ended_at) = row;
    Ok(Session {
        id: named(&id)?,
        user,
        family: SessionFamily {
            generation: u32::try_from(generation).map_err(DbError::data)?,
            created_at: created_at.and_utc(),
            rotated_at: rotated_at.and_utc(),
            ended: ended_at.is_some(),
        },
        device,
    })
}

/// Begins one.
///
/// # Errors
/// Database errors.
pub fn insert(db: &mut Db, session: &Session, hash: &FamilyHash) -> Result<(), DbError> {
    let family = &session.family;
    let row = (
        table::id.eq(session.id.as_str()),
        table::user_id.eq(session.user),
        table::family_hash.eq(&hash.as_bytes()[..]),
        table::generation.eq(i64::from(family.generation)),
        table::created_at.eq(to_stored(family.created_at)),
        table::rotated_at.eq(to_stored(family.rotated_at)),
        table::expires_at.eq(to_stored(family.expires_at())),
        table::device.eq(&session.device),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// The one that a refresh token belongs to.
///
/// # Errors
/// Database errors.
pub fn by_family(db: &mut Db, hash: &FamilyHash) -> Result<Option<Session>, DbError> {
    let query = table::table
        .filter(table::family_hash.eq(&hash.as_bytes()[..]))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(session).transpose()
}

/// Those of a member that are still good, the last used first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn open(
    db: &mut Db,
    user: i64,
    now: DateTime<Utc>,
    most: i64,
) -> Result<Vec<Session>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .filter(table::ended_at.is_null())
        .filter(table::expires_at.gt(to_stored(now)))
        .order((table::rotated_at.desc(), table::id.desc()))
        .limit(most)
        .select(columns!());
    let rows = on!(db, c => query.load::<Row>(c))?;
    rows.into_iter().map(session).collect()
}

/// When one of a member's began that is still open.
///
/// # Errors
/// Database errors.
pub fn open_since(
    db: &mut Db,
    user: i64,
    id: &SessionId,
) -> Result<Option<DateTime<Utc>>, DbError> {
    let query = table::table
        .find(id.as_str())
        .filter(table::user_id.eq(user))
        .filter(table::ended_at.is_null())
        .select(table::created_at);
    let began: Option<NaiveDateTime> = on!(db, c => query.first(c).optional())?;
    Ok(began.map(|began| began.and_utc()))
}

/// Ids of all of a member's.
///
/// # Errors
/// Database errors.
pub fn ids(db: &mut Db, user: i64) -> Result<Vec<SessionId>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .select(table::id);
    let ids: Vec<String> = on!(db, c => query.load(c))?;
    ids.iter().map(|id| named(id)).collect()
}

/// Notes that the second factor of a member's session was given.
///
/// # Errors
/// Database errors.
pub fn give_second_factor(
    db: &mut Db,
    user: i64,
    id: &SessionId,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = table::table
        .find(id.as_str())
        .filter(table::user_id.eq(user));
    let change = table::second_factor_at.eq(to_stored(now));
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(())
}

/// When the second factor of a session was given.
///
/// # Errors
/// Database errors.
pub fn second_factor_at(db: &mut Db, id: &SessionId) -> Result<Option<DateTime<Utc>>, DbError> {
    let query = table::table
        .find(id.as_str())
        .select(table::second_factor_at);
    let at = on!(db, c => query.first::<Option<NaiveDateTime>>(c).optional())?;
    Ok(at.flatten().map(|at| at.and_utc()))
}

/// Stores the next generation, if the one that was read is still the last; says whether it was.
///
/// # Errors
/// Database errors.
pub fn rotate(
    db: &mut Db,
    id: &SessionId,
    old: &SessionFamily,
    new: &SessionFamily,
) -> Result<bool, DbError> {
    let row = table::table
        .find(id.as_str())
        .filter(table::generation.eq(i64::from(old.generation)))
        .filter(table::ended_at.is_null());
    let change = (
        table::generation.eq(i64::from(new.generation)),
        table::rotated_at.eq(to_stored(new.rotated_at)),
        table::expires_at.eq(to_stored(new.expires_at())),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Ends one of a member's and states it for chat-server; says whether it was open. Inside a
/// transaction, so that neither is without the other.
///
/// # Errors
/// Database errors.
pub fn end(
    db: &mut Db,
    user: i64,
    id: &SessionId,
    why: Ended,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = table::table
        .find(id.as_str())
        .filter(table::user_id.eq(user))
        .filter(table::ended_at.is_null());
    let change = (
        table::ended_at.eq(to_stored(now)),
        table::ended_why.eq(why.as_str()),
    );
    if on!(db, c => diesel::update(row).set(change).execute(c))? == 0 {
        return Ok(false);
    }
    let whose = users::table.find(user).select(users::public_id);
    let whose: String = on!(db, c => whose.first(c))?;
    let statement = Statement::SessionRevoked {
        session: id.clone(),
        user: named(&whose)?,
    };
    statements::add(db, &statement, now)?;
    Ok(true)
}

/// Ends every one of a member's but `kept`; gives the ids. Inside a transaction.
///
/// # Errors
/// Database errors.
pub fn end_others(
    db: &mut Db,
    user: i64,
    kept: Option<&SessionId>,
    why: Ended,
    now: DateTime<Utc>,
) -> Result<Vec<SessionId>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .filter(table::ended_at.is_null())
        .select(table::id);
    let ids = on!(db, c => query.load::<String>(c))?;
    let mut ended = Vec::new();
    for id in ids {
        let id: SessionId = named(&id)?;
        if Some(&id) != kept && end(db, user, &id, why, now)? {
            ended.push(id);
        }
    }
    Ok(ended)
}

/// Sessions that ended after that time, at most `most`: their access tokens may still be about.
///
/// # Errors
/// Database errors.
pub fn ended_after(
    db: &mut Db,
    after: DateTime<Utc>,
    most: i64,
) -> Result<Vec<(String, DateTime<Utc>)>, DbError> {
    let query = table::table
        .filter(table::ended_at.gt(to_stored(after)))
        .order(table::ended_at.desc())
        .limit(most)
        .select((table::id, table::ended_at));
    let rows = on!(db, c => query.load::<(String, Option<NaiveDateTime>)>(c))?;
    Ok(rows
        .into_iter()
        .filter_map(|(id, at)| Some((id, at?.and_utc())))
        .collect())
}

/// Deletes those that ended, or were too old, before that time.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, before: DateTime<Utc>) -> Result<(), DbError> {
    let before = to_stored(before);
    let ended = table::table.filter(table::ended_at.lt(before));
    on!(db, c => diesel::delete(ended).execute(c))?;
    let expired = table::table.filter(table::expires_at.lt(before));
    on!(db, c => diesel::delete(expired).execute(c))?;
    Ok(())
}
