//! What runs did, for people who look.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::LEASE;
use super::run::State;
use crate::db::lease::is_held;
use crate::db::schema::{sync_operations, sync_rejects, sync_runs};
use crate::db::{Db, DbError, on};

/// A run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RunRow {
    pub(crate) id: i64,
    pub(crate) state: String,
    /// Why it ended, where it didn't succeed.
    pub(crate) reason: Option<String>,
    pub(crate) started_at: DateTime<Utc>,
    pub(crate) updated_at: DateTime<Utc>,
    pub(crate) finished_at: Option<DateTime<Utc>>,
}

type RunColumns = (
    i64,
    String,
    Option<String>,
    NaiveDateTime,
    NaiveDateTime,
    Option<NaiveDateTime>,
);

const RUN: (
    sync_runs::id,
    sync_runs::state,
    sync_runs::reason,
    sync_runs::started_at,
    sync_runs::updated_at,
    sync_runs::finished_at,
) = (
    sync_runs::id,
    sync_runs::state,
    sync_runs::reason,
    sync_runs::started_at,
    sync_runs::updated_at,
    sync_runs::finished_at,
);

/// `held`: whether somebody is at a run. One that says so itself may have been killed.
fn run(columns: RunColumns, held: bool) -> RunRow {
    let (id, state, reason, started_at, updated_at, finished_at) = columns;
    let killed = !held && state == State::Running.name();
    RunRow {
        id,
        state: if killed {
            State::Interrupted.name().to_owned()
        } else {
            state
        },
        reason,
        started_at: started_at.and_utc(),
        updated_at: updated_at.and_utc(),
        finished_at: finished_at.map(|at| at.and_utc()),
    }
}

/// A page of runs, newest first, and how many there are.
pub(crate) fn page(db: &mut Db, limit: i64, offset: i64) -> Result<(Vec<RunRow>, i64), DbError> {
    let held = is_held(db, LEASE)?;
    let total = on!(db, c => sync_runs::table.count().get_result::<i64>(c))?;
    let query = sync_runs::table
        .order(sync_runs::id.desc())
        .limit(limit)
        .offset(offset)
        .select(RUN);
    let rows = on!(db, c => query.load::<RunColumns>(c))?;
    Ok((rows.into_iter().map(|row| run(row, held)).collect(), total))
}

/// One run; `None` where there is none of this number.
pub(crate) fn one(db: &mut Db, id: i64) -> Result<Option<RunRow>, DbError> {
    let held = is_held(db, LEASE)?;
    let query = sync_runs::table.find(id).select(RUN);
    let found = on!(db, c => query.first::<RunColumns>(c).optional())?;
    Ok(found.map(|row| run(row, held)))
}

/// How far an operation of the feed is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OperationRow {
    pub(crate) operation: String,
    pub(crate) total: i32,
    pub(crate) pages: i32,
    pub(crate) records: i32,
    pub(crate) rejected: i32,
    pub(crate) duplicates: i32,
    pub(crate) complete: bool,
}

type OperationColumns = (String, i32, i32, i32, i32, i32, bool);

/// The operations of a run that were begun.
pub(crate) fn operations(db: &mut Db, id: i64) -> Result<Vec<OperationRow>, DbError> {
    use sync_operations as table;
    let query = table::table
        .filter(table::run_id.eq(id))
        .order(table::operation)
        .select((
            table::operation,
            table::total,
            table::pages_done,
            table::records,
            table::rejected,
            table::duplicates,
            table::complete,
        ));
    let rows = on!(db, c => query.load::<OperationColumns>(c))?;
    let typed = |(operation, total, pages, records, rejected, duplicates, complete)| OperationRow {
        operation,
        total,
        pages,
        records,
        rejected,
        duplicates,
        complete,
    };
    Ok(rows.into_iter().map(typed).collect())
}

/// A record that didn't enter the catalogue, or came twice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RejectRow {
    pub(crate) operation: String,
    pub(crate) page: i32,
    pub(crate) position: i32,
    pub(crate) medicine: Option<i64>,
    pub(crate) field: String,
    pub(crate) code: String,
    pub(crate) reason: String,
    pub(crate) raw: String,
}

type RejectColumns = (
    String,
    i32,
    i32,
    Option<i64>,
    String,
    String,
    String,
    String,
);

/// A page of what a run rejected, in the order in which it was read, and how much there is.
pub(crate) fn rejects(
    db: &mut Db,
    id: i64,
    limit: i64,
    offset: i64,
) -> Result<(Vec<RejectRow>, i64), DbError> {
    use sync_rejects as table;
    let of_run = table::table.filter(table::run_id.eq(id));
    let total = on!(db, c => of_run.count().get_result::<i64>(c))?;
    let query = of_run
        .order((table::operation, table::page, table::id))
        .limit(limit)
        .offset(offset)
        .select((
            table::operation,
            table::page,
            table::position,
            table::medicine_id,
            table::field,
            table::code,
            table::reason,
            table::raw,
        ));
    let rows = on!(db, c => query.load::<RejectColumns>(c))?;
    let typed = |(operation, page, position, medicine, field, code, reason, raw)| RejectRow {
        operation,
        page,
        position,
        medicine,
        field,
        code,
        reason,
        raw,
    };
    Ok((rows.into_iter().map(typed).collect(), total))
}
