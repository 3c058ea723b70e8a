//! Synchronisations that admins start, and what is said of ingredients through them.

use std::time::Duration;

use reqwest::Method;
use serde_json::{Value, json};
use simulators::mfds::{Catalogue, Fault, Faults, Running};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use web_api::db::Pool;
use web_api::mfds::desk::{Desk, desk};
use web_api::mfds::schedule;

use crate::accounts_support::persona;
use crate::db_support::{TestDb, on_both};
use crate::support::{Answer, TestApp};
use crate::sync_support::{feed, settings};

pub(crate) const SYNCS: &str = "/admin/catalogue-syncs";

/// What runs synchronisations in a server; the schedule itself is off.
pub(crate) fn runner(
    pool: &Pool,
    feed: &Running,
    stop: &CancellationToken,
) -> (Desk, JoinHandle<()>) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let (mfds, sync) = settings(feed, &[("SYNC_SCHEDULE", "off")]);
    let (desk, asks) = desk();
    let running = schedule::run(pool.clone(), mfds, sync, asks, stop.clone());
    (desk, tokio::spawn(running))
}

/// A call of an admin.
pub(crate) async fn call(app: &TestApp, method: Method, path: &str, body: Option<Value>) -> Answer {
    app.as_persona("admin-5", method, path, body.as_ref(), &[])
        .await
}

async fn start(app: &TestApp, key: &str) -> Answer {
    let headers = [("idempotency-key", key)];
    app.as_persona("admin-5", Method::POST, SYNCS, Some(&json!({})), &headers)
        .await
}

fn id_in(answer: &Answer) -> String {
    assert_eq!(answer.status, 202, "{}", answer.text);
    answer.json()["id"].as_str().unwrap().to_owned()
}

/// Waits until nobody is at a run: after the swap it still tidies up.
pub(crate) async fn is_over(app: &TestApp, db: &TestDb) {
    let free = async |_: &TestApp| db.count("locks WHERE name = 'mfds-sync'") == 0;
    app.wait_for("the lease is given back", free).await;
}

/// Waits until a run is in a state.
pub(crate) async fn reaches(app: &TestApp, id: &str, state: &str) -> Value {
    let mut last = Value::Null;
    app.wait_for(state, async |app| {
        last = call(app, Method::GET, &format!("{SYNCS}/{id}"), None)
            .await
            .json();
        last["state"] == state
    })
    .await;
    last
}

on_both!(
    what_admins_start_is_seen_by_every_instance,
    |db| async move {
        let pool = db.migrated().await;
        pool.run(|db| {
            persona(db, 5);
            Ok(())
        })
        .await
        .unwrap();
        let feed = feed(Catalogue::sample().with_rejected_record(), Faults::none()).await;
        let stop = CancellationToken::new();
        let (desk, running) = runner(&pool, &feed, &stop);
        // A second instance on the same database.
        let (other_desk, other_running) = runner(&pool, &feed, &stop);
        let app = TestApp::with_desk(pool.clone(), &[], desk);
        let other = TestApp::with_desk(pool, &[], other_desk);
        // Four operations, a page each at least: it lasts until this is taken away.
        let slow = feed.handle.add_fault(Fault::delay(Duration::from_secs(3)));
        let first = start(&app, "key-1").await;
        let id = id_in(&first);
        // While it runs: the same click is the same run, another one is told of it, here and there.
        assert_eq!(id_in(&start(&app, "key-1").await), id);
        for (app, key) in [(&app, "key-2"), (&other, "key-3")] {
            let problem = start(app, key)
                .await
                .assert_problem(409, "catalogue_sync_running");
            assert!(
                problem["detail"].as_str().unwrap().contains(&id),
                "{problem}"
            );
        }
        assert!(feed.handle.remove_fault(slow));
        let done = reaches(&app, &id, "succeeded").await;
        assert!(done["finishedAt"].is_string(), "{done}");
        let operations = done["operations"].as_array().unwrap();
        assert_eq!(operations.len(), 4, "{done}");
        assert!(
            operations.iter().all(|one| one["complete"] == true),
            "{done}"
        );
        let counted: u64 = operations
            .iter()
            .map(|one| one["rejected"].as_u64().unwrap())
            .sum();
        let rejects = call(
            &app,
            Method::GET,
            &format!("{SYNCS}/{id}/rejects?pageSize=1"),
            None,
        )
        .await;
        let rejects = rejects.json();
        assert!(
            counted > 0 && rejects["total"].as_u64() >= Some(counted),
            "{rejects}"
        );
        let reject = &rejects["items"][0];
        assert!(!reject["reason"].as_str().unwrap().is_empty(), "{reject}");
        for path in ["/99", "/99/rejects"] {
            call(&app, Method::GET, &format!("{SYNCS}{path}"), None)
                .await
                .assert_problem(404, "catalogue_sync_not_found");
        }

        // What is said of an ingredient reaches every instance and stays.
        let ingredient = "SELECT CAST(MIN(id) AS CHAR(20)) AS cell FROM ingredients";
        let ingredient = db.console(ingredient).trim().to_owned();
        let path = format!("/admin/ingredients/{ingredient}");
        let shown = format!("/api/v1/ingredients/{ingredient}");
        app.wait_for("the catalogue is loaded", async |app| {
            app.get(&shown).await.status == 200
        })
        .await;
        let body = json!({"description": "열을 내리는 \u{1100}\u{1161} 성분"});
        let put = call(&app, Method::PUT, &path, Some(body)).await;
        assert_eq!(
            put.json()["description"],
            "열을 내리는 가 성분",
            "{}",
            put.text
        );
        let described = async |app: &TestApp| {
            let answer = app.get(&shown).await;
            answer.status == 200 && answer.json()["description"] == "열을 내리는 가 성분"
        };
        for app in [&app, &other] {
            app.wait_for("it is shown", described).await;
        }
        is_over(&app, &db).await;
        let second = id_in(&start(&other, "key-4").await);
        assert_ne!(second, id);
        reaches(&other, &second, "succeeded").await;
        is_over(&app, &db).await;
        let version = "SELECT CAST(version AS CHAR(9)) AS cell FROM catalogue_pointer";
        assert_eq!(
            db.console(version).trim(),
            "3",
            "two swaps and a description"
        );
        app.wait_for("the new catalogue is loaded", async |app| {
            app.get(&shown).await.json()["asOf"] != Value::Null && described(app).await
        })
        .await;
        for wrong in [
            json!({"description": ""}),
            json!({"description": "a".repeat(1_001)}),
            // Nothing is taken back that isn't named.
            json!({}),
        ] {
            let refused = call(&app, Method::PUT, &path, Some(wrong)).await;
            let problem = refused.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["field"], "description");
        }
        assert!(described(&app).await);
        let unknown = call(
            &app,
            Method::PUT,
            "/admin/ingredients/999999",
            Some(json!({"description": null})),
        );
        unknown.await.assert_problem(404, "ingredient_not_found");

        // A server that stops leaves a run that goes on with the next start.
        feed.handle.add_fault(Fault::delay(Duration::from_secs(3)));
        let third = id_in(&start(&app, "key-5").await);
        stop.cancel();
        for runner in [running, other_running] {
            runner.await.unwrap();
        }
        reaches(&app, &third, "interrupted").await;
        let listed = call(&app, Method::GET, SYNCS, None).await.json();
        assert_eq!(listed["total"], 3, "{listed}");
        assert_eq!(listed["items"][0]["id"].as_str(), Some(third.as_str()));
        // Nobody is left to do it.
        start(&app, "key-6")
            .await
            .assert_problem(503, "catalogue_sync_unavailable");
        for app in [app, other] {
            app.stop().await;
        }
    }
);
