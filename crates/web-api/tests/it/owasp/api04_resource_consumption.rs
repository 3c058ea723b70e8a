//! API4:2023 Unrestricted Resource Consumption: too much, too deep, too often, too slow to read.

use reqwest::{Method, StatusCode};
use serde_json::json;

use crate::accounts_app::AccountsApp;
use crate::db_support::TestDb;
use crate::support::TestApp;

const MILLION: usize = 1_000_000;

#[tokio::test(flavor = "multi_thread")]
async fn every_size_and_count_has_an_end() {
    let db = TestDb::sqlite();
    let app = AccountsApp::on(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    // Bodies: too long, too deep, too many.
    let long = json!({"loginId": "a".repeat(MILLION), "password": "password1"});
    let answer = app.post("/auth/sessions", long).await;
    answer.assert_problem(413, "payload_too_large");
    let deep = "[".repeat(60_000);
    let request = app.app.request(Method::POST, "/api/v1/auth/sessions");
    let request = request.header("content-type", "application/json");
    let answer = app.app.send(request.body(format!("{{\"a\":{deep}"))).await;
    assert!(answer.status.is_client_error(), "{}", answer.text);
    let consents: Vec<_> = (0..1_000)
        .map(|_| json!({"kind": "terms", "agreed": true}))
        .collect();
    let mut body = AccountsApp::sign_up_body("bada77", "바다", "token");
    body["consents"] = json!(consents);
    let answer = app.post("/users", body).await;
    answer.assert_problem(422, "validation_failed");
    // A password that costs more to hash than others, and one that would be cut.
    let body = json!({"loginId": "haneul7", "password": "a1".repeat(20_000)});
    let answer = app.post("/auth/sessions", body).await;
    assert!(answer.status.is_client_error());
    // Pages and queries.
    for path in [
        "/medicines?query=a&pageSize=101".to_owned(),
        "/medicines?query=a&page=10001".to_owned(),
        "/medicines?query=a&page=99999999999999999999".to_owned(),
        format!("/medicines?query={}", "a".repeat(101)),
        "/medicines/compare?ids=1,2,3,4,5,6,7,8,9".to_owned(),
    ] {
        let answer = app.get(&path).await;
        answer.assert_problem(422, "validation_failed");
    }
    let answer = app
        .get(&format!("/medicines?query={}", "a".repeat(9_000)))
        .await;
    answer.assert_problem(414, "uri_too_long");
    // A compressed body that would become another size.
    let request = app.app.request(Method::POST, "/api/v1/auth/sessions");
    let request = request
        .header("content-type", "application/json")
        .header("content-encoding", "gzip");
    let answer = app.app.send(request.body(vec![0x1f, 0x8b, 8, 0])).await;
    answer.assert_problem(415, "unsupported_media_type");
    // Pictures: five megabytes, and one at a time of each permission.
    let body = json!({"contentType": "image/png", "size": 5 * 1_024 * 1_024 + 1});
    let path = "/me/profile-image/uploads";
    let answer = app.as_member(&signed, Method::POST, path, Some(body)).await;
    answer.assert_problem(422, "validation_failed");
    let request = app.app.request(Method::PUT, "/profile-image-uploads/none");
    let request = request.body(vec![0; 6 * 1_024 * 1_024]);
    let answer = app.app.send(request).await;
    answer.assert_problem(413, "payload_too_large");
    app.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_asks_without_end() {
    let db = TestDb::sqlite();
    let settings = [("RATE_LIMITS", "on"), ("RATE_LIMIT_SIGN_IN", "5/hour")];
    let app = TestApp::on(db.migrated().await, &settings);
    let mut statuses = Vec::new();
    for number in 0..8 {
        let body = json!({"loginId": format!("haneul{number}"), "password": "password1"});
        let request = app.request(Method::POST, "/api/v1/auth/sessions");
        // Saying that one is somebody else doesn't help.
        let request = request.header("x-forwarded-for", format!("203.0.113.{number}"));
        let answer = app.send(request.json(&body)).await;
        if answer.status == StatusCode::TOO_MANY_REQUESTS {
            answer.assert_problem(429, "rate_limited");
            assert!(!answer.header("retry-after").is_empty());
        }
        statuses.push(answer.status.as_u16());
    }
    assert_eq!(statuses[5..], [429; 3], "{statuses:?}");
    app.stop().await;
}
