//! A chat-server that only takes statements, and misbehaves when it is told to.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// What it does with a request.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Does {
    /// 204.
    Acknowledge,
    /// This status.
    Answer(u16),
    /// It hears, and dies before it answers.
    Die,
    /// It hears, and answers 204 after this time.
    Dawdle(Duration),
}

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) request_line: String,
    pub(crate) content_type: String,
    pub(crate) body: String,
}

#[derive(Debug, Default)]
struct Shared {
    heard: Mutex<Vec<Heard>>,
    next: Mutex<VecDeque<Does>>,
    over: AtomicBool,
}

/// Runs until it is dropped.
#[derive(Debug)]
pub(crate) struct ChatStandIn {
    address: SocketAddr,
    shared: Arc<Shared>,
}

impl ChatStandIn {
    pub(crate) fn start() -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Arc::<Shared>::default();
        let state = Arc::clone(&shared);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                if state.over.load(Ordering::SeqCst) {
                    return;
                }
                let (stream, state) = (stream.unwrap(), Arc::clone(&state));
                std::thread::spawn(move || serve(stream, &state));
            }
        });
        Self { address, shared }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/chat/v1/internal/statements", self.address)
    }

    /// What it does with the next requests; afterwards it acknowledges.
    pub(crate) fn next(&self, does: &[Does]) {
        self.shared.next.lock().unwrap().extend(does);
    }

    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.shared.heard.lock().unwrap().clone()
    }
}

impl Drop for ChatStandIn {
    fn drop(&mut self) {
        self.shared.over.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address));
    }
}

/// One request a connection.
fn serve(stream: TcpStream, state: &Shared) -> Option<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let request_line = line.trim().to_owned();
    let (mut length, mut content_type) = (0, String::new());
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim().split_once(':') else {
            break;
        };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => length = value.trim().parse().unwrap(),
            "content-type" => content_type = value.trim().to_owned(),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).ok()?;
    let does = state.next.lock().unwrap().pop_front();
    state.heard.lock().unwrap().push(Heard {
        request_line,
        content_type,
        body: String::from_utf8(body).unwrap(),
    });
    let status = match does.unwrap_or(Does::Acknowledge) {
        Does::Acknowledge => 204,
        Does::Answer(status) => status,
        Does::Die => return None,
        Does::Dawdle(time) => {
            std::thread::sleep(time);
            204
        }
    };
    let mut stream = reader.into_inner();
    let head = format!(
        "HTTP/1.1 {status} Said\r\nlocation: /elsewhere\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).ok()
}
