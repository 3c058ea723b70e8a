//! Both stores, empty, for one test each.

use std::future::Future;

use chat_server::settings::StoreSettings;
use chat_server::store::model::{
    Author, ClientMessageId, Conversation, ConversationId, Counsellor, Draft, GuestId, Message,
    Moment, Person, Rules, Seq,
};
use chat_server::store::{Span, Store};
use chrono::{DateTime, TimeDelta};
use mongodb::options::ClientOptions;
use tempfile::TempDir;
use test_kit::{mongo, skip_or_fail};

/// A store of one test's own.
pub(crate) struct Kept {
    pub(crate) store: Store,
    pub(crate) settings: StoreSettings,
    _folder: Option<TempDir>,
}

impl Kept {
    /// As another instance sees the same data.
    pub(crate) async fn another(&self) -> Store {
        Store::open(&self.settings, Rules::default()).await.unwrap()
    }
}

/// Makes a test of each store out of an `async fn(Kept)`.
macro_rules! on_both_stores {
    ($($test:ident),+ $(,)?) => {
        mod sqlite {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::store_kit::on_sqlite(super::$test).await;
            })+
        }
        mod mongodb {
            $(#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $test() {
                crate::store_kit::on_mongodb(super::$test).await;
            })+
        }
    };
}
pub(crate) use on_both_stores;

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(test: impl FnOnce(Kept) -> F) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    let settings = StoreSettings::Sqlite(url.parse().unwrap());
    test(Kept {
        store: Store::open(&settings, Rules::default()).await.unwrap(),
        settings,
        _folder: Some(folder),
    })
    .await;
}

pub(crate) async fn on_mongodb<F: Future<Output = ()>>(test: impl FnOnce(Kept) -> F) {
    let Ok(server) = std::env::var(mongo::SERVER) else {
        skip_or_fail(
            "no MongoDB to test against: TEST_MONGODB_URI is unset (cargo xtask test sets it)",
        );
        return;
    };
    let name = format!("chat_{}", uuid::Uuid::new_v4().simple());
    let settings = mongo_settings(&server, &name);
    test(Kept {
        store: Store::open(&settings, Rules::default()).await.unwrap(),
        settings,
        _folder: None,
    })
    .await;
    let options = ClientOptions::parse(&server).await.unwrap();
    let client = mongodb::Client::with_options(options).unwrap();
    client.database(&name).drop().await.unwrap();
}

/// A database of a server that is named without one.
pub(crate) fn mongo_settings(server: &str, name: &str) -> StoreSettings {
    let (host, options) = server.split_once('?').unwrap_or((server, ""));
    let host = host.trim_end_matches('/');
    StoreSettings::Mongo(format!("{host}/{name}?{options}").parse().unwrap())
}

/// Some seconds after a fixed moment far in the future, so that MongoDB's own clock deletes nothing.
pub(crate) fn at(seconds: i64) -> Moment {
    let start: DateTime<chrono::Utc> = "2099-03-02T05:00:00Z".parse().unwrap();
    Moment::from(start).plus(TimeDelta::seconds(seconds))
}

pub(crate) fn key(text: impl std::fmt::Display) -> ClientMessageId {
    text.to_string().parse().unwrap()
}

pub(crate) fn visitor(id: impl std::fmt::Display, text: &str) -> Draft {
    Draft::new(Author::Visitor, key(id), text.parse().unwrap(), at(0))
}

pub(crate) fn bot(turn: i64, id: &str) -> Draft {
    let author = Author::Bot { turn };
    Draft::new(author, key(id), "답변".parse().unwrap(), at(0))
}

pub(crate) fn says(staff: &str, id: &str) -> Draft {
    let author = Author::Counsellor(staff.parse().unwrap());
    Draft::new(author, key(id), "안녕하세요".parse().unwrap(), at(0))
}

pub(crate) fn counsellor(id: &str) -> Counsellor {
    Counsellor {
        id: id.parse().unwrap(),
        name: format!("상담사 {id}"),
        pharmacist: id.len().is_multiple_of(2),
    }
}

pub(crate) async fn guest(store: &Store) -> Conversation {
    let person = Person::Guest(GuestId::random());
    store.open_conversation(person, at(0)).await.unwrap()
}

/// Everything that a client would get that has seen nothing, page by page.
pub(crate) async fn all(store: &Store, id: ConversationId) -> Vec<Message> {
    all_at(store, id, at(0)).await
}

pub(crate) async fn all_at(store: &Store, id: ConversationId, now: Moment) -> Vec<Message> {
    let head = store.conversation(id).await.unwrap().unwrap();
    let mut found: Vec<Message> = Vec::new();
    loop {
        let after = found.last().map_or(0, |message| message.seq);
        let page = store.replay(&head, Span::After(after), 500, now);
        let page = page.await.unwrap().messages;
        if page.is_empty() {
            return found;
        }
        found.extend(page);
    }
}

pub(crate) fn seqs(messages: &[Message]) -> Vec<Seq> {
    messages.iter().map(|message| message.seq).collect()
}

pub(crate) fn texts(messages: &[Message]) -> Vec<&str> {
    messages
        .iter()
        .map(|message| message.text.as_str())
        .collect()
}
