//! What REST refuses, and how, on both stores.

use serde_json::{Value, json};

use chat_server::bot::{Operator, built_in};

use crate::rest::{admin, answer, now, send};
use crate::server::problem;
use crate::staff_kit::ask;
use crate::visitor_kit::{Chat, on_both_servers};

on_both_servers!(
    what_cannot_be_taken_names_its_field,
    fields_and_queries_are_known_ones,
    what_is_no_request_is_a_problem,
    an_address_has_a_budget,
    other_pages_may_ask_what_they_may,
);

/// What is written where, and the field that can't be taken.
fn refused_entries() -> Vec<(&'static str, Value, &'static str)> {
    let changed = |name: &str, value: Value| {
        let mut body = answer();
        body[name] = value;
        body
    };
    let keyword = "keywords/mail";
    let long = "가".repeat(2_001);
    vec![
        (keyword, changed("keywords", json!([])), "keywords"),
        (keyword, changed("keywords", json!("이메일")), "keywords"),
        (keyword, changed("keywords", json!(["x", 1])), "keywords[1]"),
        (keyword, changed("text", json!(" ")), "text"),
        (keyword, changed("text", json!(long)), "text"),
        (
            keyword,
            changed(
                "links",
                json!([{"title": "x", "url": "javascript:alert(1)"}]),
            ),
            "links",
        ),
        (
            keyword,
            changed("links", json!([{"title": "x"}])),
            "links[0]",
        ),
        (
            keyword,
            changed("quickReplies", json!([""])),
            "quickReplies",
        ),
        (keyword, changed("rank", json!("high")), "rank"),
        ("keywords/no%20name", answer(), "id"),
        ("keywords/%FF", answer(), "id"),
        ("holidays/2026-02-30", json!({"name": "x"}), "date"),
        ("holidays/2026-2-3", json!({"name": "x"}), "date"),
        ("holidays/2026-10-02", json!({"name": ""}), "name"),
        (
            "canned-replies/a",
            json!({"title": "", "text": "x"}),
            "title",
        ),
    ]
}

/// There is none but the keywords that come with the program.
async fn nothing_was_written(chat: &Chat) {
    let ours: Vec<String> = built_in(&Operator::default())
        .into_iter()
        .map(|one| one.id.as_str().to_owned())
        .collect();
    let stored = chat.store.keywords(now()).await.unwrap();
    let is_ours = |id: &str| ours.iter().any(|one| one == id);
    assert!(stored.iter().all(|one| is_ours(one.id.as_str())));
    assert!(!is_ours("mail"));
}

async fn what_cannot_be_taken_names_its_field(chat: Chat) {
    for (path, body, field) in refused_entries() {
        let refused = send(&chat, "PUT", path, Some(&body)).await;
        let body = problem(refused, 422, "validation_failed").await;
        assert_eq!(body["errors"][0]["field"], field, "{path}: {body}");
        assert!(!body["errors"][0]["detail"].as_str().unwrap().is_empty());
    }
    nothing_was_written(&chat).await;
    chat.server.stop().await;
}

async fn fields_and_queries_are_known_ones(chat: Chat) {
    let unknown = send(
        &chat,
        "PUT",
        "holidays/2026-10-02",
        Some(&json!({"name": "x", "names": 1})),
    )
    .await;
    problem(unknown, 422, "validation_failed").await;
    let english = ask(&chat.server, "PUT", "/chat/v1/holidays/2026-10-02").bearer_auth(admin());
    let english = english
        .header("accept-language", "en")
        .json(&json!({"name": ""}));
    let body = problem(english.send().await.unwrap(), 422, "validation_failed").await;
    assert_eq!(body["errors"][0]["detail"], "1 to 100 characters.");
    for path in [
        "unknown-words?limit=0",
        "unknown-words?limit=501",
        "access-log?limit=9999",
    ] {
        let body = problem(
            send(&chat, "GET", path, None).await,
            422,
            "validation_failed",
        )
        .await;
        assert_eq!(body["errors"][0]["field"], "limit");
    }
    let log = send(&chat, "GET", "access-log?before=yesterday", None).await;
    assert_eq!(
        problem(log, 422, "validation_failed").await["errors"][0]["field"],
        "before"
    );
    assert!(chat.store.holidays(now()).await.unwrap().is_empty());
    chat.server.stop().await;
}

async fn what_is_no_request_is_a_problem(chat: Chat) {
    let raw = |kind: &'static str, body: String| {
        let request = ask(&chat.server, "PUT", "/chat/v1/keywords/mail").bearer_auth(admin());
        request.header("content-type", kind).body(body).send()
    };
    let json = "application/json";
    problem(
        raw(json, "{".to_owned()).await.unwrap(),
        400,
        "invalid_json",
    )
    .await;
    problem(
        raw(json, format!("{} x", answer())).await.unwrap(),
        400,
        "invalid_json",
    )
    .await;
    problem(
        raw("text/plain", answer().to_string()).await.unwrap(),
        415,
        "unsupported_media_type",
    )
    .await;
    problem(
        raw(json, " ".repeat(70_000)).await.unwrap(),
        413,
        "payload_too_large",
    )
    .await;
    problem(
        send(&chat, "PATCH", "keywords/mail", None).await,
        405,
        "method_not_allowed",
    )
    .await;
    problem(
        send(&chat, "GET", "nothing/here", None).await,
        404,
        "not_found",
    )
    .await;
    nothing_was_written(&chat).await;
    chat.server.stop().await;
}

async fn an_address_has_a_budget(chat: Chat) {
    let mut status = 401;
    let mut asked = 0;
    while status == 401 && asked < 700 {
        status = chat.server.get("/chat/v1/keywords").await.status().as_u16();
        asked += 1;
    }
    assert_eq!((status, asked), (429, 601));
    let over = chat.server.get("/chat/v1/keywords").await;
    assert!(over.headers().contains_key("retry-after"));
    problem(over, 429, "too_many_requests").await;
    chat.server.stop().await;
}

async fn other_pages_may_ask_what_they_may(chat: Chat) {
    let preflight = |origin: &'static str, method: &'static str| {
        let request = chat.server.client.request(
            reqwest::Method::OPTIONS,
            chat.server.url("/chat/v1/keywords/mail"),
        );
        request
            .header("origin", origin)
            .header("access-control-request-method", method)
            .header(
                "access-control-request-headers",
                "authorization,content-type",
            )
            .send()
    };
    let good = preflight("http://localhost:3000", "PUT").await.unwrap();
    assert_eq!(good.status(), 200);
    let methods = good.headers()["access-control-allow-methods"]
        .to_str()
        .unwrap();
    for method in ["GET", "POST", "PUT", "DELETE"] {
        assert!(methods.contains(method), "{methods}");
    }
    assert!(
        good.headers()["access-control-allow-headers"]
            .to_str()
            .unwrap()
            .contains("authorization")
    );
    assert_eq!(good.headers()["access-control-allow-credentials"], "true");
    let bad = preflight("https://evil.example", "PUT").await.unwrap();
    problem(bad, 403, "origin_not_allowed").await;
    chat.server.stop().await;
}
