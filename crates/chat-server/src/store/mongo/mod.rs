//! MongoDB, connected to on first use.
//!
//! No transaction: they need a replica set, and a single server has to do. Instead a conversation
//! is one document, and one write of it, over the version that was read, is the whole step. New
//! messages are in that write (`tail`) and are copied to their collection right after; whoever
//! reads looks at both, so an interrupted copy loses nothing.

mod connect;
mod conversations;
mod documents;
mod engine;
mod lanes;
mod reading;
mod records;

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Document, doc};
use mongodb::error::{Error, ErrorKind, WriteFailure};
use mongodb::{Client, Collection};
use tokio::sync::OnceCell;

use super::error::StoreError;
use super::model::Rules;
use crate::settings::MongoUri;

use lanes::Lanes;

/// Time limit of a ping, with everything that it needs (the first one may resolve SRV records and
/// makes the indexes).
const PING: Duration = Duration::from_secs(4);

/// Time limit of a call, with all that it asks the server for.
const CALL: Duration = Duration::from_secs(5);

/// Time limit of ending the driver's background work.
const CLOSE: Duration = Duration::from_secs(1);

/// Code of a duplicate key, in every kind of answer.
const DUPLICATE: i32 = 11_000;

#[derive(Debug, Clone)]
pub(crate) struct MongoStore {
    uri: MongoUri,
    connection: Arc<OnceCell<Connection>>,
    lanes: Lanes,
    rules: Rules,
}

/// The collections of one database.
#[derive(Debug, Clone)]
pub(super) struct Connection {
    client: Client,
    conversations: Collection<Document>,
    messages: Collection<Document>,
    records: Collection<Document>,
}

impl MongoStore {
    /// Connects to nothing yet: an unreachable server must not keep this one from starting.
    pub(super) fn new(uri: MongoUri, rules: Rules) -> Self {
        Self {
            uri,
            connection: Arc::default(),
            lanes: Lanes::default(),
            rules,
        }
    }

    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        let ping = async {
            let connection = self.connection().await?;
            let admin = connection.client.database("admin");
            admin.run_command(doc! {"ping": 1}).await?;
            Ok(())
        };
        within(PING, ping).await
    }

    pub(super) async fn close(&self) {
        let Some(connection) = self.connection.get() else {
            return;
        };
        let close = connection.client.clone().shutdown().immediate(true);
        if tokio::time::timeout(CLOSE, close.into_future())
            .await
            .is_err()
        {
            tracing::warn!("the MongoDB driver did not end in time");
        }
    }

    async fn connection(&self) -> mongodb::error::Result<&Connection> {
        self.connection
            .get_or_try_init(|| connect::connect(&self.uri))
            .await
    }
}

async fn within<T>(
    limit: Duration,
    work: impl Future<Output = Result<T, StoreError>>,
) -> Result<T, StoreError> {
    tokio::time::timeout(limit, work)
        .await
        .unwrap_or(Err(StoreError::TimedOut))
}

impl From<Error> for StoreError {
    fn from(error: Error) -> Self {
        Self::NoAnswer(Box::new(error))
    }
}

/// Whether a write was refused since a unique key is there. Servers word it differently.
fn is_duplicate(error: &Error) -> bool {
    match error.kind.as_ref() {
        ErrorKind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE,
        ErrorKind::Command(error) => error.code == DUPLICATE,
        ErrorKind::InsertMany(error) => error
            .write_errors
            .as_ref()
            .is_some_and(|errors| errors.iter().any(|one| one.code == DUPLICATE)),
        _ => false,
    }
}
