//! The real program, two of it, killed while they tell Slack: every request arrives, under one id.

use std::collections::BTreeSet;

use chat_server::settings::StoreSettings;
use chat_server::store::Store;
use chat_server::store::model::Rules;
use simulators::faults::Network;
use simulators::slack::{Config, Fault, Operation, Running, Wrong};
use test_kit::{Server, mongo, skip_or_fail};

use crate::notify_kit::{PATIENCE, ask_often, ids, slack, until, until_all_is_told};

/// Where a store is, as a variable of the environment.
type Variable<'a> = (&'a str, String);

/// An instance and the port of its figures.
fn instance(store: &Variable<'_>, slack: &Running) -> (Server, u16) {
    let port = test_kit::free_port().unwrap();
    let server = Server::builder("chat-server", env!("CARGO_BIN_EXE_chat-server"))
        .env(store.0, &store.1)
        .env("CHAT_PORT", "0")
        .env("CHAT_OPS_PORT", port.to_string())
        .env("SLACK_WEBHOOK_URL", &slack.base_url)
        .env("SLACK_TIMEOUT_SECONDS", "2")
        .env("LOG_LEVEL", "debug")
        .ready_at(port, "/readyz");
    (server.start().unwrap(), port)
}

/// `kill -9`, and started again; `restart` kills what still runs.
fn restart(first: &mut Server, second: &mut Server) {
    first.restart().unwrap();
    second.restart().unwrap();
}

fn posts(slack: &Running) -> u64 {
    slack.handle.faults.requests(Operation::Post)
}

async fn figures_are_shown(port: u16) {
    let url = format!("http://127.0.0.1:{port}/metrics");
    let client = crate::server::client();
    until("the figures", async || {
        let text = client.get(&url).send().await.unwrap().text().await.unwrap();
        [
            "slack_attempts_total{outcome=\"delivered\"}",
            "slack_deliveries_waiting 0",
            "slack_delivery_oldest_age_seconds 0",
            "slack_dead_letters 0",
        ]
        .iter()
        .all(|line| text.contains(line))
    })
    .await;
}

async fn everything_arrives(variable: Variable<'_>, settings: StoreSettings) {
    let store = Store::open(&settings, Rules::default()).await.unwrap();
    // With its real limit.
    let slack = slack(Config::default()).await;
    let mut asked = ask_often(&store, 4).await;
    let (mut first, _) = instance(&variable, &slack);
    let (mut second, port) = instance(&variable, &slack);
    let faults = &slack.handle.faults;
    // Both die at once, so that whoever is sending dies for certain.
    for round in 0..3 {
        asked.extend(ask_often(&store, 2).await);
        faults.clear();
        // Slack has it, and nobody will hear so.
        faults.add(Fault::answer(Wrong::LateAnswer { millis: 600_000 }).times(1));
        let before = slack.handle.messages().len();
        until("a message is shown", async || {
            slack.handle.messages().len() > before
        })
        .await;
        restart(&mut first, &mut second);

        // Nobody has it.
        faults.clear();
        faults.add(Fault::network(Network::Stall));
        let before = posts(&slack);
        until("a message is on its way", async || posts(&slack) > before).await;
        if round == 1 {
            faults.add(Fault::answer(Wrong::RateLimited { retry_after: 2 }).times(2));
        }
        restart(&mut first, &mut second);
    }
    faults.clear();
    faults.add(Fault::answer(Wrong::RollupError).times(2));
    faults.add(Fault::network(Network::Reset).skip(2).times(1));
    asked.extend(ask_often(&store, 2).await);
    until_all_is_told(&store).await;
    let messages = slack.handle.messages();
    let told: BTreeSet<String> = ids(&messages);
    assert_eq!(told, asked);
    assert!(messages.len() >= asked.len() + 3, "three were shown twice");
    assert!(store.dead_letters(9).await.unwrap().is_empty());

    // One more, so that the one with the figures has told something since its start.
    first.stop(PATIENCE).unwrap();
    asked.extend(ask_often(&store, 1).await);
    until_all_is_told(&store).await;
    figures_are_shown(port).await;
    assert_eq!(ids(&slack.handle.messages()), asked);
    assert!(second.stop(PATIENCE).unwrap().success());
    for log in [first.log(), second.log()] {
        let secret = Config::default().token;
        assert!(
            !log.contains(&secret) && !log.contains("/services/"),
            "{log}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sqlite_tells_slack_of_every_request() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    let settings = StoreSettings::Sqlite(url.parse().unwrap());
    everything_arrives(("CHAT_DATABASE_URL", url), settings).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn mongodb_tells_slack_of_every_request() {
    let Ok(server) = std::env::var(mongo::SERVER) else {
        skip_or_fail("no MongoDB to test against: TEST_MONGODB_URI is unset");
        return;
    };
    let (host, options) = server.split_once('?').unwrap_or((&server, ""));
    let name = uuid::Uuid::new_v4().simple();
    let url = format!("{}/slack_{name}?{options}", host.trim_end_matches('/'));
    let settings = StoreSettings::Mongo(url.parse().unwrap());
    everything_arrives(("MONGODB_URI", url), settings).await;
}
