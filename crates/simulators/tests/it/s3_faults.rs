//! Each fault of the object store, over real connections.

use reqwest::Method;
use simulators::{
    faults::Network,
    s3::{Fault, Operation, Wrong},
};

use crate::{
    s3_support::{Store, refusal, start, upload},
    support::{chain, client},
};

#[tokio::test]
async fn the_store_refuses_on_demand_in_its_own_form() {
    let running = start().await;
    let store = Store::new(&running);
    let url = store.put("a", "text/plain", 1);
    let cases = [
        (Wrong::SlowDown, 503, "SlowDown"),
        (Wrong::AccessDenied, 403, "AccessDenied"),
        (Wrong::TooLarge, 400, "EntityTooLarge"),
        (Wrong::NoSuchKey, 404, "NoSuchKey"),
    ];
    for (wrong, status, code) in cases {
        running
            .handle
            .faults
            .add(Fault::answer(wrong).on(Operation::Put).times(1));
        let refused = refusal(upload(&url, "text/plain", "x").await).await;
        assert_eq!(refused, (status, code.to_owned()));
    }
    for (status, code) in [(500, "InternalError"), (503, "ServiceUnavailable")] {
        let network = Network::Status {
            status,
            retry_after: None,
        };
        running.handle.faults.add(Fault::network(network).times(1));
        let refused = refusal(upload(&url, "text/plain", "x").await).await;
        assert_eq!(refused, (status, code.to_owned()));
    }
    assert!(running.handle.keys().is_empty());
    assert_eq!(upload(&url, "text/plain", "x").await.status(), 200);
}

#[tokio::test]
async fn an_object_arrives_damaged() {
    let running = start().await;
    let store = Store::new(&running);
    upload(
        &store.put("a", "text/plain", 500),
        "text/plain",
        "x".repeat(500),
    )
    .await;
    running
        .handle
        .faults
        .add(Fault::answer(Wrong::Truncated).times(1));
    let response = client().get(store.get("a")).send().await.unwrap();
    assert_eq!(response.headers()["content-length"], "500");
    let error = response.bytes().await.unwrap_err();
    assert!(error.is_body() || error.is_decode(), "{}", chain(&error));
    running
        .handle
        .faults
        .add(Fault::answer(Wrong::Corrupted).times(1));
    let response = client().get(store.get("a")).send().await.unwrap();
    let bytes = response.bytes().await.unwrap();
    assert_eq!(bytes.len(), 500);
    assert!(bytes.iter().all(|byte| *byte != b'x'));
}

#[tokio::test]
async fn an_upload_is_stored_and_its_answer_lost() {
    let running = start().await;
    let store = Store::new(&running);
    let url = store.put("a", "text/plain", 1);
    running
        .handle
        .faults
        .add(Fault::network(Network::LostAnswer).times(1));
    let request = client().put(url).header("content-type", "text/plain");
    assert!(request.body("x").send().await.is_err());
    assert_eq!(running.handle.keys(), ["a"]);
    running.handle.clear();
    assert!(running.handle.keys().is_empty());
}

#[tokio::test]
async fn a_browser_may_upload_from_another_origin() {
    let running = start().await;
    let store = Store::new(&running);
    let url = store.put("a", "text/plain", 1);
    let preflight = client()
        .request(Method::OPTIONS, url.clone())
        .header("origin", "http://127.0.0.1:3000")
        .header("access-control-request-method", "PUT")
        .header("access-control-request-headers", "content-type");
    let response = preflight.send().await.unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    let control = format!("{}/counters", running.control_url());
    let counters = client().get(control).send().await.unwrap();
    assert_eq!(
        counters.text().await.unwrap(),
        "{}",
        "a preflight isn't an upload"
    );
}
