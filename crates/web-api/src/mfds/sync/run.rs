//! Rows of `sync_runs`.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::dsl::max;
use diesel::prelude::*;

use crate::catalogue::store::GenerationId;
use crate::db::lease::Lease;
use crate::db::schema::{catalogue_generations as generations, sync_runs as table};
use crate::db::{Db, DbError, now, on};

use super::Note;

/// A run that was stopped longer ago begins anew: the feed has moved on.
const RESUME_WITHIN: TimeDelta = TimeDelta::hours(48);
/// With a small quota a load takes days, each going on where the last one was paused; but not for ever.
const LONGEST_RUN: TimeDelta = TimeDelta::days(7);

/// Staged rows of another version of the program may read differently.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The run at hand.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) id: i64,
    pub(super) generation: GenerationId,
    pub(super) resumed: bool,
}

/// Where a run is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    Running,
    PausedByQuota,
    Interrupted,
    Failed,
    Succeeded,
    Abandoned,
}

impl State {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::PausedByQuota => "pausedByQuota",
            Self::Interrupted => "interrupted",
            Self::Failed => "failed",
            Self::Succeeded => "succeeded",
            Self::Abandoned => "abandoned",
        }
    }

    /// A run in such a state goes on. `Running` without a lease was killed.
    const RESUMABLE: [&'static str; 3] = [
        Self::Running.name(),
        Self::PausedByQuota.name(),
        Self::Interrupted.name(),
    ];
}

/// Goes on with the latest run where that is possible, else begins one.
pub(super) fn begin(
    db: &mut Db,
    lease: &Lease,
    at: NaiveDateTime,
    note: Option<&Note>,
) -> Result<Run, DbError> {
    db.write_tx(|db| {
        lease.hold(db)?;
        let open = table::table
            .filter(table::state.eq_any(State::RESUMABLE))
            .order(table::id.desc())
            .select((
                table::id,
                table::generation_id,
                table::started_at,
                table::updated_at,
                table::version,
            ));
        let open: Vec<(i64, i64, NaiveDateTime, NaiveDateTime, String)> =
            on!(db, c => open.load(c))?;
        let mut resumed = None;
        for (id, generation, started_at, stopped_at, version) in open {
            let run = Run {
                id,
                generation: GenerationId::new(generation),
                resumed: true,
            };
            let fresh = at - stopped_at < RESUME_WITHIN && at - started_at < LONGEST_RUN;
            if resumed.is_none() && version == VERSION && fresh {
                set(db, run, State::Running, None)?;
                resumed = Some(run);
            } else {
                let reason =
                    "it was stopped too long ago, or another version of the program began it";
                set(db, run, State::Abandoned, Some(reason))?;
            }
        }
        let run = match resumed {
            Some(run) => run,
            None => insert(db, at)?,
        };
        if let Some(note) = note {
            note(db, run.id)?;
        }
        Ok(run)
    })
}

/// Only the holder of the lease inserts here, so that the greatest id is the new one.
fn insert(db: &mut Db, at: NaiveDateTime) -> Result<Run, DbError> {
    let row = (
        generations::run_id.eq(0),
        generations::state.eq("staging"),
        generations::created_at.eq(at),
    );
    on!(db, c => diesel::insert_into(generations::table).values(row).execute(c))?;
    let generation: Option<i64> =
        on!(db, c => generations::table.select(max(generations::id)).first(c))?;
    let generation = generation.ok_or(DbError::LeaseLost)?;
    let row = (
        table::state.eq(State::Running.name()),
        table::version.eq(VERSION),
        table::generation_id.eq(generation),
        table::started_at.eq(at),
        table::updated_at.eq(at),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    let id: Option<i64> = on!(db, c => table::table.select(max(table::id)).first(c))?;
    let id = id.ok_or(DbError::LeaseLost)?;
    let row = generations::table.find(generation);
    on!(db, c => diesel::update(row).set(generations::run_id.eq(id)).execute(c))?;
    Ok(Run {
        id,
        generation: GenerationId::new(generation),
        resumed: false,
    })
}

/// Notes how a run ended that did not swap.
pub(super) fn end(
    db: &mut Db,
    lease: &Lease,
    run: Run,
    state: State,
    reason: &str,
) -> Result<(), DbError> {
    let reason: String = reason.chars().take(1000).collect();
    db.write_tx(|db| {
        lease.hold(db)?;
        set(db, run, state, Some(&reason))
    })
}

/// The run that somebody is at, as far as the rows tell.
pub(crate) fn running(db: &mut Db) -> Result<Option<i64>, DbError> {
    let query = table::table
        .filter(table::state.eq(State::Running.name()))
        .order(table::id.desc())
        .select(table::id);
    Ok(on!(db, c => query.first(c).optional())?)
}

/// How the latest run ended, and when.
pub(crate) fn latest(db: &mut Db) -> Result<Option<(Ended, NaiveDateTime)>, DbError> {
    let query = table::table
        .order(table::id.desc())
        .select((table::state, table::updated_at));
    let row: Option<(String, NaiveDateTime)> = on!(db, c => query.first(c).optional())?;
    Ok(row.map(|(state, at)| {
        let ended = if state == State::PausedByQuota.name() {
            Ended::Paused
        } else if state == State::Failed.name() {
            Ended::Refused
        } else {
            Ended::Otherwise
        };
        (ended, at)
    }))
}

/// Ends of a run that every instance has to respect, whichever had it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// By the quota.
    Paused,
    /// By the checks.
    Refused,
    /// In any other way, or not at all.
    Otherwise,
}

/// Changes the state of a run, inside the caller's transaction.
pub(super) fn set(
    db: &mut Db,
    run: Run,
    state: State,
    reason: Option<&str>,
) -> Result<(), DbError> {
    let at = now();
    let finished = match state {
        State::Failed | State::Succeeded | State::Abandoned => Some(at),
        State::Running | State::PausedByQuota | State::Interrupted => None,
    };
    let change = (
        table::state.eq(state.name()),
        table::reason.eq(reason),
        table::updated_at.eq(at),
        table::finished_at.eq(finished),
    );
    let row = table::table.find(run.id);
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(())
}
