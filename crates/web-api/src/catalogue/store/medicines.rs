//! Medicines of a generation.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::catalogue::{Medicine, MedicineId};

use super::{GenerationId, decode};
use crate::db::schema::{medicine_contents, medicines};
use crate::db::{BATCH_ROWS, Db, DbError, batches, on};

/// Rows read at once: some 2 MB.
const READ_ROWS: i64 = 2_000;

/// A row of `medicine_contents`.
#[derive(Debug, Clone, Queryable, Insertable)]
#[diesel(table_name = medicine_contents, treat_none_as_default_value = false)]
pub(crate) struct ContentRow {
    pub(crate) generation_id: i64,
    pub(crate) medicine_id: i64,
    pub(crate) content: Vec<u8>,
    pub(crate) efficacy_hash: Option<Vec<u8>>,
    pub(crate) dosage_hash: Option<Vec<u8>>,
    pub(crate) precautions_hash: Option<Vec<u8>>,
    pub(crate) easy_guide_hash: Option<Vec<u8>>,
    pub(crate) carried: bool,
}

/// Gives every medicine of a generation to `take`, in the order of their ids, batch by batch: memory
/// holds one batch and what `take` keeps.
///
/// # Errors
/// Database errors, and [`DbError::Internal`] where stored content can't be read.
pub fn for_each_medicine(
    db: &mut Db,
    generation: GenerationId,
    mut take: impl FnMut(Medicine),
) -> Result<(), DbError> {
    use medicine_contents as table;
    let mut after = 0_i64;
    loop {
        let query = table::table
            .filter(table::generation_id.eq(generation.get()))
            .filter(table::medicine_id.gt(after))
            .order(table::medicine_id)
            .limit(READ_ROWS)
            .select((table::medicine_id, table::content));
        let rows: Vec<(i64, Vec<u8>)> = on!(db, c => query.load(c))?;
        for (id, content) in &rows {
            take(decode(content)?);
            after = *id;
        }
        if i64::try_from(rows.len()).unwrap_or(i64::MAX) < READ_ROWS {
            return Ok(());
        }
    }
}

/// Makes ids known for ever; those that are stay as they are.
pub(crate) fn add_medicines(
    db: &mut Db,
    ids: &[MedicineId],
    seen_at: NaiveDateTime,
) -> Result<(), DbError> {
    for batch in ids.chunks(BATCH_ROWS) {
        let rows: Vec<_> = batch
            .iter()
            .map(|id| {
                (
                    medicines::id.eq(id.get()),
                    medicines::first_seen_at.eq(seen_at),
                )
            })
            .collect();
        on!(db, c => diesel::insert_into(medicines::table).values(&rows).on_conflict_do_nothing().execute(c))?;
    }
    Ok(())
}

/// Writes content of one generation. A medicine that is there already is a conflict.
pub(crate) fn insert_contents(db: &mut Db, rows: &[ContentRow]) -> Result<(), DbError> {
    for batch in batches(rows, |row| row.content.len()) {
        on!(db, c => diesel::insert_into(medicine_contents::table).values(batch).execute(c))?;
    }
    Ok(())
}
