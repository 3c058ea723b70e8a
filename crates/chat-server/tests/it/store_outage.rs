//! A store that fails says so in time, and comes back by itself.

use std::time::{Duration, Instant};

use chat_server::settings::StoreSettings;
use chat_server::store::model::Rules;
use chat_server::store::{ChangeError, Store, StoreError};
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use test_kit::{Mongo, skip_or_fail};

use crate::store_kit::{all, guest, mongo_settings, texts, visitor};

async fn sqlite(folder: &tempfile::TempDir) -> (Store, SqliteConnection) {
    let file = folder.path().join("chat.db");
    let url = format!("sqlite://{}", file.display());
    let settings = StoreSettings::Sqlite(url.parse().unwrap());
    let store = Store::open(&settings, Rules::default()).await.unwrap();
    let other = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
    (store, other)
}

/// Writes that share a sync fail alone.
#[tokio::test]
async fn a_failed_write_of_a_group_undoes_itself_alone() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut other) = sqlite(&folder).await;
    other
        .batch_execute(
            "CREATE TRIGGER bad BEFORE INSERT ON messages WHEN NEW.key = 'v/bad' \
             BEGIN SELECT RAISE(ABORT, 'no'); END",
        )
        .unwrap();
    let id = guest(&store).await.id;
    // Held back by a lock, so that they gather.
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let mut writes = tokio::task::JoinSet::new();
    for name in ["a", "bad", "b", "bad2", "c"] {
        let store = store.clone();
        writes.spawn(async move { (name, store.say(id, visitor(name, name)).await.is_ok()) });
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    other.batch_execute("COMMIT").unwrap();
    for (name, good) in writes.join_all().await {
        assert_eq!(good, name != "bad", "{name}");
    }
    let messages = all(&store, id).await;
    let mut said = texts(&messages);
    said.sort_unstable();
    assert_eq!(said, ["a", "b", "bad2", "c"]);
    assert_eq!(messages.last().unwrap().seq, 4, "no hole");
}

#[tokio::test]
async fn a_locked_file_is_told_in_time() {
    let folder = tempfile::tempdir().unwrap();
    let (store, mut other) = sqlite(&folder).await;
    let id = guest(&store).await.id;
    other.batch_execute("BEGIN IMMEDIATE").unwrap();
    let begun = Instant::now();
    let failed = store.say(id, visitor("a", "하나")).await.unwrap_err();
    assert!(matches!(failed, ChangeError::Store(_)));
    assert!(begun.elapsed() < Duration::from_secs(6));
    // Reading goes on.
    assert!(all(&store, id).await.is_empty());
    other.batch_execute("COMMIT").unwrap();
    store.say(id, visitor("a", "하나")).await.unwrap();
    assert_eq!(texts(&all(&store, id).await), ["하나"]);
}

#[tokio::test]
async fn nothing_is_acknowledged_into_a_deleted_file() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _other) = sqlite(&folder).await;
    let id = guest(&store).await.id;
    std::fs::remove_file(folder.path().join("chat.db")).unwrap();
    let failed = store.say(id, visitor("a", "하나")).await.unwrap_err();
    assert!(matches!(failed, ChangeError::Store(StoreError::Gone)));
}

/// It neither answers nor closes: every call ends in time, and repeating is harmless.
#[tokio::test]
async fn a_mongodb_that_stands_still_is_told_in_time() {
    if !Mongo::is_installed() {
        skip_or_fail("no MongoDB is installed (cargo xtask test installs one)");
        return;
    }
    let server = tokio::task::spawn_blocking(|| Mongo::start().unwrap())
        .await
        .unwrap();
    let settings = mongo_settings(&server.uri(), "still");
    let store = Store::open(&settings, Rules::default()).await.unwrap();
    let id = guest(&store).await.id;
    server.pause().unwrap();
    for _ in 0..2 {
        let begun = Instant::now();
        let failed = store.say(id, visitor("a", "하나")).await.unwrap_err();
        assert!(matches!(failed, ChangeError::Store(_)));
        assert!(store.conversation(id).await.is_err());
        assert!(begun.elapsed() < Duration::from_secs(12));
    }
    server.resume().unwrap();
    store.say(id, visitor("a", "하나")).await.unwrap();
    assert_eq!(texts(&all(&store, id).await), ["하나"]);
}
