//! Pages that are stored, and their sums by operation.

use chrono::{NaiveDateTime, TimeDelta};
use diesel::dsl::{count_star, max, sum};
use diesel::prelude::*;

use crate::db::schema::{sync_operations, sync_pages};
use crate::db::{Db, DbError, now, on};
use crate::mfds::Operation;

use super::page::Meta;
use super::progress::OperationProgress;
use super::run::Run;

/// A page that is stored, and the total that it told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StoredPage {
    pub(super) number: u32,
    pub(super) total: u32,
    pub(super) fetched_at: NaiveDateTime,
}

/// Sums of an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Sums {
    pub(super) total: i64,
    pub(super) pages: i64,
    pub(super) records: i64,
    pub(super) rejected: i64,
    pub(super) duplicates: i64,
    /// The feed held still: every record that the total promises came.
    pub(super) complete: bool,
}

impl Sums {
    pub(super) fn progress(self) -> OperationProgress {
        let count = |number: i64| u32::try_from(number).unwrap_or(u32::MAX);
        OperationProgress {
            total: count(self.total),
            pages: count(self.pages),
            records: count(self.records),
            rejected: count(self.rejected),
        }
    }
}

pub(super) fn pages(
    db: &mut Db,
    run: Run,
    operation: Operation,
) -> Result<Vec<StoredPage>, DbError> {
    use sync_pages as table;
    let query = table::table
        .filter(table::run_id.eq(run.id))
        .filter(table::operation.eq(operation.name()))
        .select((table::page, table::total, table::fetched_at));
    let rows: Vec<(i32, i32, NaiveDateTime)> = on!(db, c => query.load(c))?;
    rows.into_iter()
        .map(|(number, total, fetched_at)| {
            let number = u32::try_from(number).map_err(DbError::data)?;
            let total = u32::try_from(total).map_err(DbError::data)?;
            Ok(StoredPage {
                number,
                total,
                fetched_at,
            })
        })
        .collect()
}

pub(super) fn is_stored(db: &mut Db, run: Run, meta: &Meta) -> Result<bool, DbError> {
    let number = i32::try_from(meta.number).map_err(DbError::data)?;
    let query = sync_pages::table
        .find((run.id, meta.operation.name(), number))
        .count();
    Ok(on!(db, c => query.get_result::<i64>(c))? > 0)
}

/// Notes that a page is stored.
pub(super) fn add_page(
    db: &mut Db,
    run: Run,
    meta: &Meta,
    duplicates: usize,
) -> Result<(), DbError> {
    use sync_pages as table;
    let number = i32::try_from(meta.number).map_err(DbError::data)?;
    let old = table::table.find((run.id, meta.operation.name(), number));
    on!(db, c => diesel::delete(old).execute(c))?;
    // The latest page tells the total. A clock that was set back, or another instance's that goes behind
    // ours, must not make an earlier page the latest.
    let latest = table::table
        .filter(table::run_id.eq(run.id))
        .filter(table::operation.eq(meta.operation.name()))
        .select(max(table::fetched_at));
    let latest: Option<NaiveDateTime> = on!(db, c => latest.first(c))?;
    let after = latest.map(|latest| latest + TimeDelta::microseconds(1));
    let fetched_at = after.map_or_else(now, |after| now().max(after));
    let row = (
        table::run_id.eq(run.id),
        table::operation.eq(meta.operation.name()),
        table::page.eq(number),
        table::total.eq(i32::try_from(meta.total).map_err(DbError::data)?),
        table::items.eq(i32::try_from(meta.items).map_err(DbError::data)?),
        table::rejected.eq(i32::try_from(meta.rejects.len()).map_err(DbError::data)?),
        table::duplicates.eq(i32::try_from(duplicates).map_err(DbError::data)?),
        table::fetched_at.eq(fetched_at),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Sums up the pages and stores the sums for people who look.
pub(super) fn refresh(
    db: &mut Db,
    run: Run,
    operation: Operation,
    total: u32,
) -> Result<Sums, DbError> {
    use sync_operations as table;
    let sums = sum_up(db, run, operation, total)?;
    let count = |number: i64| i32::try_from(number).map_err(DbError::data);
    let old = table::table.find((run.id, operation.name()));
    on!(db, c => diesel::delete(old).execute(c))?;
    let row = (
        table::run_id.eq(run.id),
        table::operation.eq(operation.name()),
        table::total.eq(count(sums.total)?),
        table::pages_done.eq(count(sums.pages)?),
        table::records.eq(count(sums.records)?),
        table::rejected.eq(count(sums.rejected)?),
        table::duplicates.eq(count(sums.duplicates)?),
        table::complete.eq(sums.complete),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(sums)
}

type Summed = (i64, Option<i64>, Option<i64>, Option<i64>);

fn sum_up(db: &mut Db, run: Run, operation: Operation, total: u32) -> Result<Sums, DbError> {
    use sync_pages as table;
    let of_operation = table::table
        .filter(table::run_id.eq(run.id))
        .filter(table::operation.eq(operation.name()));
    let query = of_operation.select((
        count_star(),
        sum(table::items),
        sum(table::rejected),
        sum(table::duplicates),
    ));
    let (pages, items, rejected, duplicates): Summed = on!(db, c => query.first(c))?;
    let total = i32::try_from(total).map_err(DbError::data)?;
    let other_total = of_operation.filter(table::total.ne(total)).count();
    let other_total: i64 = on!(db, c => other_total.get_result(c))?;
    let (items, rejected, duplicates) = (
        items.unwrap_or(0),
        rejected.unwrap_or(0),
        duplicates.unwrap_or(0),
    );
    Ok(Sums {
        total: i64::from(total),
        pages,
        records: items - rejected,
        rejected,
        duplicates,
        complete: other_total == 0 && items == i64::from(total),
    })
}

/// The stored sums.
pub(super) fn sums(db: &mut Db, run: Run, operation: Operation) -> Result<Sums, DbError> {
    use sync_operations as table;
    let query = table::table.find((run.id, operation.name())).select((
        table::total,
        table::pages_done,
        table::records,
        table::rejected,
        table::duplicates,
        table::complete,
    ));
    let row: Option<(i32, i32, i32, i32, i32, bool)> = on!(db, c => query.first(c).optional())?;
    let Some((total, pages, records, rejected, duplicates, complete)) = row else {
        return Ok(Sums::default());
    };
    Ok(Sums {
        total: total.into(),
        pages: pages.into(),
        records: records.into(),
        rejected: rejected.into(),
        duplicates: duplicates.into(),
        complete,
    })
}
