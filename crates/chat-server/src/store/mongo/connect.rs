//! The connection, and the indexes that everything relies on.

use std::time::Duration;

use mongodb::bson::{Document, doc};
use mongodb::options::{
    Acknowledgment, ClientOptions, IndexOptions, ReadConcern, ReadPreference, SelectionCriteria,
    WriteConcern,
};
use mongodb::{Client, Collection, IndexModel};

use super::{CALL, Connection};
use crate::settings::MongoUri;

/// Time limit of choosing a server and of opening a connection.
const CONNECT: Duration = Duration::from_secs(2);

/// Where the address names no database.
const DATABASE: &str = "pillnuts";

pub(super) async fn connect(uri: &MongoUri) -> mongodb::error::Result<Connection> {
    let mut options = ClientOptions::parse(uri.expose()).await?;
    options
        .app_name
        .get_or_insert_with(|| "pillnuts-chat".to_owned());
    options.connect_timeout.get_or_insert(CONNECT);
    options.server_selection_timeout.get_or_insert(CONNECT);
    // Whatever the address says: acknowledged is on the disks of a majority, and nothing is shown
    // that may be rolled back.
    options.write_concern = Some(
        WriteConcern::builder()
            .w(Acknowledgment::Majority)
            .journal(true)
            .w_timeout(CALL)
            .build(),
    );
    options.read_concern = Some(ReadConcern::majority());
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    let name = options
        .default_database
        .clone()
        .unwrap_or_else(|| DATABASE.to_owned());
    let client = Client::with_options(options)?;
    let database = client.database(&name);
    let connection = Connection {
        conversations: database.collection("conversations"),
        messages: database.collection("messages"),
        records: database.collection("records"),
        client,
    };
    make_indexes(&connection).await?;
    Ok(connection)
}

async fn make_indexes(connection: &Connection) -> mongodb::error::Result<()> {
    let plain = |keys| IndexModel::builder().keys(keys).build();
    make(
        &connection.conversations,
        vec![
            unique(doc! {"person": 1}),
            plain(doc! {"queueKey": 1, "_id": 1}),
            plain(doc! {"counsellor": 1, "lastAt": 1}),
            plain(doc! {"leaseUntil": 1}),
            plain(doc! {"closedAt": -1}),
            plain(doc! {"unanswered": 1, "lastAt": 1}),
            plain(doc! {"outboxDue": 1}),
            plain(doc! {"outboxDead": 1, "lastAt": 1}),
            plain(doc! {"pendingPurge": 1, "lastAt": 1}),
            plain(doc! {"state": 1, "lastAt": 1}),
        ],
    )
    .await?;
    make(
        &connection.messages,
        vec![
            unique(doc! {"conversation": 1, "seq": 1}),
            unique(doc! {"conversation": 1, "key": 1}),
            expiring("purgeAt"),
        ],
    )
    .await?;
    make(
        &connection.records,
        vec![
            plain(doc! {"kind": 1, "owner": 1, "sort": -1, "_id": 1}),
            plain(doc! {"kind": 1, "sort": -1, "_id": 1}),
            expiring("expiresAt"),
        ],
    )
    .await
}

async fn make(
    collection: &Collection<Document>,
    indexes: Vec<IndexModel>,
) -> mongodb::error::Result<()> {
    collection.create_indexes(indexes).await?;
    Ok(())
}

fn unique(keys: Document) -> IndexModel {
    let options = IndexOptions::builder().unique(true).build();
    IndexModel::builder().keys(keys).options(options).build()
}

/// MongoDB deletes a document once the moment of this field is over.
fn expiring(field: &str) -> IndexModel {
    let options = IndexOptions::builder().expire_after(Duration::ZERO).build();
    IndexModel::builder()
        .keys(doc! {field: 1})
        .options(options)
        .build()
}
