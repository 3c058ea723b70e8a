//! The real binary, killed while somebody withdraws: everything of him is there, or nothing.

use std::time::Duration;

use rand::RngExt as _;
use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::on_both;
use crate::real_app::RealApp;
use crate::withdrawal::{assert_nothing_left, count};

const KILLS: u32 = 8;

on_both!(a_kill_leaves_all_or_nothing, |db| async move {
    let mut app = RealApp::start(&db, &[]).await;
    let (mut done, mut receipts) = (0, 0);
    for round in 0..KILLS {
        let login_id = format!("haneul{round}");
        let token = app.verified(&format!("0105555100{round}"), "signUp").await;
        let body = AccountsApp::sign_up_body(&login_id, &format!("하늘{round}"), &token);
        assert_eq!(app.post("/users", body).await.status(), StatusCode::CREATED);
        let signed = app.signed_in(&login_id, PASSWORD).await;
        let leaving = app
            .as_member(&signed, Method::DELETE, "/me")
            .json(&json!({"password": PASSWORD}));
        let leaving = tokio::spawn(leaving.send());
        // A random moment is the point here, not a condition to wait for.
        let moment = rand::rng().random_range(0..25);
        tokio::time::sleep(Duration::from_millis(moment)).await;
        app.server.kill().unwrap();
        let answered = leaving
            .await
            .unwrap()
            .is_ok_and(|answer| answer.status() == StatusCode::OK);
        let gone = count(&db, "users") == "0";
        assert!(gone || !answered, "what was answered has happened");
        let now: u32 = count(&db, "erasure_receipts").parse().unwrap();
        if gone {
            assert_nothing_left(&db);
            done += 1;
            receipts += 1;
            let told = count(&db, "statements WHERE event = 'userErased'");
            assert_eq!(told, done.to_string(), "it is told with it");
        } else {
            for (table, rows) in [("consents", "3"), ("attendance", "1"), ("sessions", "1")] {
                assert_eq!(count(&db, table), rows, "{table}");
            }
            assert_eq!(count(&db, "erased_users"), done.to_string());
        }
        assert_eq!(now, receipts);
        app.server.restart().unwrap();
        app.wait_for_schema().await;
        if !gone {
            let signed = app.signed_in(&login_id, PASSWORD).await;
            let leaving = app
                .as_member(&signed, Method::DELETE, "/me")
                .json(&json!({"password": PASSWORD}));
            let answer = leaving.send().await.unwrap();
            assert_eq!(
                answer.status(),
                StatusCode::OK,
                "{}",
                app.server.log_tail(20)
            );
            done += 1;
            receipts += 1;
        }
    }
    assert_nothing_left(&db);
});
