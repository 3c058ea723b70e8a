//! What visitors do, over real connections, on both stores.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use chat_server::store::Span;
use chat_server::store::model::{Author, Draft, Moment};
use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};

use crate::visitor_kit::{Chat, Visitor, on_both_servers};

on_both_servers!(
    a_message_is_stored_answered_and_told_to_other_devices,
    the_same_message_again_is_the_same_message,
    events_of_one_socket_keep_their_order,
    a_client_that_was_away_gets_what_it_lacks,
    what_another_instance_stores_arrives_in_order,
    a_missing_answer_is_given_when_the_conversation_opens,
    from_the_queue_to_a_rating,
    places_in_the_queue_are_pushed_as_they_change,
    out_of_hours_a_message_is_left,
    an_emergency_is_answered_in_any_state,
    everything_wrong_gets_an_answer,
    older_messages_come_by_pages,
    reading_and_typing_are_shown,
);

fn seqs(messages: &Value) -> Vec<i64> {
    let messages = messages.as_array().unwrap();
    messages
        .iter()
        .map(|message| message["seq"].as_i64().unwrap())
        .collect()
}

async fn a_message_is_stored_answered_and_told_to_other_devices(chat: Chat) {
    let (mut phone, token) = chat.guest().await;
    let auth = json!({"guestToken": token});
    let mut tablet = Visitor::opened(&chat.server, auth).await;

    let data = json!({"clientMessageId": "a", "text": "  타이레놀 성분이 뭐예요? \r\n"});
    let ack = phone.ask("message:send", data).await;
    assert_eq!(ack["ok"], true, "{ack}");
    assert_eq!(ack["message"]["text"], "타이레놀 성분이 뭐예요?");
    assert_eq!(ack["message"]["from"], "visitor");
    assert_eq!(ack["message"]["clientMessageId"], "a");

    let told = tablet.push("message").await;
    assert_eq!(told, ack["message"]);
    let answer = tablet.push("message").await;
    assert_eq!(answer["from"], "bot");
    assert_eq!(answer["text"], "봇: 타이레놀 성분이 뭐예요?");
    assert_eq!(answer["quickReplies"], json!(["상담 연결하기"]));
    // The sender gets the answer, and not its own message.
    assert_eq!(phone.push("message").await, answer);
    assert_eq!([&told["seq"], &answer["seq"]], [&json!(1), &json!(2)]);
    chat.server.stop().await;
}

async fn the_same_message_again_is_the_same_message(chat: Chat) {
    let (mut visitor, token) = chat.guest().await;
    let first = visitor.say("a", "하나").await;
    assert_eq!(visitor.push("message").await["from"], "bot");
    for _ in 0..3 {
        assert_eq!(visitor.say("a", "하나").await, first);
    }
    let mut other = Visitor::connect(&chat.server, json!({"guestToken": token}))
        .await
        .unwrap();
    let open = other.ask("conversation:open", json!({"after": 0})).await;
    assert_eq!(seqs(&open["messages"]), [1, 2], "{open}");
    assert!(open.get("guestToken").is_none(), "it has one");
    chat.server.stop().await;
}

async fn events_of_one_socket_keep_their_order(chat: Chat) {
    let (mut visitor, token) = chat.guest().await;
    chat.script.dumb.store(true, Ordering::SeqCst);
    let mut other = Visitor::opened(&chat.server, json!({"guestToken": token})).await;
    let mut numbers = Vec::new();
    for number in 0..200 {
        let data = json!(["message:send", {"clientMessageId": format!("m{number}"), "text": format!("{number}")}]);
        numbers.push(visitor.send(&data.to_string()).await);
    }
    for (number, id) in numbers.iter().enumerate() {
        let (acked, ack) = visitor.next_ack().await;
        assert_eq!(acked, *id, "acknowledgements come in order");
        assert_eq!(ack["message"]["text"], number.to_string(), "{ack}");
        let told = other.push("message").await;
        assert_eq!(told["text"], number.to_string());
        assert_eq!(told["seq"], number + 1);
    }
    chat.server.stop().await;
}

async fn a_client_that_was_away_gets_what_it_lacks(chat: Chat) {
    chat.script.dumb.store(true, Ordering::SeqCst);
    let (mut visitor, token) = chat.guest().await;
    for number in 1..=230 {
        visitor
            .say(&format!("m{number}"), &format!("{number}"))
            .await;
    }
    drop(visitor);
    let auth = json!({"guestToken": token});
    let mut back = Visitor::connect(&chat.server, auth).await.unwrap();
    let mut got = Vec::new();
    let mut after = 7;
    loop {
        let open = back.ask("conversation:open", json!({"after": after})).await;
        got.extend(seqs(&open["messages"]));
        after = *got.last().unwrap();
        assert_eq!(open["lastSeq"], 230);
        assert_eq!(open["firstSeq"], 1);
        if open["hasMore"] == false {
            break;
        }
    }
    assert_eq!(got, (8..=230).collect::<Vec<i64>>());
    let open = back.ask("conversation:open", json!({})).await;
    assert_eq!(seqs(&open["messages"]), (181..=230).collect::<Vec<i64>>());
    chat.server.stop().await;
}

async fn what_another_instance_stores_arrives_in_order(chat: Chat) {
    chat.script.dumb.store(true, Ordering::SeqCst);
    let other = chat.another().await;
    let (mut here, token) = chat.guest().await;
    let auth = json!({"guestToken": token});
    let mut there = Visitor::opened(&other, auth).await;
    // Its messages are a hole here, which the next one of here shows.
    for number in 0..20 {
        there
            .say(&format!("t{number}"), &format!("there {number}"))
            .await;
    }
    assert_eq!(here.say("h", "here").await, 21);
    for seq in 1..=20 {
        let told = here.push("message").await;
        assert_eq!(told["seq"], seq, "{told}");
        assert_eq!(told["text"], format!("there {}", seq - 1));
    }
    assert!(here.pushed("message").is_empty());
    assert_eq!(there.push("message").await["seq"], 21);

    // And without a word from here.
    let started = Instant::now();
    there.say("again", "still there").await;
    assert_eq!(here.push("message").await["seq"], 22);
    // Two seconds by the contract; a busy machine gets some more.
    assert!(started.elapsed() < Duration::from_secs(20));
    there.ask("counselling:request", json!({})).await;
    let state = here
        .push_where("conversation:state", |state| state["position"] == 1)
        .await;
    assert_eq!(state["state"], "waiting", "{state}");
    there.ask("read", json!({"seq": 22})).await;
    // Forgotten there, he is nobody here.
    there.ask("guest:erase", json!({})).await;
    assert_eq!(here.ends().await[0]["code"], "guest_ended");
    assert!(here.pushed("message").is_empty(), "nothing twice");
    other.stop().await;
    chat.server.stop().await;
}

async fn a_missing_answer_is_given_when_the_conversation_opens(chat: Chat) {
    let (mut visitor, token) = chat.guest().await;
    let open = visitor.ask("conversation:open", json!({})).await;
    let id = open["conversation"]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    drop(visitor);
    // Stored by a server that died before it could answer.
    let draft = Draft::new(
        Author::Visitor,
        "lost".parse().unwrap(),
        "질문".parse().unwrap(),
        Moment::from(Utc::now()),
    );
    chat.store.say(id, draft).await.unwrap();

    let auth = json!({"guestToken": token});
    let mut back = Visitor::opened(&chat.server, auth.clone()).await;
    assert_eq!(back.push("message").await["text"], "봇: 질문");
    // Given once, however often it is opened or sent again.
    let mut again = Visitor::opened(&chat.server, auth).await;
    again.say("lost", "질문").await;
    again.say("next", "다음").await;
    assert_eq!(again.push("message").await["text"], "봇: 다음");
    let head = chat.store.conversation(id).await.unwrap().unwrap();
    assert_eq!(head.last_seq, 4);
    chat.server.stop().await;
}

async fn nothing_to_end_or_rate(visitor: &mut Visitor) {
    for event in ["counselling:end", "counselling:rate"] {
        let ack = visitor.ask(event, json!({"score": 5})).await;
        assert_eq!(ack["ok"], false, "{event}: {ack}");
    }
}

async fn asks_again(visitor: &mut Visitor) {
    let again = visitor.ask("counselling:request", json!({})).await;
    assert_eq!(again["position"], 1, "he keeps his place: {again}");
}

/// Rates the counselling that has ended, wrongly and well.
async fn rates(visitor: &mut Visitor) {
    for (data, code) in [
        (json!({"score": 0}), "invalid_payload"),
        (json!({"score": 6}), "invalid_payload"),
        (json!({"score": "5"}), "invalid_payload"),
    ] {
        assert_eq!(visitor.ask("counselling:rate", data).await["code"], code);
    }
    let rating = json!({"score": 4, "comment": "고마워요"});
    for _ in 0..2 {
        assert_eq!(
            visitor.ask("counselling:rate", rating.clone()).await["ok"],
            true
        );
    }
    let other = visitor.ask("counselling:rate", json!({"score": 1})).await;
    assert_eq!(other["code"], "already_rated");
}

async fn from_the_queue_to_a_rating(chat: Chat) {
    let (mut visitor, _) = chat.guest().await;
    let open = visitor.ask("conversation:open", json!({})).await;
    let id = open["conversation"]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    assert_eq!(open["conversation"]["state"], "bot");
    assert_eq!(open["hours"]["open"], true);

    nothing_to_end_or_rate(&mut visitor).await;
    let ack = visitor
        .ask("counselling:request", json!({"topic": " 복용법 "}))
        .await;
    assert_eq!(ack["ok"], true, "{ack}");
    assert_eq!(
        [&ack["position"], &ack["expectedWaitSeconds"]],
        [&json!(1), &json!(60)]
    );
    let state = visitor.push("conversation:state").await;
    assert_eq!(
        state,
        json!({"state": "waiting", "position": 1, "expectedWaitSeconds": 60})
    );
    asks_again(&mut visitor).await;

    let counsellor = crate::store_kit::counsellor("kim");
    let now = Moment::from(Utc::now());
    let lease = TimeDelta::seconds(60);
    let claimed = chat.store.claim(id, counsellor, lease, now).await.unwrap();
    assert_eq!(claimed.conversation.topic.unwrap().as_str(), "복용법");
    let ack = visitor.ask("counselling:cancel", json!({})).await;
    assert_eq!(
        [&ack["code"], &ack["state"]],
        [&json!("wrong_state"), &json!("live")]
    );
    // The bot is silent.
    visitor.say("live", "안녕하세요").await;
    let state = visitor
        .push_where("conversation:state", |state| state["state"] == "live")
        .await;
    assert_eq!(
        state["counsellor"],
        json!({"name": "상담사 kim", "pharmacist": false})
    );
    let ack = visitor.ask("counselling:end", json!({})).await;
    assert_eq!(ack["state"], "closed", "{ack}");
    let state = visitor
        .push_where("conversation:state", |state| state["state"] == "closed")
        .await;
    assert_eq!(state["ended"], "visitor");
    rates(&mut visitor).await;
    let head = chat.store.conversation(id).await.unwrap().unwrap();
    assert_eq!(head.ratings.len(), 1);
    let said = chat
        .store
        .replay(&head, Span::After(0), 10, now)
        .await
        .unwrap();
    assert_eq!(said.messages.len(), 1, "the bot said nothing in between");
    chat.server.stop().await;
}

async fn places_in_the_queue_are_pushed_as_they_change(chat: Chat) {
    let mut waiting = Vec::new();
    for place in 1..=4_i64 {
        let (mut visitor, _) = chat.guest().await;
        let ack = visitor.ask("counselling:request", json!({})).await;
        assert_eq!(ack["position"], place, "{ack}");
        waiting.push(visitor);
    }
    let mut first = waiting.remove(0);
    assert_eq!(
        first.ask("counselling:cancel", json!({})).await["state"],
        "bot"
    );
    let back = first
        .push_where("conversation:state", |state| state["state"] == "bot")
        .await;
    assert!(back.get("position").is_none());
    for (visitor, place) in waiting.iter_mut().zip(1_i64..) {
        let state = visitor
            .push_where("conversation:state", |state| state["position"] == place)
            .await;
        assert_eq!(state["expectedWaitSeconds"], place * 60);
    }
    chat.server.stop().await;
}

async fn out_of_hours_a_message_is_left(chat: Chat) {
    let (mut visitor, _) = chat.guest().await;
    chat.script.open.store(false, Ordering::SeqCst);
    let ack = visitor.ask("counselling:request", json!({})).await;
    assert_eq!(ack["code"], "closed", "{ack}");
    assert!(ack["hours"]["opensAt"].is_string(), "{ack}");
    let data = json!({"clientMessageId": "left", "text": "내일 연락 주세요", "topic": "기타"});
    for _ in 0..2 {
        let ack = visitor.ask("message:leave", data.clone()).await;
        assert_eq!(ack["message"]["seq"], 1, "{ack}");
    }
    let open = visitor.ask("conversation:open", json!({"after": 0})).await;
    assert_eq!(seqs(&open["messages"]), [1], "the bot says nothing to it");
    let id = open["conversation"]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let head = chat.store.conversation(id).await.unwrap().unwrap();
    assert!(head.unanswered);
    chat.server.stop().await;
}

async fn an_emergency_is_answered_in_any_state(chat: Chat) {
    let (mut visitor, _) = chat.guest().await;
    visitor.say("a", "응급이에요").await;
    let first = visitor.push("message").await;
    assert_eq!(
        [&first["from"], &first["text"]],
        [&json!("system"), &json!("119에 전화해 주세요.")]
    );
    assert_eq!(visitor.push("message").await["from"], "bot");
    visitor.ask("counselling:request", json!({})).await;
    visitor.say("b", "응급이라고요").await;
    let next = visitor.push("message").await;
    assert_eq!([&next["from"], &next["seq"]], [&json!("system"), &json!(5)]);
    chat.server.stop().await;
}

/// Arguments of an event, and the code of the answer.
const WRONG: &[(&str, &str)] = &[
    (r#"["no:such"]"#, "unknown_event"),
    (r#"["message:send"]"#, "invalid_payload"),
    (r#"["message:send",1]"#, "invalid_payload"),
    (r#"["message:send",null]"#, "invalid_payload"),
    (r#"["message:send",[]]"#, "invalid_payload"),
    (r#"["message:send",{},{}]"#, "invalid_payload"),
    (
        r#"["message:send",{"clientMessageId":1,"text":"x"}]"#,
        "invalid_payload",
    ),
    (
        r#"["message:send",{"clientMessageId":"a b","text":"x"}]"#,
        "invalid_payload",
    ),
    (
        r#"["message:send",{"clientMessageId":"a","text":" "}]"#,
        "text_empty",
    ),
    (
        r#"["message:send",{"clientMessageId":"a","text":"\u0000"}]"#,
        "text_invalid",
    ),
    (r#"["conversation:open",{"after":-1}]"#, "invalid_payload"),
    (r#"["conversation:open",{"after":"1"}]"#, "invalid_payload"),
    (r#"["history:page",{"before":0}]"#, "invalid_payload"),
    (
        r#"["history:page",{"before":5,"limit":1000}]"#,
        "invalid_payload",
    ),
    (r#"["read",{"seq":1e99}]"#, "invalid_payload"),
    (r#"["typing",{"on":"yes"}]"#, "invalid_payload"),
    (r#"["counselling:request",{"topic":5}]"#, "invalid_payload"),
    (r#"["auth:renew",{"token":"x"}]"#, "token_invalid"),
    (
        r#"["guest:merge",{"guestToken":"x","agree":true}]"#,
        "forbidden",
    ),
];

async fn everything_wrong_gets_an_answer(chat: Chat) {
    let (mut visitor, _) = chat.guest().await;
    for (arguments, code) in WRONG {
        let id = visitor.send(arguments).await;
        let ack = visitor.ack(id).await;
        assert_eq!(ack["ok"], false, "{arguments}: {ack}");
        assert_eq!(ack["code"], *code, "{arguments}: {ack}");
        assert!(
            ack["message"]
                .as_str()
                .unwrap()
                .chars()
                .any(|c| ('가'..='힣').contains(&c))
        );
    }
    let long = json!({"clientMessageId": "a", "text": "가".repeat(2_001)});
    assert_eq!(
        visitor.ask("message:send", long).await["code"],
        "text_too_long"
    );
    let most = json!({"clientMessageId": "조", "text": "x"});
    assert_eq!(
        visitor.ask("message:send", most).await["field"],
        "clientMessageId"
    );
    // Nested deeper than anything may be, and binary.
    let deep = format!("[\"typing\",{}1{}]", "[".repeat(500), "]".repeat(500));
    let id = visitor.send(&deep).await;
    assert_eq!(visitor.ack(id).await["code"], "invalid_payload");
    // Without a callback it is done all the same.
    let quiet = json!({"clientMessageId": "quiet", "text": "조용히"});
    visitor.emit("message:send", quiet).await;
    assert_eq!(visitor.say("most", &"가".repeat(2_000)).await, 2);
    chat.server.stop().await;
}

async fn older_messages_come_by_pages(chat: Chat) {
    chat.script.dumb.store(true, Ordering::SeqCst);
    let (mut visitor, _) = chat.guest().await;
    for number in 1..=30 {
        visitor.say(&format!("m{number}"), "x").await;
    }
    let page = visitor
        .ask("history:page", json!({"before": 21, "limit": 8}))
        .await;
    assert_eq!(seqs(&page["messages"]), (13..=20).collect::<Vec<i64>>());
    assert_eq!(page["firstSeq"], 1);
    let page = visitor.ask("history:page", json!({"before": 1})).await;
    assert_eq!(page["messages"], json!([]));
    chat.server.stop().await;
}

async fn reading_and_typing_are_shown(chat: Chat) {
    let (mut phone, token) = chat.guest().await;
    let mut tablet = Visitor::opened(&chat.server, json!({"guestToken": token})).await;
    phone.say("a", "안녕").await;
    phone.push("message").await;
    assert_eq!(phone.ask("typing", json!({"on": true})).await["ok"], true);
    assert_eq!(
        tablet.push("typing").await,
        json!({"from": "visitor", "on": true})
    );
    assert_eq!(phone.ask("read", json!({"seq": 99})).await["seq"], 2);
    let read = tablet.push_where("read", |read| read["seq"] == 2).await;
    assert_eq!(read["by"], "visitor");
    assert!(phone.pushed("typing").is_empty());
    chat.server.stop().await;
}
