//! Where conversations are kept: a file on this machine, or MongoDB.

mod mongo;
mod sqlite;
mod watch;

use std::error::Error;

use crate::settings::StoreSettings;

use mongo::MongoStore;
use sqlite::SqliteStore;

pub(crate) use watch::watch;

/// Why the store doesn't do what it should. The texts are for operators; causes are for the log.
#[derive(Debug, thiserror::Error)]
pub(crate) enum StoreError {
    #[error("the file of the store can't be opened")]
    Open(#[source] Box<dyn Error + Send + Sync>),
    #[error(
        "the store was written by a newer version of this program (form {found}, known: {known})"
    )]
    Newer { found: i32, known: i32 },
    #[error("the file of the store is gone")]
    Gone,
    #[error("the store can't be written")]
    Unwritable(#[source] Box<dyn Error + Send + Sync>),
    #[error("the store does not answer")]
    NoAnswer(#[source] Box<dyn Error + Send + Sync>),
    #[error("the store does not answer in time")]
    TimedOut,
}

/// The store behind the chat; a cheap handle.
#[derive(Debug, Clone)]
pub(crate) enum Store {
    Sqlite(SqliteStore),
    Mongo(MongoStore),
}

impl Store {
    /// Opens the store. The embedded one must be usable at once; MongoDB may come later, since it
    /// is another machine that may start after this one.
    pub(crate) async fn open(settings: &StoreSettings) -> Result<Self, StoreError> {
        match settings {
            StoreSettings::Sqlite(file) => SqliteStore::open(file).await.map(Self::Sqlite),
            StoreSettings::Mongo(uri) => Ok(Self::Mongo(MongoStore::new(uri.clone()))),
        }
    }

    /// Asks the store for a sign of life, within a time limit.
    pub(crate) async fn ping(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(store) => store.ping().await,
            Self::Mongo(store) => store.ping().await,
        }
    }

    /// Ends its background work.
    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(_) => {}
            Self::Mongo(store) => store.close().await,
        }
    }

    /// Short name for the log and `/readyz`.
    pub(crate) const fn kind(&self) -> &'static str {
        match self {
            Self::Sqlite(_) => "sqlite",
            Self::Mongo(_) => "mongodb",
        }
    }
}
