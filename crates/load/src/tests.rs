//! The jobs, against a small server of our own.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::job::Job;

#[derive(Debug, Default)]
struct Store {
    kept: Mutex<HashMap<String, Bytes>>,
    asked: AtomicU64,
}

/// `/total/N` tells N, `/changes` another number each time, everything else what was put there.
async fn answer(
    store: Arc<Store>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let asked = store.asked.fetch_add(1, Ordering::SeqCst);
    let path = request.uri().path().to_owned();
    let (status, body) = if request.method() == Method::PUT {
        let body = request.into_body().collect().await.unwrap().to_bytes();
        store.kept.lock().unwrap().insert(path, body);
        (StatusCode::NO_CONTENT, Bytes::new())
    } else if let Some(total) = path.strip_prefix("/total/") {
        (StatusCode::OK, format!("{{\"total\":{total}}}").into())
    } else if path == "/changes" {
        (StatusCode::OK, asked.to_string().into())
    } else {
        let kept = store.kept.lock().unwrap().get(&path).cloned();
        let status = if kept.is_some() {
            StatusCode::OK
        } else {
            StatusCode::NOT_FOUND
        };
        (status, kept.unwrap_or_default())
    };
    let mut response = Response::new(Full::new(body));
    *response.status_mut() = status;
    Ok(response)
}

async fn server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let store = Arc::new(Store::default());
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let store = Arc::clone(&store);
            let service = service_fn(move |request| answer(Arc::clone(&store), request));
            let builder = hyper::server::conn::http1::Builder::new();
            tokio::spawn(builder.serve_connection(TokioIo::new(stream), service));
        }
    });
    port
}

pub(crate) async fn perform(port: u16, work: Value) -> anyhow::Result<Value> {
    let job = json!({ "port": port, "encoding": "identity", "work": work });
    let job: Job = serde_json::from_value(job).unwrap();
    crate::perform(job).await
}

fn rounds(order: &[usize]) -> Value {
    json!({ "rounds": {
        "sides": [
            { "paths": ["/total/1", "/total/22"], "order": order },
            { "paths": ["/total/333"], "order": [0] },
        ],
        "connections": 4, "warm_up_rounds": 1, "rounds": 2, "round_millis": 30, "pid": std::process::id(),
    } })
}

#[tokio::test]
async fn an_answer_is_recorded_when_it_comes_back_the_same() {
    let port = server().await;
    let work = json!({ "record": { "paths": ["/total/7", "/total/12"], "first": 3 } });
    let recorded = perform(port, work).await.unwrap();
    assert_eq!(recorded, json!({ "lengths": [11, 12] }));
    let kept = json!({ "each": { "paths": ["/bench/replay/3", "/bench/replay/4"] } });
    let kept = perform(port, kept).await.unwrap();
    assert_eq!(
        (&kept[0]["total"], &kept[1]["total"]),
        (&json!(7), &json!(12))
    );
}

#[tokio::test]
async fn an_answer_that_changes_can_be_no_yardstick() {
    let work = json!({ "record": { "paths": ["/changes"], "first": 0 } });
    let error = perform(server().await, work).await.unwrap_err().to_string();
    assert!(
        error.contains("/changes: the second answer differs"),
        "{error}"
    );
}

#[tokio::test]
async fn sides_take_turns_and_are_counted_apart() {
    let sides = perform(server().await, rounds(&[0, 1, 1])).await.unwrap();
    for (side, lengths) in [(&sides[0], (11.0, 12.0)), (&sides[1], (13.0, 13.0))] {
        assert_eq!(side["rounds"].as_array().unwrap().len(), 2);
        for round in side["rounds"].as_array().unwrap() {
            let [requests, bytes] = ["requests", "bytes"].map(|name| round[name].as_f64().unwrap());
            assert!(
                requests >= 4.0 && round["elapsed"].as_u64() >= Some(30_000),
                "{round}"
            );
            let mean = bytes / requests;
            assert!((lengths.0..=lengths.1).contains(&mean), "{round}");
        }
        assert!(side["p50"].as_u64() <= side["max"].as_u64());
    }
}

#[tokio::test]
async fn what_is_not_answered_well_stops_the_job() {
    let port = server().await;
    let missing = json!({ "each": { "paths": ["/missing"] } });
    let error = perform(port, missing).await.unwrap_err().to_string();
    assert!(
        error.contains("/missing: expected 200 OK") && error.contains("404"),
        "{error}"
    );
    let error = perform(port, rounds(&[2])).await.unwrap_err().to_string();
    assert!(error.contains("order: expected indices"), "{error}");
}
