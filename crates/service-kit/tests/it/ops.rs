//! The operations endpoints over a real connection.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::time::{Duration, Instant};

use reqwest::{Client, Response};
use serde_json::Value;
use service_kit::metrics::Metrics;
use service_kit::ops::{self, Health};
use tokio_util::sync::CancellationToken;

async fn get(base: &str, path: &str) -> Response {
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .timeout(Duration::from_secs(10))
        .no_proxy()
        .build()
        .unwrap();
    client.get(format!("{base}{path}")).send().await.unwrap()
}

async fn ready(base: &str) -> (u16, Value) {
    let response = get(base, "/readyz").await;
    (response.status().as_u16(), response.json().await.unwrap())
}

// One thread: whatever blocks the test's runtime must not block the operations server.
#[tokio::test]
async fn tells_the_state_until_it_is_stopped() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let health = Health::new();
    let metrics = Metrics::install("svc", "1.0.0").unwrap();
    let server = ops::serve(listener, health.clone(), metrics, CancellationToken::new()).unwrap();
    let address = server.address();
    let base = format!("http://{address}");

    assert_eq!(get(&base, "/livez").await.status(), 200);
    assert_eq!(ready(&base).await.0, 200);

    let database = health.register("database");
    let (status, body) = ready(&base).await;
    assert_eq!((status, &body["status"]), (503, &"notReady".into()));
    assert_eq!(body["dependencies"][0]["detail"], "not checked yet");

    database.up();
    assert_eq!(ready(&base).await.1["status"], "ready");
    database.degraded("reads come from memory");
    let (status, body) = ready(&base).await;
    assert_eq!((status, &body["status"]), (200, &"degraded".into()));
    assert_eq!(body["dependencies"][0]["status"], "degraded");
    let since = body["dependencies"][0]["since"].as_str().unwrap();
    assert!(
        chrono::DateTime::parse_from_rfc3339(since).is_ok(),
        "{since}"
    );

    let text = get(&base, "/metrics").await;
    assert!(
        text.headers()["content-type"]
            .to_str()
            .unwrap()
            .starts_with("text/plain")
    );
    let text = text.text().await.unwrap();
    assert!(
        text.contains("dependency_up{dependency=\"database\"} 0.5"),
        "{text}"
    );

    let missing = get(&base, "/none").await;
    assert_eq!(missing.status(), 404);
    assert_eq!(
        missing.headers()["content-type"],
        "application/problem+json"
    );

    health.stopping();
    let (status, body) = ready(&base).await;
    assert_eq!((status, &body["status"]), (503, &"stopping".into()));
    assert_eq!(get(&base, "/livez").await.status(), 200);

    tokio::task::spawn_blocking(|| server.stop()).await.unwrap();
    assert!(TcpStream::connect(address).is_err());
}

#[test]
fn answers_while_every_worker_is_busy() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let metrics = Metrics::install("svc", "1.0.0").unwrap();
    let server = ops::serve(listener, Health::new(), metrics, CancellationToken::new()).unwrap();
    let base = format!("http://{}", server.address());
    let busy = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()
        .unwrap();
    let (release, blocked) = std::sync::mpsc::channel::<()>();
    busy.spawn(async move { blocked.recv().is_ok() });
    let asking = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    assert_eq!(asking.block_on(get(&base, "/livez")).status(), 200);
    drop(release);
    server.stop();
}

#[test]
fn connections_that_ask_nothing_do_not_keep_others_out() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let metrics = Metrics::install("svc", "1.0.0").unwrap();
    let server = ops::serve(listener, Health::new(), metrics, CancellationToken::new()).unwrap();
    // More than are answered at a time, each with half a request.
    let mut idle: Vec<TcpStream> = (0..300)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address()).unwrap();
            stream.write_all(b"GET /live").unwrap();
            stream
        })
        .collect();
    let asking = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let base = format!("http://{}", server.address());
    let started = Instant::now();
    assert_eq!(asking.block_on(get(&base, "/livez")).status(), 200);
    // Sooner than idle ones are given up, and in the time that a health check has.
    assert!(started.elapsed() < Duration::from_secs(4));
    // Neither the first one nor the last is kept for ever.
    for stream in [idle.remove(0), idle.pop().unwrap()] {
        let mut stream = stream;
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .unwrap();
        assert_eq!(stream.read(&mut [0; 16]).unwrap_or(0), 0, "it is closed");
    }
    server.stop();
}
