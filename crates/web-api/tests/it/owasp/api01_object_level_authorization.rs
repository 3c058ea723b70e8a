//! API1:2023 Broken Object Level Authorization: a member names what is another's by its id.

use reqwest::Method;
use serde_json::{Value, json};

use crate::accounts_app::AccountsApp;
use crate::db_support::on_both;

on_both!(an_id_opens_nothing_of_another_member, |db| async move {
    let app = AccountsApp::on(&db).await;
    let victim = app.member("haneul7", "하늘", "01023456789").await;
    let thief = app.member("bada77", "바다", "01023456780").await;
    let session = victim["sessionId"].as_str().unwrap();
    // Both have the same answer as an id that nobody has: not even its existence is told.
    let mut details = Vec::new();
    for id in [session, "00000000-0000-7000-8000-000000000000"] {
        let path = format!("/auth/sessions/{id}");
        let answer = app.as_member(&thief, Method::DELETE, &path, None).await;
        let problem = answer.assert_problem(404, "session_not_found");
        details.push(problem["detail"].clone());
    }
    assert_eq!(details[0], details[1]);
    // What the other began to upload.
    let body = json!({"contentType": "image/png", "size": 100});
    let upload = app
        .as_member(
            &victim,
            Method::POST,
            "/me/profile-image/uploads",
            Some(body),
        )
        .await
        .json();
    let body = json!({"uploadId": upload["uploadId"]});
    let stolen = app
        .as_member(&thief, Method::PUT, "/me/profile-image", Some(body))
        .await;
    stolen.assert_problem(404, "upload_not_found");
    // Nothing of his own address space names another member either.
    let id = app
        .as_member(&victim, Method::GET, "/me", None)
        .await
        .json()["id"]
        .clone();
    for path in [
        format!("/users/{}", id.as_str().unwrap()),
        format!("/me?id={}", id.as_str().unwrap()),
    ] {
        let answer = app.as_member(&thief, Method::GET, &path, None).await;
        let shown = serde_json::from_str::<Value>(&answer.text).unwrap_or_default();
        assert_ne!(shown["id"], id, "{path}");
    }
    let still = app.as_member(&victim, Method::GET, "/me", None).await;
    assert_eq!(still.json()["nickname"], "하늘", "signed in as before");
    app.stop().await;
});
