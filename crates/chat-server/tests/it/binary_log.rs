//! What the program's log tells of visitors, and what it doesn't.

use futures_util::{SinkExt, StreamExt};
use nix::sys::signal::Signal;
use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use crate::binary::{command, open_socket, start};
use crate::server::PATIENCE;

const SECRET: &str = "비밀말";

/// A guest who says something, then asks for what only counsellors may.
async fn overstep(address: &str) {
    let events = [
        ("421", "[\"conversation:open\",{}]".to_owned()),
        (
            "422",
            format!("[\"message:send\",{{\"clientMessageId\":\"m1\",\"text\":\"{SECRET}\"}}]"),
        ),
        (
            "423",
            format!("[\"console:open\",{{\"text\":\"{SECRET}\"}}]"),
        ),
    ];
    'again: loop {
        let mut socket = open_socket(address).await;
        socket.send(Message::text("40")).await.unwrap();
        let mut asked = events.iter();
        let mut wanted = "40".to_owned();
        while let Some(packet) = socket.next().await {
            let packet = packet.unwrap().into_text().unwrap();
            if packet.starts_with("44") {
                // The store isn't known to be there yet.
                tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                continue 'again;
            }
            if !packet.starts_with(&wanted) {
                continue;
            }
            let Some((begin, data)) = asked.next() else {
                assert!(packet.contains("forbidden"), "{packet}");
                return;
            };
            wanted = begin.replace("42", "43");
            let event = format!("{begin}{data}");
            socket.send(Message::text(event)).await.unwrap();
        }
        panic!("the connection was closed");
    }
}

#[tokio::test]
async fn a_refused_event_is_logged_and_nothing_that_was_said() {
    let folder = tempfile::tempdir().unwrap();
    let (mut program, address, lines) = start(command(&folder));
    tokio::time::timeout(PATIENCE, overstep(&address))
        .await
        .expect("in time");
    program.signal(Signal::SIGTERM);
    assert_eq!(program.wait().code(), Some(0));
    let log: Vec<String> = lines.collect();
    assert!(!log.iter().any(|line| line.contains(SECRET)), "{log:?}");
    let refused = log
        .iter()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .find(|line| line["message"] == "an event without the right to it");
    assert_eq!(refused.expect("a line")["event"], "console:open");
}
