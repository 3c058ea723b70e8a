//! Medicines of a generation.

use std::num::NonZero;
use std::thread;

use chrono::NaiveDateTime;
use diesel::prelude::*;
use domain::catalogue::{Medicine, MedicineId};

use super::{GenerationId, decode};
use crate::db::schema::{medicine_contents, medicines};
use crate::db::{BATCH_ROWS, Db, DbError, batches, on};

/// Rows read at once: some 0.5 MB, and 2.5 MB once they are unpacked. More is no faster.
const READ_ROWS: i64 = 500;
/// Threads that unpack: more are no faster than the reading.
const MOST_THREADS: usize = 4;

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
/// holds two batches and what `take` keeps. While a batch is unpacked, on as many threads as there
/// are cores, the next is read.
///
/// # Errors
/// Database errors, and [`DbError::Internal`] where stored content can't be read.
pub fn for_each_medicine(
    db: &mut Db,
    generation: GenerationId,
    mut take: impl FnMut(Medicine),
) -> Result<(), DbError> {
    let mut rows = read_after(db, generation, 0)?;
    while let Some((after, _)) = rows.last() {
        let after = *after;
        let (medicines, next) = thread::scope(|scope| {
            let unpacking: Vec<_> = shares(&rows)
                .map(|share| scope.spawn(move || unpack(share)))
                .collect();
            let next = read_after(db, generation, after);
            let medicines: Result<Vec<_>, _> = unpacking
                .into_iter()
                .map(|share| share.join().unwrap_or_else(|_| Err(broken())))
                .collect();
            (medicines, next)
        });
        medicines?.into_iter().flatten().for_each(&mut take);
        rows = next?;
    }
    Ok(())
}

/// How many medicines a generation has.
///
/// # Errors
/// Database errors.
pub(crate) fn count_medicines(db: &mut Db, generation: GenerationId) -> Result<usize, DbError> {
    use medicine_contents as table;
    let query = table::table
        .filter(table::generation_id.eq(generation.get()))
        .count();
    let count: i64 = on!(db, c => query.get_result(c))?;
    usize::try_from(count).map_err(DbError::data)
}

type Packed = (i64, Vec<u8>);

fn read_after(db: &mut Db, generation: GenerationId, after: i64) -> Result<Vec<Packed>, DbError> {
    use medicine_contents as table;
    let query = table::table
        .filter(table::generation_id.eq(generation.get()))
        .filter(table::medicine_id.gt(after))
        .order(table::medicine_id)
        .limit(READ_ROWS)
        .select((table::medicine_id, table::content));
    Ok(on!(db, c => query.load(c))?)
}

/// The rows in order, cut into one piece a core.
fn shares(rows: &[Packed]) -> impl Iterator<Item = &[Packed]> {
    let cores = thread::available_parallelism().map_or(1, NonZero::get);
    rows.chunks(rows.len().div_ceil(cores.min(MOST_THREADS)).max(1))
}

fn unpack(rows: &[Packed]) -> Result<Vec<Medicine>, DbError> {
    rows.iter().map(|(_, content)| decode(content)).collect()
}

fn broken() -> DbError {
    DbError::data("a thread that reads stored content broke off")
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
