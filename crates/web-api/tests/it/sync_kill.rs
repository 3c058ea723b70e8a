//! The real binary: killed at any moment, it leaves the old catalogue or the new one, never a mixture.

use std::path::Path;
use std::time::{Duration, Instant};

use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use simulators::mfds::{Catalogue, Change, Effect, Fault, Faults, FieldEdit, Operation, Running};
use test_kit::Server;

use crate::db_support::{TestDb, on_both};
use crate::sync_support::{KEY, feed, run, whole};

const KILLS: u32 = 20;

fn command(db: &TestDb, feed: &Running) -> test_kit::server::Builder {
    Server::builder("web-api", Path::new(env!("CARGO_BIN_EXE_web-api")))
        .arg("sync")
        .env("DATABASE_URL", &db.url_text)
        .env("MFDS_BASE_URL", &feed.base_url)
        .env("MFDS_SERVICE_KEY", KEY)
        .env("MFDS_RETRY_MILLISECONDS", "5")
        .env("LOG_FORMAT", "json")
}

fn exit_code(mut server: Server) -> (Option<i32>, String) {
    let status = server.wait(Duration::from_secs(120)).unwrap();
    (status.and_then(|status| status.code()), server.log())
}

/// The same products, each fifth with another name.
fn renamed(catalogue: &Catalogue) -> Catalogue {
    let ids: Vec<String> = catalogue.item_seqs(Operation::PermitDetail).collect();
    ids.into_iter()
        .step_by(5)
        .fold(catalogue.clone(), |catalogue, item_seq| {
            catalogue.edited(FieldEdit {
                operation: Operation::PermitDetail,
                change: Change::Text(format!("새 이름 {item_seq}")),
                item_seq,
                field: "ITEM_NAME".to_owned(),
            })
        })
}

on_both!(a_kill_leaves_the_old_or_the_new, |db| async move {
    let pool = db.migrated().await;
    let catalogues = [
        Catalogue::generated(260, 1),
        renamed(&Catalogue::generated(260, 1)),
    ];
    let feed = feed(catalogues[0].clone(), Faults::none()).await;
    // What each of them looks like, from a database of its own.
    let mut looks = Vec::new();
    for catalogue in &catalogues {
        let other = TestDb::sqlite();
        let other_pool = other.migrated().await;
        feed.handle.set_catalogue(catalogue.clone());
        run(&other_pool, &feed).await;
        looks.push(whole(&other_pool).await);
    }
    assert_ne!(looks[0], looks[1]);
    feed.handle.set_catalogue(catalogues[0].clone());
    let began = Instant::now();
    let (code, log) = exit_code(command(&db, &feed).spawn().unwrap());
    assert_eq!(code, Some(0), "{log}");
    let whole_run = began.elapsed();
    assert_eq!(whole(&pool).await, looks[0]);

    let seed = rand::random();
    println!("seed {seed}");
    let mut random = StdRng::seed_from_u64(seed);
    let (mut shown, mut wanted, mut swaps) = (0, 1, 0);
    for kill in 0..KILLS {
        feed.handle.set_catalogue(catalogues[wanted].clone());
        let mut server = command(&db, &feed).spawn().unwrap();
        // A random moment is the point here, not a condition to wait for.
        tokio::time::sleep(whole_run.mul_f64(random.random_range(0.02..1.1))).await;
        drop(server.kill());
        // The dead runner's lease would end by itself in a minute.
        db.console("DELETE FROM locks");
        let now = whole(&pool).await;
        assert!(
            now == looks[shown] || now == looks[wanted],
            "kill {kill}: a mixture (seed {seed})"
        );
        if now == looks[wanted] {
            (shown, wanted) = (wanted, shown);
            swaps += 1;
        }
    }
    println!("{swaps} of {KILLS} runs swapped before the kill");
    feed.handle.set_catalogue(catalogues[wanted].clone());
    let (code, log) = exit_code(command(&db, &feed).spawn().unwrap());
    assert_eq!(code, Some(0), "{log}");
    assert_eq!(
        whole(&pool).await,
        looks[wanted],
        "a run after it completes"
    );
    feed.stop().await;
});

fn assert_no_key(logs: &str) {
    for form in [
        KEY.to_owned(),
        KEY.replace('+', "%2B")
            .replace('/', "%2F")
            .replace('=', "%3D"),
    ] {
        for text in [
            form.clone(),
            form.to_ascii_lowercase(),
            form.replace('%', "%25"),
        ] {
            assert!(!logs.contains(&text), "the key is in the log");
        }
    }
    assert!(
        !logs.contains("Test0123456789Key"),
        "a part of the key is in the log"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn exit_codes_and_a_key_that_nobody_sees() {
    let db = TestDb::sqlite();
    let feed = feed(Catalogue::generated(250, 1), Faults::none()).await;
    let mut logs = String::new();
    let effects = [
        (Effect::Quota { after: 2 }, 2),
        (Effect::XmlError { code: 30 }, 1),
        (Effect::HttpStatus { status: 403 }, 1),
        (Effect::Html, 1),
        (Effect::Reset, 1),
        (Effect::Stall, 1),
    ];
    for (effect, expected) in effects {
        feed.handle
            .set_faults(Faults::none().with(Fault::new(effect.clone())));
        let traced = command(&db, &feed)
            .env("LOG_LEVEL", "trace")
            .env("MFDS_ATTEMPTS", "2")
            .env("MFDS_TIMEOUT_SECONDS", "1");
        let (code, log) = exit_code(traced.spawn().unwrap());
        assert_eq!(code, Some(expected), "{effect:?}: {log}");
        logs.push_str(&log);
    }
    feed.handle.clear_faults();
    let (code, log) = exit_code(
        command(&db, &feed)
            .env("LOG_LEVEL", "trace")
            .spawn()
            .unwrap(),
    );
    assert_eq!(code, Some(0), "{log}");
    logs.push_str(&log);
    // Nobody listens: the error of the connection would hold the URL.
    let nobody = format!("http://127.0.0.1:{}/base", test_kit::free_port().unwrap());
    let dead = command(&db, &feed)
        .env("MFDS_BASE_URL", nobody)
        .env("LOG_LEVEL", "trace");
    let (code, log) = exit_code(dead.env("MFDS_ATTEMPTS", "2").spawn().unwrap());
    assert_eq!(code, Some(1), "{log}");
    logs.push_str(&log);
    assert!(
        logs.contains("SERVICE_KEY_IS_NOT_REGISTERED_ERROR"),
        "there was something to look at"
    );
    assert_no_key(&logs);
    feed.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sigterm_stops_the_command_cleanly() {
    let db = TestDb::sqlite();
    let pool = db.migrated().await;
    let slow = Faults::none().with(Fault::delay(Duration::from_millis(100)));
    let feed = feed(Catalogue::generated(500, 1), slow).await;
    let mut server = command(&db, &feed).spawn().unwrap();
    let reading = test_kit::eventually_async(Duration::from_secs(30), async || {
        db.console("SELECT CONCAT('', COUNT(*)) AS cell FROM sync_pages")
            .trim()
            != "0"
    })
    .await;
    assert!(reading);
    let began = Instant::now();
    let status = server.stop(Duration::from_secs(20)).unwrap();
    assert_eq!(status.code(), Some(1), "{}", server.log());
    assert!(began.elapsed() < Duration::from_secs(10));
    assert_eq!(
        db.console("SELECT state AS cell FROM sync_runs").trim(),
        "interrupted"
    );
    assert_eq!(
        db.console("SELECT name AS cell FROM locks").trim(),
        "",
        "the lease was given back"
    );
    feed.handle.clear_faults();
    assert_eq!(run(&pool, &feed).await.name(), "swapped");
    assert_eq!(
        db.console("SELECT state AS cell FROM sync_runs").trim(),
        "succeeded"
    );
    feed.stop().await;
}
