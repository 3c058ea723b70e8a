//! One data layer for MySQL and SQLite: synchronous Diesel over a plain enum, run on the blocking pool.
//!
//! Store functions take `&mut Db` and are called inside [`Pool::run`]; a [`Db`] never touches an async
//! thread.

mod connection;
mod error;
pub mod lease;
mod migrations;
mod pool;
pub(crate) mod prepared;
pub mod schema;
mod settings;
mod transaction;
mod url;

pub(crate) use connection::on;
pub use connection::{Db, Mysql};
pub use error::DbError;
pub(crate) use error::chain;
pub use pool::{Pool, PoolState};
pub use settings::DatabaseSettings;
pub use url::{DatabaseUrl, DatabaseUrlError};

use chrono::{DateTime, DurationRound as _, NaiveDateTime, TimeDelta, Utc};

/// Rows of one multi-row statement, at most: MySQL takes 65,535 parameters, SQLite 32,766.
pub(crate) const BATCH_ROWS: usize = 1_000;

/// Bytes of one multi-row statement, at most: a server takes 16 MB at least, and memory is bounded here.
/// A longer row goes alone.
const BATCH_BYTES: usize = 2 * 1024 * 1024;

/// Rows in their order, cut into batches for multi-row statements.
pub(crate) fn batches<T>(rows: &[T], bytes: impl Fn(&T) -> usize) -> impl Iterator<Item = &[T]> {
    let mut rest = rows;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut sum = 0_usize;
        let fits = rest.iter().take(BATCH_ROWS).take_while(|row| {
            sum = sum.saturating_add(bytes(row));
            sum <= BATCH_BYTES
        });
        let (batch, later) = rest.split_at(fits.count().max(1));
        rest = later;
        Some(batch)
    })
}

#[derive(diesel::QueryableByName)]
struct LastId {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

/// The id that the database gave the row which this connection inserted last.
pub(crate) fn last_id(db: &mut Db) -> Result<i64, DbError> {
    use diesel::RunQueryDsl as _;
    let row: LastId = match db {
        Db::Mysql(c) => diesel::sql_query("SELECT CAST(LAST_INSERT_ID() AS SIGNED) AS id")
            .get_result(&mut **c)?,
        Db::Sqlite(c) => {
            diesel::sql_query("SELECT last_insert_rowid() AS id").get_result(&mut **c)?
        }
    };
    Ok(row.id)
}

/// The present to the microsecond, the precision of both databases.
pub(crate) fn now() -> NaiveDateTime {
    to_stored(Utc::now())
}

/// An instant as it is stored: UTC, whole microseconds.
pub(crate) fn to_stored(instant: DateTime<Utc>) -> NaiveDateTime {
    let naive = instant.naive_utc();
    naive
        .duration_trunc(TimeDelta::microseconds(1))
        .unwrap_or(naive)
}

#[cfg(test)]
mod tests {
    use super::{BATCH_BYTES, BATCH_ROWS, batches};

    #[test]
    fn batches_are_bounded_in_rows_and_bytes() {
        let cut = |rows: &[usize]| -> Vec<usize> {
            batches(rows, |bytes| *bytes).map(<[usize]>::len).collect()
        };
        assert_eq!(cut(&[]), [0_usize; 0]);
        assert_eq!(cut(&vec![1; BATCH_ROWS + 1]), [BATCH_ROWS, 1]);
        assert_eq!(cut(&[BATCH_BYTES / 2, BATCH_BYTES / 2, 1]), [2, 1]);
        assert_eq!(cut(&[1, BATCH_BYTES + 1, 1]), [1, 1, 1]);
    }
}
