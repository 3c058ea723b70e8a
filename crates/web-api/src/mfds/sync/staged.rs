//! Rows of `sync_staged`.

use std::collections::HashMap;

use diesel::prelude::*;
use domain::catalogue::{EasyGuide, MedicineId};
use domain::mfds::{ParsedPill, PermitListing};

use crate::db::schema::sync_staged as table;
use crate::db::{Db, DbError, batches, on};
use crate::mfds::Operation;

use super::run::Run;

#[derive(Debug, Insertable)]
#[diesel(table_name = table, treat_none_as_default_value = false)]
pub(super) struct StagedRow {
    pub(super) run_id: i64,
    pub(super) operation: &'static str,
    pub(super) medicine_id: i64,
    pub(super) part: i64,
    pub(super) position: i64,
    pub(super) content: Vec<u8>,
    pub(super) document_hash: Option<Vec<u8>>,
}

/// What the smaller operations say of one product.
#[derive(Debug, Default)]
pub(super) struct Extras {
    pub(super) listing: Option<PermitListing>,
    pub(super) pills: Vec<ParsedPill>,
    pub(super) easy_guide: Option<(EasyGuide, Vec<u8>)>,
}

/// Stores rows in place of those with the same key; gives the products whose rows were there already.
pub(super) fn replace(
    db: &mut Db,
    run: Run,
    operation: Operation,
    rows: &[StagedRow],
) -> Result<Vec<MedicineId>, DbError> {
    let ids: Vec<i64> = rows.iter().map(|row| row.medicine_id).collect();
    let there = table::table
        .filter(table::run_id.eq(run.id))
        .filter(table::operation.eq(operation.name()))
        .filter(table::medicine_id.eq_any(ids))
        .select((table::medicine_id, table::part));
    let there: Vec<(i64, i64)> = on!(db, c => there.load(c))?;
    let mut known = Vec::new();
    for key in there
        .into_iter()
        .filter(|key| rows.iter().any(|row| (row.medicine_id, row.part) == *key))
    {
        let old = table::table.find((run.id, operation.name(), key.0, key.1));
        on!(db, c => diesel::delete(old).execute(c))?;
        known.push(MedicineId::new(key.0).map_err(DbError::data)?);
    }
    for batch in batches(rows, |row| row.content.len()) {
        on!(db, c => diesel::insert_into(table::table).values(batch).execute(c))?;
    }
    Ok(known)
}

/// What was staged for these products.
pub(super) fn extras(db: &mut Db, run: Run, ids: &[i64]) -> Result<HashMap<i64, Extras>, DbError> {
    let mut extras: HashMap<i64, Extras> = HashMap::new();
    for operation in [Operation::PermitList, Operation::Pill, Operation::EasyGuide] {
        let query = table::table
            .filter(table::run_id.eq(run.id))
            .filter(table::operation.eq(operation.name()))
            .filter(table::medicine_id.eq_any(ids))
            .order(table::position)
            .select((table::medicine_id, table::content, table::document_hash));
        let rows: Vec<(i64, Vec<u8>, Option<Vec<u8>>)> = on!(db, c => query.load(c))?;
        for (id, content, hash) in rows {
            let one = extras.entry(id).or_default();
            match operation {
                Operation::PermitList | Operation::PermitDetail => {
                    one.listing = Some(serde_json::from_slice(&content).map_err(DbError::data)?);
                }
                Operation::Pill => {
                    one.pills
                        .push(serde_json::from_slice(&content).map_err(DbError::data)?);
                }
                Operation::EasyGuide => {
                    let shown = serde_json::from_slice(&content).map_err(DbError::data)?;
                    one.easy_guide = hash.map(|hash| (shown, hash));
                }
            }
        }
    }
    Ok(extras)
}
