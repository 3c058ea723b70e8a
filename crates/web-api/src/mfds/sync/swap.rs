//! The swap: one transaction, after which readers see the new catalogue.

use diesel::prelude::*;

use crate::catalogue::store::{move_pointer, pointer};
use crate::db::lease::Lease;
use crate::db::schema::{catalogue_generations as generations, medicine_contents as contents};
use crate::db::{Db, DbError, now, on};
use crate::mfds::Operation;

use super::operations;
use super::outcome::Summary;
use super::run::{self, Run, State};

pub(super) fn run(db: &mut Db, lease: &Lease, run: Run) -> Result<Summary, DbError> {
    db.write_tx(|db| {
        // Fencing: a runner that was away for longer than its lease must not swap.
        lease.hold(db)?;
        swap(db, run)
    })
}

fn swap(db: &mut Db, run: Run) -> Result<Summary, DbError> {
    let at = now();
    let generation = run.generation.get();
    let all = contents::table.filter(contents::generation_id.eq(generation));
    let medicines: i64 = on!(db, c => all.count().get_result(c))?;
    let carried = all.filter(contents::carried.eq(true)).count();
    let carried: i64 = on!(db, c => carried.get_result(c))?;
    let mut totals = [0_i32; 4];
    for (total, operation) in totals.iter_mut().zip(Operation::ALL) {
        let sums = operations::sums(db, run, operation)?;
        *total = i32::try_from(sums.total).map_err(DbError::data)?;
    }
    let [permit_list, pill, easy_guide, permit_detail] = totals;
    if let Some(current) = pointer(db)? {
        let old = generations::table.find(current.generation.get());
        on!(db, c => diesel::update(old).set(generations::state.eq("retired")).execute(c))?;
    }
    let change = (
        generations::state.eq("active"),
        generations::activated_at.eq(at),
        generations::medicine_count.eq(i32::try_from(medicines).map_err(DbError::data)?),
        generations::carried_count.eq(i32::try_from(carried).map_err(DbError::data)?),
        generations::permit_list_total.eq(permit_list),
        generations::pill_total.eq(pill),
        generations::easy_guide_total.eq(easy_guide),
        generations::permit_detail_total.eq(permit_detail),
    );
    let new = generations::table.find(generation);
    on!(db, c => diesel::update(new).set(change).execute(c))?;
    let version = move_pointer(db, run.generation, at)?;
    run::set(db, run, State::Succeeded, None)?;
    Ok(Summary {
        version,
        medicines,
        carried,
    })
}
