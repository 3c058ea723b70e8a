//! The proxy between a client and an echo server.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::{Duration, Instant};

use test_kit::CutProxy;

fn echo_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let stream = stream.unwrap();
            std::thread::spawn(move || std::io::copy(&mut &stream, &mut &stream));
        }
    });
    address
}

fn client(proxy: &CutProxy) -> TcpStream {
    let stream = TcpStream::connect(("127.0.0.1", proxy.port())).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream
}

fn echoes(mut stream: &TcpStream) -> std::io::Result<()> {
    stream.write_all(b"ping")?;
    let mut answer = [0; 4];
    stream.read_exact(&mut answer)
}

#[test]
fn data_passes_both_ways() {
    let proxy = CutProxy::start(echo_server()).unwrap();
    let stream = client(&proxy);
    echoes(&stream).unwrap();
    echoes(&stream).unwrap();
}

#[test]
fn a_delay_holds_data_both_ways() {
    let proxy = CutProxy::start(echo_server()).unwrap();
    let stream = client(&proxy);
    proxy.delay(Duration::from_millis(60));
    let start = Instant::now();
    echoes(&stream).unwrap();
    assert!(start.elapsed() >= Duration::from_millis(120));
}

#[test]
fn a_cut_ends_open_connections_and_new_ones_pass() {
    let proxy = CutProxy::start(echo_server()).unwrap();
    let stream = client(&proxy);
    echoes(&stream).unwrap();
    proxy.cut();
    assert!(echoes(&stream).is_err());
    echoes(&client(&proxy)).unwrap();
}

#[test]
fn a_black_hole_swallows_until_it_passes_again() {
    let proxy = CutProxy::start(echo_server()).unwrap();
    let mut stream = client(&proxy);
    echoes(&stream).unwrap();
    proxy.blackhole();
    stream
        .set_read_timeout(Some(Duration::from_millis(100)))
        .unwrap();
    let silence = echoes(&stream).unwrap_err();
    assert!(
        matches!(silence.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut),
        "{silence}"
    );
    proxy.pass();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    let mut late = [0; 4];
    stream.read_exact(&mut late).unwrap();
    assert_eq!(&late, b"ping");
}

#[test]
fn a_refusal_ends_old_and_new_connections() {
    let proxy = CutProxy::start(echo_server()).unwrap();
    let stream = client(&proxy);
    echoes(&stream).unwrap();
    proxy.refuse();
    assert!(echoes(&stream).is_err());
    assert!(echoes(&client(&proxy)).is_err());
    proxy.pass();
    echoes(&client(&proxy)).unwrap();
}

#[test]
fn one_connection_is_cut_and_the_others_stay() {
    let proxy = CutProxy::start(echo_server()).unwrap();
    proxy.cut_one(7);
    let streams = [client(&proxy), client(&proxy), client(&proxy)];
    for stream in &streams {
        echoes(stream).unwrap();
    }
    // The fifth of three is the second.
    proxy.cut_one(4);
    let whole: Vec<bool> = streams
        .iter()
        .map(|stream| echoes(stream).is_ok())
        .collect();
    assert_eq!(whole, [true, false, true]);
    proxy.cut_one(1);
    assert!(echoes(&streams[2]).is_err(), "what is cut isn't counted");
}
