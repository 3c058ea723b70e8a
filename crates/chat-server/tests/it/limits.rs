//! Input that no honest client sends.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::gateway::{Socket, polling, post};
use crate::server::{PATIENCE, Server};

#[tokio::test]
async fn refuses_oversized_payloads_on_both_transports() {
    let server = Server::ready().await;
    let session = polling(&server).await;
    assert_eq!(post(&server, &session, "40").await, 200);
    let large = format!("42[\"x\",\"{}\"]", "x".repeat(110_000));
    assert_eq!(post(&server, &session, large.clone()).await, 413);
    assert_eq!(post(&server, &session, vec![b'4'; 5_000_000]).await, 413);

    let mut socket = Socket::connected(&server).await;
    socket.send(&large).await;
    assert!(
        socket.ends().await,
        "a large message must not get an answer"
    );
    let fitting = format!("421[\"x\",\"{}\"]", "x".repeat(90_000));
    let mut socket = Socket::connected(&server).await;
    socket.send(&fitting).await;
    assert!(socket.next().await.expect("an ack").starts_with("431["));
    server.stop().await;
}

#[tokio::test]
async fn survives_malformed_packets() {
    let server = Server::ready().await;
    let nested = format!("421[\"x\",{}{}]", "[".repeat(20_000), "]".repeat(20_000));
    let packets = [
        "",
        "4",
        "9",
        "42",
        "42[",
        "42[]",
        "42[1]",
        "42{}",
        "4299999999999999999999[\"x\"]",
        "451-[\"x\",{\"_placeholder\":true,\"num\":0}]",
        "4599999-[\"x\"]",
        "45-1-[\"x\"]",
        "40/\u{0},",
        "43[\"ack nobody waits for\"]",
        "44{\"message\":1}",
        "41",
        "😀",
        "4\u{feff}2[\"x\"]",
        "42[\"x\",{\"_placeholder\":true,\"num\":-1}]",
        nested.as_str(),
    ];
    for packet in packets {
        let mut socket = Socket::connected(&server).await;
        socket.send(packet).await;
        let session = polling(&server).await;
        post(&server, &session, "40").await;
        post(&server, &session, packet.to_owned()).await;
        post(
            &server,
            &session,
            [packet.as_bytes(), &[0x1e, 0xff, 0x1e]].concat(),
        )
        .await;
    }
    for query in [
        "",
        "EIO=3",
        "EIO=4",
        "EIO=4&transport=x",
        "EIO=4&transport=polling&sid=%00",
    ] {
        let status = server
            .get(&format!("/socket.io/?{query}"))
            .await
            .status()
            .as_u16();
        assert!((400..500).contains(&status), "{query} gives {status}");
    }
    let socket = Socket::connected(&server).await;
    drop(socket);
    assert_eq!(server.operation("/livez").await.status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn a_head_that_is_too_large_is_refused() {
    let server = Server::ready().await;
    let mut stream = TcpStream::connect(server.public).await.unwrap();
    let head = format!(
        "GET / HTTP/1.1\r\nhost: x\r\nx: {}\r\n\r\n",
        "x".repeat(40_000)
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 431");
    server.stop().await;
}

#[tokio::test]
async fn a_body_that_never_comes_is_given_up() {
    let server = Server::ready().await;
    let session = polling(&server).await;
    let mut stream = TcpStream::connect(server.public).await.unwrap();
    let head = format!("POST {session} HTTP/1.1\r\nhost: x\r\ncontent-length: 50\r\n\r\n4");
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    let read = tokio::time::timeout(PATIENCE, stream.read_exact(&mut answer));
    read.await.expect("an answer").unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    server.stop().await;
}
