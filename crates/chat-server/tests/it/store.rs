//! The store's outages as operators and clients see them.

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
async fn a_reachable_mongodb_is_ready() {
    let Ok(uri) = std::env::var("TEST_MONGODB_URI") else {
        eprintln!("skipped: TEST_MONGODB_URI is not set");
        return;
    };
    let server = Server::start(&[("MONGODB_URI", &uri)]).await;
    let report = server.until_status("ready").await;
    assert_eq!(report["data"]["store"], "mongodb");
    drop(Socket::connected(&server).await);
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
