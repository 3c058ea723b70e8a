//! The real binary, killed while messages are on their way, and a database that is killed in the middle
//! of sign-ups.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use nix::sys::signal::Signal;
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use serde_json::{Value, json};
use simulators::faults::Network;
use simulators::sms::{Fault, Operation, Running};
use test_kit::{MariaDb, Server, free_port, skip_or_fail};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::{TestDb, on_both};

const DEADLINE: Duration = Duration::from_secs(120);

/// A server as it is deployed, its provider, and what outlives it.
struct Deployed<'a> {
    db: &'a TestDb,
    sms: Running,
    settings: Vec<(&'static str, String)>,
    keys: tempfile::TempDir,
    port: u16,
    client: reqwest::Client,
}

impl<'a> Deployed<'a> {
    async fn on(db: &'a TestDb) -> Self {
        drop(db.migrated().await);
        let (sms, settings) = AccountsApp::provider().await;
        Self {
            db,
            sms,
            settings,
            keys: tempfile::tempdir().unwrap(),
            port: free_port().unwrap(),
            client: reqwest::Client::builder().no_proxy().build().unwrap(),
        }
    }

    /// Starts it. Without a provider it takes requests and sends nothing.
    fn start(&self, with_provider: bool) -> Server {
        let ops = free_port().unwrap();
        let mut server = Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
            .env("WEB_PORT", self.port.to_string())
            .env("WEB_OPS_PORT", ops.to_string())
            .env("WEB_WORKERS", "2")
            .env("DATABASE_URL", &self.db.url_text)
            .env("DATA_DIR", self.keys.path())
            .env("PASSWORD_COST", "4")
            .env("RATE_LIMITS", "off")
            .env("LOG_FORMAT", "json")
            .ready_at(ops, "/readyz");
        for (name, value) in &self.settings {
            if with_provider || !name.starts_with("SENS_") {
                server = server.env(name, value);
            }
        }
        server.start().unwrap()
    }

    /// Asks for a code; the status, where there was an answer.
    async fn ask(&self, number: &str) -> Option<u16> {
        let url = format!(
            "http://127.0.0.1:{}/api/v1/auth/phone-verifications",
            self.port
        );
        let body = json!({"phoneNumber": number, "purpose": "signUp"});
        let answer = self.client.post(url).json(&body).send().await.ok()?;
        Some(answer.status().as_u16())
    }

    /// As if the time of the dead sender's lease (45 s) had gone by.
    fn end_leases(&self) {
        self.db
            .console("UPDATE sms_outbox SET lease_until = '2020-01-01 00:00:00' WHERE lease_until IS NOT NULL");
    }

    async fn eventually(&self, what: &str, mut condition: impl FnMut(&Self) -> bool) {
        let held = test_kit::eventually_async(DEADLINE, async || condition(self)).await;
        let outbox = "SELECT CONCAT(state, ' ', attempts, ' ', unsure) AS cell FROM sms_outbox";
        assert!(held, "waited in vain: {what}; {}", self.db.console(outbox));
    }

    fn copies(&self, number: &str) -> Vec<String> {
        let messages = self.sms.handle.messages_to(number);
        messages
            .into_iter()
            .map(|message| message.content)
            .collect()
    }

    /// Waits until each message is known to have arrived.
    async fn all_arrive(&self) {
        self.eventually("every message arrives", |it| {
            it.end_leases();
            it.db.count("sms_outbox WHERE state <> 'delivered'") == 0
        })
        .await;
    }
}

const NUMBER: &str = "01023456789";

on_both!(
    killed_between_taking_and_sending_it_sends_once,
    |db| async move {
        let it = Deployed::on(&db).await;
        // It has no provider, so it can't have begun to send.
        let mut first = it.start(false);
        assert_eq!(it.ask(NUMBER).await, Some(202));
        first.kill().unwrap();
        assert!(it.copies(NUMBER).is_empty());
        let second = it.start(true);
        it.all_arrive().await;
        assert_eq!(it.copies(NUMBER).len(), 1);
        // What was asked before the kill counts after it.
        assert_eq!(it.ask(NUMBER).await, Some(429));
        assert_eq!(
            db.count("sms_outbox WHERE unsure = 0"),
            1,
            "nobody had to guess"
        );
        drop(second);
    }
);

on_both!(
    killed_before_the_provider_has_it_it_sends_again,
    |db| async move {
        let it = Deployed::on(&db).await;
        let stall = Fault::network(Network::Stall).on(Operation::Send);
        it.sms.handle.faults.add(stall);
        let mut first = it.start(true);
        assert_eq!(it.ask(NUMBER).await, Some(202));
        it.eventually("it is being sent", |it| {
            it.sms.handle.faults.requests(Operation::Send) == 1
        })
        .await;
        first.kill().unwrap();
        it.sms.handle.faults.clear();
        let second = it.start(true);
        // The dead one's lease is respected: nobody knows yet that he is dead.
        assert_eq!(
            db.count("sms_outbox WHERE lease_until IS NOT NULL AND state = 'waiting'"),
            1
        );
        assert!(it.copies(NUMBER).is_empty());
        it.all_arrive().await;
        assert_eq!(it.copies(NUMBER).len(), 1);
        assert_eq!(db.count("sms_outbox WHERE unsure = 1"), 1);
        assert!(
            second.log().contains("is sent again"),
            "it says so: {}",
            second.log_tail(20)
        );
        assert_eq!(it.ask(NUMBER).await, Some(429));
    }
);

// The worst moment: the provider has it, and nobody has written so.
on_both!(
    killed_after_the_provider_has_it_it_sends_a_copy,
    |db| async move {
        let it = Deployed::on(&db).await;
        let delay = Network::Delay { millis: 1_500 };
        it.sms
            .handle
            .faults
            .add(Fault::network(delay).on(Operation::Send));
        let mut first = it.start(true);
        assert_eq!(it.ask(NUMBER).await, Some(202));
        it.eventually("it is being sent", |it| {
            it.sms.handle.faults.requests(Operation::Send) == 1
        })
        .await;
        // Held still, so that it can't note the answer; its connection stays.
        first.signal(Signal::SIGSTOP).unwrap();
        it.eventually("the provider has it", |it| it.copies(NUMBER).len() == 1)
            .await;
        first.kill().unwrap();
        it.sms.handle.faults.clear();
        let second = it.start(true);
        it.all_arrive().await;
        let copies = it.copies(NUMBER);
        assert_eq!(copies.len(), 2, "knowingly: {}", second.log_tail(20));
        assert_eq!(
            copies[0], copies[1],
            "the code is computed, so it is the same"
        );
        assert_eq!(db.count("sms_outbox WHERE unsure = 1"), 1);
        assert!(second.log().contains("is sent again"));
        assert_eq!(it.ask(NUMBER).await, Some(429), "the copy costs no try");
        let cost = db.console(
            "SELECT CAST(SUM(amount) AS CHAR(9)) AS cell FROM sms_counts WHERE scope = 'numberDay'",
        );
        assert_eq!(cost.trim(), "1");
    }
);

on_both!(killed_at_any_moment_no_message_is_lost, |db| async move {
    const KILLS: usize = 8;
    const EACH: usize = 4;
    let it = Deployed::on(&db).await;
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let mut promised = BTreeSet::new();
    // On a slow machine the first answers take longer than any of the pauses: these grow until there
    // are some.
    let mut longest = 250;
    let mut round = 0;
    while round < KILLS || (promised.is_empty() && longest < 60_000) {
        let mut server = it.start(true);
        let numbers: Vec<String> = (0..EACH)
            .map(|turn| format!("0107{:07}", round * EACH + turn))
            .collect();
        let pause = Duration::from_millis(random.random_range(5..longest));
        let asked = join_all(numbers.iter().map(|number| it.ask(number)));
        let (answers, ()) = tokio::join!(asked, async {
            // A random moment is the point here, not a condition to wait for.
            tokio::time::sleep(pause).await;
            server.kill().unwrap();
        });
        for (number, answer) in numbers.into_iter().zip(answers) {
            if answer == Some(202) {
                promised.insert(number);
            }
        }
        round += 1;
        if promised.is_empty() {
            longest *= 2;
        }
    }
    assert!(!promised.is_empty(), "some were answered (seed {seed})");
    let server = it.start(true);
    it.all_arrive().await;
    let stored = db.count("sms_outbox");
    let counted = db.count("sms_counts WHERE scope = 'numberDay' AND amount = 1");
    assert_eq!(
        stored, counted,
        "what is counted is stored, and the other way round"
    );
    let mut copies: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for message in it.sms.handle.messages() {
        copies.entry(message.to).or_default().push(message.content);
    }
    for number in &promised {
        assert!(
            copies.contains_key(number),
            "{number} got none (seed {seed})"
        );
    }
    assert_eq!(u64::try_from(copies.len()).unwrap(), stored, "seed {seed}");
    let surplus: usize = copies.values().map(|copies| copies.len() - 1).sum();
    let unsure: u64 = db
        .console("SELECT CAST(SUM(unsure) AS CHAR(9)) AS cell FROM sms_outbox")
        .trim()
        .parse()
        .unwrap();
    assert!(
        u64::try_from(surplus).unwrap() <= unsure,
        "no copy that nobody knows of"
    );
    println!(
        "{} promised, {stored} stored, {surplus} copies, {unsure} unsure",
        promised.len()
    );
    for (number, texts) in copies {
        assert!(texts.iter().all(|text| *text == texts[0]), "{number}");
        assert_eq!(it.ask(&number).await, Some(429), "limits hold over kills");
    }
    drop(server);
});

/// Signs up until there is an answer that isn't the database's outage.
async fn sign_up(app: &AccountsApp, key: &str, body: &Value, outages: &AtomicUsize) -> String {
    let begun = std::time::Instant::now();
    loop {
        let answer = app.sign_up_once(key, body).await;
        match answer.status.as_u16() {
            201 => return answer.json()["id"].as_str().unwrap().to_owned(),
            503 => {
                assert!(!answer.header("retry-after").is_empty());
                outages.fetch_add(1, Ordering::Relaxed);
            }
            _ => panic!("{} {}", answer.status, answer.text),
        }
        assert!(begun.elapsed() < DEADLINE, "the database is back for long");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_killed_in_mid_sign_up_loses_and_doubles_nothing() {
    const ROUNDS: usize = 6;
    const EACH: usize = 12;
    if !MariaDb::is_installed() {
        return skip_or_fail("MariaDB isn't installed");
    }
    let mut server = MariaDb::start().unwrap();
    let db = TestDb::on_server(&server);
    let app = Arc::new(AccountsApp::on(&db).await);
    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let outages = Arc::new(AtomicUsize::new(0));
    let mut ids = BTreeMap::new();
    let mut bodies = Vec::new();
    for number in 0..ROUNDS * EACH {
        let token = app.verified(&format!("0108{number:07}")).await;
        let login_id = format!("haneul{number}");
        let body = AccountsApp::sign_up_body(&login_id, &format!("하늘{number}"), &token);
        bodies.push((login_id, body));
    }
    for bodies in bodies.chunks(EACH) {
        let clients: Vec<_> = bodies
            .iter()
            .cloned()
            .map(|(login_id, body)| {
                let (app, outages) = (Arc::clone(&app), Arc::clone(&outages));
                tokio::spawn(async move {
                    let id = sign_up(&app, &login_id, &body, &outages).await;
                    // Once more, as who lost the answer does.
                    assert_eq!(sign_up(&app, &login_id, &body, &outages).await, id);
                    (login_id, id)
                })
            })
            .collect();
        tokio::time::sleep(Duration::from_millis(random.random_range(0..120))).await;
        server.restart().unwrap();
        for client in clients {
            let (login_id, id) = client.await.unwrap();
            ids.insert(login_id, id);
        }
    }
    println!(
        "{} answers told of an outage",
        outages.load(Ordering::Relaxed)
    );
    let all = u64::try_from(ROUNDS * EACH).unwrap();
    assert_eq!(ids.len(), ROUNDS * EACH);
    let different: BTreeSet<_> = ids.values().collect();
    assert_eq!(different.len(), ids.len());
    for (rows, expected) in [
        ("users", all),
        ("consents", 3 * all),
        ("attendance", all),
        ("sign_up_answers", all),
        ("audit WHERE action = 'signedUp'", all),
        ("phone_verifications WHERE phase = 'redeemed'", all),
        ("phone_verifications WHERE phase <> 'redeemed'", 0),
    ] {
        assert_eq!(db.count(rows), expected, "{rows} (seed {seed})");
    }
    // Who was told an id has the account of that id.
    for (login_id, id) in &ids {
        let rows = format!("users WHERE login_id = '{login_id}' AND public_id = '{id}'");
        assert_eq!(db.count(&rows), 1, "{login_id}");
    }
    // Connections of the former server are left over, each good for one 503.
    app.app
        .wait_for("one can sign in", async |_| {
            app.try_to_sign_in("haneul0", PASSWORD).await.status == 201
        })
        .await;
}
