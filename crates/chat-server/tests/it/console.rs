//! What counsellors do, over real connections, on both stores.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use chat_server::store::model::{MessageText, Moment, State};
use chat_server::store::{CannedReply, Span};
use chrono::Utc;
use domain::account::Role;
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::console_kit::{counsellor, live, opened, said, stored, waiting};
use crate::visitor_kit::{Chat, Visitor, on_both_servers};

on_both_servers!(
    from_the_queue_to_the_close,
    a_claim_silences_the_bot_in_the_middle_of_its_thought,
    twenty_counsellors_race_for_fifty_conversations
        ["CHAT_SOCKETS_PER_ADDRESS" = "1000", "CHAT_CONNECTS_PER_MINUTE" = "10000"],
    a_message_is_sent_once_however_often_it_is_tried,
    a_conversation_is_handed_to_who_is_there,
    the_queue_and_colleagues_are_pushed_as_they_change,
    what_was_left_is_claimed_and_answered,
    notes_never_reach_the_visitor,
    all_consoles_of_a_counsellor_follow,
    canned_replies_are_listed,
    a_reconnecting_console_gets_what_it_lacks,
    consoles_of_other_instances_are_told,
);

#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn from_the_queue_to_the_close(chat: Chat) {
    let (mut visitor, _, id) = waiting(&chat).await;
    let (mut console, open) = opened(&chat.server, "kim", Role::Counsellor).await;
    assert_eq!(open["queue"][0]["conversationId"], id, "{open}");
    assert_eq!(open["queue"][0]["position"], 1);
    assert_eq!(open["queue"][0]["topic"], "drug");
    assert_eq!(open["waiting"], 1);
    assert!(open["queue"][0]["waitingSince"].is_string(), "{open}");
    assert_eq!(open["you"]["id"], "u:kim");

    let claim = console
        .good("console:claim", json!({"conversationId": id}))
        .await;
    assert_eq!(claim["conversation"]["state"], "live", "{claim}");
    assert_eq!(claim["following"], true);
    let state = visitor
        .push_where("conversation:state", |state| state["state"] == "live")
        .await;
    assert_eq!(
        state["counsellor"],
        json!({"name": "상담사", "pharmacist": false})
    );

    let seq = visitor.say("a", "조용히 물어볼게요").await;
    let told = console.told(&id, "message").await;
    assert_eq!(
        [&told["seq"], &told["text"]],
        [&json!(seq), &json!("조용히 물어볼게요")]
    );
    console
        .good("console:read", json!({"conversationId": id, "seq": seq}))
        .await;
    // He has read what he said himself.
    let read = visitor
        .push_where("read", |read| read["by"] == "counsellor")
        .await;
    assert_eq!(read, json!({"by": "counsellor", "seq": seq}));
    console
        .good("console:typing", json!({"conversationId": id, "on": true}))
        .await;
    assert_eq!(
        visitor.push("typing").await,
        json!({"from": "counsellor", "on": true})
    );
    visitor.good("typing", json!({"on": true})).await;
    assert_eq!(console.told(&id, "typing").await["from"], "visitor");

    let ack = console
        .good("console:send", said(&id, "b", "네, 말씀하세요"))
        .await;
    let told = visitor.push("message").await;
    assert_eq!(told["from"], "counsellor");
    assert_eq!(told["id"], ack["message"]["id"]);
    assert!(told.get("counsellorId").is_none(), "{told}");

    console
        .good("console:close", json!({"conversationId": id}))
        .await;
    let state = visitor
        .push_where("conversation:state", |state| state["state"] == "closed")
        .await;
    assert_eq!(state["ended"], "counsellor");
    let released = console.told(&id, "released").await;
    assert_eq!(released["state"], "closed");
    visitor.good("counselling:rate", json!({"score": 5})).await;
    let (_, open) = opened(&chat.server, "kim", Role::Counsellor).await;
    assert_eq!(open["closed"][0]["conversationId"], id, "{open}");
    assert_eq!(open["mine"], json!([]));
    chat.server.stop().await;
}

async fn a_claim_silences_the_bot_in_the_middle_of_its_thought(chat: Chat) {
    // It thinks until it is let go: the claim comes in between.
    let (mut visitor, token) = chat.guest().await;
    let open = visitor.good("conversation:open", json!({})).await;
    let id = open["conversation"]["id"].as_str().unwrap().to_owned();
    visitor.say("a", "천천히 생각해 주세요").await;
    while !chat.script.thinks.load(Ordering::SeqCst) {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    visitor.good("counselling:request", json!({})).await;
    let mut console = counsellor(&chat.server, "kim").await;
    console
        .good("console:claim", json!({"conversationId": id}))
        .await;
    chat.script.slow.store(false, Ordering::SeqCst);
    // What the bot is asked next is asked after that thought: the same worker asks one after the other.
    visitor.say("b", "응급 상황이에요").await;
    let told = visitor.push("message").await;
    assert_eq!(told["from"], "system", "{told}");
    let mut again = Visitor::connect(&chat.server, json!({"guestToken": token}))
        .await
        .unwrap();
    let open = again.good("conversation:open", json!({"after": 0})).await;
    let from: Vec<&Value> = open["messages"]
        .as_array()
        .unwrap()
        .iter()
        .map(|message| &message["from"])
        .collect();
    assert_eq!(from, ["visitor", "visitor", "system"], "{open}");
    chat.server.stop().await;
}

#[expect(clippy::too_many_lines, reason = "one story, told in order")]
async fn twenty_counsellors_race_for_fifty_conversations(chat: Chat) {
    let mut visitors = Vec::new();
    let mut ids = Vec::new();
    for _ in 0..50 {
        let (visitor, _, id) = waiting(&chat).await;
        visitors.push(visitor);
        ids.push(id);
    }
    let mut consoles = Vec::new();
    for number in 0..20 {
        consoles.push((
            number,
            counsellor(&chat.server, &format!("c{number}")).await,
        ));
    }
    let start = Arc::new(Barrier::new(consoles.len()));
    let racing = consoles.into_iter().map(|(number, mut console)| {
        let (ids, start) = (ids.clone(), Arc::clone(&start));
        tokio::spawn(async move {
            start.wait().await;
            let mut results = Vec::new();
            // Each begins elsewhere, so that all win some.
            for at in 0..ids.len() {
                let id = &ids[(at + number * 5) % ids.len()];
                let ack = console
                    .ask("console:claim", json!({"conversationId": id}))
                    .await;
                results.push((id.clone(), ack));
            }
            (number, results, console)
        })
    });
    let racing: Vec<_> = racing.collect();
    let mut winners: HashMap<String, String> = HashMap::new();
    let mut told: Vec<(String, String)> = Vec::new();
    let mut consoles = Vec::new();
    for race in racing {
        let (number, results, console) = race.await.unwrap();
        for (id, ack) in results {
            if ack["ok"] == true {
                let before = winners.insert(id, format!("u:c{number}"));
                assert!(before.is_none(), "two winners");
            } else {
                assert_eq!(ack["code"], "already_claimed", "{ack}");
                assert_eq!(ack["by"]["name"], "상담사");
                told.push((id, ack["by"]["id"].as_str().unwrap().to_owned()));
            }
        }
        consoles.push(console);
    }
    assert_eq!(winners.len(), 50);
    assert_eq!(told.len(), 20 * 50 - 50);
    for (id, by) in told {
        assert_eq!(winners[&id], by, "who lost is told who won");
    }
    for (id, by) in &winners {
        let head = stored(&chat, id).await;
        assert_eq!(head.state, State::Live);
        assert_eq!(head.counsellor.unwrap().id.as_str(), by);
    }
    chat.server.stop().await;
}

async fn a_message_is_sent_once_however_often_it_is_tried(chat: Chat) {
    let (mut visitor, mut console, id) = live(&chat, "kim").await;
    let first = console.good("console:send", said(&id, "a", "하나")).await;
    for _ in 0..3 {
        let again = console.good("console:send", said(&id, "a", "하나")).await;
        assert_eq!(again["message"], first["message"]);
    }
    console.good("console:send", said(&id, "b", "둘")).await;
    assert_eq!(visitor.push("message").await["text"], "하나");
    assert_eq!(visitor.push("message").await["text"], "둘");
    for (data, code) in [
        (said(&id, "c", ""), "text_empty"),
        (said(&id, "c", &"가".repeat(2_001)), "text_too_long"),
        (said(&id, "", "x"), "invalid_payload"),
        (said("x", "c", "x"), "invalid_payload"),
        (
            said("00000000-0000-4000-8000-000000000000", "c", "x"),
            "no_conversation",
        ),
    ] {
        assert_eq!(console.bad("console:send", data).await, code);
    }
    chat.server.stop().await;
}

async fn a_conversation_is_handed_to_who_is_there(chat: Chat) {
    let (mut visitor, mut kim, id) = live(&chat, "kim").await;
    let to = |to: &str| json!({"conversationId": id, "to": to});
    assert_eq!(
        kim.bad("console:transfer", to("u:lee")).await,
        "not_present"
    );
    assert_eq!(
        kim.bad("console:transfer", to("u:kim")).await,
        "invalid_payload"
    );
    let mut lee = counsellor(&chat.server, "lee").await;
    lee.good("console:presence", json!({"available": false}))
        .await;
    assert_eq!(
        kim.bad("console:transfer", to("u:lee")).await,
        "not_present"
    );
    lee.good("console:presence", json!({"available": true}))
        .await;
    let ack = kim.good("console:transfer", to("u:lee")).await;
    assert_eq!(ack["to"]["id"], "u:lee");
    // At once, not when the console looks next.
    visitor.say("a", "조용히 아직 계세요?").await;
    let released = kim.told(&id, "released").await;
    assert_eq!(released["state"], "live");
    let assigned = lee.told(&id, "assigned").await;
    assert_eq!(assigned["conversationId"], id);
    let history = lee
        .good("console:history", json!({"conversationId": id, "after": 0}))
        .await;
    assert_eq!(history["messages"][0]["text"], "조용히 아직 계세요?");
    assert_eq!(history["following"], true);
    visitor.say("b", "조용히 둘").await;
    assert_eq!(lee.told(&id, "message").await["text"], "조용히 둘");
    assert_eq!(
        kim.bad("console:send", said(&id, "x", "아직 저예요")).await,
        "not_yours"
    );
    let messages = kim.pushed("console:conversation");
    assert!(
        messages.iter().all(|push| push.get("message").is_none()),
        "{messages:?}"
    );
    assert_eq!(
        stored(&chat, &id).await.counsellor.unwrap().id.as_str(),
        "u:lee"
    );
    chat.server.stop().await;
}

async fn the_queue_and_colleagues_are_pushed_as_they_change(chat: Chat) {
    let (mut kim, open) = opened(&chat.server, "kim", Role::Counsellor).await;
    assert_eq!(open["queue"], json!([]));
    assert_eq!(open["counsellors"][0]["id"], "u:kim");
    let (mut visitor, _, id) = waiting(&chat).await;
    let queue = kim
        .push_where("console:queue", |push| push["waiting"] == 1)
        .await;
    assert_eq!(queue["queue"][0]["conversationId"], id);
    visitor.good("counselling:cancel", json!({})).await;
    kim.push_where("console:queue", |push| push["waiting"] == 0)
        .await;

    let lee = counsellor(&chat.server, "lee").await;
    let here = |push: &Value| push["counsellors"].as_array().unwrap().len();
    kim.push_where("console:presence", |push| here(push) == 2)
        .await;
    kim.good("console:presence", json!({"available": false}))
        .await;
    kim.push_where("console:presence", |push| {
        push["counsellors"][0]["available"] == false
    })
    .await;
    drop(lee);
    kim.push_where("console:presence", |push| here(push) == 1)
        .await;
    chat.server.stop().await;
}

async fn what_was_left_is_claimed_and_answered(chat: Chat) {
    chat.script.open.store(false, Ordering::SeqCst);
    let (mut visitor, _) = chat.guest().await;
    let data = json!({"clientMessageId": "a", "text": "조용히 남겨요"});
    visitor.good("message:leave", data).await;
    let (mut console, open) = opened(&chat.server, "kim", Role::Counsellor).await;
    let id = open["unanswered"][0]["conversationId"]
        .as_str()
        .unwrap()
        .to_owned();
    let claim = console
        .good("console:claim", json!({"conversationId": id}))
        .await;
    assert_eq!(claim["messages"][0]["text"], "조용히 남겨요");
    console
        .push_where("console:queue", |push| push["unanswered"] == json!([]))
        .await;
    console
        .good("console:send", said(&id, "b", "답변이에요"))
        .await;
    assert_eq!(visitor.push("message").await["text"], "답변이에요");
    assert!(!stored(&chat, &id).await.unanswered);
    chat.server.stop().await;
}

async fn notes_never_reach_the_visitor(chat: Chat) {
    const SECRET: &str = "보호자와 통화함";
    let (mut visitor, mut console, id) = live(&chat, "kim").await;
    let note = json!({"conversationId": id, "id": "n1", "text": SECRET});
    let first = console.good("console:note", note.clone()).await;
    assert_eq!(first["note"]["text"], SECRET);
    assert_eq!(
        console.good("console:note", note).await,
        first,
        "written once"
    );
    assert_eq!(stored(&chat, &id).await.notes.len(), 1);
    let long = json!({"conversationId": id, "id": "n2", "text": "가".repeat(1_001)});
    assert_eq!(console.bad("console:note", long).await, "text_too_long");
    console.good("console:send", said(&id, "a", "끝으로")).await;
    console
        .good("console:close", json!({"conversationId": id}))
        .await;
    visitor
        .push_where("conversation:state", |state| state["state"] == "closed")
        .await;
    // All that he was ever pushed, and all that he can ask for.
    let mut seen = vec![visitor.good("conversation:open", json!({"after": 0})).await];
    seen.push(visitor.good("history:page", json!({"before": 100})).await);
    for event in [
        "message",
        "conversation:state",
        "notice",
        "console:conversation",
    ] {
        seen.extend(visitor.pushed(event));
    }
    let seen = json!(seen).to_string();
    assert!(seen.contains("끝으로") && !seen.contains(SECRET), "{seen}");
    let history = console
        .good("console:history", json!({"conversationId": id}))
        .await;
    assert_eq!(
        history["notes"][0]["text"], SECRET,
        "he who counselled sees it"
    );
    chat.server.stop().await;
}

async fn all_consoles_of_a_counsellor_follow(chat: Chat) {
    let (_visitor, mut desk, id) = live(&chat, "kim").await;
    let (mut phone, open) = opened(&chat.server, "kim", Role::Counsellor).await;
    assert_eq!(open["mine"][0]["conversationId"], id);
    phone
        .good("console:history", json!({"conversationId": id}))
        .await;
    desk.good("console:send", said(&id, "a", "여기요")).await;
    let told = phone.told(&id, "message").await;
    assert_eq!(told["clientMessageId"], "a");
    assert_eq!(told["counsellorId"], "u:kim");
    assert!(
        desk.pushed("console:conversation")
            .iter()
            .all(|push| push.get("message").is_none())
    );
    chat.server.stop().await;
}

async fn canned_replies_are_listed(chat: Chat) {
    let text: MessageText = "약사에게 확인해 보겠습니다.".parse().unwrap();
    let reply = CannedReply {
        id: "check".parse().unwrap(),
        title: "확인".to_owned(),
        text,
    };
    let now = Moment::from(Utc::now());
    chat.store.put_canned(&reply, now).await.unwrap();
    let (mut console, open) = opened(&chat.server, "kim", Role::Counsellor).await;
    let listed = console.good("console:canned", json!({})).await;
    let expected = json!([{"id": "check", "title": "확인", "text": "약사에게 확인해 보겠습니다."}]);
    assert_eq!(
        [&listed["replies"], &open["canned"]],
        [&expected, &expected]
    );
    chat.server.stop().await;
}

async fn a_reconnecting_console_gets_what_it_lacks(chat: Chat) {
    let (mut visitor, console, id) = live(&chat, "kim").await;
    for number in 1..=130 {
        visitor
            .say(&format!("m{number}"), &format!("조용히 {number}"))
            .await;
    }
    drop(console);
    let mut back = counsellor(&chat.server, "kim").await;
    let mut got: Vec<i64> = Vec::new();
    loop {
        let after = got.last().copied().unwrap_or(0);
        let data = json!({"conversationId": id, "after": after, "limit": 100});
        let page = back.good("console:history", data).await;
        let messages = page["messages"].as_array().unwrap();
        got.extend(
            messages
                .iter()
                .map(|message| message["seq"].as_i64().unwrap()),
        );
        if page["hasMore"] == false {
            break;
        }
    }
    assert_eq!(got, (1..=130).collect::<Vec<i64>>());
    visitor.say("last", "조용히 끝").await;
    assert_eq!(back.told(&id, "message").await["seq"], 131);
    let data = json!({"conversationId": id, "before": 3, "limit": 100});
    let page = back.good("console:history", data).await;
    assert_eq!(page["messages"].as_array().unwrap().len(), 2);
    for (data, field) in [
        (json!({"conversationId": id, "before": 0}), "before"),
        (json!({"conversationId": id, "after": -1}), "after"),
        (json!({"conversationId": id, "limit": 101}), "limit"),
        (
            json!({"conversationId": id, "before": 5, "after": 1}),
            "before",
        ),
    ] {
        assert_eq!(back.ask("console:history", data).await["field"], field);
    }
    chat.server.stop().await;
}

async fn consoles_of_other_instances_are_told(chat: Chat) {
    let other = chat.another().await;
    let mut lee = counsellor(&other, "lee").await;
    let (mut visitor, mut kim, id) = live(&chat, "kim").await;
    let to = json!({"conversationId": id, "to": "u:lee"});
    kim.good("console:transfer", to).await;
    lee.told(&id, "assigned").await;
    lee.good("console:history", json!({"conversationId": id}))
        .await;
    // The visitor is on the first instance, his counsellor on the second.
    visitor.say("a", "조용히 들려요?").await;
    assert_eq!(lee.told(&id, "message").await["text"], "조용히 들려요?");
    lee.good("console:send", said(&id, "b", "네")).await;
    let head = stored(&chat, &id).await;
    let now = Moment::from(Utc::now());
    let replay = chat
        .store
        .replay(&head, Span::After(0), 10, now)
        .await
        .unwrap();
    assert_eq!(replay.messages.len(), 2);
    other.stop().await;
    chat.server.stop().await;
}
