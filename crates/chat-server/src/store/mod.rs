//! Where conversations are kept: a file on this machine, or MongoDB.
//!
//! [`model`] says what a conversation is and what may happen to it, purely. `engine` says what a
//! database has to be able to do, and `sqlite` and `mongo` do it. `life` is the rest: everything
//! that the server does with conversations, written once over both.

mod engine;
mod error;
mod life;
pub mod model;
mod mongo;
mod sqlite;
mod tidy;
mod watch;

use crate::settings::StoreSettings;

use model::Rules;
use mongo::MongoStore;
use sqlite::SqliteStore;

pub use engine::{MOST_ROWS, Span, Which};
pub use error::{ChangeError, StoreError};
pub use life::{
    Access, AccessKind, Backlog, CannedReply, Colleague, Factor, FailureCount, Guest, Holiday,
    KeywordAnswer, Place, Replay, Revocation, RevokedSubject, StaffAccount, StaffSession, Swept,
    TokenHash, UnknownWord, ValueError,
};
pub(crate) use tidy::tidy;
pub(crate) use watch::watch;

/// The store behind the chat; a cheap handle.
#[derive(Debug, Clone)]
pub struct Store {
    pub(in crate::store) engine: AnyEngine,
    pub(in crate::store) rules: Rules,
    /// Counts what admins change through this instance.
    pub(in crate::store) edits: tokio::sync::watch::Sender<u64>,
}

#[derive(Debug, Clone)]
pub(in crate::store) enum AnyEngine {
    Sqlite(SqliteStore),
    Mongo(MongoStore),
}

/// Calls the engine, whichever it is.
macro_rules! on {
    ($store:expr, $engine:ident => $call:expr) => {
        match &$store.engine {
            $crate::store::AnyEngine::Sqlite($engine) => $call,
            $crate::store::AnyEngine::Mongo($engine) => $call,
        }
    };
}
pub(in crate::store) use on;

impl Store {
    /// Opens the store. The embedded one must be usable at once; MongoDB may come later, since it
    /// is another machine that may start after this one.
    ///
    /// # Errors
    /// When the embedded store can't be used.
    pub async fn open(settings: &StoreSettings, rules: Rules) -> Result<Self, StoreError> {
        let engine = match settings {
            StoreSettings::Sqlite(file) => AnyEngine::Sqlite(SqliteStore::open(file, rules).await?),
            StoreSettings::Mongo(uri) => AnyEngine::Mongo(MongoStore::new(uri.clone(), rules)),
        };
        Ok(Self {
            engine,
            rules,
            edits: tokio::sync::watch::Sender::new(0),
        })
    }

    /// Asks the store for a sign of life, within a time limit.
    ///
    /// # Errors
    /// When there is none, or what it holds can't be written.
    pub async fn ping(&self) -> Result<(), StoreError> {
        on!(self, engine => engine.ping().await)
    }

    /// Ends its background work.
    pub async fn close(&self) {
        match &self.engine {
            AnyEngine::Sqlite(_) => {}
            AnyEngine::Mongo(store) => store.close().await,
        }
    }

    /// Short name for the log and `/readyz`.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self.engine {
            AnyEngine::Sqlite(_) => "sqlite",
            AnyEngine::Mongo(_) => "mongodb",
        }
    }
}
