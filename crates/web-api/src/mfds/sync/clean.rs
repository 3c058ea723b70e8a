//! What nobody needs any more is removed in small batches, each under the lease.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use diesel::prelude::*;

use crate::catalogue::store::pointer;
use crate::db::lease::Lease;
use crate::db::schema::{
    catalogue_generations as generations, documents, medicine_contents as contents, sync_pages,
    sync_rejects, sync_staged,
};
use crate::db::{Db, DbError, Pool, on};

use super::Context;
use super::run::Run;

/// One statement of a step that looks at a whole generation, at most.
pub(super) const LIMIT: Duration = Duration::from_secs(120);

const BATCH: i64 = 1_000;
/// Rejects of so many runs are kept for people to look at.
const KEPT_REJECTS: i64 = 10;

/// Rows of runs that will never go on, and content of generations that will never be current.
pub(super) fn abandoned(db: &mut Db, lease: &Lease, run: Run) -> Result<(), DbError> {
    staged_of_others(db, lease, run)?;
    old_contents(db, lease, run)
}

/// Everything that the swap made superfluous: staged rows, old generations, documents.
pub(super) async fn after_swap(pool: &Pool, context: &Arc<Context>) -> Result<(), DbError> {
    let ours = Arc::clone(context);
    pool.run_within(LIMIT, move |db| {
        staged_of(db, &ours.lease, ours.run.id)?;
        abandoned(db, &ours.lease, ours.run)?;
        old_rejects(db, &ours.lease, ours.run)?;
        old_documents(db, &ours.lease)
    })
    .await
}

fn staged_of_others(db: &mut Db, lease: &Lease, run: Run) -> Result<(), DbError> {
    let others = sync_staged::table
        .filter(sync_staged::run_id.ne(run.id))
        .select(sync_staged::run_id)
        .distinct();
    let others: Vec<i64> = on!(db, c => others.load(c))?;
    for other in others {
        staged_of(db, lease, other)?;
    }
    let pages = sync_pages::table.filter(sync_pages::run_id.lt(run.id));
    db.write_tx(|db| {
        lease.hold(db)?;
        on!(db, c => diesel::delete(pages).execute(c))?;
        Ok(())
    })
}

fn staged_of(db: &mut Db, lease: &Lease, run: i64) -> Result<(), DbError> {
    use sync_staged as table;
    loop {
        let of_run = table::table.filter(table::run_id.eq(run));
        let last = of_run
            .order((table::operation, table::medicine_id))
            .limit(BATCH)
            .select((table::operation, table::medicine_id));
        let rows: Vec<(String, i64)> = on!(db, c => last.load(c))?;
        let Some((operation, first)) = rows.first().cloned() else {
            return Ok(());
        };
        let last = rows
            .iter()
            .filter(|row| row.0 == operation)
            .map(|row| row.1)
            .max();
        let batch = of_run
            .filter(table::operation.eq(operation))
            .filter(table::medicine_id.between(first, last.unwrap_or(first)));
        db.write_tx(|db| {
            lease.hold(db)?;
            on!(db, c => diesel::delete(batch.clone()).execute(c))?;
            Ok(())
        })?;
    }
}

/// The current generation, the one before it, and the one of this run are kept.
fn kept(db: &mut Db, run: Run) -> Result<Vec<i64>, DbError> {
    let mut kept = vec![run.generation.get()];
    kept.extend(pointer(db)?.map(|pointer| pointer.generation.get()));
    let previous = generations::table
        .filter(generations::state.eq("retired"))
        .order(generations::activated_at.desc())
        .select(generations::id);
    kept.extend(on!(db, c => previous.first::<i64>(c).optional())?);
    Ok(kept)
}

fn old_contents(db: &mut Db, lease: &Lease, run: Run) -> Result<(), DbError> {
    let kept = kept(db, run)?;
    let old = generations::table
        .filter(generations::id.ne_all(kept))
        .filter(generations::state.ne("removed"))
        .select(generations::id);
    let old: Vec<i64> = on!(db, c => old.load(c))?;
    for generation in old {
        while contents_batch(db, lease, generation)? {}
        let row = generations::table.find(generation);
        db.write_tx(|db| {
            lease.hold(db)?;
            on!(db, c => diesel::update(row).set(generations::state.eq("removed")).execute(c))?;
            Ok(())
        })?;
    }
    Ok(())
}

fn contents_batch(db: &mut Db, lease: &Lease, generation: i64) -> Result<bool, DbError> {
    let of_generation = contents::table.filter(contents::generation_id.eq(generation));
    let ids = of_generation
        .order(contents::medicine_id)
        .limit(BATCH)
        .select(contents::medicine_id);
    let ids: Vec<i64> = on!(db, c => ids.load(c))?;
    let (Some(first), Some(last)) = (ids.first().copied(), ids.last().copied()) else {
        return Ok(false);
    };
    let batch = of_generation.filter(contents::medicine_id.between(first, last));
    db.write_tx(|db| {
        lease.hold(db)?;
        on!(db, c => diesel::delete(batch).execute(c))?;
        Ok(true)
    })
}

fn old_rejects(db: &mut Db, lease: &Lease, run: Run) -> Result<(), DbError> {
    let old = sync_rejects::table.filter(sync_rejects::run_id.le(run.id - KEPT_REJECTS));
    db.write_tx(|db| {
        lease.hold(db)?;
        on!(db, c => diesel::delete(old).execute(c))?;
        Ok(())
    })
}

type Hashes = (
    i64,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
    Option<Vec<u8>>,
);

/// Documents that no kept generation refers to. Nothing is staged at this moment, and nobody else
/// writes documents while the lease is ours.
fn old_documents(db: &mut Db, lease: &Lease) -> Result<(), DbError> {
    let wanted = wanted_documents(db)?;
    let mut after = Vec::new();
    loop {
        let page = documents::table
            .filter(documents::hash.gt(after))
            .order(documents::hash)
            .limit(BATCH)
            .select(documents::hash);
        let hashes: Vec<Vec<u8>> = on!(db, c => page.load(c))?;
        let Some(last) = hashes.last().cloned() else {
            return Ok(());
        };
        after = last;
        let unused: Vec<Vec<u8>> = hashes
            .into_iter()
            .filter(|hash| !is_in(&wanted, hash))
            .collect();
        if unused.is_empty() {
            continue;
        }
        db.write_tx(|db| {
            lease.hold(db)?;
            let rows = documents::table.filter(documents::hash.eq_any(&unused));
            on!(db, c => diesel::delete(rows).execute(c))?;
            Ok(())
        })?;
    }
}

fn is_in(wanted: &HashSet<[u8; 32]>, hash: &[u8]) -> bool {
    <[u8; 32]>::try_from(hash).is_ok_and(|hash| wanted.contains(&hash))
}

fn wanted_documents(db: &mut Db) -> Result<HashSet<[u8; 32]>, DbError> {
    let mut wanted = HashSet::new();
    let present = contents::table.select(contents::generation_id).distinct();
    let present: Vec<i64> = on!(db, c => present.load(c))?;
    for generation in present {
        let mut after = 0;
        loop {
            let page = contents::table
                .filter(contents::generation_id.eq(generation))
                .filter(contents::medicine_id.gt(after))
                .order(contents::medicine_id)
                .limit(BATCH)
                .select((
                    contents::medicine_id,
                    contents::efficacy_hash,
                    contents::dosage_hash,
                    contents::precautions_hash,
                    contents::easy_guide_hash,
                ));
            let rows: Vec<Hashes> = on!(db, c => page.load(c))?;
            let Some(last) = rows.last() else { break };
            after = last.0;
            let hashes = rows
                .into_iter()
                .flat_map(|row| [row.1, row.2, row.3, row.4])
                .flatten();
            wanted.extend(hashes.filter_map(|hash| <[u8; 32]>::try_from(hash).ok()));
        }
    }
    Ok(wanted)
}
