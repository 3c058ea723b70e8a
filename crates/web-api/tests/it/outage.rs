//! The database goes away and comes back; the server stays.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use service_kit::ops::Readiness;
use test_kit::{CutProxy, TestDatabase};
use web_api::db::{DatabaseSettings, Pool};

use crate::db_support::TestDb;
use crate::support::{TestApp, sample};

/// A MySQL database behind a proxy that can be cut; nothing where no server is named.
fn behind_a_proxy() -> Option<(TestDatabase, CutProxy, Pool)> {
    let database = TestDatabase::from_env()?;
    let url: url::Url = database.url().parse().unwrap();
    let upstream = SocketAddr::from((Ipv4Addr::LOCALHOST, url.port().unwrap()));
    let proxy = CutProxy::start(upstream).unwrap();
    let mut through = url;
    through.set_port(Some(proxy.port())).unwrap();
    // Else the driver finds the server's socket and goes round the proxy.
    through.set_query(Some("prefer_socket=false"));
    let pool = Pool::new(&DatabaseSettings {
        url: through.as_str().parse().unwrap(),
        pool_size: 4,
    });
    Some((database, proxy, pool))
}

/// Reads that memory alone answers.
const IN_MEMORY: [&str; 6] = [
    "/api/v1/medicines?query=%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80",
    "/api/v1/medicines/suggest?query=%EA%B2%8C",
    "/api/v1/medicine-types",
    "/api/v1/medicines/197900277/composition",
    "/api/v1/ingredients/1",
    "/api/v1/ingredients/1/medicines",
];

#[tokio::test(flavor = "multi_thread")]
async fn the_database_stops_in_mid_load_and_comes_back() {
    let Some((_database, proxy, pool)) = behind_a_proxy() else {
        return;
    };
    pool.migrate().await.unwrap();
    sample::catalogue().write(&pool).await;
    let app = Arc::new(TestApp::on(pool, &[]));
    app.wait_for("the catalogue is loaded", async |app: &TestApp| {
        app.get("/api/v1/medicine-types").await.status == 200
    })
    .await;
    let cached = format!("/api/v1/medicines/{}", sample::TYLENOL);
    assert_eq!(app.get(&cached).await.json()["documentsUnavailable"], false);

    let (done, answered) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let load: Vec<_> = (0..4)
        .map(|_| {
            let (app, done, answered) = (app.clone(), done.clone(), answered.clone());
            tokio::spawn(async move {
                while !done.load(Ordering::Relaxed) {
                    for path in IN_MEMORY {
                        let answer = app.get(path).await;
                        assert_eq!(answer.status, 200, "{path}: {}", answer.text);
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                }
            })
        })
        .collect();

    proxy.refuse();
    app.wait_for("the outage is seen", async |app: &TestApp| {
        app.readiness() == Readiness::Degraded
    })
    .await;
    // What is cached goes on, what isn't says so and is not kept by caches.
    assert_eq!(app.get(&cached).await.json()["documentsUnavailable"], false);
    let uncached = format!("/api/v1/medicines/{}", sample::GEBORIN);
    let answer = app.get(&uncached).await;
    assert_eq!(
        (answer.status.as_u16(), answer.header("cache-control")),
        (200, "no-store")
    );
    let detail = answer.json();
    assert_eq!(detail["documentsUnavailable"], true);
    assert_eq!(detail["documents"], serde_json::Value::Null);
    assert_eq!(detail["name"], "게보린정");
    let compared = app
        .get("/api/v1/medicines/compare?ids=202106092,197900277")
        .await
        .json();
    assert_eq!(compared["documentsUnavailable"], true);
    assert_eq!(compared["sameness"]["verdict"], "different");

    proxy.pass();
    app.wait_for("the recovery is seen", async |app: &TestApp| {
        app.readiness() == Readiness::Ready
    })
    .await;
    app.wait_for("documents are back", async |app: &TestApp| {
        app.get(&uncached).await.json()["documentsUnavailable"] == false
    })
    .await;
    done.store(true, Ordering::Relaxed);
    for task in load {
        task.await.unwrap();
    }
    assert!(answered.load(Ordering::Relaxed) > 100, "there was load");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_hangs_holds_nobody_for_long() {
    let Some((_database, proxy, pool)) = behind_a_proxy() else {
        return;
    };
    pool.migrate().await.unwrap();
    sample::catalogue().write(&pool).await;
    let app = TestApp::on(pool, &[]);
    app.wait_for("the catalogue is loaded", async |app: &TestApp| {
        app.get("/api/v1/medicine-types").await.status == 200
    })
    .await;
    proxy.blackhole();
    // Many who ask for the same don't wait one after the other.
    let begun = std::time::Instant::now();
    let path = format!("/api/v1/medicines/{}", sample::TYLENOL);
    let many = futures_util::future::join_all((0..16).map(|_| app.get(&path))).await;
    for answer in many {
        assert_eq!(answer.json()["documentsUnavailable"], true);
    }
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
    let begun = std::time::Instant::now();
    let detail = app
        .get(&format!("/api/v1/medicines/{}", sample::GEBORIN))
        .await
        .json();
    assert_eq!(detail["documentsUnavailable"], true);
    assert!(
        begun.elapsed() < std::time::Duration::from_secs(4),
        "{:?}",
        begun.elapsed()
    );
    for path in IN_MEMORY {
        assert_eq!(app.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn starts_while_the_database_is_down() {
    // A folder stands where the file should be: nothing can be opened.
    let database = TestDb::sqlite();
    let path = std::path::PathBuf::from(database.url_text.strip_prefix("sqlite://").unwrap());
    std::fs::create_dir_all(&path).unwrap();
    let app = TestApp::on(database.pool(), &[]);
    let answer = app.get("/api/v1/medicines").await;
    let problem = answer.assert_problem(503, "catalogue_loading");
    assert!(!answer.header("retry-after").is_empty());
    for secret in ["sqlite", "web.db", "unable to open"] {
        assert!(
            !problem.to_string().contains(secret),
            "an internal cause in {problem}"
        );
    }
    assert_eq!(app.get("/").await.status, 200);
    app.wait_for("the outage is seen", async |app: &TestApp| {
        app.readiness() == Readiness::Degraded
    })
    .await;

    std::fs::remove_dir(&path).unwrap();
    app.wait_for("the database is used", async |app: &TestApp| {
        app.pool
            .run(web_api::catalogue::store::pointer)
            .await
            .is_ok()
    })
    .await;
    sample::catalogue().write(&app.pool).await;
    app.wait_for("the catalogue is loaded", async |app: &TestApp| {
        app.get("/api/v1/medicines").await.status == 200
    })
    .await;
    app.wait_for("the recovery is seen", async |app: &TestApp| {
        app.readiness() == Readiness::Ready
    })
    .await;
}
