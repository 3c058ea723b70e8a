//! Records that can't enter the catalogue, and those that came twice: stored for a person to look at.

use diesel::prelude::*;
use domain::catalogue::MedicineId;
use domain::mfds::Rejection;

use crate::db::schema::sync_rejects as table;
use crate::db::{Db, DbError, on};

use super::page::Meta;
use super::run::Run;

/// Of the record as it came, this much is kept, in characters.
const RAW: usize = 2_000;
/// The record came twice; the later one is kept.
pub(super) const DUPLICATE: &str = "duplicate";

#[derive(Debug, Clone)]
pub(super) struct Reject {
    pub(super) position: u32,
    pub(super) medicine: Option<MedicineId>,
    pub(super) field: &'static str,
    pub(super) code: &'static str,
    pub(super) reason: String,
    pub(super) raw: String,
}

impl Reject {
    pub(super) fn new(
        position: u32,
        medicine: Option<MedicineId>,
        rejection: &Rejection,
        raw: &str,
    ) -> Self {
        Self {
            position,
            medicine,
            field: rejection.field,
            code: rejection.code,
            reason: rejection.reason.chars().take(1000).collect(),
            raw: raw.chars().take(RAW).collect(),
        }
    }

    pub(super) fn duplicate(position: u32, medicine: MedicineId) -> Self {
        Self {
            position,
            medicine: Some(medicine),
            field: "ITEM_SEQ",
            code: DUPLICATE,
            reason: "the product came twice; the later record is kept".to_owned(),
            raw: String::new(),
        }
    }
}

/// Stores the rejects of a page in place of those of an earlier reading.
pub(super) fn replace(
    db: &mut Db,
    run: Run,
    meta: &Meta,
    duplicates: &[Reject],
) -> Result<(), DbError> {
    let page = i32::try_from(meta.number).map_err(DbError::data)?;
    let old = table::table
        .filter(table::run_id.eq(run.id))
        .filter(table::operation.eq(meta.operation.name()))
        .filter(table::page.eq(page));
    on!(db, c => diesel::delete(old).execute(c))?;
    let rows: Vec<_> = meta
        .rejects
        .iter()
        .chain(duplicates)
        .map(|reject| {
            (
                table::run_id.eq(run.id),
                table::operation.eq(meta.operation.name()),
                table::page.eq(page),
                table::position.eq(i32::try_from(reject.position).unwrap_or(i32::MAX)),
                table::medicine_id.eq(reject.medicine.map(MedicineId::get)),
                table::field.eq(reject.field),
                table::code.eq(reject.code),
                table::reason.eq(&reject.reason),
                table::raw.eq(&reject.raw),
            )
        })
        .collect();
    if !rows.is_empty() {
        on!(db, c => diesel::insert_into(table::table).values(&rows).execute(c))?;
    }
    Ok(())
}
