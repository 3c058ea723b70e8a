//! Every call of administration leaves a line in the audit: who, when, from where, what, whose.

use std::collections::BTreeSet;

use reqwest::Method;
use serde_json::{Value, json};
use simulators::mfds::{Catalogue, Faults};
use tokio_util::sync::CancellationToken;
use web_api::access::declared;

use crate::accounts_support::persona;
use crate::admin_syncs::{SYNCS, call, is_over, reaches, runner};
use crate::db_support::on_both;
use crate::reviews_kit::NOTICE;
use crate::support::TestApp;
use crate::sync_support::feed;

/// The body, the address and the status of a call that does something; whose it is.
fn right(
    method: &str,
    path: &str,
    ids: &Ids,
) -> (Option<Value>, String, u16, Option<&'static str>) {
    let event =
        json!({"title": "정리", "text": "내용", "from": "2026-03-02", "until": "2026-03-02"});
    let quote = json!({"text": "물을 마셔요."});
    let (body, status, subject) = match (method, path) {
        ("GET" | "HEAD", "/users") => {
            return (None, "/users?id=1".to_owned(), 200, Some("1"));
        }
        ("GET" | "HEAD", "/audit") => {
            return (None, "/audit?subject=1".to_owned(), 200, Some("1"));
        }
        ("PUT", "/users/{id}/role") => {
            let id = path.replace("{id}", "2");
            return (Some(json!({"role": "counsellor"})), id, 200, Some("2"));
        }
        ("PUT", "/users/{id}/suspension") => (Some(json!({"reason": "광고"})), 200, Some("1")),
        ("DELETE", "/users/{id}/suspension") => (None, 204, Some("1")),
        ("POST", "/health-quotes") => (Some(quote), 201, None),
        ("PUT", "/health-quotes/{id}") => (Some(quote), 200, None),
        ("POST", "/events") => (Some(event), 201, None),
        ("PUT", "/events/{id}") => (Some(event), 200, None),
        ("DELETE", "/health-quotes/{id}" | "/events/{id}") => (None, 204, None),
        ("POST", "/catalogue-syncs") => (Some(json!({})), 202, None),
        ("PUT", "/reviews/{id}/decision") => {
            let path = path.replace("{id}", &ids.review);
            return (Some(json!({"decision": "keep"})), path, 204, Some("1"));
        }
        ("GET" | "HEAD", "/reviews") => (None, 200, None),
        ("PUT", "/ingredients/{id}") => (Some(json!({"description": "성분"})), 200, None),
        (
            "GET" | "HEAD",
            "/health-quotes"
            | "/events"
            | "/catalogue-syncs"
            | "/catalogue-syncs/{id}"
            | "/catalogue-syncs/{id}/rejects",
        ) => (None, 200, None),
        _ => panic!("{method} {path} is new: write here how it is called rightly"),
    };
    let id = if path.starts_with("/ingredients") {
        &ids.ingredient
    } else {
        "1"
    };
    (body, path.replace("{id}", id), status, subject)
}

struct Ids {
    ingredient: String,
    review: String,
}

/// A review of the first medicine that there is.
async fn published(app: &TestApp) -> String {
    app.wait_for("the catalogue is loaded", async |app: &TestApp| {
        app.get("/api/v1/medicine-types").await.status == 200
    })
    .await;
    let found = app.search(&[("pageSize", "1")]).await;
    let path = format!(
        "/medicines/{}/reviews",
        found["items"][0]["id"].as_str().unwrap()
    );
    let consent = json!({"agreed": true});
    let member = async |method, path: &str, body: Value| {
        app.as_persona("member-1", method, path, Some(&body), &[])
            .await
    };
    member(Method::PUT, "/me/consents/sensitive", consent).await;
    let body = json!({
        "rating": 3, "text": "그저 그런 약이었습니다.", "visibility": "public", "noticeVersion": NOTICE,
    });
    let made = member(Method::POST, &path, body).await;
    assert_eq!(made.status, 201, "{}", made.text);
    made.json()["id"].as_str().unwrap().to_owned()
}

on_both!(
    a_call_that_changes_nothing_is_written_down_as_well,
    |db| async move {
        let pool = db.migrated().await;
        let members = |db: &mut web_api::db::Db| {
            persona(db, 1);
            persona(db, 5);
            Ok(())
        };
        pool.run(members).await.unwrap();
        let app = TestApp::on(pool, &[]);
        let role = || Some(json!({"role": "member"}));
        let suspension = || Some(json!({"reason": "광고"}));
        let quote = || Some(json!({"text": "물을 마셔요."}));
        let event =
            json!({"title": "정리", "text": "내용", "from": "2026-03-02", "until": "2026-03-02"});
        for (method, path, body, status, action, subject) in [
            // It tells what there is about a member, like looking him up.
            (
                Method::PUT,
                "/users/1/role",
                role(),
                200,
                "memberRead",
                Some("1"),
            ),
            (
                Method::DELETE,
                "/users/1/suspension",
                None,
                204,
                "memberRead",
                Some("1"),
            ),
            (
                Method::PUT,
                "/users/99/role",
                role(),
                404,
                "memberRead",
                None,
            ),
            (
                Method::PUT,
                "/users/99/suspension",
                suspension(),
                404,
                "memberRead",
                None,
            ),
            (
                Method::DELETE,
                "/users/99/suspension",
                None,
                404,
                "memberRead",
                None,
            ),
            (
                Method::PUT,
                "/health-quotes/99",
                quote(),
                404,
                "contentRead",
                None,
            ),
            (
                Method::DELETE,
                "/health-quotes/99",
                None,
                404,
                "contentRead",
                None,
            ),
            (
                Method::PUT,
                "/events/99",
                Some(event),
                404,
                "contentRead",
                None,
            ),
            (Method::DELETE, "/events/99", None, 404, "contentRead", None),
            (
                Method::PUT,
                "/ingredients/99",
                Some(json!({"description": "성분"})),
                404,
                "contentRead",
                None,
            ),
        ] {
            let id = uuid::Uuid::now_v7().to_string();
            let address = format!("/admin{path}");
            let headers = [("x-request-id", id.as_str())];
            let answer = app
                .as_persona("admin-5", method, &address, body.as_ref(), &headers)
                .await;
            assert_eq!(answer.status, status, "{path} {}", answer.text);
            let lines = call(&app, Method::GET, "/admin/audit?actor=5", None).await;
            let lines = lines.json();
            let mut lines = lines["items"].as_array().unwrap().iter();
            let line = lines.find(|line| line["requestId"] == id.as_str());
            let line = line.unwrap_or_else(|| panic!("{path} leaves no line"));
            assert_eq!(line["action"], action, "{path}");
            assert_eq!(line["subject"].as_str(), subject, "{path}");
        }
        app.stop().await;
    }
);

on_both!(
    every_call_of_administration_is_written_down,
    |db| async move {
        let pool = db.migrated().await;
        pool.run(|db| {
            for number in [1, 2, 5] {
                persona(db, number);
            }
            Ok(())
        })
        .await
        .unwrap();
        let feed = feed(Catalogue::generated(60, 3), Faults::none()).await;
        let stop = CancellationToken::new();
        let (desk, running) = runner(&pool, &feed, &stop);
        let app = TestApp::with_desk(pool, &[], desk);
        let first = call(&app, Method::POST, SYNCS, Some(json!({})))
            .await
            .json();
        reaches(&app, first["id"].as_str().unwrap(), "succeeded").await;
        is_over(&app, &db).await;
        let smallest = "SELECT CAST(MIN(id) AS CHAR(20)) AS cell FROM ingredients";
        let ids = Ids {
            ingredient: db.console(smallest).trim().to_owned(),
            review: published(&app).await,
        };

        let mut routes: Vec<_> = declared()
            .into_iter()
            .filter_map(|route| Some((route.method, route.path.strip_prefix("/api/v1/admin")?)))
            .collect();
        // What is made stands before what changes and deletes it.
        let turn = |method: &str| {
            ["POST", "PUT", "GET", "HEAD", "DELETE"]
                .iter()
                .position(|one| *one == method)
        };
        routes.sort_by_key(|(method, _)| turn(method));
        assert!(routes.len() >= 15);
        let mut actions = BTreeSet::new();
        for (method, path) in routes {
            let (body, path, status, subject) = right(method, path, &ids);
            let id = uuid::Uuid::now_v7().to_string();
            let path = format!("/admin{path}");
            let headers = [("x-request-id", id.as_str())];
            let made = method.parse().unwrap();
            let answer = app
                .as_persona("admin-5", made, &path, body.as_ref(), &headers)
                .await;
            assert_eq!(
                answer.status.as_u16(),
                status,
                "{method} {path} {}",
                answer.text
            );
            // In memory of another request, the line can be found by an admin.
            let lines = call(&app, Method::GET, "/admin/audit?actor=5&pageSize=20", None)
                .await
                .json();
            let lines = lines["items"].as_array().unwrap();
            let line = lines.iter().find(|line| line["requestId"] == id.as_str());
            let line = line.unwrap_or_else(|| panic!("{method} {path} leaves no line"));
            assert_eq!(line["actor"], "5", "{method} {path}");
            assert_eq!(line["address"], "127.0.0.1", "{method} {path}");
            assert_eq!(line["subject"].as_str(), subject, "{method} {path}");
            assert!(line["at"].is_string() && line["action"].is_string());
            actions.insert(line["action"].as_str().unwrap().to_owned());
        }
        assert_eq!(
            actions.iter().map(String::as_str).collect::<Vec<_>>(),
            [
                "auditRead",
                "contentChanged",
                "contentDeleted",
                "contentMade",
                "contentRead",
                "memberRead",
                "reviewDecided",
                "reviewRead",
                "roleChanged",
                "suspended",
                "suspensionLifted",
                "syncRead",
                "syncStarted",
            ]
        );

        // Page by page, each line once, and only what was asked for.
        let mut cursor = String::new();
        let mut seen = Vec::new();
        loop {
            let path = format!("/admin/audit?action=contentRead&pageSize=2{cursor}");
            let page = call(&app, Method::GET, &path, None).await.json();
            for line in page["items"].as_array().unwrap() {
                assert_eq!(line["action"], "contentRead");
                seen.push(line["id"].as_str().unwrap().parse::<i64>().unwrap());
            }
            match page["nextCursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert!(seen.is_sorted_by(|a, b| a > b), "{seen:?}");
        assert_eq!(
            u64::try_from(seen.len()).unwrap(),
            db.count("audit WHERE action = 'contentRead'")
        );
        // Whose lines are read stands in the line, however they were asked for.
        for (query, read) in [
            ("subject=31", vec!["31"]),
            ("actor=32", vec!["32"]),
            ("subject=33&actor=34", vec!["33", "34"]),
            ("subject=35&actor=35", vec!["35"]),
        ] {
            let path = format!("/admin/audit?{query}");
            assert_eq!(call(&app, Method::GET, &path, None).await.status, 200);
            for whose in read {
                let line = format!("audit WHERE action = 'auditRead' AND subject_id = '{whose}'");
                assert_eq!(db.count(&line), 1, "{query}");
            }
        }
        let long = format!("subject={}", "a".repeat(37));
        for wrong in ["action=none", "cursor=x", "subject=%20", long.as_str()] {
            call(&app, Method::GET, &format!("/admin/audit?{wrong}"), None)
                .await
                .assert_problem(422, "validation_failed");
        }
        stop.cancel();
        running.await.unwrap();
        app.stop().await;
    }
);
