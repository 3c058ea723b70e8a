//! What web-api states, over real connections, on both stores.

use std::time::{Duration, Instant};

use chat_server::store::model::Person;
use chrono::{TimeDelta, Utc};
use domain::token::{RawStatement, STATEMENT_TYPE, Stated, Statement, StatementRules};
use serde_json::{Value, json};

use crate::server::{Server, problem};
use crate::visitor_kit::{Chat, Signer, Visitor, on_both_servers};

const PATH: &str = "/chat/v1/internal/statements";

on_both_servers!(
    an_ended_session_ends_its_sockets_everywhere,
    a_suspended_member_stays_out_until_he_is_let_in,
    an_erased_member_leaves_nothing,
    a_statement_may_come_twice_and_late,
    what_is_no_statement_is_refused,
);

fn raw(jti: &str, statement: Statement, ago: i64) -> RawStatement {
    let rules = StatementRules::new("pillnuts-web", TimeDelta::zero()).unwrap();
    let now = Utc::now();
    let stated = Stated {
        id: jti.parse().unwrap(),
        at: now - TimeDelta::seconds(ago),
        statement,
    };
    rules.issue(&stated, now)
}

fn signed(raw: &impl serde::Serialize) -> String {
    Signer::of_tests().sign_as(STATEMENT_TYPE, raw)
}

async fn post(server: &Server, body: impl Into<reqwest::Body>) -> reqwest::Response {
    let request = server.client.post(server.url(PATH));
    let request = request.header("content-type", "application/jwt").body(body);
    request.send().await.unwrap()
}

async fn state(server: &Server, jti: &str, statement: Statement, ago: i64) {
    let answer = post(server, signed(&raw(jti, statement, ago))).await;
    assert_eq!(answer.status(), 204, "{:?}", answer.text().await);
}

fn session_revoked(session: &str, user: &str) -> Statement {
    Statement::SessionRevoked {
        session: session.parse().unwrap(),
        user: user.parse().unwrap(),
    }
}

async fn refused(server: &Server, token: &str) -> Option<String> {
    Visitor::connect(server, json!({"token": token}))
        .await
        .err()
}

/// Other instances know within a second.
async fn until_refused(server: &Server, token: &str, code: Option<&str>) {
    let started = Instant::now();
    while refused(server, token).await.as_deref() != code {
        assert!(
            started.elapsed() < Duration::from_secs(60),
            "still otherwise"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

async fn an_ended_session_ends_its_sockets_everywhere(chat: Chat) {
    let other = chat.another().await;
    let signer = Signer::of_tests();
    let (token, elsewhere) = (signer.member("u1", "s1"), signer.member("u1", "s2"));
    let mut here = Visitor::opened(&chat.server, json!({"token": token})).await;
    let mut there = Visitor::opened(&other, json!({"token": token})).await;
    let mut stays = Visitor::opened(&other, json!({"token": elsewhere})).await;
    let started = Instant::now();
    state(&chat.server, "j1", session_revoked("s1", "u1"), 0).await;
    for socket in [&mut here, &mut there] {
        assert_eq!(socket.ends().await[0]["code"], "token_revoked");
    }
    // One second by the contract; a busy machine gets some more.
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    assert_eq!(stays.say("a", "아직 있어요").await, 1);
    for server in [&chat.server, &other] {
        assert_eq!(refused(server, &token).await.unwrap(), "token_revoked");
    }
    // Nor is it forgotten by who starts later.
    let third = chat.another().await;
    until_refused(&third, &token, Some("token_revoked")).await;
    until_refused(&third, &elsewhere, None).await;
    for server in [third, other, chat.server] {
        server.stop().await;
    }
}

async fn a_suspended_member_stays_out_until_he_is_let_in(chat: Chat) {
    let other = chat.another().await;
    let user = || "u1".parse().unwrap();
    let suspended = || Statement::UserSuspended {
        user: user(),
        until: None,
    };
    let reinstated = || Statement::UserReinstated { user: user() };
    let signer = Signer::of_tests();
    let mut socket = chat.member("u1").await;
    state(&chat.server, "j1", suspended(), 20).await;
    assert_eq!(socket.ends().await[0]["code"], "token_revoked");
    // Issued after the suspension, and no better.
    let later = signer.member("u1", "s-later");
    for server in [&chat.server, &other] {
        until_refused(server, &later, Some("token_revoked")).await;
    }
    state(&other, "j2", reinstated(), 10).await;
    for server in [&chat.server, &other] {
        until_refused(server, &later, None).await;
    }
    // A late older one undoes nothing.
    state(&chat.server, "j3", suspended(), 15).await;
    let third = chat.another().await;
    for server in [&chat.server, &other, &third] {
        until_refused(server, &later, None).await;
    }
    // And the newest counts, also if it is told first.
    state(&other, "j5", suspended(), 0).await;
    state(&other, "j4", reinstated(), 5).await;
    for server in [&chat.server, &other, &third] {
        until_refused(server, &later, Some("token_revoked")).await;
    }
    for server in [third, other, chat.server] {
        server.stop().await;
    }
}

async fn an_erased_member_leaves_nothing(chat: Chat) {
    let mut socket = chat.member("u1").await;
    socket.say("a", "아무도 몰라야 해요").await;
    chat.member("u2").await.say("a", "남아 있어요").await;
    let user = || "u1".parse().unwrap();
    let person = Person::Member(user());
    assert!(chat.store.conversation_of(&person).await.unwrap().is_some());
    state(
        &chat.server,
        "j1",
        Statement::UserErased { user: user() },
        0,
    )
    .await;
    // Acknowledged means done.
    assert_eq!(chat.store.conversation_of(&person).await.unwrap(), None);
    assert_eq!(socket.ends().await[0]["code"], "token_revoked");
    let before = Signer::of_tests().ending("u1", 300);
    assert_eq!(
        refused(&chat.server, &before).await.unwrap(),
        "token_revoked"
    );
    let other = Person::Member("u2".parse().unwrap());
    assert!(chat.store.conversation_of(&other).await.unwrap().is_some());
    chat.server.stop().await;
}

async fn a_statement_may_come_twice_and_late(chat: Chat) {
    let erased = Statement::UserErased {
        user: "u1".parse().unwrap(),
    };
    for _ in 0..2 {
        state(&chat.server, "j1", erased.clone(), 3_600).await;
    }
    let ended = session_revoked("s1", "u2");
    for jti in ["j2", "j3", "j2"] {
        state(&chat.server, jti, ended.clone(), 30 * 24 * 3_600).await;
    }
    // What is that old says nothing of a token of today.
    let token = Signer::of_tests().member("u2", "s1");
    assert_eq!(refused(&chat.server, &token).await, None);
    chat.server.stop().await;
}

async fn what_is_no_statement_is_refused(chat: Chat) {
    let server = &chat.server;
    let good = || raw("j1", session_revoked("s1", "u1"), 0);
    let changed = |name: &str, value: Value| {
        let mut claims = serde_json::to_value(good()).unwrap();
        claims[name] = value;
        signed(&claims)
    };
    let access = Signer::of_tests().member("u1", "s1");
    let forged = Signer::new(9).sign_as(STATEMENT_TYPE, &good());
    let renamed = Signer::of_tests().sign_as("at+jwt", &good());
    let hour = Utc::now().timestamp() + 3_600;
    for (body, status, code) in [
        (String::new(), 400, "malformed_request"),
        (
            "certainly.no.statement".to_owned(),
            400,
            "malformed_request",
        ),
        (access, 401, "unauthorized"),
        (forged, 401, "unauthorized"),
        (renamed, 401, "unauthorized"),
        (changed("aud", "pillnuts".into()), 401, "unauthorized"),
        (changed("iss", "somebody".into()), 401, "unauthorized"),
        (changed("exp", hour.into()), 401, "unauthorized"),
        (changed("sub", "not an id".into()), 400, "malformed_request"),
        (changed("toe", hour.into()), 400, "malformed_request"),
        (changed("event", "userBlessed".into()), 422, "unknown_event"),
        ("x".repeat(5_000), 413, "payload_too_large"),
    ] {
        problem(post(server, body).await, status, code).await;
    }
    let json = server
        .client
        .post(server.url(PATH))
        .json(&json!({}))
        .send()
        .await
        .unwrap();
    problem(json, 415, "unsupported_media_type").await;
    let get = server.get(PATH).await;
    assert_eq!(get.headers()["allow"], "POST");
    problem(get, 405, "method_not_allowed").await;
    // None of it has done anything.
    assert_eq!(
        refused(server, &Signer::of_tests().member("u1", "s1")).await,
        None
    );

    // Whoever sends such things is answered no more for a while, and web-api still is from elsewhere.
    let mut status = 400;
    for _ in 0..60 {
        status = post(server, "x").await.status().as_u16();
    }
    assert_eq!(status, 429);
    chat.server.stop().await;
}

#[tokio::test]
async fn without_keys_a_statement_is_to_come_again() {
    let server = Server::ready().await;
    let statement = signed(&raw("j1", session_revoked("s1", "u1"), 0));
    let answer = post(&server, statement).await;
    assert!(answer.headers().contains_key("retry-after"));
    problem(answer, 503, "unavailable").await;
    server.stop().await;
}
