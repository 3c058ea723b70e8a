//! Products that the feed doesn't hold this time are taken over from the generation before.

use std::collections::HashSet;
use std::sync::Arc;

use diesel::prelude::*;
use domain::catalogue::Medicine;

use crate::catalogue::store::{ContentRow, GenerationId, decode, encode, insert_contents, pointer};
use crate::db::schema::{medicine_contents as table, sync_rejects, sync_staged};
use crate::db::{Db, DbError, Pool, on};
use crate::mfds::Operation;

use super::Context;
use super::outcome::Halt;

const BATCH: i64 = 500;

/// Takes over what is missing. What the feed still names somewhere (in the permit list, or as a record
/// that was rejected) stays as it was; the rest is marked delisted, if the feed was read completely.
pub(super) async fn run(pool: &Pool, context: &Arc<Context>, complete: bool) -> Result<(), Halt> {
    let Some(current) = pool.run(pointer).await? else {
        return Ok(());
    };
    let mut after = 0;
    loop {
        if context.stop.is_cancelled() {
            return Err(Halt::Stopped);
        }
        let ours = Arc::clone(context);
        let next = pool
            .run(move |db| {
                db.write_tx(|db| {
                    ours.lease.hold(db)?;
                    batch(db, &ours, current.generation, after, complete)
                })
            })
            .await?;
        match next {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

fn batch(
    db: &mut Db,
    context: &Context,
    from: GenerationId,
    after: i64,
    complete: bool,
) -> Result<Option<i64>, DbError> {
    let to = context.run.generation.get();
    let ids = table::table
        .filter(table::generation_id.eq(from.get()))
        .filter(table::medicine_id.gt(after))
        .order(table::medicine_id)
        .limit(BATCH)
        .select(table::medicine_id);
    let ids: Vec<i64> = on!(db, c => ids.load(c))?;
    let Some(last) = ids.last().copied() else {
        return Ok(None);
    };
    let there = table::table
        .filter(table::generation_id.eq(to))
        .filter(table::medicine_id.eq_any(&ids))
        .select(table::medicine_id);
    let there: HashSet<i64> = on!(db, c => there.load::<i64>(c))?.into_iter().collect();
    let missing: Vec<i64> = ids.into_iter().filter(|id| !there.contains(id)).collect();
    if missing.is_empty() {
        return Ok(Some(last));
    }
    let named = still_named(db, context, &missing)?;
    let old = table::table
        .filter(table::generation_id.eq(from.get()))
        .filter(table::medicine_id.eq_any(&missing))
        .select(table::all_columns);
    let mut rows: Vec<ContentRow> = on!(db, c => old.load(c))?;
    for row in &mut rows {
        row.generation_id = to;
        row.carried = true;
        if complete && !named.contains(&row.medicine_id) {
            row.content = encode(&decode::<Medicine>(&row.content)?.delisted())?;
        }
    }
    insert_contents(db, &rows)?;
    Ok(Some(last))
}

fn still_named(db: &mut Db, context: &Context, ids: &[i64]) -> Result<HashSet<i64>, DbError> {
    let listed = sync_staged::table
        .filter(sync_staged::run_id.eq(context.run.id))
        .filter(sync_staged::operation.eq(Operation::PermitList.name()))
        .filter(sync_staged::medicine_id.eq_any(ids))
        .select(sync_staged::medicine_id);
    let rejected = sync_rejects::table
        .filter(sync_rejects::run_id.eq(context.run.id))
        .filter(sync_rejects::medicine_id.eq_any(ids))
        .select(sync_rejects::medicine_id.assume_not_null());
    let mut named: HashSet<i64> = on!(db, c => listed.load::<i64>(c))?.into_iter().collect();
    named.extend(on!(db, c => rejected.load::<i64>(c))?);
    Ok(named)
}
