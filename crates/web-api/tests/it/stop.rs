//! The real binary: starts, serves, stops.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use nix::sys::signal::Signal;
use test_kit::{Server, free_port};

use crate::db_support::TestDb;
use crate::support::sample;

const DEADLINE: Duration = Duration::from_secs(60);

fn binary(database: &TestDb, port: u16, ops: u16) -> test_kit::server::Builder {
    Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
        .env("WEB_PORT", port.to_string())
        .env("WEB_OPS_PORT", ops.to_string())
        .env("WEB_WORKERS", "2")
        .env("DATABASE_URL", &database.url_text)
        .env("CATALOGUE_REFRESH_SECONDS", "1")
        .env("RATE_LIMITS", "off")
        .env("SHUTDOWN_DEADLINE_SECONDS", "15")
        .env("LOG_FORMAT", "json")
}

/// One request on a connection of its own. `None` where the server didn't take it; an answer that is
/// not whole is a failure of the test.
fn ask(port: u16) -> Option<()> {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, DEADLINE).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let path = format!("/api/v1/medicines/{}", sample::TYLENOL);
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut answer = Vec::new();
    let read = stream.read_to_end(&mut answer);
    if answer.is_empty() {
        // Closed before it was taken: the client may safely ask another instance.
        return None;
    }
    read.unwrap();
    let text = String::from_utf8(answer).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
    serde_json::from_str::<serde_json::Value>(body).unwrap();
    Some(())
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_under_load_loses_no_request() {
    let database = TestDb::sqlite();
    sample::catalogue().write(&database.migrated().await).await;
    let (port, ops) = (free_port().unwrap(), free_port().unwrap());
    let mut server = binary(&database, port, ops)
        .ready_at(ops, "/readyz")
        .start()
        .unwrap();
    assert!(test_kit::eventually(DEADLINE, || ask_status(port) == Some(200)));

    let (stopping, answered) = (
        Arc::new(AtomicBool::new(false)),
        Arc::new(AtomicUsize::new(0)),
    );
    let load: Vec<_> = (0..8)
        .map(|_| {
            let (stopping, answered) = (stopping.clone(), answered.clone());
            std::thread::spawn(move || {
                loop {
                    if ask(port).is_some() {
                        answered.fetch_add(1, Ordering::Relaxed);
                    } else {
                        assert!(stopping.load(Ordering::Relaxed), "refused before the stop");
                        return;
                    }
                }
            })
        })
        .collect();
    assert!(test_kit::eventually(DEADLINE, || answered
        .load(Ordering::Relaxed)
        > 200));
    // An idle connection must not hold the stop.
    let idle = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stopping.store(true, Ordering::Relaxed);
    server.signal(Signal::SIGTERM).unwrap();
    let ended = server.wait(DEADLINE).unwrap();
    for thread in load {
        thread.join().unwrap();
    }
    drop(idle);
    assert_eq!(
        ended.and_then(|status| status.code()),
        Some(0),
        "{}",
        server.log_tail(20)
    );
    let log = server.log();
    assert!(
        log.contains("\"route\":\"/api/v1/medicines/{id}\""),
        "one line a request, by route"
    );
}

/// Requests one after the other on one connection until the server says that it closes it. A request
/// that was written and got no whole answer was lost: the failure of the test.
fn ask_until_closed(port: u16, answered: &AtomicUsize) {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, port)).unwrap();
    stream.set_read_timeout(Some(DEADLINE)).unwrap();
    let path = format!("/api/v1/medicines/{}", sample::TYLENOL);
    let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n");
    loop {
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        let mut chunk = [0; 65_536];
        let (head, body) = loop {
            let read = stream.read(&mut chunk).unwrap();
            assert!(read > 0, "closed in the middle of a request");
            answer.extend_from_slice(&chunk[..read]);
            let text = String::from_utf8_lossy(&answer);
            let Some((head, body)) = text.split_once("\r\n\r\n") else {
                continue;
            };
            let length = head.lines().find_map(|line| {
                line.to_lowercase()
                    .strip_prefix("content-length: ")?
                    .parse()
                    .ok()
            });
            if body.len() == length.unwrap_or(usize::MAX) {
                break (head.to_lowercase(), body.to_owned());
            }
        };
        assert!(head.starts_with("http/1.1 200"), "{head}");
        serde_json::from_str::<serde_json::Value>(&body).unwrap();
        answered.fetch_add(1, Ordering::Relaxed);
        if head.contains("\r\nconnection: close") {
            return;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_loses_no_request_of_kept_connections() {
    let database = TestDb::sqlite();
    sample::catalogue().write(&database.migrated().await).await;
    let (port, ops) = (free_port().unwrap(), free_port().unwrap());
    let mut server = binary(&database, port, ops)
        .ready_at(ops, "/readyz")
        .start()
        .unwrap();
    assert!(test_kit::eventually(DEADLINE, || ask_status(port) == Some(200)));
    let answered = Arc::new(AtomicUsize::new(0));
    let load: Vec<_> = (0..16)
        .map(|_| {
            let answered = answered.clone();
            std::thread::spawn(move || ask_until_closed(port, &answered))
        })
        .collect();
    assert!(test_kit::eventually(DEADLINE, || answered
        .load(Ordering::Relaxed)
        > 500));
    server.signal(Signal::SIGTERM).unwrap();
    for thread in load {
        thread.join().unwrap();
    }
    let ended = server.wait(DEADLINE).unwrap();
    assert_eq!(
        ended.and_then(|status| status.code()),
        Some(0),
        "{}",
        server.log_tail(20)
    );
}

fn ask_status(port: u16) -> Option<u16> {
    let path = format!("/api/v1/medicines/{}", sample::TYLENOL);
    let answer = test_kit::http::get(port, &path, DEADLINE).ok()?;
    Some(answer.status)
}

#[test]
fn what_people_look_up_is_not_logged() {
    let database = TestDb::sqlite();
    let (port, ops) = (free_port().unwrap(), free_port().unwrap());
    let mut server = binary(&database, port, ops)
        .ready_at(ops, "/readyz")
        .start()
        .unwrap();
    let path = "/api/v1/medicines?query=verysecretillness";
    assert_eq!(
        test_kit::http::get(port, path, DEADLINE).unwrap().status,
        503
    );
    assert_eq!(
        test_kit::http::get(port, "/verysecretillness", DEADLINE)
            .unwrap()
            .status,
        404
    );
    let metrics = test_kit::http::get(ops, "/metrics", DEADLINE).unwrap();
    assert!(metrics.body.contains("http_request"), "{}", metrics.body);
    assert!(!metrics.body.contains("verysecretillness"));
    assert!(server.stop(DEADLINE).unwrap().success());
    let log = server.log();
    assert!(
        log.contains("\"route\":\"/api/v1/medicines\"") && log.contains("unmatched"),
        "{log}"
    );
    assert!(!log.contains("verysecretillness"));
}

#[test]
fn wrong_settings_are_named() {
    for (name, value) in [
        ("WEB_PORT", "eighty"),
        ("WEB_WORKERS", "0"),
        ("CORS_ALLOWED_ORIGINS", "https://front.example/path"),
        ("DATABASE_URL", "postgres://nothing"),
        ("DOCUMENT_CACHE_MB", "-1"),
        ("HTTP_BODY_LIMIT_BYTES", "0"),
    ] {
        let mut server = Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
            .env(name, value)
            .spawn()
            .unwrap();
        let ended = server.wait(DEADLINE).unwrap().unwrap();
        assert!(!ended.success());
        assert!(server.log().contains(name), "{name}: {}", server.log());
    }
    let mut production = Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
        .env("APP_ENV", "production")
        .spawn()
        .unwrap();
    assert!(!production.wait(DEADLINE).unwrap().unwrap().success());
    assert!(
        production.log().contains("DATABASE_URL: is required"),
        "{}",
        production.log()
    );
}

#[test]
fn a_port_that_is_taken_is_named() {
    let database = TestDb::sqlite();
    let taken = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let mut server = binary(&database, port, 0).spawn().unwrap();
    assert!(!server.wait(DEADLINE).unwrap().unwrap().success());
    assert!(
        server.log().contains("WEB_PORT: expected a free port"),
        "{}",
        server.log()
    );
}
