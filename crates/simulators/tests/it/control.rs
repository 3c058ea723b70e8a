//! The control endpoint: the same as the handle, for other processes.

use reqwest::Method;
use serde_json::{Value, json};
use simulators::mfds::{Effect, Fault, Faults, Operation, Running};

use crate::support::{ask, client, sample_with};

async fn call(running: &Running, method: Method, path: &str, body: Option<Value>) -> (u16, Value) {
    let request = client().request(method, format!("{}{path}", running.control_url()));
    let request = match body {
        Some(body) => request.json(&body),
        None => request,
    };
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

#[tokio::test]
async fn faults_are_set_listed_and_removed() {
    let running = sample_with(Faults::none()).await;
    let fault =
        json!({"effect": {"kind": "json-error", "code": 4}, "scope": {"operation": "pill"}});
    let (status, set) = call(&running, Method::POST, "/faults", Some(fault)).await;
    assert_eq!(status, 200);
    let failed = ask(&running, Operation::Pill, "").await.unwrap().json();
    assert_eq!(failed["header"]["resultCode"], "04");
    assert_eq!(
        ask(&running, Operation::PermitList, "")
            .await
            .unwrap()
            .items()
            .len(),
        10
    );
    let (_, listed) = call(&running, Method::GET, "/faults", None).await;
    assert_eq!(listed[0]["effect"]["kind"], "json-error");
    let path = format!("/faults/{}", set["id"]);
    assert_eq!(call(&running, Method::DELETE, &path, None).await.0, 204);
    assert_eq!(call(&running, Method::DELETE, &path, None).await.0, 404);
    assert_eq!(
        ask(&running, Operation::Pill, "")
            .await
            .unwrap()
            .items()
            .len(),
        10
    );

    let two = json!([{"effect": {"kind": "html"}}, {"effect": {"kind": "delay", "millis": 1}}]);
    assert_eq!(
        call(&running, Method::PUT, "/faults", Some(two)).await.0,
        204
    );
    assert_eq!(running.handle.faults().len(), 2);
    assert_eq!(call(&running, Method::DELETE, "/faults", None).await.0, 204);
    assert!(running.handle.faults().is_empty());
    let wrong = json!({"effect": {"kind": "delay"}});
    assert_eq!(
        call(&running, Method::POST, "/faults", Some(wrong)).await.0,
        422
    );
}

#[tokio::test]
async fn a_quota_is_reset() {
    let quota = Fault::new(Effect::Quota { after: 1 });
    let running = sample_with(Faults::none().with(quota)).await;
    ask(&running, Operation::Pill, "").await.unwrap().items();
    assert!(
        ask(&running, Operation::Pill, "")
            .await
            .unwrap()
            .text()
            .contains(">22<")
    );
    assert_eq!(
        call(&running, Method::POST, "/quota/reset", None).await.0,
        204
    );
    ask(&running, Operation::Pill, "").await.unwrap().items();
}

#[tokio::test]
async fn requests_are_counted_a_page() {
    let running = sample_with(Faults::none()).await;
    for page in [1, 2, 2] {
        ask(&running, Operation::PermitDetail, &format!("pageNo={page}"))
            .await
            .unwrap();
    }
    let (_, counters) = call(&running, Method::GET, "/counters", None).await;
    assert_eq!(counters["operations"]["permit-detail"]["requests"], 3);
    assert_eq!(
        counters["operations"]["permit-detail"]["pages"],
        json!({"1": 1, "2": 2})
    );
    let ours = running.handle.counters();
    assert_eq!(
        (ours.requests(), ours.page(Operation::PermitDetail, 2)),
        (3, 2)
    );
    assert_eq!((ours.in_flight, ours.peak_in_flight), (0, 1));
    assert_eq!(
        call(&running, Method::DELETE, "/counters", None).await.0,
        204
    );
    assert_eq!(running.handle.counters().requests(), 0);
}

#[tokio::test]
async fn the_catalogue_is_replaced() {
    let running = sample_with(Faults::none()).await;
    assert_eq!(call(&running, Method::GET, "/health", None).await.0, 204);
    let (_, totals) = call(&running, Method::GET, "/catalogue", None).await;
    let sample = totals["permit_detail"].as_u64().unwrap();
    let spec = json!({"items": 1000, "seed": 3, "rejected_record": true, "without": ["202106092"]});
    let (status, totals) = call(&running, Method::PUT, "/catalogue", Some(spec)).await;
    assert_eq!(status, 200);
    assert_eq!(totals["permit_detail"], 1000, "one more, one less");
    assert_eq!(
        ask(&running, Operation::PermitDetail, "")
            .await
            .unwrap()
            .total(),
        1000
    );
    assert!(sample < 1000);
    let wrong = json!({"itmes": 3});
    assert_eq!(
        call(&running, Method::PUT, "/catalogue", Some(wrong))
            .await
            .0,
        422
    );
}
