//! API3:2023 Broken Object Property Level Authorization: fields that one may not write, and fields that
//! nobody may read.

use std::collections::BTreeSet;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::on_both;

on_both!(
    only_ones_own_fields_are_written_and_none_is_leaked,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        // Signing up as an admin.
        let token = app.verified("01023456789").await;
        for (field, value) in [
            ("role", json!("admin")),
            ("state", json!("active")),
            ("emailVerified", json!(true)),
            ("id", json!("1")),
            ("phone_index", json!("00")),
        ] {
            let mut body = AccountsApp::sign_up_body("haneul7", "하늘", &token);
            body[field] = value;
            let problem = app
                .post("/users", body)
                .await
                .assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["field"], field);
            assert_eq!(problem["errors"][0]["code"], "unknown_field");
        }
        let body = AccountsApp::sign_up_body("haneul7", "하늘", &token);
        assert_eq!(app.post("/users", body).await.status, StatusCode::CREATED);
        let signed = app.signed_in("haneul7").await;
        // Becoming one afterwards.
        let before = app
            .as_member(&signed, Method::GET, "/me", None)
            .await
            .json();
        for (field, value) in [
            ("role", json!("admin")),
            ("loginId", json!("admin1")),
            ("email", json!("a@example.com")),
            ("daysAttended", json!(1_000)),
            ("profileImageUrl", json!("https://evil.example/a.svg")),
        ] {
            let body = json!({"nickname": "바다", field: value});
            let answer = app
                .as_member(&signed, Method::PATCH, "/me", Some(body))
                .await;
            answer.assert_problem(422, "validation_failed");
        }
        let me = app
            .as_member(&signed, Method::GET, "/me", None)
            .await
            .json();
        assert_eq!(me, before, "nothing was written, not even the nickname");
        assert_eq!(me["role"], "member");
        // Every field of the profile is there on purpose.
        let fields: BTreeSet<&str> = me.as_object().unwrap().keys().map(String::as_str).collect();
        let meant = BTreeSet::from([
            "id",
            "loginId",
            "nickname",
            "email",
            "emailVerified",
            "phoneNumber",
            "profileImageUrl",
            "role",
            "loginTypes",
            "daysAttended",
            "createdAt",
        ]);
        assert_eq!(fields, meant);
        let texts = [
            me.to_string(),
            signed.to_string(),
            devices(&app, &signed).await,
        ];
        for text in texts {
            for secret in [
                PASSWORD,
                "$2b$",
                "01023456789",
                "1023456789",
                "sealed",
                "hash",
            ] {
                assert!(!text.contains(secret), "{secret}: {text}");
            }
        }
        app.stop().await;
    }
);

async fn devices(app: &AccountsApp, signed: &Value) -> String {
    let answer = app.as_member(signed, Method::GET, "/auth/sessions", None);
    answer.await.text
}
