//! What admins edit and read, over REST, on both stores.

use chat_server::store::AccessKind;
use chat_server::store::model::{Attempt, Moment};
use chrono::{TimeDelta, Utc};
use domain::account::Role;
use domain::token::SessionId;
use reqwest::Response;
use serde_json::{Value, json};

use crate::server::problem;
use crate::staff_kit::{ask, token};
use crate::visitor_kit::{Chat, Signer, on_both_servers};

on_both_servers!(
    keywords_are_written_read_and_removed,
    holidays_and_canned_replies_too,
    unknown_words_are_seen_and_forgotten,
    dead_letters_are_seen_and_sent_again,
    everything_is_recorded_and_admins_read_it,
    a_revoked_token_opens_nothing,
);

pub(crate) fn now() -> Moment {
    Moment::from(Utc::now())
}

pub(crate) fn admin() -> String {
    token("a1", Role::Admin, true)
}

pub(crate) async fn send(chat: &Chat, method: &str, path: &str, body: Option<&Value>) -> Response {
    let path = format!("/chat/v1/{path}");
    let request = ask(&chat.server, method, &path).bearer_auth(admin());
    let request = match body {
        Some(body) => request.json(body),
        None => request,
    };
    request.send().await.unwrap()
}

async fn get(chat: &Chat, path: &str) -> Value {
    let answer = send(chat, "GET", path, None).await;
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

pub(crate) fn answer() -> Value {
    json!({
        "keywords": ["이메일", "메일"],
        "text": "메일은 여기로 보내 주세요.",
        "links": [{"title": "메일", "url": "https://pillnuts.example/mail"}],
        "quickReplies": ["상담"],
        "rank": 3,
    })
}

async fn keywords_are_written_read_and_removed(chat: Chat) {
    let mut written = answer();
    for _ in 0..2 {
        let put = send(&chat, "PUT", "keywords/mail", Some(&written)).await;
        assert_eq!(put.status(), 200);
        let put: Value = put.json().await.unwrap();
        assert_eq!(put["id"], "mail");
    }
    let fewer = json!({"keywords": ["인스타"], "text": "인스타는 여기예요."});
    assert_eq!(
        send(&chat, "PUT", "keywords/insta", Some(&fewer))
            .await
            .status(),
        200
    );
    written["id"] = "mail".into();
    // Those that come with the program are there, too.
    let list = get(&chat, "keywords").await;
    let items = list["items"].as_array().unwrap();
    let named = |id: &str| items.iter().find(|item| item["id"] == id).unwrap();
    assert_eq!(*named("mail"), written);
    assert_eq!(named("insta")["quickReplies"], json!([]));
    for _ in 0..2 {
        let removed = send(&chat, "DELETE", "keywords/mail", None).await;
        assert_eq!(removed.status(), 204);
    }
    let left = get(&chat, "keywords").await;
    let items = left["items"].as_array().unwrap();
    assert!(items.iter().all(|item| item["id"] != "mail"));
    assert!(items.iter().any(|item| item["id"] == "insta"));
    chat.server.stop().await;
}

async fn holidays_and_canned_replies_too(chat: Chat) {
    let day = json!({"name": "임시공휴일"});
    assert_eq!(
        send(&chat, "PUT", "holidays/2026-10-02", Some(&day))
            .await
            .status(),
        200
    );
    let expected = json!({"items": [{"date": "2026-10-02", "name": "임시공휴일"}]});
    assert_eq!(get(&chat, "holidays").await, expected);
    assert_eq!(
        send(&chat, "DELETE", "holidays/2026-10-02", None)
            .await
            .status(),
        204
    );
    assert!(chat.store.holidays(now()).await.unwrap().is_empty());

    let reply = json!({"title": "인사", "text": "안녕하세요, 상담사입니다."});
    assert_eq!(
        send(&chat, "PUT", "canned-replies/hello", Some(&reply))
            .await
            .status(),
        200
    );
    let counsellor = token("c1", Role::Counsellor, true);
    let list = ask(&chat.server, "GET", "/chat/v1/canned-replies").bearer_auth(&counsellor);
    let list: Value = list.send().await.unwrap().json().await.unwrap();
    assert_eq!(list["items"][0]["id"], "hello");
    assert_eq!(list["items"][0]["text"], reply["text"]);
    let write = ask(&chat.server, "PUT", "/chat/v1/canned-replies/hello");
    let write = write
        .bearer_auth(&counsellor)
        .json(&reply)
        .send()
        .await
        .unwrap();
    problem(write, 403, "forbidden").await;
    assert_eq!(
        send(&chat, "DELETE", "canned-replies/hello", None)
            .await
            .status(),
        204
    );
    chat.server.stop().await;
}

async fn unknown_words_are_seen_and_forgotten(chat: Chat) {
    for word in ["타이레놀", "타이레놀", "zyrtec"] {
        assert!(chat.store.count_unknown(word, now()).await.unwrap());
    }
    let words = get(&chat, "unknown-words").await;
    assert_eq!(words["items"][0], json!({"word": "타이레놀", "times": 2}));
    let one = get(&chat, "unknown-words?limit=1").await;
    assert_eq!(one["items"].as_array().unwrap().len(), 1);
    for _ in 0..2 {
        let path = "unknown-words/%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80";
        assert_eq!(send(&chat, "DELETE", path, None).await.status(), 204);
    }
    assert_eq!(
        get(&chat, "unknown-words").await["items"],
        json!([{"word": "zyrtec", "times": 1}])
    );
    let metrics = chat
        .server
        .operation("/metrics")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        metrics.contains("/chat/v1/unknown-words/{word}"),
        "{metrics}"
    );
    assert!(!metrics.contains("%ED%83%80"));
    chat.server.stop().await;
}

async fn dead_letters_are_seen_and_sent_again(chat: Chat) {
    let mut visitor = chat.member("m1").await;
    visitor.say("a", "비밀이에요").await;
    let open = visitor.ask("conversation:open", json!({})).await;
    let id = open["conversation"]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    // Without a webhook the server itself keeps nothing for Slack.
    chat.store.request(id, None, now()).await.unwrap();
    let lease = TimeDelta::seconds(60);
    let (head, delivery) = chat
        .store
        .next_delivery(lease, now())
        .await
        .unwrap()
        .unwrap();
    let failed = Attempt::Failed {
        reason: "timeout",
        again_in: TimeDelta::seconds(1),
        most: 1,
    };
    chat.store
        .report(head.id, delivery.id, failed, now())
        .await
        .unwrap();
    let dead = get(&chat, "dead-letters").await;
    let letter = &dead["items"][0];
    assert_eq!(letter["deliveryId"], delivery.id.to_string());
    assert_eq!(
        (&letter["failure"], &letter["attempts"]),
        (&json!("timeout"), &json!(1))
    );
    assert!(!dead.to_string().contains("비밀") && !dead.to_string().contains("m1"));
    let path = format!("dead-letters/{}/{}/resend", head.id, delivery.id);
    for _ in 0..2 {
        assert_eq!(send(&chat, "POST", &path, None).await.status(), 202);
    }
    assert_eq!(get(&chat, "dead-letters").await["items"], json!([]));
    let (_, again) = chat
        .store
        .next_delivery(lease, now())
        .await
        .unwrap()
        .unwrap();
    assert_eq!(again.id, delivery.id);
    let other = format!("dead-letters/{}/{}/resend", delivery.id, delivery.id);
    problem(send(&chat, "POST", &other, None).await, 404, "not_found").await;
    problem(
        send(&chat, "POST", "dead-letters/x/y/resend", None).await,
        404,
        "not_found",
    )
    .await;
    chat.server.stop().await;
}

async fn everything_is_recorded_and_admins_read_it(chat: Chat) {
    send(&chat, "PUT", "keywords/mail", Some(&answer())).await;
    send(
        &chat,
        "PUT",
        "holidays/2026-10-02",
        Some(&json!({"name": "x"})),
    )
    .await;
    send(
        &chat,
        "PUT",
        "canned-replies/a",
        Some(&json!({"title": "a", "text": "b"})),
    )
    .await;
    get(&chat, "unknown-words").await;
    send(&chat, "DELETE", "unknown-words/x", None).await;
    get(&chat, "dead-letters").await;
    let kinds: Vec<AccessKind> = {
        let log = chat.store.access_log(None, None, 100, now()).await.unwrap();
        assert!(log.iter().all(|one| one.staff.as_str() == "u:a1"));
        log.iter().rev().map(|one| one.kind).collect()
    };
    let mut expected = vec![
        AccessKind::KeywordsChanged,
        AccessKind::HolidaysChanged,
        AccessKind::CannedRepliesChanged,
        AccessKind::WordsRead,
        AccessKind::WordForgotten,
        AccessKind::DeadLettersRead,
    ];
    // Those of the same millisecond stand in any order.
    assert_eq!(kinds.len(), expected.len());
    expected.retain(|kind| !kinds.contains(kind));
    assert!(expected.is_empty(), "{expected:?}");

    let log = get(&chat, "access-log?staff=u:a1&limit=3").await;
    let items = log["items"].as_array().unwrap();
    assert_eq!(items.len(), 3);
    assert_eq!(items[0]["kind"], "logRead");
    let oldest = items[2]["at"].as_str().unwrap();
    let before = get(&chat, &format!("access-log?before={oldest}")).await;
    let earlier = |one: &Value| one["at"].as_str().unwrap() < oldest;
    assert!(before["items"].as_array().unwrap().iter().all(earlier));
    let nobody = get(&chat, "access-log?staff=u:nobody").await;
    assert_eq!(nobody["items"], json!([]));
    chat.server.stop().await;
}

async fn a_revoked_token_opens_nothing(chat: Chat) {
    let session: SessionId = "session-a1".parse().unwrap();
    get(&chat, "dead-letters").await;
    let mine = chat_server::store::Revocation {
        subject: chat_server::store::RevokedSubject::Session(session),
        toe: Utc::now() + TimeDelta::seconds(60),
    };
    chat.store.revoke(&mine, now()).await.unwrap();
    let gone = test_kit::eventually_async(std::time::Duration::from_secs(60), async || {
        let answer = ask(&chat.server, "GET", "/chat/v1/dead-letters").bearer_auth(admin());
        answer.send().await.unwrap().status() == 401
    });
    assert!(gone.await);
    let other = Signer::claims("a1", "another", Role::Admin).with_second_factor(true);
    let other = Signer::of_tests().sign(&other);
    let answer = ask(&chat.server, "GET", "/chat/v1/dead-letters").bearer_auth(other);
    assert_eq!(answer.send().await.unwrap().status(), 200);
    chat.server.stop().await;
}
