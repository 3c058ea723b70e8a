//! Which generation readers see.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::catalogue_pointer as table;
use crate::db::{Db, DbError, on};

/// A generation of the catalogue's content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct GenerationId(i64);

impl GenerationId {
    pub(crate) const fn new(id: i64) -> Self {
        Self(id)
    }

    /// The number, as it is stored.
    #[must_use]
    pub const fn get(self) -> i64 {
        self.0
    }
}

/// What readers see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pointer {
    /// The generation.
    pub generation: GenerationId,
    /// Moves with every swap, and when a description is written: when it moved, instances rebuild their
    /// snapshot.
    pub version: i64,
    /// When the content was synchronised.
    pub synced_at: DateTime<Utc>,
}

const ONLY: i64 = 1;

/// The current generation; `None` before the first synchronisation.
///
/// # Errors
/// Database errors.
pub fn pointer(db: &mut Db) -> Result<Option<Pointer>, DbError> {
    let columns = (table::generation_id, table::version, table::synced_at);
    let row: Option<(i64, i64, NaiveDateTime)> =
        on!(db, c => table::table.find(ONLY).select(columns).first(c).optional())?;
    Ok(row.map(|(generation, version, synced_at)| Pointer {
        generation: GenerationId(generation),
        version,
        synced_at: synced_at.and_utc(),
    }))
}

/// Makes `generation` current; the swap. Call it inside a transaction.
pub(crate) fn move_pointer(
    db: &mut Db,
    generation: GenerationId,
    synced_at: NaiveDateTime,
) -> Result<i64, DbError> {
    let Some(current) = pointer(db)? else {
        let row = (
            table::id.eq(ONLY),
            table::generation_id.eq(generation.0),
            table::version.eq(1),
            table::synced_at.eq(synced_at),
        );
        on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
        return Ok(1);
    };
    // By the database: what was read above may be older than what another one has counted since.
    let change = (
        table::generation_id.eq(generation.0),
        table::version.eq(table::version + 1),
        table::synced_at.eq(synced_at),
    );
    on!(db, c => diesel::update(table::table.find(ONLY)).set(change).execute(c))?;
    Ok(pointer(db)?.map_or(current.version + 1, |now| now.version))
}

/// Lets every instance read the current generation anew. Call it inside a transaction.
pub(crate) fn touch(db: &mut Db) -> Result<(), DbError> {
    let change = table::version.eq(table::version + 1);
    on!(db, c => diesel::update(table::table.find(ONLY)).set(change).execute(c))?;
    Ok(())
}
