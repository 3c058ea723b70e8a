//! Engine.IO and Socket.IO as spoken on the wire (protocol versions 4 and 5).

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::server::{PATIENCE, Server, problem};

pub(crate) struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// A WebSocket after the Engine.IO handshake.
    pub(crate) async fn open(server: &Server) -> Self {
        Self::open_with(server, &[]).await
    }

    /// The same with headers of one's own.
    pub(crate) async fn open_with(server: &Server, headers: &[(&'static str, &str)]) -> Self {
        let url = format!(
            "ws://{}/socket.io/?EIO=4&transport=websocket",
            server.public
        );
        let mut request = url.as_str().into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (stream, _) = connect_async(request).await.unwrap();
        let mut socket = Self(stream);
        let open = socket.next().await.expect("the open packet");
        assert!(open.starts_with("0{"), "{open}");
        socket
    }

    /// A socket in the default namespace.
    pub(crate) async fn connected(server: &Server) -> Self {
        let mut socket = Self::open(server).await;
        socket.send("40").await;
        let answer = socket.next().await.expect("an answer");
        assert!(answer.starts_with("40{"), "{answer}");
        socket
    }

    pub(crate) async fn send(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(crate) async fn binary(&mut self, bytes: &[u8]) {
        let message = Message::binary(bytes.to_vec());
        self.0.send(message).await.unwrap();
    }

    /// The next packet; `None` when the connection is closed.
    pub(crate) async fn next(&mut self) -> Option<String> {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next())
                .await
                .expect("in time");
            match message {
                // The library pings right after the handshake.
                Some(Ok(Message::Text(text))) if text.as_str() == "2" => self.send("3").await,
                Some(Ok(Message::Text(text))) => return Some(text.to_string()),
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Whether nothing but the end comes.
    pub(crate) async fn ends(&mut self) -> bool {
        while let Some(packet) = self.next().await {
            // Engine.IO close, Socket.IO disconnect, noop and ping may come before the end.
            if !["1", "41", "6"].contains(&packet.as_str()) {
                return false;
            }
        }
        true
    }
}

/// Opens a polling session; gives its address.
pub(crate) async fn polling(server: &Server) -> String {
    let open = server.get("/socket.io/?EIO=4&transport=polling").await;
    assert_eq!(open.status(), 200);
    let open = open.text().await.unwrap();
    let open: Value = serde_json::from_str(open.strip_prefix('0').expect("open")).unwrap();
    assert_eq!(open["upgrades"][0], "websocket");
    assert_eq!(open["maxPayload"], 100_000);
    format!(
        "/socket.io/?EIO=4&transport=polling&sid={}",
        open["sid"].as_str().unwrap()
    )
}

pub(crate) async fn post(server: &Server, session: &str, body: impl Into<reqwest::Body>) -> u16 {
    server
        .client
        .post(server.url(session))
        .body(body)
        .send()
        .await
        .unwrap()
        .status()
        .as_u16()
}

/// The next packets of a polling session, without pings.
pub(crate) async fn poll(server: &Server, session: &str) -> String {
    loop {
        let text = server.get(session).await.text().await.unwrap();
        let packets: Vec<&str> = text
            .split('\u{1e}')
            .filter(|packet| *packet != "2")
            .collect();
        if !packets.is_empty() {
            return packets.join("\u{1e}");
        }
        assert_eq!(post(server, session, "3").await, 200);
    }
}

#[tokio::test]
async fn connects_over_polling_and_refuses_unknown_events() {
    let server = Server::ready().await;
    let session = polling(&server).await;
    assert_eq!(post(&server, &session, "40").await, 200);
    let connected = poll(&server, &session).await;
    assert!(connected.starts_with("40{\"sid\":"), "{connected}");

    assert_eq!(
        post(&server, &session, "427[\"no:such\",{\"a\":1}]").await,
        200
    );
    let ack = poll(&server, &session).await;
    let ack: Value = serde_json::from_str(ack.strip_prefix("437").expect("the ack")).unwrap();
    assert_eq!(ack[0]["ok"], false);
    assert_eq!(ack[0]["code"], "unknown_event");
    server.stop().await;
}

#[tokio::test]
async fn connects_over_websocket_and_refuses_unknown_events() {
    let server = Server::ready().await;
    let mut socket = Socket::connected(&server).await;
    // Without a callback nothing comes back, and the connection goes on.
    socket.send("42[\"no:such\"]").await;
    socket.send("421[\"no:such\",1,2,[3]]").await;
    let ack = socket.next().await.expect("the ack");
    assert!(
        ack.starts_with("431[") && ack.contains("\"code\":\"unknown_event\""),
        "{ack}"
    );
    server.stop().await;
}

#[tokio::test]
async fn only_the_default_namespace_exists() {
    let server = Server::ready().await;
    let mut socket = Socket::open(&server).await;
    socket.send("40/admin,").await;
    let answer = socket.next().await.expect("an answer");
    assert!(answer.starts_with("44/admin,"), "{answer}");
    server.stop().await;
}

#[tokio::test]
async fn refuses_pages_of_other_origins_on_every_transport() {
    let server = Server::start(&[
        ("APP_ENV", "production"),
        ("CHAT_DATABASE_URL", &format!("sqlite://{}", scratch_file())),
        ("CHAT_ALLOWED_ORIGINS", "https://pillnuts.example"),
    ])
    .await;
    server.until_status("ready").await;
    let ask = async |origin: &str| {
        let url = server.url("/socket.io/?EIO=4&transport=polling");
        server
            .client
            .get(url)
            .header("origin", origin)
            .send()
            .await
            .unwrap()
    };
    let good = ask("https://pillnuts.example").await;
    assert_eq!(good.status(), 200);
    assert_eq!(
        good.headers()["access-control-allow-origin"],
        "https://pillnuts.example"
    );
    assert_eq!(good.headers()["access-control-allow-credentials"], "true");
    for bad in [
        "https://evil.example",
        "http://pillnuts.example",
        "http://localhost",
        "null",
    ] {
        problem(ask(bad).await, 403, "origin_not_allowed").await;
    }

    let url = format!(
        "ws://{}/socket.io/?EIO=4&transport=websocket",
        server.public
    );
    for (origin, allowed) in [
        ("https://pillnuts.example", true),
        ("https://evil.example", false),
    ] {
        let mut request = url.as_str().into_client_request().unwrap();
        request
            .headers_mut()
            .insert("origin", origin.parse().unwrap());
        assert_eq!(connect_async(request).await.is_ok(), allowed, "{origin}");
    }
    server.stop().await;
}

fn scratch_file() -> String {
    let folder = tempfile::tempdir().unwrap();
    folder.keep().join("chat.db").to_string_lossy().into_owned()
}

#[tokio::test]
async fn a_stop_closes_every_connection() {
    let server = Server::ready().await;
    let mut sockets = Vec::new();
    for _ in 0..5 {
        sockets.push(Socket::connected(&server).await);
    }
    let session = polling(&server).await;
    assert_eq!(post(&server, &session, "40").await, 200);
    poll(&server, &session).await;
    let poll = tokio::spawn(server.client.get(server.url(&session)).send());

    server.stop().await;
    for socket in &mut sockets {
        assert!(socket.ends().await);
    }
    let poll = tokio::time::timeout(PATIENCE, poll)
        .await
        .expect("the poll ends")
        .unwrap();
    if let Ok(answer) = poll {
        assert!(["1", "41", "6", "41\u{1e}1"].contains(&answer.text().await.unwrap().as_str()));
    }
}
