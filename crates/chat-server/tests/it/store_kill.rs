//! `kill -9`: what was acknowledged is there.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Duration;

use chat_server::settings::StoreSettings;
use chat_server::store::model::{ConversationId, GuestId, Person, Rules};
use chat_server::store::{ChangeError, Store};
use test_kit::{Mongo, skip_or_fail};

use crate::store_kit::{all, at, guest, mongo_settings, seqs, texts, visitor};

/// Where the writing process is told what to write to.
const TARGET: &str = "CHAT_STORE_KILL_TARGET";

/// Not a test of its own: the process that is killed. Eight senders, and each acknowledgement is
/// printed at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "started by the tests of this file"]
async fn writer() {
    let Ok(target) = std::env::var(TARGET) else {
        return;
    };
    let (url, person) = target.split_once('|').unwrap();
    let store = Store::open(&settings(url), Rules::default()).await.unwrap();
    let person = Person::try_from(person.to_owned()).unwrap();
    let id = store.open_conversation(person, at(0)).await.unwrap().id;
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..8 {
        let store = store.clone();
        senders.spawn(async move {
            for n in 0.. {
                let text = format!("{sender}-{n}");
                let said = store.say(id, visitor(&text, &text)).await.unwrap();
                let seq = said.message.unwrap().seq;
                let mut out = std::io::stdout().lock();
                writeln!(out, "ack {seq} {text}").unwrap();
            }
        });
    }
    senders.join_all().await;
}

fn settings(url: &str) -> StoreSettings {
    if url.starts_with("sqlite") {
        StoreSettings::Sqlite(url.parse().unwrap())
    } else {
        StoreSettings::Mongo(url.parse().unwrap())
    }
}

/// Lets a process write and kills it after so many acknowledgements; all of them.
fn write_and_kill(url: &str, person: &Person, acks: usize) -> Vec<(i64, String)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture", "store_kill::writer"])
        .env(TARGET, format!("{url}|{}", person.key()))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = Vec::new();
    let mut note = |line: String| {
        // The last line may be cut.
        let mut words = line
            .split(' ')
            .skip_while(|word| !word.ends_with("ack"))
            .skip(1);
        if let (Some(seq), Some(text)) = (words.next(), words.next()) {
            told.push((seq.parse::<i64>().unwrap(), text.to_owned()));
        }
        told.len()
    };
    for line in lines.by_ref() {
        if note(line.unwrap()) >= acks {
            break;
        }
    }
    // SIGKILL.
    child.kill().unwrap();
    for line in lines.map_while(Result::ok) {
        note(line);
    }
    child.wait().unwrap();
    assert!(told.len() >= acks, "the writer ended by itself");
    told
}

async fn nothing_is_lost(url: &str) {
    let person = Person::Guest(GuestId::random());
    let mut told: Vec<(i64, String)> = Vec::new();
    for acks in [60, 1, 130] {
        let (url, person) = (url.to_owned(), person.clone());
        let killed = tokio::task::spawn_blocking(move || write_and_kill(&url, &person, acks));
        told.extend(killed.await.unwrap());
    }
    let store = Store::open(&settings(url), Rules::default()).await.unwrap();
    let id = store.conversation_of(&person).await.unwrap().unwrap().id;
    let messages = all(&store, id).await;
    let count = i64::try_from(messages.len()).unwrap();
    assert_eq!(seqs(&messages), (1..=count).collect::<Vec<_>>());
    for (seq, text) in told {
        let index = usize::try_from(seq).unwrap() - 1;
        assert_eq!(texts(&messages)[index], text);
    }
    let next = store.say(id, visitor("next", "다음")).await.unwrap();
    assert_eq!(next.message.unwrap().seq, count + 1);
}

#[tokio::test]
async fn sqlite_keeps_what_it_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    nothing_is_lost(&format!("sqlite://{}/chat.db", folder.path().display())).await;
}

#[tokio::test]
async fn mongodb_keeps_what_it_acknowledged() {
    let Ok(server) = std::env::var(test_kit::mongo::SERVER) else {
        skip_or_fail("no MongoDB to test against: TEST_MONGODB_URI is unset");
        return;
    };
    let (host, options) = server.split_once('?').unwrap_or((&server, ""));
    let name = uuid::Uuid::new_v4().simple();
    let url = format!("{}/kill_{name}?{options}", host.trim_end_matches('/'));
    nothing_is_lost(&url).await;
}

/// Sends until it is acknowledged, as a client does.
async fn insist(store: &Store, id: ConversationId, text: &str) -> i64 {
    loop {
        match store.say(id, visitor(text, text)).await {
            Ok(said) => return said.message.unwrap().seq,
            Err(ChangeError::Store(_)) => tokio::time::sleep(Duration::from_millis(50)).await,
            Err(error) => panic!("{error}"),
        }
    }
}

/// The database itself is killed in mid-chat and comes back: nothing lost, nothing twice.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_killed_mongodb_loses_nothing() {
    if !Mongo::is_installed() {
        skip_or_fail("no MongoDB is installed (cargo xtask test installs one)");
        return;
    }
    let mut server = tokio::task::spawn_blocking(|| Mongo::start().unwrap())
        .await
        .unwrap();
    let settings = mongo_settings(&server.uri(), "killed");
    let store = Store::open(&settings, Rules::default()).await.unwrap();
    let id = guest(&store).await.id;
    let mut senders = tokio::task::JoinSet::new();
    for sender in 0..5 {
        let store = store.clone();
        senders.spawn(async move {
            for n in 0..60 {
                insist(&store, id, &format!("{sender}-{n}")).await;
            }
        });
    }
    for _ in 0..2 {
        tokio::time::sleep(Duration::from_millis(300)).await;
        server = tokio::task::spawn_blocking(move || {
            server.restart().unwrap();
            server
        })
        .await
        .unwrap();
    }
    senders.join_all().await;
    let messages = all(&store, id).await;
    assert_eq!(seqs(&messages), (1..=300).collect::<Vec<_>>());
    let mut unique: Vec<_> = texts(&messages);
    unique.sort_unstable();
    unique.dedup();
    assert_eq!(unique.len(), 300);
}
