//! Stores that fail, servers that die, members who leave.

use std::path::Path;
use std::time::Duration;

use chrono::TimeDelta;
use rand::RngExt as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::faults::Network;
use simulators::s3::{Fault, Operation, Wrong};
use test_kit::Server;
use web_api::accounts::images;
use web_api::accounts::store::users;

use super::app::{ImageApp, Store};
use super::pictures::png;
use crate::db_support::{TestDb, on_both};

on_both!(a_bucket_that_fails_loses_nothing, |db| async move {
    let app = ImageApp::on(&db, Store::S3).await;
    let me = app.member(1).await;
    let faults = &app.ground.s3.handle.faults;
    let error = || {
        Fault::network(Network::Status {
            status: 500,
            retry_after: None,
        })
    };
    // Once: nobody notices.
    let id = app.uploaded(&me, "image/png", &png()).await;
    faults.add(error().on(Operation::Get).times(1));
    faults.add(error().on(Operation::Put).times(1));
    let mut url = app.accepted(&me, &id).await;
    // For longer: it can be tried again, and the old picture stays meanwhile.
    for fault in [
        error().on(Operation::Get),
        error().on(Operation::Put),
        Fault::answer(Wrong::AccessDenied).on(Operation::Put),
        Fault::answer(Wrong::SlowDown).on(Operation::Get),
        Fault::answer(Wrong::Truncated).on(Operation::Get),
        Fault::network(Network::LostAnswer).on(Operation::Put),
        Fault::network(Network::Stall).on(Operation::Get),
    ] {
        let id = app.uploaded(&me, "image/png", &png()).await;
        faults.add(fault.clone());
        let answer = app.accept(&me, &id).await;
        answer.assert_problem(503, "unavailable");
        assert!(!answer.header("retry-after").is_empty());
        assert_eq!(app.shown(&me).await, json!(url), "{fault:?}");
        faults.clear();
        // What the store may hold of it meanwhile is known, and the same upload goes on.
        url = app.accepted(&me, &id).await;
    }
    app.advance(TimeDelta::minutes(30));
    app.left("images/", 1).await;
    app.left("uploads/", 0).await;
    app.stop().await;
});

on_both!(what_cannot_be_deleted_is_deleted_later, |db| async move {
    let app = ImageApp::on(&db, Store::S3).await;
    let me = app.member(1).await;
    let id = app.uploaded(&me, "image/png", &png()).await;
    let faults = &app.ground.s3.handle.faults;
    faults.add(Fault::answer(Wrong::AccessDenied).on(Operation::Delete));
    app.accepted(&me, &id).await;
    let removed = app.call(&me, Method::DELETE, "/me/profile-image", None);
    assert_eq!(removed.await.status, StatusCode::NO_CONTENT);
    let tried = async |_: &crate::support::TestApp| {
        let tries =
            "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM image_deletions WHERE attempts > 0";
        db.console(tries).trim() == "2"
    };
    app.app.app.wait_for("both were tried", tried).await;
    assert_eq!(app.stored().len(), 2);
    faults.clear();
    app.advance(TimeDelta::minutes(2));
    app.left("images/", 0).await;
    app.left("uploads/", 0).await;
    app.stop().await;
});

on_both!(who_leaves_leaves_no_picture, |db| async move {
    for store in Store::BOTH {
        let app = ImageApp::on(&db, store).await;
        let me = app.member(1).await;
        let id = app.uploaded(&me, "image/png", &png()).await;
        let url = app.accepted(&me, &id).await;
        let sent = app.uploaded(&me, "image/png", &png()).await;
        let open = app.permitted(&me, "image/png", png().len()).await;
        let login_id = format!("haneul{}1", u32::from(store == Store::S3));
        let now = chrono::Utc::now();
        let forgotten = app.app.app.pool.run(move |db| {
            db.write_tx(|db| {
                let user = users::by_login_id(db, &login_id.parse().unwrap())?.unwrap();
                images::forget(db, user.key, now)
            })
        });
        assert!(forgotten.await.unwrap().len() >= 3);
        assert_eq!(app.shown(&me).await, Value::Null);
        app.left("images/", 0).await;
        app.left("uploads/", 0).await;
        assert_eq!(app.picture(&url).await.status(), StatusCode::NOT_FOUND);
        app.accept(&me, &sent)
            .await
            .assert_problem(404, "upload_not_found");
        // A bucket takes what was signed for five minutes more: that goes, too.
        let status = app.send(&open, &png()).await;
        assert_eq!(status.is_success(), store == Store::S3, "{status}");
        app.advance(TimeDelta::minutes(30));
        app.left("uploads/", 0).await;
        app.stop().await;
    }
});

/// Servers of the real binary that are killed at any moment of accepting a picture.
async fn kills(db: &TestDb, store: Store) {
    let app = ImageApp::on(db, store).await;
    let me = app.member(1).await;
    let token = me["accessToken"].as_str().unwrap().to_owned();
    let mut ids = Vec::new();
    for _ in 0..6 {
        ids.push(app.uploaded(&me, "image/png", &png()).await);
    }
    let ground = app.stop().await;
    for id in &ids {
        let mut builder = Server::builder("web-api", Path::new(env!("CARGO_BIN_EXE_web-api")))
            .env("DATABASE_URL", &db.url_text)
            .env("RATE_LIMITS", "off")
            .env("PASSWORD_COST", "4");
        for (name, value) in ground.settings(store) {
            builder = builder.env(name, value);
        }
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = port.local_addr().unwrap();
        drop(port);
        let mut server = builder
            .env("WEB_PORT", address.port().to_string())
            .env("WEB_OPS_PORT", "0")
            .spawn()
            .unwrap();
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let me = format!("http://{address}/api/v1/me");
        let begun = std::time::Instant::now();
        loop {
            let answer = client.get(&me).bearer_auth(&token).send().await;
            if answer.is_ok_and(|answer| answer.status() == StatusCode::OK) {
                break;
            }
            assert!(
                begun.elapsed() < Duration::from_secs(20),
                "{}",
                server.log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let request = client
            .put(format!("{me}/profile-image"))
            .bearer_auth(&token)
            .json(&json!({"uploadId": id}))
            .send();
        // A random moment is the point here, not a condition to wait for.
        let moment = Duration::from_millis(rand::rng().random_range(1..120));
        drop(tokio::time::timeout(moment, request).await);
        drop(server.kill());
    }
    let app = ImageApp::over(db, store, ground).await;
    // What a dead server held is free again after a while, and never half done.
    let last = ids.last().unwrap();
    app.advance(TimeDelta::seconds(100));
    let answer = app.accept(&me, last).await;
    assert!(
        matches!(answer.status.as_u16(), 200 | 410),
        "{}",
        answer.text
    );
    app.advance(TimeDelta::minutes(11));
    let shown = app.shown(&me).await;
    app.left("images/", usize::from(!shown.is_null())).await;
    if let Some(url) = shown.as_str() {
        assert_eq!(app.picture(url).await.status(), StatusCode::OK);
    }
    app.advance(TimeDelta::minutes(20));
    app.left("uploads/", 0).await;
    app.stop().await;
}

on_both!(
    servers_that_are_killed_leave_nothing_behind,
    |db| async move {
        kills(&db, Store::Local).await;
        kills(&db, Store::S3).await;
    }
);
