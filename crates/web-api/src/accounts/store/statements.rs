//! What chat-server still has to be told.
//!
//! A line is written in the transaction of what it tells, and deleted once chat-server has
//! acknowledged it, however long that takes. A sender takes lines by a lease that ends by itself, so
//! that one that was killed holds nothing.

use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use diesel::dsl::{count_star, min};
use diesel::prelude::*;
use domain::clock::later;
use domain::token::{Stated, Statement, StatementId};

use super::{erasures, named};
use crate::db::schema::statements as table;
use crate::db::{Db, DbError, on, to_stored};

const SESSION_REVOKED: &str = "sessionRevoked";
const USER_SUSPENDED: &str = "userSuspended";
const USER_REINSTATED: &str = "userReinstated";
const USER_ERASED: &str = "userErased";

/// Adds a statement, inside the transaction of what it tells; gives its name.
///
/// # Errors
/// Database errors.
pub fn add(db: &mut Db, statement: &Statement, at: DateTime<Utc>) -> Result<StatementId, DbError> {
    let id: StatementId = named(&uuid::Uuid::now_v7().to_string())?;
    let (session, until) = match statement {
        Statement::SessionRevoked { session, .. } => (Some(session.as_str()), None),
        Statement::UserSuspended { until, .. } => (None, *until),
        Statement::UserReinstated { .. } | Statement::UserErased { .. } => (None, None),
    };
    let row = (
        table::id.eq(id.as_str()),
        table::event.eq(statement.event()),
        table::subject_id.eq(statement.user().as_str()),
        table::session_id.eq(session),
        table::until_at.eq(until.map(to_stored)),
        table::happened_at.eq(to_stored(at)),
        table::attempts.eq(0),
        table::next_at.eq(to_stored(at)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(id)
}

/// What a sender has taken.
#[derive(Debug, Clone)]
pub struct Taken {
    /// What to tell.
    pub stated: Stated,
    /// How often somebody has tried.
    pub attempts: u32,
}

type Row = (
    String,
    String,
    String,
    Option<String>,
    Option<NaiveDateTime>,
    NaiveDateTime,
    i32,
);

/// Takes statements whose turn it is, the longest waiting first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn take(
    db: &mut Db,
    owner: &str,
    now: DateTime<Utc>,
    lease: TimeDelta,
    most: i64,
) -> Result<Vec<Taken>, DbError> {
    let at = to_stored(now);
    // One transaction: what fails half-way leaves nothing held that nobody tells.
    db.write_tx(|db| {
        let query = table::table
            .filter(table::next_at.le(at))
            .filter(table::lease_until.is_null().or(table::lease_until.le(at)))
            .order((table::next_at.asc(), table::id.asc()))
            .limit(most)
            .select((
                table::id,
                table::event,
                table::subject_id,
                table::session_id,
                table::until_at,
                table::happened_at,
                table::attempts,
            ));
        let mut taken = Vec::new();
        for row in on!(db, c => query.load::<Row>(c))? {
            let free = table::table
                .find(row.0.clone())
                .filter(table::lease_until.is_null().or(table::lease_until.le(at)))
                // Another sender may have taken it, failed and given it back since it was read.
                .filter(table::attempts.eq(row.6));
            let change = (
                table::lease_owner.eq(owner),
                table::lease_until.eq(to_stored(later(now, lease))),
            );
            if on!(db, c => diesel::update(free).set(change).execute(c))? == 1 {
                taken.push(statement(row)?);
            }
        }
        Ok(taken)
    })
}

fn statement(row: Row) -> Result<Taken, DbError> {
    let (id, event, subject, session, until, at, attempts) = row;
    let user = named(&subject)?;
    let statement = match event.as_str() {
        SESSION_REVOKED => Statement::SessionRevoked {
            session: named(&session.unwrap_or_default())?,
            user,
        },
        USER_SUSPENDED => Statement::UserSuspended {
            user,
            until: until.map(|until| until.and_utc()),
        },
        USER_REINSTATED => Statement::UserReinstated { user },
        USER_ERASED => Statement::UserErased { user },
        _ => return Err(DbError::data("a statement of an unknown event is stored")),
    };
    Ok(Taken {
        stated: Stated {
            id: named(&id)?,
            at: at.and_utc(),
            statement,
        },
        attempts: u32::try_from(attempts).unwrap_or(u32::MAX),
    })
}

/// What came of telling a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// Chat-server knows.
    Acknowledged,
    /// It did not say so: once more at this time.
    Again(DateTime<Utc>),
}

/// Writes what came of statements, in one transaction of its own. Of those that are acknowledged,
/// whoever told them, the line goes, and the receipt of an erasure says so; of the others the lease
/// is given back, where it is still the owner's.
///
/// # Errors
/// Database errors; then nothing is written, and they are told again after their leases.
pub fn settle(
    db: &mut Db,
    owner: &str,
    answers: &[(Taken, Outcome)],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    db.write_tx(|db| {
        for (taken, outcome) in answers {
            match outcome {
                Outcome::Acknowledged => acknowledged(db, &taken.stated, now)?,
                Outcome::Again(at) => put_back(db, owner, taken, *at)?,
            }
        }
        Ok(())
    })
}

fn acknowledged(db: &mut Db, stated: &Stated, now: DateTime<Utc>) -> Result<(), DbError> {
    let line = table::table.find(stated.id.as_str());
    on!(db, c => diesel::delete(line).execute(c))?;
    match stated.statement {
        Statement::UserErased { .. } => erasures::chat_done(db, &stated.id, now),
        _ => Ok(()),
    }
}

fn put_back(
    db: &mut Db,
    owner: &str,
    taken: &Taken,
    next_at: DateTime<Utc>,
) -> Result<(), DbError> {
    let held = table::table
        .find(taken.stated.id.as_str())
        .filter(table::lease_owner.eq(owner));
    let attempts = i32::try_from(taken.attempts.saturating_add(1)).unwrap_or(i32::MAX);
    let change = (
        table::lease_owner.eq(None::<String>),
        table::lease_until.eq(None::<NaiveDateTime>),
        table::next_at.eq(to_stored(next_at)),
        table::attempts.eq(attempts),
    );
    on!(db, c => diesel::update(held).set(change).execute(c))?;
    Ok(())
}

/// What waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Statements that are not acknowledged.
    pub count: u64,
    /// When the oldest of them happened.
    pub oldest: Option<DateTime<Utc>>,
}

/// How many wait, and since when.
///
/// # Errors
/// Database errors.
pub fn waiting(db: &mut Db) -> Result<Waiting, DbError> {
    let query = table::table.select((count_star(), min(table::happened_at)));
    let (count, oldest): (i64, Option<NaiveDateTime>) = on!(db, c => query.first(c))?;
    Ok(Waiting {
        count: u64::try_from(count).unwrap_or_default(),
        oldest: oldest.map(|at| at.and_utc()),
    })
}

/// Deletes what nobody has to be told any more where there is no chat-server: every token of before
/// that time is over by itself. That somebody was erased stays until it is acknowledged.
///
/// # Errors
/// Database errors.
pub fn purge_needless(db: &mut Db, before: DateTime<Utc>) -> Result<(), DbError> {
    let needless = table::table
        .filter(table::event.ne(USER_ERASED))
        .filter(table::happened_at.lt(to_stored(before)));
    on!(db, c => diesel::delete(needless).execute(c))?;
    Ok(())
}
