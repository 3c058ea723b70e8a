//! API9:2023 Improper Inventory Management: calls that no document tells of, and versions that nobody
//! remembers.

use std::collections::BTreeSet;

use web_api::access::declared;

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn there_is_nothing_but_what_is_told() {
    let app = TestApp::start().await;
    let document = app.read("/api-docs/openapi.json").await;
    let told: BTreeSet<(String, String)> = document["paths"]
        .as_object()
        .unwrap()
        .iter()
        .flat_map(|(path, item)| {
            let methods = item.as_object().unwrap().keys();
            methods.map(move |method| (method.to_uppercase(), path.clone()))
        })
        .collect();
    let there: BTreeSet<(String, String)> = declared()
        .into_iter()
        .filter(|route| route.path.starts_with("/api/") && route.method != "HEAD")
        // What another service calls stands in its own contract, not in that of clients.
        .filter(|route| !route.path.ends_with("/kakao/unlink-notice"))
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    assert_eq!(
        told, there,
        "the document and the server hold the same calls"
    );
    // No old version, no new one, no spelling that leads around the table.
    for path in [
        "/api",
        "/api/",
        "/api/v0/medicines",
        "/api/v2/medicines",
        "/api/beta/medicines",
        "/v1/medicines",
        "/api/v1/medicines/",
        "/API/v1/medicines",
        "/api/v1/internal",
        "/api/v1/debug",
        "/api/v1/test",
        "/swagger.json",
        "/graphql",
        "/actuator",
    ] {
        let request = app.request(reqwest::Method::GET, path);
        let answer = app.send(request.header("accept", "application/json")).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
    }
    app.stop().await;
}
