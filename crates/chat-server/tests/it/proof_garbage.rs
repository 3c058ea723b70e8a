//! A hundred thousand malformed frames over real connections: no crash, no leak, and an answer to each that asked for
//! one.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::program::{Place, Program, UNLIMITED, on_both_places, runtime};

const PATIENCE: Duration = Duration::from_secs(120);
const FRAMES: usize = 100_000;
const CONNECTIONS: usize = 10;
/// Frames on their way at a time; the server buffers 128 answers.
const WINDOW: usize = 64;
/// One in so many is of the kind that ends a connection.
const FATAL_EVERY: usize = 50;
/// Growth in bytes that is no leak: what allocators keep. The frames alone are more than the server may keep of them.
const SLACK: usize = 12 << 20;

/// What follows `42` and the number of an acknowledgement.
const ASKING: [&str; 22] = [
    r#"["no:such"]"#,
    r#"["no:such",1,2,[3]]"#,
    r#"["message:send"]"#,
    r#"["message:send",null]"#,
    r#"["message:send",1]"#,
    r#"["message:send",[]]"#,
    r#"["message:send",{}]"#,
    r#"["message:send",{},{}]"#,
    r#"["message:send",{"clientMessageId":1,"text":"x"}]"#,
    r#"["message:send",{"clientMessageId":"x","text":{"a":[]}}]"#,
    r#"["message:send",{"clientMessageId":"","text":"x"}]"#,
    r#"["message:send",{"clientMessageId":"../x","text":""}]"#,
    r#"["message:send",{"clientMessageId":"x","text":"\u0000"}]"#,
    r#"["conversation:open",{"after":"x"}]"#,
    r#"["conversation:open",{"after":-9223372036854775808}]"#,
    r#"["conversation:open",{"after":1e400}]"#,
    r#"["counselling:rate",{"score":99}]"#,
    r#"["read",{"seq":18446744073709551616}]"#,
    r#"["auth:renew",{"token":"a.b.c"}]"#,
    r#"["console:claim",{"conversationId":"x"}]"#,
    r#"["",{}]"#,
    r#"["typing",{"on":"\ud800"}]"#,
];

/// Whole frames that no connection has to survive; the server does.
const FATAL: [&str; 12] = [
    "9",
    "42",
    "42[",
    "42[]x",
    "42{}",
    "42[1]",
    "4299999999999999999999[\"x\"]",
    "451-[\"x\",{\"_placeholder\":true,\"num\":0}]",
    "4599999-[\"x\"]",
    "40/\u{0},",
    "44{\"message\":1}",
    "😀",
];

on_both_places!(garbage_is_answered_and_forgotten);

fn garbage_is_answered_and_forgotten(place: &Place) {
    let mut program = Program::start(place, &UNLIMITED);
    let pid = program.server.pid();
    // Buffers and caches are filled first.
    throw(program.port, FRAMES / 10);
    let before = resident(pid);
    throw(program.port, FRAMES);
    let after = resident(pid);
    assert_eq!(program.server.ended().unwrap(), None, "it lives");
    assert!(program.server.is_ready());
    let log = program.server.log();
    assert!(!log.contains("panicked"), "{}", program.server.log_tail(20));
    assert!(
        after < before + SLACK,
        "{before} bytes before, {after} after"
    );
    let end = program.server.stop(PATIENCE).unwrap();
    assert!(end.success(), "{end}");
}

fn throw(port: u16, frames: usize) {
    runtime().block_on(async {
        let mut throwers = JoinSet::new();
        for number in 0..CONNECTIONS {
            throwers.spawn(thrower(port, number, frames / CONNECTIONS));
        }
        throwers.join_all().await;
    });
}

/// Sends its frames over one connection after the other.
async fn thrower(port: u16, number: usize, frames: usize) {
    let mut socket = Socket::open(port).await;
    let mut asked = Vec::new();
    for n in 0..frames {
        if n % FATAL_EVERY == FATAL_EVERY - 1 {
            socket.answers(&mut asked).await;
            socket
                .send(FATAL[(n / FATAL_EVERY + number) % FATAL.len()])
                .await;
            // Whether it survived that or not: the next ones come over another.
            socket.close().await;
            socket = Socket::open(port).await;
            continue;
        }
        socket
            .send(&format!("42{n}{}", ASKING[n % ASKING.len()]))
            .await;
        asked.push(n);
        if asked.len() == WINDOW {
            socket.answers(&mut asked).await;
        }
    }
    socket.answers(&mut asked).await;
}

struct Socket(WebSocketStream<MaybeTlsStream<TcpStream>>);

impl Socket {
    /// A new guest.
    async fn open(port: u16) -> Self {
        let url = format!("ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket");
        let mut socket = Self(connect_async(url).await.unwrap().0);
        assert!(socket.next().await.starts_with("0{"));
        socket.send("40").await;
        assert!(socket.next().await.starts_with("40{"));
        socket
    }

    async fn send(&mut self, frame: &str) {
        self.0.send(Message::text(frame)).await.unwrap();
    }

    async fn next(&mut self) -> String {
        loop {
            let message = tokio::time::timeout(PATIENCE, self.0.next()).await;
            let message = message.expect("in time").expect("open").unwrap();
            match message.into_text().unwrap().as_str() {
                "2" => self.send("3").await,
                text => return text.to_owned(),
            }
        }
    }

    /// Waits for the answers to everything that was asked: a refusal each, in order.
    async fn answers(&mut self, asked: &mut Vec<usize>) {
        for n in asked.drain(..) {
            let text = self.next().await;
            let answer = text.strip_prefix(&format!("43{n}"));
            let answer = answer.unwrap_or_else(|| panic!("{n}: {text}"));
            let answer: Value = serde_json::from_str(answer).unwrap();
            assert_eq!(answer[0]["ok"], false, "{n}: {text}");
            assert!(answer[0]["code"].is_string(), "{n}: {text}");
            assert!(answer[0]["message"].is_string(), "{n}: {text}");
        }
    }

    async fn close(mut self) {
        // The server may have been quicker.
        drop(self.0.close(None).await);
    }
}

/// Bytes of a process in memory.
fn resident(pid: u32) -> usize {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<usize>().unwrap() << 10
}
