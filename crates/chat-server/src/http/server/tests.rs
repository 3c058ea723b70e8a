use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;

use axum::body::{Body, Bytes};
use axum::routing::get;
use futures_util::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::task::JoinHandle;

use super::*;

/// Longest wait for anything that should happen.
const PATIENCE: Duration = Duration::from_secs(20);

/// An endless answer is made of it.
const PIECE: Result<Bytes, Infallible> = Ok(Bytes::from_static(&[b'x'; 65_536]));

const SHORT: Duration = Duration::from_millis(200);

struct Server {
    address: SocketAddr,
    stop: CancellationToken,
    running: JoinHandle<OpenConnections>,
}

impl Server {
    async fn start(limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("bound");
        let address = listener.local_addr().expect("an address");
        let stop = CancellationToken::new();
        let flood = || async { Body::from_stream(stream::repeat(PIECE)) };
        let router = Router::new()
            .route("/", get(|| async { "here" }))
            .route("/flood", get(flood));
        let running = tokio::spawn(serve(listener, router, limits, stop.clone()));
        Self {
            address,
            stop,
            running,
        }
    }

    async fn connect(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).await.expect("connected");
        stream.write_all(text.as_bytes()).await.expect("sent");
        stream
    }

    /// Ends it; how long the last connection took to go.
    async fn stop(self) -> Duration {
        self.stop.cancel();
        let open = self.running.await.expect("no panic");
        let started = std::time::Instant::now();
        tokio::time::timeout(PATIENCE, open.closed())
            .await
            .expect("closed");
        started.elapsed()
    }
}

fn limits() -> Limits {
    Limits {
        connections: 2,
        ..Limits::within(1_000, SHORT)
    }
}

/// Reads to the end, however it comes.
async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let read = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes));
    match read.await.expect("the end") {
        Ok(_) => {}
        Err(error) => assert_eq!(error.kind(), ErrorKind::ConnectionReset),
    }
    bytes
}

#[tokio::test]
async fn a_client_that_stops_reading_is_let_go() {
    let limits = Limits {
        write_stall: SHORT,
        connections: 1,
        ..limits()
    };
    let server = Server::start(limits).await;
    let _asleep = server
        .connect("GET /flood HTTP/1.1\r\nhost: x\r\n\r\n")
        .await;
    // The only place is free again when this one gets its answer.
    let mut next = server
        .connect("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await;
    assert!(rest(&mut next).await.ends_with(b"here"));
    server.stop().await;
}

#[tokio::test]
async fn half_a_head_and_idleness_are_given_up() {
    let limits = Limits {
        head: SHORT,
        ..limits()
    };
    let server = Server::start(limits).await;
    let mut half = server.connect("GET / HT").await;
    let mut idle = server.connect("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert_eq!(rest(&mut half).await, b"");
    assert!(rest(&mut idle).await.ends_with(b"here"));
    server.stop().await;
}

#[tokio::test]
async fn more_than_the_limit_wait_for_a_place() {
    let server = Server::start(limits()).await;
    let first = server.connect("GET / HT").await;
    let _second = server.connect("GET / HT").await;
    let mut third = server
        .connect("GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        .await;
    let early = tokio::time::timeout(SHORT, third.readable()).await;
    assert!(early.is_err(), "answered over the limit");
    drop(first);
    assert!(rest(&mut third).await.ends_with(b"here"));
    // The second one, which asks nothing, doesn't hold the stop.
    assert!(server.stop().await < LINGER + PATIENCE);
}

#[test]
fn files_are_kept_for_everything_else() {
    assert_eq!(
        Limits::within(1_000_000, SHORT).connections,
        MAX_CONNECTIONS
    );
    assert_eq!(Limits::within(u64::MAX, SHORT).connections, MAX_CONNECTIONS);
    assert_eq!(Limits::within(1_024, SHORT).connections, 768);
    assert_eq!(Limits::within(256, SHORT).connections, 128);
    assert_eq!(Limits::within(0, SHORT).connections, 1);
}
