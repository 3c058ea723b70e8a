//! MongoDB, connected to on first use.

use std::sync::Arc;
use std::time::Duration;

use mongodb::Client;
use mongodb::bson::doc;
use mongodb::options::ClientOptions;
use tokio::sync::OnceCell;

use super::StoreError;
use crate::settings::MongoUri;

/// Time limit of choosing a server and of opening a connection.
const CONNECT: Duration = Duration::from_secs(2);

/// Time limit of a ping, with everything that it needs (the first one may resolve SRV records).
const PING: Duration = Duration::from_secs(4);

/// Time limit of ending the driver's background work.
const CLOSE: Duration = Duration::from_secs(1);

#[derive(Debug, Clone)]
pub(crate) struct MongoStore {
    uri: MongoUri,
    client: Arc<OnceCell<Client>>,
}

impl MongoStore {
    /// Connects to nothing yet: an unreachable server must not keep this one from starting.
    pub(super) fn new(uri: MongoUri) -> Self {
        Self {
            uri,
            client: Arc::default(),
        }
    }

    pub(super) async fn ping(&self) -> Result<(), StoreError> {
        let ping = async {
            let client = self.client.get_or_try_init(|| self.connect()).await?;
            client.database("admin").run_command(doc! {"ping": 1}).await
        };
        match tokio::time::timeout(PING, ping).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(StoreError::NoAnswer(Box::new(error))),
            Err(_) => Err(StoreError::TimedOut),
        }
    }

    pub(super) async fn close(&self) {
        let Some(client) = self.client.get() else {
            return;
        };
        let close = client.clone().shutdown().immediate(true).into_future();
        if tokio::time::timeout(CLOSE, close).await.is_err() {
            tracing::warn!("the MongoDB driver did not end in time");
        }
    }

    async fn connect(&self) -> mongodb::error::Result<Client> {
        let mut options = ClientOptions::parse(self.uri.expose()).await?;
        options
            .app_name
            .get_or_insert_with(|| "pillnuts-chat".to_owned());
        options.connect_timeout.get_or_insert(CONNECT);
        options.server_selection_timeout.get_or_insert(CONNECT);
        Client::with_options(options)
    }
}
