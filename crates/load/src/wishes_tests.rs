//! The contest of wishes, against a small server on a database of our own.

use std::convert::Infallible;
use std::path::Path;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use http_body_util::Full;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::net::TcpListener;

use crate::tests::perform;

const SCHEMA: &str = "
    CREATE TABLE users (id BIGINT PRIMARY KEY);
    CREATE TABLE medicines (id BIGINT PRIMARY KEY);
    CREATE TABLE wishes (user_id BIGINT, medicine_id BIGINT, PRIMARY KEY (user_id, medicine_id));
    INSERT INTO users VALUES (4), (7);
    INSERT INTO medicines VALUES (11), (12), (13)";

type Shared = Arc<Mutex<SqliteConnection>>;

/// `Bearer 7` and `/api/v1/me/wishes/11`: it is stored as that, unless the server only says so.
fn answer(database: &Shared, stores: bool, request: &Request<Incoming>) -> StatusCode {
    let whose = request.headers()["authorization"].to_str().unwrap();
    let user = whose.strip_prefix("Bearer ").unwrap();
    let medicine = request
        .uri()
        .path()
        .strip_prefix("/api/v1/me/wishes/")
        .unwrap();
    let statement = if *request.method() == Method::PUT {
        format!("INSERT INTO wishes VALUES ({user}, {medicine})")
    } else {
        format!("DELETE FROM wishes WHERE user_id = {user} AND medicine_id = {medicine}")
    };
    if stores {
        database.lock().unwrap().batch_execute(&statement).unwrap();
    }
    StatusCode::NO_CONTENT
}

async fn server(file: &Path, stores: bool) -> u16 {
    let mut database = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    database
        .batch_execute("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL")
        .unwrap();
    database.batch_execute(SCHEMA).unwrap();
    let database = Arc::new(Mutex::new(database));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let database = Arc::clone(&database);
            let service = service_fn(move |request| {
                let mut response = Response::new(Full::new(Bytes::new()));
                *response.status_mut() = answer(&database, stores, &request);
                async { Ok::<_, Infallible>(response) }
            });
            let builder = hyper::server::conn::http1::Builder::new();
            tokio::spawn(builder.serve_connection(TokioIo::new(stream), service));
        }
    });
    port
}

async fn contest(folder: &TempDir, stores: bool) -> anyhow::Result<Value> {
    let file = folder.path().join("web.db");
    let port = server(&file, stores).await;
    let work = json!({ "wishes": {
        "bearers": ["4", "7"],
        "medicines": [11, 12, 13],
        "connections": 3,
        "database": format!("sqlite://{}", file.display()),
        "database_connections": 2,
        "warm_up_rounds": 1,
        "rounds": 2,
    } });
    perform(port, work).await
}

#[tokio::test]
async fn both_sides_make_the_same_rows_and_are_timed_apart() {
    let folder = tempfile::tempdir().unwrap();
    let wished = contest(&folder, true).await.unwrap();
    assert_eq!(wished["rows"], 6);
    let rounds = wished["rounds"].as_array().unwrap();
    assert_eq!(rounds.len(), 2);
    for round in rounds {
        for what in ["wish", "unwish", "insert", "delete"] {
            assert!(round[what].as_u64() > Some(0), "{round}");
        }
    }
}

#[tokio::test]
async fn a_server_that_stores_nothing_does_not_win() {
    let folder = tempfile::tempdir().unwrap();
    let error = contest(&folder, false).await.unwrap_err().to_string();
    assert_eq!(error, "0 wishes in place of 6");
}
