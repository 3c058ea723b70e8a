//! An instance follows the database by itself.

use service_kit::ops::Readiness;

use crate::db_support::TestDb;
use crate::support::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn a_new_generation_is_shown_without_a_restart() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/medicines/{}", sample::GEBORIN);
    let before = app.get(&path).await;
    let mut next = sample::catalogue();
    next.generation = 2;
    for one in &mut next.medicines {
        if one.medicine.id.get() == sample::GEBORIN {
            one.medicine.name = "게보린새정".to_owned();
            one.efficacy = Some(sample::efficacy("새 효능"));
        }
    }
    next.write(&app.pool).await;
    app.wait_for("the new name is found", async |app: &TestApp| {
        app.search(&[("query", "게보린새정")]).await["total"] == 1
    })
    .await;
    let after = app.get(&path).await;
    assert_ne!(before.header("etag"), after.header("etag"));
    assert!(
        after.text.contains("새 효능"),
        "documents are those of the new generation"
    );
    assert_eq!(app.search(&[("query", "게보린정")]).await["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_empty_database_says_that_it_is_loading() {
    let database = TestDb::sqlite();
    let app = TestApp::on(database.pool(), &[]);
    for path in [
        "/api/v1/medicines",
        "/api/v1/medicine-types",
        "/api/v1/ingredients/1",
    ] {
        let answer = app.get(path).await;
        answer.assert_problem(503, "catalogue_loading");
        assert_eq!(answer.header("retry-after"), "5");
    }
    app.wait_for("the first look has ended", async |app: &TestApp| {
        app.readiness() == Readiness::Degraded
    })
    .await;
    // Its own schema, then a first synchronisation.
    app.wait_for("the schema is there", async |app: &TestApp| {
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
    assert_eq!(app.readiness(), Readiness::Ready);
    assert_eq!(app.health.report().data["products"], 6);
    assert!(app.health.report().data["ageSeconds"].as_i64().unwrap() > 0);
    app.stop().await;
}
