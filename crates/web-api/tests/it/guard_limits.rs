//! Limits over real HTTP: alone, shared by two instances through Redis, and with Redis in trouble.

use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use test_kit::{CutProxy, Redis, skip_or_fail};

use crate::db_support::TestDb;
use crate::support::TestApp;

/// A file of the pages: nothing is loaded for it.
const PATH: &str = "/assets/0123456789abcdef/css/base.css";

struct Instance {
    app: TestApp,
    _database: TestDb,
}

async fn instance(settings: &[(&str, &str)]) -> Instance {
    let database = TestDb::sqlite();
    let pool = database.migrated().await;
    let mut all = vec![("RATE_LIMITS", "on")];
    all.extend(settings);
    let app = TestApp::on(pool, &all);
    app.wait_for("it answers", async |app: &TestApp| {
        app.client.get(&app.base).send().await.is_ok()
    })
    .await;
    Instance {
        app,
        _database: database,
    }
}

impl Instance {
    /// The status for a client of this address; 127.0.0.1 is a trusted proxy.
    async fn status(&self, address: &str) -> u16 {
        let request = self.app.request(reqwest::Method::GET, PATH);
        let answer = self
            .app
            .send(request.header("x-forwarded-for", address))
            .await;
        answer.status.as_u16()
    }

    async fn remaining(&self, address: &str) -> String {
        let request = self.app.request(reqwest::Method::GET, PATH);
        let answer = self
            .app
            .send(request.header("x-forwarded-for", address))
            .await;
        answer.header("ratelimit-remaining").to_owned()
    }
}

/// A Redis of this test's own, which it may kill.
fn redis() -> Option<Redis> {
    if !Redis::is_installed() {
        skip_or_fail("redis-server isn't installed");
        return None;
    }
    Some(Redis::start().unwrap())
}

/// Waits until an instance counts in Redis: a new address then costs the other instance one, too.
async fn wait_until_shared(first: &Instance, second: &Instance) {
    let mut number = 0_u32;
    first
        .app
        .wait_for("the instances count together", async |_: &TestApp| {
            number += 1;
            let address = format!("198.{}.100.{}", number / 250, number % 250);
            let left: u32 = first.remaining(&address).await.parse().unwrap();
            let then: u32 = second.remaining(&address).await.parse().unwrap();
            then < left
        })
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn limits_hold_by_default_and_are_told() {
    let one = instance(&[("RATE_LIMIT_PAGES", "3/day")]).await;
    // One was asked while waiting, as 127.0.0.1; nobody is trusted, so this is the same client.
    let answers = [
        one.status("203.0.113.1").await,
        one.status("203.0.113.2").await,
    ];
    assert_eq!(answers, [200, 200]);
    let answer = one.app.get(PATH).await;
    answer.assert_problem(429, "rate_limited");
    assert_eq!(answer.header("ratelimit-limit"), "3");
    assert_eq!(answer.header("ratelimit-policy"), "3;w=86400");
    assert!(answer.header("retry-after").parse::<u64>().unwrap() > 3_600);
    assert_eq!(answer.header("cache-control"), "no-store");
    // Looking for addresses is limited as well.
    one.app
        .get("/nowhere")
        .await
        .assert_problem(429, "rate_limited");
    // The catalogue has budgets of its own.
    let other = one.app.get("/api/v1/medicine-types").await;
    assert_eq!(other.header("ratelimit-limit"), "1200");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_who_types_meets_no_limit() {
    let one = instance(&[]).await;
    let begun = Instant::now();
    // Twelve keystrokes a second for half a minute, all at once.
    for _ in 0..360 {
        let answer = one
            .app
            .get("/api/v1/medicines/suggest?query=%ED%83%80")
            .await;
        assert_ne!(answer.status, 429, "after {:?}", begun.elapsed());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn two_instances_share_one_budget() {
    let mut own = None;
    let url = match std::env::var(test_kit::redis::SERVER) {
        Ok(url) => url,
        Err(_) => {
            let Some(redis) = redis() else { return };
            own.insert(redis).url()
        }
    };
    let settings = [
        ("REDIS_URL", url.as_str()),
        ("REDIS_TIMEOUT_MILLISECONDS", "10000"),
        ("RATE_LIMIT_PAGES", "100/day"),
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    let (first, second) = (instance(&settings).await, instance(&settings).await);
    wait_until_shared(&first, &second).await;
    let asked = (0..1_000).map(|number| {
        let one = if number % 2 == 0 { &first } else { &second };
        one.status("203.0.113.9")
    });
    let statuses = join_all(asked).await;
    let passed = statuses.iter().filter(|status| **status == 200).count();
    let refused = statuses.iter().filter(|status| **status == 429).count();
    assert_eq!((passed, refused), (100, 900));
    assert_eq!(
        first.status("203.0.113.10").await,
        200,
        "another has his own"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn redis_killed_and_back() {
    let Some(mut redis) = redis() else { return };
    let url = redis.url();
    let settings = [
        ("REDIS_URL", url.as_str()),
        ("REDIS_TIMEOUT_MILLISECONDS", "1000"),
        ("RATE_LIMIT_PAGES", "10/day"),
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    let (first, second) = (instance(&settings).await, instance(&settings).await);
    wait_until_shared(&first, &second).await;
    for _ in 0..6 {
        assert_eq!(first.status("203.0.113.9").await, 200);
    }
    redis.kill().unwrap();
    // What was counted here is still known: four are left, not ten.
    for _ in 0..4 {
        assert_eq!(first.status("203.0.113.9").await, 200);
    }
    assert_eq!(first.status("203.0.113.9").await, 429);
    assert_eq!(
        second.status("203.0.113.9").await,
        200,
        "each by itself meanwhile"
    );
    redis.restart().unwrap();
    wait_until_shared(&first, &second).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_swallows_everything_costs_little_time() {
    let Some(redis) = redis() else { return };
    let upstream = SocketAddr::from((Ipv4Addr::LOCALHOST, redis.port()));
    let proxy = CutProxy::start(upstream).unwrap();
    let url = format!("redis://127.0.0.1:{}/", proxy.port());
    let settings = [
        ("REDIS_URL", url.as_str()),
        ("REDIS_TIMEOUT_MILLISECONDS", "1000"),
        ("RATE_LIMIT_PAGES", "1000/day"),
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    let (first, second) = (instance(&settings).await, instance(&settings).await);
    wait_until_shared(&first, &second).await;
    proxy.blackhole();
    let begun = Instant::now();
    for _ in 0..200 {
        assert_eq!(first.status("203.0.113.9").await, 200);
    }
    let each_waiting = Duration::from_secs(200);
    assert!(
        begun.elapsed() < each_waiting / 10,
        "the first waits, the others know: {:?}",
        begun.elapsed()
    );
    proxy.pass();
    wait_until_shared(&first, &second).await;
}
