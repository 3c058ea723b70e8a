//! What only MongoDB can suffer: a copy of messages that was interrupted.

use chat_server::store::model::Rules;
use chat_server::store::{Span, Store};
use mongodb::bson::{Document, doc};
use mongodb::options::ClientOptions;
use test_kit::{mongo, skip_or_fail};

use crate::store_kit::{all, at, guest, mongo_settings, seqs, texts, visitor};

/// As after a kill between the write of the conversation and the copy to `messages`.
#[tokio::test]
async fn an_interrupted_copy_loses_nothing() {
    let Ok(server) = std::env::var(mongo::SERVER) else {
        skip_or_fail("no MongoDB to test against: TEST_MONGODB_URI is unset");
        return;
    };
    let name = format!("chat_{}", uuid::Uuid::new_v4().simple());
    let settings = mongo_settings(&server, &name);
    let store = Store::open(&settings, Rules::default()).await.unwrap();
    let head = guest(&store).await;
    for (n, text) in ["하나", "둘"].into_iter().enumerate() {
        store.say(head.id, visitor(n, text)).await.unwrap();
    }
    let before = all(&store, head.id).await;

    let options = ClientOptions::parse(&server).await.unwrap();
    let database = mongodb::Client::with_options(options)
        .unwrap()
        .database(&name);
    let (heads, messages) = (
        database.collection::<Document>("conversations"),
        database.collection::<Document>("messages"),
    );
    let last = doc! {"conversation": head.id.to_string(), "seq": 2_i64};
    let taken = messages.find_one_and_delete(last).await.unwrap().unwrap();
    let body = taken.get_document("body").unwrap().clone();
    let push = doc! {"$push": {"tail": body}};
    let by_id = doc! {"_id": head.id.to_string()};
    heads.update_one(by_id.clone(), push).await.unwrap();

    assert_eq!(all(&store, head.id).await, before, "readers look at both");
    let head = store.conversation(head.id).await.unwrap().unwrap();
    let replay = store
        .replay(&head, Span::Before(3), 1, at(0))
        .await
        .unwrap();
    assert_eq!(seqs(&replay.messages), [2]);
    // Its name is known, and the next write brings it home.
    let again = store.say(head.id, visitor("1", "둘")).await.unwrap();
    assert!(again.repeated);
    let next = store.say(head.id, visitor("2", "셋")).await.unwrap();
    assert_eq!(next.message.unwrap().seq, 3);
    let stored = heads.find_one(by_id).await.unwrap().unwrap();
    assert!(stored.get_array("tail").unwrap().is_empty());
    let after = all(&store, head.id).await;
    assert_eq!(after.len(), before.len() + 1);
    assert_eq!(texts(&after)[..before.len()], texts(&before));
    database.drop().await.unwrap();
}
