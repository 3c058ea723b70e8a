//! Nobody does or reads through the console what isn't his, event by event.

use chat_server::settings::StoreSettings;
use chat_server::store::AccessKind;
use chat_server::store::model::{Moment, StaffId, State};
use chrono::Utc;
use diesel::connection::SimpleConnection;
use diesel::{Connection, SqliteConnection};
use domain::account::Role;
use serde_json::json;

use crate::console_kit::{counsellor, events, live, opened, said, stored, token, waiting};
use crate::visitor_kit::{Chat, Signer, Visitor, on_both_servers};

on_both_servers!(
    nobody_but_counsellors_sends_console_events,
    another_counsellor_reaches_nothing_of_a_live_conversation,
    what_the_bot_talks_about_is_nobodys,
    nobody_counsels_himself,
    an_admin_reads_everything_and_acts_in_nothing,
    what_is_opened_read_and_changed_is_recorded,
);

async fn nobody_but_counsellors_sends_console_events(chat: Chat) {
    let (guest, _, id) = waiting(&chat).await;
    let one_factor = Signer::claims("pro", "session-pro", Role::Counsellor);
    let one_factor = json!({"token": Signer::of_tests().sign(&one_factor)});
    let strangers = [
        guest,
        chat.member("lee").await,
        Visitor::connect(&chat.server, json!({})).await.unwrap(),
        Visitor::connect(&chat.server, one_factor).await.unwrap(),
        Visitor::connect(&chat.server, token("member", Role::Member))
            .await
            .unwrap(),
    ];
    let before = stored(&chat, &id).await;
    for mut stranger in strangers {
        for (event, data) in events(&id) {
            let ack = stranger.ask(event, data).await;
            assert_eq!(ack["code"], "forbidden", "{event}: {ack}");
            let fields = ack.as_object().unwrap();
            assert_eq!(fields.len(), 3, "nothing else: {ack}");
        }
    }
    assert_eq!(stored(&chat, &id).await, before);
    let now = Moment::from(Utc::now());
    let log = chat.store.access_log(None, None, 10, now).await.unwrap();
    assert_eq!(log, []);
    chat.server.stop().await;
}

async fn another_counsellor_reaches_nothing_of_a_live_conversation(chat: Chat) {
    let (mut visitor, mut kim, id) = live(&chat, "kim").await;
    kim.good("console:send", said(&id, "a", "비밀")).await;
    let mut lee = counsellor(&chat.server, "lee").await;
    let before = stored(&chat, &id).await;
    for (event, data) in events(&id) {
        let ack = lee.ask(event, data).await;
        match event {
            "console:open" | "console:canned" | "console:presence" => {
                assert_eq!(ack["ok"], true, "{ack}");
            }
            "console:claim" => {
                assert_eq!(ack["code"], "already_claimed", "{ack}");
                assert_eq!(ack["by"]["id"], "u:kim");
            }
            _ => assert_eq!(ack["code"], "not_yours", "{event}: {ack}"),
        }
        assert!(!ack.to_string().contains("비밀"), "{event}: {ack}");
    }
    let mut after = stored(&chat, &id).await;
    // A sign of life of its counsellor.
    after.version = before.version;
    after.lease_until = before.lease_until;
    assert_eq!(after, before);
    visitor.say("b", "조용히 비밀").await;
    kim.told(&id, "message").await;
    kim.good("console:close", json!({"conversationId": id}))
        .await;
    for (event, data) in events(&id).into_iter().skip(4) {
        let code = lee.bad(event, data).await;
        assert_eq!(code, "not_yours", "{event}, closed");
    }
    assert_eq!(
        lee.bad("console:claim", json!({"conversationId": id}))
            .await,
        "wrong_state"
    );
    assert_eq!(
        lee.pushed("console:conversation"),
        Vec::<serde_json::Value>::new()
    );
    chat.server.stop().await;
}

async fn what_the_bot_talks_about_is_nobodys(chat: Chat) {
    let (mut visitor, _) = chat.guest().await;
    let open = visitor.good("conversation:open", json!({})).await;
    let id = open["conversation"]["id"].as_str().unwrap();
    visitor.say("a", "조용히 봇에게").await;
    let mut kim = counsellor(&chat.server, "kim").await;
    for (event, data) in events(id).into_iter().skip(4) {
        assert_eq!(kim.bad(event, data).await, "not_yours", "{event}");
    }
    let claim = json!({"conversationId": id});
    assert_eq!(kim.bad("console:claim", claim).await, "wrong_state");
    // Whom he has counselled before talks with the bot again: that isn't his any more.
    visitor.good("counselling:request", json!({})).await;
    kim.good("console:claim", json!({"conversationId": id}))
        .await;
    kim.good("console:close", json!({"conversationId": id}))
        .await;
    kim.good("console:history", json!({"conversationId": id}))
        .await;
    visitor.say("b", "조용히 다시 봇에게").await;
    assert_eq!(stored(&chat, id).await.state, State::Bot);
    let history = json!({"conversationId": id});
    assert_eq!(kim.bad("console:history", history).await, "not_yours");
    chat.server.stop().await;
}

async fn nobody_counsels_himself(chat: Chat) {
    // A counsellor's own account is a visitor's, too.
    let mut kim = counsellor(&chat.server, "kim").await;
    let open = kim.good("conversation:open", json!({})).await;
    let id = open["conversation"]["id"].as_str().unwrap().to_owned();
    kim.good("counselling:request", json!({})).await;
    for (event, data) in events(&id).into_iter().skip(3) {
        assert_eq!(kim.bad(event, data).await, "own_conversation", "{event}");
    }
    let mut lee = counsellor(&chat.server, "lee").await;
    lee.good("console:claim", json!({"conversationId": id}))
        .await;
    let to_himself = json!({"conversationId": id, "to": "u:kim"});
    assert_eq!(
        lee.bad("console:transfer", to_himself).await,
        "own_conversation"
    );
    chat.server.stop().await;
}

async fn an_admin_reads_everything_and_acts_in_nothing(chat: Chat) {
    let (_visitor, mut kim, id) = live(&chat, "kim").await;
    kim.good("console:send", said(&id, "a", "안녕하세요")).await;
    let (mut admin, _) = opened(&chat.server, "boss", Role::Admin).await;
    let history = admin
        .good("console:history", json!({"conversationId": id}))
        .await;
    assert_eq!(history["messages"][0]["text"], "안녕하세요");
    assert_eq!(history["following"], false);
    for (event, data) in events(&id) {
        if matches!(
            event,
            "console:send"
                | "console:transfer"
                | "console:close"
                | "console:typing"
                | "console:read"
        ) {
            assert_eq!(admin.bad(event, data).await, "not_yours", "{event}");
        }
    }
    chat.server.stop().await;
}

async fn what_is_opened_read_and_changed_is_recorded(chat: Chat) {
    let (_visitor, _, id) = waiting(&chat).await;
    let mut kim = counsellor(&chat.server, "kim").await;
    // Who waits is read by every counsellor, and answered by none who hasn't claimed.
    for (event, data) in events(&id) {
        if matches!(
            event,
            "console:send"
                | "console:transfer"
                | "console:close"
                | "console:typing"
                | "console:read"
        ) {
            assert_eq!(kim.bad(event, data).await, "not_yours", "{event}");
        }
    }
    kim.good("console:history", json!({"conversationId": id}))
        .await;
    kim.good(
        "console:history",
        json!({"conversationId": id, "before": 9}),
    )
    .await;
    kim.good("console:claim", json!({"conversationId": id}))
        .await;
    let note = json!({"conversationId": id, "id": "n", "text": "메모"});
    kim.good("console:note", note).await;
    kim.good("console:close", json!({"conversationId": id}))
        .await;
    let staff: StaffId = "u:kim".parse().unwrap();
    let now = Moment::from(Utc::now());
    let log = chat.store.access_log(Some(&staff), None, 50, now);
    let mut log: Vec<_> = log
        .await
        .unwrap()
        .into_iter()
        .map(|one| {
            (
                format!("{:?}", one.kind),
                one.conversation.map(|id| id.to_string()),
            )
        })
        .collect();
    log.sort();
    let kind = |kind: AccessKind| (format!("{kind:?}"), Some(id.clone()));
    let mut expected = vec![
        (format!("{:?}", AccessKind::Searched), None),
        kind(AccessKind::Opened),
        kind(AccessKind::Read),
        // The claim, and what it shows.
        kind(AccessKind::Changed),
        kind(AccessKind::Opened),
        kind(AccessKind::Changed),
        kind(AccessKind::Changed),
    ];
    expected.sort();
    assert_eq!(log, expected);
    chat.server.stop().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_recorded_is_not_shown() {
    crate::visitor_kit::on_sqlite(&[], |chat| async move {
        let (mut visitor, _, id) = waiting(&chat).await;
        visitor.say("a", "조용히 비밀이에요").await;
        let mut kim = counsellor(&chat.server, "kim").await;
        let StoreSettings::Sqlite(file) = &chat.server.settings.store else {
            panic!("not embedded");
        };
        let mut database = SqliteConnection::establish(file.path().to_str().unwrap()).unwrap();
        let deny = "CREATE TRIGGER deny BEFORE INSERT ON records WHEN NEW.kind = 'access' \
                    BEGIN SELECT RAISE(FAIL, 'no record'); END";
        database.batch_execute(deny).unwrap();
        for (event, data) in events(&id) {
            if matches!(
                event,
                "console:open" | "console:claim" | "console:history" | "console:note"
            ) {
                let ack = kim.ask(event, data).await;
                assert_eq!(ack["code"], "store_unavailable", "{event}: {ack}");
                assert!(!ack.to_string().contains("비밀"), "{ack}");
            }
        }
        assert_eq!(stored(&chat, &id).await.state, State::Waiting);
        database.batch_execute("DROP TRIGGER deny").unwrap();
        kim.good("console:history", json!({"conversationId": id}))
            .await;
        chat.server.stop().await;
    })
    .await;
}
