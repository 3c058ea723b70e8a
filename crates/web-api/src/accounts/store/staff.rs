//! What admins do to members: roles and suspension.

use chrono::{DateTime, NaiveDateTime, SubsecRound as _, TimeDelta, Utc};
use diesel::dsl::count_star;
use diesel::prelude::*;
use domain::account::{Role, UserState};
use domain::clock::later;
use domain::token::UserId;

use super::{named, security};
use crate::db::schema::{account_security, locks, users as table};
use crate::db::{Db, DbError, on, to_stored};

/// The row that changes of admins wait for, one after another.
const LOCK: &str = "staff";

/// Lets changes of admins come one after another, until the transaction ends. The first thing in it:
/// what is read afterwards is what the others left.
///
/// # Errors
/// Database errors.
pub fn one_at_a_time(db: &mut Db) -> Result<(), DbError> {
    let row = (
        locks::name.eq(LOCK),
        locks::owner.eq(""),
        locks::expires_at.eq(DateTime::UNIX_EPOCH.naive_utc()),
    );
    on!(db, c => diesel::insert_into(locks::table).values(row).on_conflict_do_nothing().execute(c))?;
    let change = locks::owner.eq(uuid::Uuid::now_v7().to_string());
    on!(db, c => diesel::update(locks::table.find(LOCK)).set(change).execute(c))?;
    Ok(())
}

/// Admins besides this member who may sign in.
///
/// # Errors
/// Database errors.
pub fn other_admins(db: &mut Db, user: i64) -> Result<i64, DbError> {
    let query = table::table
        .filter(table::role.eq(Role::Admin.as_str()))
        .filter(table::state.eq(UserState::Active.as_str()))
        .filter(table::id.ne(user))
        .select(count_star());
    Ok(on!(db, c => query.first(c))?)
}

/// Gives a member another role.
///
/// # Errors
/// Database errors.
pub fn set_role(db: &mut Db, user: i64, role: Role, now: DateTime<Utc>) -> Result<(), DbError> {
    let change = (
        table::role.eq(role.as_str()),
        table::updated_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::update(table::table.find(user)).set(change).execute(c))?;
    Ok(())
}

/// Shuts a member out, or changes why and until when. Gives the moment that is told: the present, and
/// never before the one at which he was let in last.
///
/// # Errors
/// Database errors.
pub fn suspend(
    db: &mut Db,
    user: i64,
    reason: &str,
    until: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, DbError> {
    let at = now.max(changed_at(db, user)?);
    set_state(db, user, UserState::Suspended, at, now)?;
    security::ensure(db, user)?;
    let change = (
        account_security::suspended_reason.eq(reason),
        account_security::suspended_until.eq(until.map(to_stored)),
    );
    let row = account_security::table.find(user);
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(at)
}

/// Lets a suspended member in again. Gives the moment that is told: the present, but at least a whole
/// second after the suspension, because seconds are all that is told; `None` where there is no such
/// member, or he isn't suspended.
///
/// # Errors
/// Database errors.
pub fn lift(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, DbError> {
    let state = table::table.find(user).select(table::state);
    let state = on!(db, c => state.first::<String>(c).optional())?;
    if state.as_deref() != Some(UserState::Suspended.as_str()) {
        return Ok(None);
    }
    let suspended = changed_at(db, user)?;
    let at = now.max(later(suspended.trunc_subsecs(0), TimeDelta::seconds(1)));
    if !set_state(db, user, UserState::Active, at, now)? {
        return Ok(None);
    }
    let change = (
        account_security::suspended_reason.eq(None::<String>),
        account_security::suspended_until.eq(None::<NaiveDateTime>),
    );
    let row = account_security::table.find(user);
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(Some(at))
}

/// When the state of a member changed last; at the beginning of time where there is no such member.
fn changed_at(db: &mut Db, user: i64) -> Result<DateTime<Utc>, DbError> {
    let query = table::table.find(user).select(table::state_changed_at);
    let at = on!(db, c => query.first::<NaiveDateTime>(c).optional())?;
    Ok(at.map_or(DateTime::UNIX_EPOCH, |at| at.and_utc()))
}

/// Says whether there is such a member.
fn set_state(
    db: &mut Db,
    user: i64,
    state: UserState,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = table::table
        .find(user)
        .filter(table::state.ne(UserState::Withdrawn.as_str()));
    let change = (
        table::state.eq(state.as_str()),
        table::state_changed_at.eq(to_stored(at)),
        table::updated_at.eq(to_stored(now)),
    );
    Ok(on!(db, c => diesel::update(row).set(change).execute(c))? == 1)
}

/// Why a member is suspended, and until when.
///
/// # Errors
/// Database errors.
pub fn suspension(
    db: &mut Db,
    user: i64,
) -> Result<(Option<String>, Option<DateTime<Utc>>), DbError> {
    let query = account_security::table.find(user).select((
        account_security::suspended_reason,
        account_security::suspended_until,
    ));
    let row = on!(db, c => query.first::<(Option<String>, Option<NaiveDateTime>)>(c).optional())?;
    let (reason, until) = row.unwrap_or_default();
    Ok((reason, until.map(|until| until.and_utc())))
}

/// Ids of the members who are suspended at this moment, at most `most`.
///
/// # Errors
/// Database errors.
pub fn suspended(db: &mut Db, now: DateTime<Utc>, most: i64) -> Result<Vec<String>, DbError> {
    let over = account_security::table
        .filter(account_security::suspended_until.le(to_stored(now)))
        .select(account_security::user_id);
    let query = table::table
        .filter(table::state.eq(UserState::Suspended.as_str()))
        .filter(table::id.ne_all(over))
        .order(table::state_changed_at.desc())
        .limit(most)
        .select(table::public_id);
    Ok(on!(db, c => query.load(c))?)
}

/// Suspended members whose time is over, at most `most`: key and id.
///
/// # Errors
/// Database errors.
pub fn over(db: &mut Db, now: DateTime<Utc>, most: i64) -> Result<Vec<(i64, UserId)>, DbError> {
    let over = account_security::table
        .filter(account_security::suspended_until.le(to_stored(now)))
        .select(account_security::user_id);
    let query = table::table
        .filter(table::state.eq(UserState::Suspended.as_str()))
        .filter(table::id.eq_any(over))
        .limit(most)
        .select((table::id, table::public_id));
    let rows = on!(db, c => query.load::<(i64, String)>(c))?;
    let named = |(key, id): (i64, String)| Ok((key, named(&id)?));
    rows.into_iter().map(named).collect()
}
