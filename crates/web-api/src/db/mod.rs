//! One data layer for MySQL and SQLite: synchronous Diesel over a plain enum, run on the blocking pool.
//!
//! Store functions take `&mut Db` and are called inside [`Pool::run`]; a [`Db`] never touches an async
//! thread.

mod connection;
mod error;
pub mod lease;
mod migrations;
mod pool;
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
