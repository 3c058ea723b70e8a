//! Somebody who asks for help, and Slack's stand-in that is told.

use std::collections::BTreeSet;
use std::time::Duration;

use chat_server::notify::{Notifier, Pace, SlackSettings, Webhook};
use chat_server::store::Store;
use chat_server::store::model::{ConversationId, GuestId, Moment, Person};
use chrono::{TimeDelta, Utc};
use simulators::slack::{Config, Message, RateLimit, Running, Simulator};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// Longest wait for anything that should happen, on a busy machine, too.
pub(crate) const PATIENCE: Duration = Duration::from_secs(180);

/// Slack without its limit.
pub(crate) fn unlimited() -> Config {
    let rate_limit = RateLimit {
        messages: 100_000,
        ..Config::default().rate_limit
    };
    Config {
        rate_limit,
        ..Config::default()
    }
}

pub(crate) async fn slack(config: Config) -> Running {
    Simulator::start(config).await.unwrap()
}

/// Much faster than in real life.
pub(crate) fn fast() -> Pace {
    Pace {
        gap: TimeDelta::milliseconds(20),
        lease: TimeDelta::seconds(10),
        first_pause: TimeDelta::milliseconds(50),
        longest_pause: TimeDelta::milliseconds(300),
        most_attempts: 100,
        idle: Duration::from_millis(20),
    }
}

/// A notifier that runs until it is stopped.
pub(crate) struct Notifying {
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Notifying {
    pub(crate) fn start(store: &Store, slack: &Running, pace: Pace) -> Self {
        drop(crate::server::client());
        let settings = SlackSettings {
            webhook: slack.base_url.parse().unwrap(),
            timeout: Duration::from_secs(3),
        };
        let webhook = Webhook::new(&settings).unwrap();
        let stop = CancellationToken::new();
        let notifier = Notifier::new(store.clone(), webhook, pace);
        let task = tokio::spawn(notifier.run(stop.clone()));
        Self { stop, task }
    }

    pub(crate) async fn stop(self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(PATIENCE, self.task).await;
        ended.expect("it stops").unwrap();
    }
}

pub(crate) fn now() -> Moment {
    Moment::from(Utc::now())
}

/// A guest asks for a counsellor; his conversation and the id of what Slack is to be told.
pub(crate) async fn ask(store: &Store, topic: Option<&str>) -> (ConversationId, String) {
    let person = Person::Guest(GuestId::random());
    let id = store.open_conversation(person, now()).await.unwrap().id;
    let topic = topic.map(|topic| topic.parse().unwrap());
    let asked = store.request(id, topic, now()).await.unwrap();
    let outbox = asked.conversation.outbox;
    (id, outbox.last().unwrap().id.to_string())
}

pub(crate) async fn ask_often(store: &Store, times: usize) -> BTreeSet<String> {
    let mut ids = BTreeSet::new();
    for _ in 0..times {
        ids.insert(ask(store, None).await.1);
    }
    ids
}

/// The delivery ids of messages, each once; asserts that the message says it, too.
pub(crate) fn ids(messages: &[Message]) -> BTreeSet<String> {
    let id = |message: &Message| {
        let id = message.idempotency_key.clone().unwrap();
        assert!(message.blocks.to_string().contains(&id), "{message:?}");
        id
    };
    messages.iter().map(id).collect()
}

/// Waits until something holds.
pub(crate) async fn until(what: &str, condition: impl AsyncFnMut() -> bool) {
    let held = test_kit::eventually_async(PATIENCE, condition).await;
    assert!(held, "not in time: {what}");
}

/// Waits until nothing is left to be told.
pub(crate) async fn until_all_is_told(store: &Store) {
    until("the outbox is empty", async || {
        // An answer in time or not: the test goes on.
        store.backlog().await.is_ok_and(|left| left.waiting == 0)
    })
    .await;
}
