//! The least that a program with Diesel does: rows one by one, each a transaction of its own, over so many connections.

mod mysql;
mod sqlite;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use anyhow::bail;

/// A member's key and a medicine's.
pub(crate) type Row = (i64, i64);

/// What is done with each row.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Deed {
    Insert,
    Delete,
}

diesel::table! {
    plain_wishes (user_id, medicine_id) {
        user_id -> BigInt,
        medicine_id -> BigInt,
        created_at -> Timestamp,
    }
}

diesel::table! {
    /// The server's.
    users (id) {
        id -> BigInt,
    }
}

diesel::table! {
    /// The server's.
    wishes (user_id, medicine_id) {
        user_id -> BigInt,
        medicine_id -> BigInt,
    }
}

/// Connections to the server's database.
pub(crate) enum Plain {
    Mysql(mysql::Connections),
    Sqlite(sqlite::Connections),
}

impl Plain {
    /// Connects, and makes a table of the shape of the server's wishes.
    pub(crate) async fn open(url: &str, connections: usize) -> anyhow::Result<Self> {
        if url.starts_with("mysql://") {
            Ok(Self::Mysql(
                mysql::Connections::open(url, connections).await?,
            ))
        } else if let Some(path) = url.strip_prefix("sqlite://") {
            Ok(Self::Sqlite(sqlite::Connections::open(path, connections)?))
        } else {
            bail!("database: expected mysql://… or sqlite://PATH")
        }
    }

    /// Keys of so many members.
    pub(crate) async fn members(&mut self, count: usize) -> anyhow::Result<Vec<i64>> {
        let count = i64::try_from(count)?;
        match self {
            Self::Mysql(connections) => connections.members(count).await,
            Self::Sqlite(connections) => connections.members(count),
        }
    }

    /// How many wishes the server has stored.
    pub(crate) async fn wishes(&mut self) -> anyhow::Result<i64> {
        match self {
            Self::Mysql(connections) => connections.wishes().await,
            Self::Sqlite(connections) => connections.wishes(),
        }
    }

    /// Does it with every row.
    pub(crate) async fn perform(&mut self, deed: Deed, rows: &Arc<[Row]>) -> anyhow::Result<()> {
        match self {
            Self::Mysql(connections) => connections.perform(deed, rows).await,
            Self::Sqlite(connections) => connections.perform(deed, rows).await,
        }
    }
}

/// Rows, handed to who is free.
#[derive(Debug)]
struct Queue {
    rows: Arc<[Row]>,
    next: AtomicUsize,
}

impl Queue {
    fn new(rows: &Arc<[Row]>) -> Self {
        Self {
            rows: Arc::clone(rows),
            next: AtomicUsize::new(0),
        }
    }

    fn next(&self) -> Option<Row> {
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        self.rows.get(at).copied()
    }
}
