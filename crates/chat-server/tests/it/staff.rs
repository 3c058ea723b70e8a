//! Accounts of counsellors that the server keeps itself, on both stores.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chat_server::store::model::Moment;
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::server::problem;
use crate::staff_kit::{
    CURRENT, PASSWORD, SESSIONS, accounts, add, ask, code, console, cookie, counsellor, secret,
    sign_in,
};
use crate::visitor_kit::{Chat, PATIENCE, on_both_servers};

on_both_servers!(
    a_counsellor_sets_up_a_second_factor_and_signs_in
        ["CHAT_PASSWORD_COST" = "4"],
    whatever_is_wrong_the_answer_is_the_same ["CHAT_PASSWORD_COST" = "4"],
    guessing_slows_an_address_and_locks_nobody_out
        ["CHAT_PASSWORD_COST" = "4", "TRUSTED_PROXIES" = "127.0.0.0/8"],
    codes_are_tried_ten_times
        ["CHAT_PASSWORD_COST" = "4", "TRUSTED_PROXIES" = "127.0.0.0/8"],
    a_disabled_account_ends_everywhere
        ["CHAT_PASSWORD_COST" = "4", "CHAT_STAFF_KEY" = "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA="],
    signing_out_ends_this_session_and_no_other ["CHAT_PASSWORD_COST" = "4"],
    an_idle_session_ends_with_its_sockets ["CHAT_PASSWORD_COST" = "4"],
    another_password_or_factor_ends_all_sessions ["CHAT_PASSWORD_COST" = "4"],
);

async fn a_counsellor_sets_up_a_second_factor_and_signs_in(chat: Chat) {
    let server = &chat.server;
    add(&chat, "kimpharm", false).await;
    let first = sign_in(server, "kimpharm", PASSWORD, None).await;
    assert_eq!(first.status(), 202);
    assert!(!first.headers().contains_key("set-cookie"));
    let first: Value = first.json().await.unwrap();
    let uri = first["secondFactor"]["otpauthUri"].as_str().unwrap();
    assert!(
        uri.starts_with("otpauth://totp/Pillnuts:kimpharm?secret="),
        "{uri}"
    );
    // A lost answer is repeated.
    let secret = secret(server, "kimpharm").await;
    assert_eq!(first["secondFactor"]["secret"], secret.as_str());

    let code_now = code(&secret, 0);
    let signed = sign_in(server, "kimpharm", PASSWORD, Some(&code_now)).await;
    assert_eq!(signed.status(), 201);
    let set = signed.headers()["set-cookie"].to_str().unwrap().to_owned();
    for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/;"] {
        assert!(set.contains(part), "{part} in {set}");
    }
    let mine = cookie(&signed);
    let body: Value = signed.json().await.unwrap();
    assert_eq!(body["name"], "상담사 kimpharm");
    assert_eq!(
        (&body["role"], &body["pharmacist"]),
        (&json!("counsellor"), &json!(true))
    );
    let current = server
        .client
        .get(server.url(CURRENT))
        .header("cookie", &mine);
    let current: Value = current.send().await.unwrap().json().await.unwrap();
    assert_eq!(current, body);

    // Each code once; the secret isn't shown any more.
    let again = sign_in(server, "kimpharm", PASSWORD, Some(&code_now)).await;
    problem(again, 401, "sign_in_failed").await;
    let none = sign_in(server, "kimpharm", PASSWORD, None).await;
    problem(none, 401, "sign_in_failed").await;
    let next = sign_in(server, "kimpharm", PASSWORD, Some(&code(&secret, 1))).await;
    assert_eq!(next.status(), 201);
    chat.server.stop().await;
}

async fn whatever_is_wrong_the_answer_is_the_same(chat: Chat) {
    let server = &chat.server;
    let (_, secret) = counsellor(&chat, "known1", false).await;
    counsellor(&chat, "closed1", false).await;
    let closed = "closed1".parse().unwrap();
    accounts(&chat).set_disabled(&closed, true).await.unwrap();
    let right = code(&secret, 1);
    let mut answers = Vec::new();
    for (login, password, code) in [
        ("nobody1", PASSWORD, Some("123456")),
        ("no such name!", PASSWORD, None),
        ("known1", "wrong horse 1", Some(right.as_str())),
        ("known1", PASSWORD, Some("000000")),
        ("known1", PASSWORD, Some("none")),
        ("closed1", PASSWORD, Some("123456")),
        ("closed1", PASSWORD, None),
        ("nobody1", &"x".repeat(5_000), None),
    ] {
        let answer = sign_in(server, login, password, code).await;
        assert!(!answer.headers().contains_key("set-cookie"));
        let mut body = problem(answer, 401, "sign_in_failed").await;
        body["requestId"] = Value::Null;
        answers.push(body);
    }
    assert!(answers.iter().all(|one| *one == answers[0]), "{answers:?}");
    chat.server.stop().await;
}

async fn from(chat: &Chat, address: &str, password: &str, code: Option<&str>) -> reqwest::Response {
    let body = json!({"loginId": "target1", "password": password, "code": code});
    let request = ask(&chat.server, "POST", SESSIONS).json(&body);
    request
        .header("x-forwarded-for", address)
        .send()
        .await
        .unwrap()
}

async fn guessing_slows_an_address_and_locks_nobody_out(chat: Chat) {
    let (_, secret) = counsellor(&chat, "target1", false).await;
    for _ in 0..3 {
        let wrong = from(&chat, "192.0.2.1", "guess guess 1", None).await;
        problem(wrong, 401, "sign_in_failed").await;
    }
    // The fourth failure is looked at, and from then on the address waits.
    let mut slowed = None;
    for _ in 0..4 {
        let answer = from(&chat, "192.0.2.1", "guess guess 1", None).await;
        if answer.status() == 429 {
            let wait = answer.headers()["retry-after"]
                .to_str()
                .unwrap()
                .parse::<u64>();
            assert!((1..=60).contains(&wait.unwrap()));
            slowed = Some(problem(answer, 429, "too_many_requests").await);
            break;
        }
    }
    assert!(slowed.is_some());
    // What isn't looked at isn't looked at, however right.
    let waiting = from(&chat, "192.0.2.1", PASSWORD, Some(&code(&secret, 1))).await;
    problem(waiting, 429, "too_many_requests").await;
    let owner = from(&chat, "192.0.2.2", PASSWORD, Some(&code(&secret, 1))).await;
    assert_eq!(owner.status(), 201);
    chat.server.stop().await;
}

async fn codes_are_tried_ten_times(chat: Chat) {
    let (_, secret) = counsellor(&chat, "target1", false).await;
    // From a new address each: nothing but the account counts.
    for number in 0..10 {
        let address = format!("198.51.100.{number}");
        let wrong = from(&chat, &address, PASSWORD, Some("000000")).await;
        problem(wrong, 401, "sign_in_failed").await;
    }
    let late = from(&chat, "198.51.100.99", PASSWORD, Some(&code(&secret, 1))).await;
    problem(late, 401, "sign_in_failed").await;
    chat.server.stop().await;
}

async fn a_disabled_account_ends_everywhere(chat: Chat) {
    let (cookie, secret) = counsellor(&chat, "leaves1", true).await;
    let (stays, _) = counsellor(&chat, "stays12", true).await;
    let other = chat.another().await;
    let mut here = console(&chat.server, &cookie).await.unwrap();
    let mut there = console(&other, &cookie).await.unwrap();
    let mut colleague = console(&other, &stays).await.unwrap();
    let login = "leaves1".parse().unwrap();
    // As the command does it, in another process.
    let started = Instant::now();
    accounts(&chat).set_disabled(&login, true).await.unwrap();
    for socket in [&mut here, &mut there] {
        let notices = socket.ends().await;
        assert_eq!(notices[0]["code"], "token_revoked");
    }
    // One second by the contract; a busy machine gets some more.
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    for server in [&chat.server, &other] {
        let current = ask(server, "GET", CURRENT).header("cookie", &cookie);
        problem(current.send().await.unwrap(), 401, "unauthorized").await;
        assert_eq!(
            console(server, &cookie).await.err().unwrap(),
            "token_invalid"
        );
    }
    let ack = colleague.ask("no:such", json!({})).await;
    assert_eq!(ack["code"], "unknown_event");

    accounts(&chat).set_disabled(&login, false).await.unwrap();
    let old = ask(&other, "GET", CURRENT).header("cookie", &cookie);
    problem(old.send().await.unwrap(), 401, "unauthorized").await;
    let anew = sign_in(&other, "leaves1", PASSWORD, Some(&code(&secret, 1))).await;
    assert_eq!(anew.status(), 201);
    other.stop().await;
    chat.server.stop().await;
}

async fn signing_out_ends_this_session_and_no_other(chat: Chat) {
    let server = &chat.server;
    let (first, secret) = counsellor(&chat, "twice12", false).await;
    let second = sign_in(server, "twice12", PASSWORD, Some(&code(&secret, 1))).await;
    let second = cookie(&second);
    let mut socket = console(server, &first).await.unwrap();
    let mut kept = console(server, &second).await.unwrap();

    // A cookie alone does nothing without the page that asks.
    let silent = server
        .client
        .delete(server.url(CURRENT))
        .header("cookie", &first);
    problem(silent.send().await.unwrap(), 403, "origin_required").await;
    let foreign = server
        .client
        .delete(server.url(CURRENT))
        .header("cookie", &first);
    let foreign = foreign
        .header("origin", "https://evil.example")
        .send()
        .await
        .unwrap();
    problem(foreign, 403, "origin_not_allowed").await;

    let out = ask(server, "DELETE", CURRENT)
        .header("cookie", &first)
        .send()
        .await
        .unwrap();
    assert_eq!(out.status(), 204);
    assert!(
        out.headers()["set-cookie"]
            .to_str()
            .unwrap()
            .contains("Max-Age=0")
    );
    assert_eq!(socket.ends().await[0]["code"], "token_revoked");
    let gone = ask(server, "GET", CURRENT)
        .header("cookie", &first)
        .send()
        .await
        .unwrap();
    problem(gone, 401, "unauthorized").await;
    let there = ask(server, "GET", CURRENT)
        .header("cookie", &second)
        .send()
        .await
        .unwrap();
    assert_eq!(there.status(), 200);
    assert_eq!(kept.ask("no:such", json!({})).await["ok"], false);
    chat.server.stop().await;
}

async fn an_idle_session_ends_with_its_sockets(chat: Chat) {
    let (cookie, _) = counsellor(&chat, "idles12", false).await;
    let mut socket = console(&chat.server, &cookie).await.unwrap();
    let staff = accounts(&chat).list().await.unwrap()[0].id.clone();
    let later = |minutes| Moment::from(Utc::now() + TimeDelta::minutes(minutes));
    // An event of the socket counts as a use.
    chat.ahead.store(40, Ordering::SeqCst);
    let ack = socket.ask("console:canned", json!({})).await;
    assert_eq!(ack["ok"], true, "{ack}");
    let started = Instant::now();
    while chat.store.staff_sessions(&staff, later(40)).await.unwrap()[0].used_at < later(39) {
        assert!(started.elapsed() < PATIENCE, "it isn't noted");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let open = chat.store.staff_sessions(&staff, later(80)).await.unwrap();
    assert_eq!(open.len(), 1, "an hour after the sign-in it goes on");
    chat.ahead.store(141, Ordering::SeqCst);
    assert_eq!(socket.ends().await[0]["code"], "token_revoked");
    let back = console(&chat.server, &cookie).await;
    assert_eq!(back.err().unwrap(), "token_invalid");
    chat.server.stop().await;
}

async fn another_password_or_factor_ends_all_sessions(chat: Chat) {
    let server = &chat.server;
    let (cookie, secret_before) = counsellor(&chat, "changes1", false).await;
    let login = "changes1".parse().unwrap();
    let new = domain::account::Password::new("another horse 2").unwrap();
    accounts(&chat).set_password(&login, &new).await.unwrap();
    let gone = ask(server, "GET", CURRENT)
        .header("cookie", &cookie)
        .send()
        .await
        .unwrap();
    problem(gone, 401, "unauthorized").await;
    let old = sign_in(server, "changes1", PASSWORD, Some(&code(&secret_before, 1))).await;
    problem(old, 401, "sign_in_failed").await;
    accounts(&chat).reset_factor(&login).await.unwrap();
    let anew = sign_in(server, "changes1", "another horse 2", None).await;
    assert_eq!(anew.status(), 202);
    let anew: Value = anew.json().await.unwrap();
    assert_ne!(anew["secondFactor"]["secret"], secret_before.as_str());
    chat.server.stop().await;
}
