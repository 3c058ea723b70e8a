//! Counsellors who are cut off, and visitors who say nothing, over real connections.

use std::time::{Duration, Instant};

use chat_server::store::model::State;
use domain::account::Role;
use serde_json::json;

use crate::console_kit::{counsellor, live, opened, said, stored, until_state, waiting};
use crate::visitor_kit::{Chat, Visitor, on_both_servers};

on_both_servers!(
    who_is_lost_is_returned_to_the_head_of_the_queue["CHAT_COUNSELLOR_LEASE_SECONDS" = "5"],
    who_comes_back_in_time_keeps_his_conversations["CHAT_COUNSELLOR_LEASE_SECONDS" = "12"],
    a_silent_visitor_is_warned_and_closed
        ["CHAT_IDLE_WARNING_SECONDS" = "5", "CHAT_IDLE_CLOSE_SECONDS" = "5"],
);

async fn who_is_lost_is_returned_to_the_head_of_the_queue(chat: Chat) {
    let (mut first, kim, id) = live(&chat, "kim").await;
    let (_second, _, later) = waiting(&chat).await;
    let (mut lee, _) = opened(&chat.server, "lee", Role::Counsellor).await;
    drop(kim);
    let state = first
        .push_where("conversation:state", |state| state["state"] == "waiting")
        .await;
    assert_eq!(state["position"], 1, "before who came later");
    let queue = lee
        .push_where("console:queue", |push| push["waiting"] == 2)
        .await;
    assert_eq!(queue["queue"][0]["conversationId"], id, "{queue}");
    assert_eq!(queue["queue"][0]["returned"], true);
    assert_eq!(queue["queue"][1]["conversationId"], later);
    let mut back = counsellor(&chat.server, "kim").await;
    assert_eq!(
        back.bad("console:send", said(&id, "x", "늦었어요")).await,
        "not_yours"
    );
    lee.good("console:claim", json!({"conversationId": id}))
        .await;
    chat.server.stop().await;
}

async fn who_comes_back_in_time_keeps_his_conversations(chat: Chat) {
    let (mut visitor, kim, id) = live(&chat, "kim").await;
    drop(kim);
    let mut back: Visitor = counsellor(&chat.server, "kim").await;
    let started = Instant::now();
    let lease = Duration::from_secs(12);
    let mut sent = 0;
    // Longer than a lease: without signs of life it would be over.
    while started.elapsed() < lease + Duration::from_secs(3) {
        let head = stored(&chat, &id).await;
        assert_eq!(head.state, State::Live, "after {:?}", started.elapsed());
        assert_eq!(head.counsellor.unwrap().id.as_str(), "u:kim");
        tokio::time::sleep(Duration::from_millis(500)).await;
        sent += 1;
        back.good("console:send", said(&id, &format!("m{sent}"), "계세요?"))
            .await;
        assert_eq!(visitor.push("message").await["from"], "counsellor");
    }
    chat.server.stop().await;
}

async fn a_silent_visitor_is_warned_and_closed(chat: Chat) {
    let (mut visitor, mut kim, id) = live(&chat, "kim").await;
    kim.good("console:send", said(&id, "a", "더 궁금하신 점이 있나요?"))
        .await;
    let notice = visitor.push("notice").await;
    assert_eq!(notice["code"], "idle_warning");
    let released = kim.told(&id, "released").await;
    assert_eq!(released["state"], "closed", "{released}");
    assert_eq!(released["ended"], "idle");
    until_state(&chat, &id, State::Closed).await;
    visitor
        .push_where("conversation:state", |state| state["state"] == "closed")
        .await;
    chat.server.stop().await;
}
