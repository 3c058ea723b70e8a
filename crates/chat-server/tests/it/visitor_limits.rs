//! Too much, too fast, too slow: always with an answer.

use serde_json::json;

use crate::gateway::{Socket, poll, polling, post};
use crate::server::{Server, problem};
use crate::visitor_kit::{Chat, Visitor, on_both_servers};

on_both_servers!(
    messages_are_limited_by_person_and_not_by_socket
        ["CHAT_BURST_MESSAGES" = "5", "CHAT_MESSAGES_PER_MINUTE" = "60"],
    a_client_that_does_not_read_is_cut_and_finds_everything_again,
);

/// The defaults of the protocol: five messages in three seconds, on however many devices.
async fn messages_are_limited_by_person_and_not_by_socket(chat: Chat) {
    let (mut phone, token) = chat.guest().await;
    let mut tablet = Visitor::opened(&chat.server, json!({"guestToken": token})).await;
    let (mut other, _) = chat.guest().await;
    let mut limited = 0;
    for number in 0..8 {
        let device = if number % 2 == 0 {
            &mut phone
        } else {
            &mut tablet
        };
        let data = json!({"clientMessageId": format!("m{number}"), "text": "조용히"});
        let ack = device.ask("message:send", data).await;
        if ack["ok"] == false {
            assert_eq!(ack["code"], "rate_limited", "{ack}");
            let wait = ack["retryAfterMs"].as_u64().unwrap();
            assert!((1..=3_000).contains(&wait), "{ack}");
            limited += 1;
        }
    }
    assert!(limited >= 1, "eight messages at once went through");
    other.say("a", "조용히").await;
    chat.server.stop().await;
}

async fn a_client_that_does_not_read_is_cut_and_finds_everything_again(chat: Chat) {
    let (mut talker, token) = chat.guest().await;
    let auth = json!({"guestToken": token});
    // A polling session that never polls: its buffer fills up.
    let session = polling(&chat.server).await;
    assert_eq!(post(&chat.server, &session, format!("40{auth}")).await, 200);
    assert!(poll(&chat.server, &session).await.starts_with("40{"));
    let open = "420[\"conversation:open\",{}]".to_owned();
    assert_eq!(post(&chat.server, &session, open).await, 200);
    let answer = poll(&chat.server, &session).await;
    assert!(answer.contains("\"ok\":true"), "{answer}");
    for number in 0..200 {
        talker.say(&format!("m{number}"), "조용히").await;
    }
    // It isn't given a stretch with a hole in it: it is told that its session is gone.
    let status = chat.server.get(&session).await.status();
    assert_eq!(status, 400);
    let mut back = Visitor::connect(&chat.server, auth).await.unwrap();
    let open = back.ask("conversation:open", json!({"after": 0})).await;
    assert_eq!(open["lastSeq"], 200);
    chat.server.stop().await;
}

#[tokio::test]
async fn sockets_of_one_address_are_limited() {
    let server = Server::start(&[("CHAT_SOCKETS_PER_ADDRESS", "3")]).await;
    server.until_status("ready").await;
    let mut open = Vec::new();
    for _ in 0..3 {
        open.push(Visitor::connect(&server, json!({})).await.unwrap());
    }
    let code = Visitor::connect(&server, json!({})).await.err();
    assert_eq!(code.as_deref(), Some("too_many_connections"));
    open.pop();
    // Its place is free as soon as the server has seen it go.
    let again = test_kit::eventually_async(crate::visitor_kit::PATIENCE, async || {
        Visitor::connect(&server, json!({})).await.is_ok()
    });
    assert!(again.await, "the place is never free");
    server.stop().await;
}

#[tokio::test]
async fn new_sessions_and_guests_of_one_address_are_limited() {
    let server = Server::start(&[
        ("CHAT_CONNECTS_PER_MINUTE", "4"),
        ("CHAT_GUESTS_PER_HOUR", "2"),
        ("TRUSTED_PROXIES", "127.0.0.1"),
    ])
    .await;
    server.until_status("ready").await;
    for allowed in [true, true, false] {
        let mut guest = Visitor::connect(&server, json!({})).await.unwrap();
        let open = guest.ask("conversation:open", json!({})).await;
        assert_eq!(open["ok"], allowed, "{open}");
        if !allowed {
            assert_eq!(open["code"], "too_many_guests");
            assert!(open["retryAfterMs"].as_u64().unwrap() > 0);
        }
    }
    let path = "/socket.io/?EIO=4&transport=polling";
    assert_eq!(server.get(path).await.status(), 200, "the fourth");
    let refused = server.get(path).await;
    assert!(refused.headers().contains_key("retry-after"));
    problem(refused, 429, "too_many_requests").await;
    // Another client behind the same proxy.
    let request = server.client.get(server.url(path));
    let other = request.header("x-forwarded-for", "192.0.2.7");
    assert_eq!(other.send().await.unwrap().status(), 200);
    server.stop().await;
}

#[tokio::test]
async fn a_full_queue_answers_at_once() {
    let server = Server::start(&[
        ("CHAT_SOCKET_QUEUE", "8"),
        ("CHAT_EVENTS_PER_MINUTE", "100000"),
    ])
    .await;
    server.until_status("ready").await;
    let mut visitor = Visitor::opened(&server, json!({})).await;
    let mut asked = Vec::new();
    for _ in 0..100 {
        asked.push(visitor.send("[\"counselling:cancel\",{}]").await);
    }
    let mut busy = 0;
    for _ in 0..100 {
        let (id, ack) = visitor.next_ack().await;
        asked.retain(|one| *one != id);
        if ack["ok"] == false {
            assert_eq!(ack["code"], "busy", "{ack}");
            assert!(ack["retryAfterMs"].as_u64().unwrap() > 0);
            busy += 1;
        }
    }
    assert!(asked.is_empty(), "each has its answer");
    assert!(busy < 100, "the first ones are taken");
    server.stop().await;
}

#[tokio::test]
async fn binary_gets_an_answer() {
    let server = Server::ready().await;
    let mut visitor = Visitor::join(Socket::open(&server).await, &json!({}))
        .await
        .unwrap();
    let id = 77;
    visitor
        .raw(&format!(
            "451-{id}[\"typing\",{{\"_placeholder\":true,\"num\":0}}]"
        ))
        .await;
    visitor.binary(b"x").await;
    assert_eq!(visitor.ack(id).await["code"], "binary");
    server.stop().await;
}
