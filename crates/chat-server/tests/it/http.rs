//! Plain HTTP: operations, identifiers, headers, problems.

use serde_json::Value;

use crate::server::{Server, problem};

#[tokio::test]
async fn operations_answer_on_a_port_of_their_own() {
    let server = Server::ready().await;
    assert_eq!(server.operation("/livez").await.status(), 200);

    let ready = server.operation("/readyz").await;
    assert_eq!(ready.status(), 200);
    let ready: Value = ready.json().await.unwrap();
    assert_eq!(ready["dependencies"][0]["name"], "store");
    assert_eq!(ready["dependencies"][0]["status"], "up");
    assert_eq!(ready["data"]["store"], "sqlite");

    server.get("/nowhere/at/all").await;
    let metrics = server.operation("/metrics").await.text().await.unwrap();
    assert!(
        metrics.contains("build_info{service=\"chat-server\""),
        "{metrics}"
    );
    assert!(
        metrics.contains("route=\"unmatched\",status=\"404\""),
        "{metrics}"
    );
    assert!(
        !metrics.contains("/nowhere"),
        "paths must not become labels"
    );

    problem(server.get("/metrics").await, 404, "not_found").await;
    server.stop().await;
}

#[tokio::test]
async fn says_what_it_is_with_the_headers_of_every_answer() {
    let server = Server::ready().await;
    let response = server.get("/").await;
    assert_eq!(response.status(), 200);
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'",
        ),
    ] {
        assert_eq!(response.headers()[name], value);
    }
    let about: Value = response.json().await.unwrap();
    assert_eq!(about["service"], "chat-server");
    assert_eq!(about["path"], "/socket.io");
    server.stop().await;
}

#[tokio::test]
async fn takes_over_a_good_request_id_and_replaces_a_bad_one() {
    let server = Server::ready().await;
    let ask = async |id: &str| {
        let request = server
            .client
            .get(server.url("/"))
            .header("x-request-id", id);
        request.send().await.unwrap().headers()["x-request-id"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    let mine = "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e";
    assert_eq!(ask(mine).await, mine);
    for other in ["not mine", "mine-1.2_3", "010-9753-8642"] {
        assert_ne!(ask(other).await, other);
    }
    assert_eq!(ask(&"x".repeat(65)).await.len(), 36);
    server.stop().await;
}

#[tokio::test]
async fn faults_are_problems_in_the_callers_language() {
    let server = Server::ready().await;
    let missing = problem(server.get("/none?q=%FF%00").await, 404, "not_found").await;
    assert_eq!(missing["title"], "찾을 수 없음");

    let wrong = server
        .client
        .delete(server.url("/"))
        .header("accept-language", "en");
    let wrong = wrong.send().await.unwrap();
    assert!(wrong.headers().contains_key("allow"));
    let wrong = problem(wrong, 405, "method_not_allowed").await;
    assert_eq!(wrong["title"], "Method not allowed");

    let large = server
        .client
        .post(server.url("/"))
        .body(vec![b'x'; 1_000_000]);
    problem(large.send().await.unwrap(), 413, "payload_too_large").await;
    server.stop().await;
}
