//! API7:2023 Server Side Request Forgery: getting the server to call an address of the attacker's choice.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use reqwest::{Method, StatusCode};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::accounts_app::AccountsApp;
use crate::db_support::TestDb;

/// A server inside of the house that nobody outside may reach; counts who does.
async fn inner() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/secret", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (address, calls)
}

/// A third party that sends everybody on to `target`.
async fn redirecting(target: String) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let calls = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&calls);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut head = [0; 4_096];
            drop(stream.read(&mut head).await);
            let answer = format!(
                "HTTP/1.1 307 Temporary Redirect\r\nLocation: {target}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            drop(stream.write_all(answer.as_bytes()).await);
        }
    });
    (address, calls)
}

#[tokio::test(flavor = "multi_thread")]
async fn no_field_and_no_redirect_leads_the_server_elsewhere() {
    let (target, calls) = inner().await;
    let (bucket, asked) = redirecting(target.clone()).await;
    let db = TestDb::sqlite();
    let settings = [
        ("IMAGE_STORE", "s3"),
        ("S3_ENDPOINT", bucket.as_str()),
        ("S3_PATH_STYLE", "true"),
        ("S3_REGION", "ap-northeast-2"),
        ("S3_BUCKET", "pillnuts"),
        ("S3_ACCESS_KEY", "key"),
        ("S3_SECRET_KEY", "secret"),
    ];
    let app = AccountsApp::with(&db, &settings).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    // Where an address may be hoped to be fetched.
    let call =
        async |method, path: &str, body| app.as_member(&signed, method, path, Some(body)).await;
    for body in [
        json!({"uploadId": target}),
        json!({"uploadId": format!("../../{target}")}),
    ] {
        let answer = call(Method::PUT, "/me/profile-image", body).await;
        answer.assert_problem(404, "upload_not_found");
    }
    let body = json!({"contentType": target, "size": 100});
    let answer = call(Method::POST, "/me/profile-image/uploads", body).await;
    answer.assert_problem(422, "validation_failed");
    let answer = call(Method::PATCH, "/me", json!({"nickname": target})).await;
    answer.assert_problem(422, "validation_failed");
    // A host that the request names decides no address of ours.
    let request = app
        .app
        .request(Method::POST, "/api/v1/me/profile-image/uploads");
    let request = request
        .bearer_auth(signed["accessToken"].as_str().unwrap())
        .header("host", "evil.example")
        .header("x-forwarded-host", "evil.example")
        .json(&json!({"contentType": "image/png", "size": 100}));
    let permitted = app.app.send(request).await;
    assert_eq!(permitted.status, StatusCode::CREATED, "{}", permitted.text);
    assert!(!permitted.text.contains("evil.example"));
    // A third party that sends the server on isn't followed.
    let body = json!({"uploadId": permitted.json()["uploadId"]});
    let answer = call(Method::PUT, "/me/profile-image", body).await;
    answer.assert_problem(503, "unavailable");
    assert!(!answer.text.contains("127.0.0.1"), "{}", answer.text);
    assert!(asked.load(Ordering::SeqCst) >= 1);
    assert_eq!(calls.load(Ordering::SeqCst), 0);
    app.stop().await;
}
