//! The store's outages as operators and clients see them.

use std::net::ToSocketAddrs;

use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use mongodb::options::{ConnectionString, HostInfo, ServerAddress};
use test_kit::CutProxy;

use crate::gateway::Socket;
use crate::server::Server;

#[tokio::test]
async fn an_unreachable_mongodb_is_told_and_the_process_lives() {
    // A port that was free a moment ago: nobody listens.
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let uri = format!("mongodb://user:hunter2@127.0.0.1:{port}/chat");
    let server = Server::start(&[("MONGODB_URI", &uri)]).await;
    let report = server.until_status("notReady").await;
    assert_eq!(server.operation("/readyz").await.status(), 503);
    assert_eq!(report["dependencies"][0]["status"], "down");
    assert!(!report.to_string().contains("hunter2"));
    assert_eq!(server.operation("/livez").await.status(), 200);
    assert_eq!(server.get("/").await.status(), 200);

    let mut socket = Socket::open(&server).await;
    socket.send("40").await;
    let refusal = socket.next().await.expect("an answer");
    assert_eq!(refusal, "44{\"message\":\"unavailable\"}");
    server.stop().await;
}

#[tokio::test]
async fn mongodb_may_come_late_go_and_come_back() {
    let Ok(uri) = std::env::var("TEST_MONGODB_URI") else {
        eprintln!("skipped: TEST_MONGODB_URI is not set");
        return;
    };
    let hosts = ConnectionString::parse(&uri).unwrap().host_info;
    let HostInfo::HostIdentifiers(hosts) = hosts else {
        panic!("TEST_MONGODB_URI has to name the host itself");
    };
    let ServerAddress::Tcp { host, port } = hosts[0].clone() else {
        panic!("TEST_MONGODB_URI has to name a TCP port");
    };
    let target = (host.as_str(), port.unwrap_or(27_017));
    let target = target.to_socket_addrs().unwrap().next().unwrap();
    let proxy = CutProxy::start(target).unwrap();
    proxy.refuse();
    // Alone, so that the driver doesn't go around the proxy to the address the server tells.
    let uri = format!(
        "mongodb://127.0.0.1:{}/?directConnection=true",
        proxy.port()
    );
    let server = Server::start(&[("MONGODB_URI", &uri)]).await;
    server.until_status("notReady").await;
    for _ in 0..2 {
        proxy.pass();
        let report = server.until_status("ready").await;
        assert_eq!(report["data"]["store"], "mongodb");
        drop(Socket::connected(&server).await);
        proxy.refuse();
        server.until_status("notReady").await;
    }
    server.stop().await;
}

#[tokio::test]
async fn a_lost_file_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.db");
    let url = format!("sqlite://{}", file.display());
    let server = Server::start(&[("CHAT_DATABASE_URL", &url)]).await;
    server.until_status("ready").await;
    let hidden = folder.path().join("hidden.db");
    std::fs::rename(&file, &hidden).unwrap();
    server.until_status("notReady").await;
    std::fs::rename(&hidden, &file).unwrap();
    server.until_status("ready").await;
    server.stop().await;
}

#[tokio::test]
async fn a_store_that_cant_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("chat.db");
    let url = format!("sqlite://{}", file.display());
    let server = Server::start(&[("CHAT_DATABASE_URL", &url)]).await;
    server.until_status("ready").await;
    // As a full disk or one that is mounted anew for reading only, which takes no other rights.
    let mut other = SqliteConnection::establish(&file.to_string_lossy()).unwrap();
    // The server writes, too.
    other.batch_execute("PRAGMA busy_timeout = 60000").unwrap();
    other
        .batch_execute(
            "CREATE TRIGGER full BEFORE UPDATE ON store_format \
             BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
        )
        .unwrap();
    let report = server.until_status("notReady").await;
    assert_eq!(
        report["dependencies"][0]["detail"],
        "the store can't be written"
    );
    other.batch_execute("DROP TRIGGER full").unwrap();
    server.until_status("ready").await;
    server.stop().await;
}
