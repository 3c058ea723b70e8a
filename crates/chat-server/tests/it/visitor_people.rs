//! Who a socket is: members, guests, and nobody else.

use chrono::{TimeDelta, Utc};
use domain::account::Role;
use domain::token::TokenRules;
use serde_json::{Value, json};

use crate::server::Server;
use crate::visitor_kit::{Chat, PATIENCE, Signer, Visitor, on_both_servers};

on_both_servers!(
    a_member_has_one_conversation_on_all_devices,
    wrong_tokens_are_refused_with_their_codes,
    a_socket_ends_with_its_token_unless_it_is_renewed,
    a_guest_comes_back_and_becomes_a_member,
    a_guest_is_forgotten,
    a_statement_ends_the_sockets_that_it_means,
    nobody_reaches_the_conversation_of_another,
);

async fn refused(server: &Server, auth: Value) -> String {
    match Visitor::connect(server, auth).await {
        Ok(_) => panic!("let in"),
        Err(code) => code,
    }
}

async fn a_member_has_one_conversation_on_all_devices(chat: Chat) {
    let mut phone = chat.member("kim").await;
    let mut laptop = chat.member("kim").await;
    let mut other = chat.member("lee").await;
    phone.say("a", "조용히").await;
    assert_eq!(laptop.push("message").await["text"], "조용히");
    assert_eq!(
        other.say("a", "조용조용").await,
        1,
        "a conversation of his own"
    );
    let open = phone.ask("conversation:open", json!({})).await;
    assert!(open.get("guestToken").is_none());
    assert!(other.pushed("message").is_empty());
    chat.server.stop().await;
}

async fn wrong_tokens_are_refused_with_their_codes(chat: Chat) {
    let signer = Signer::of_tests();
    let server = &chat.server;
    let mut foreign = Signer::claims("kim", "s", Role::Member);
    foreign.iss = "somebody".to_owned();
    // A suspended member's, which web-api takes for what is his by law.
    let rules = TokenRules::new("pillnuts-web", "pillnuts", TimeDelta::zero()).unwrap();
    let restricted = rules.restrict(Signer::claims("kim", "s", Role::Counsellor));
    for (auth, code) in [
        (json!({"token": "x"}), "token_invalid"),
        (
            json!({"token": Signer::new(9).member("kim", "s")}),
            "token_invalid",
        ),
        (json!({"token": signer.sign(&foreign)}), "token_invalid"),
        (json!({"token": signer.sign(&restricted)}), "token_invalid"),
        (json!({"token": signer.ending("kim", -1)}), "token_expired"),
        (json!({"guestToken": "x"}), "token_invalid"),
        (
            json!({"guestToken": format!("pg1_{}", "A".repeat(43))}),
            "token_invalid",
        ),
        (json!({"console": true}), "token_invalid"),
        (json!({"token": 5}), "auth_invalid"),
        (json!([1]), "auth_invalid"),
    ] {
        assert_eq!(refused(server, auth.clone()).await, code, "{auth}");
    }
    chat.server.stop().await;
}

async fn a_socket_ends_with_its_token_unless_it_is_renewed(chat: Chat) {
    let signer = Signer::of_tests();
    let token = signer.ending("kim", 3);
    let mut short = Visitor::opened(&chat.server, json!({"token": token})).await;
    let mut renewed = Visitor::opened(&chat.server, json!({"token": token})).await;
    let stranger = json!({"token": signer.member("lee", "s")});
    assert_eq!(
        renewed.ask("auth:renew", stranger).await["code"],
        "forbidden"
    );
    let fresh = json!({"token": signer.member("kim", "session-kim")});
    let ack = renewed.ask("auth:renew", fresh).await;
    assert_eq!(ack["ok"], true, "{ack}");

    let notices = short.ends().await;
    assert_eq!(notices[0]["code"], "token_expired");
    assert_eq!(renewed.say("a", "조용히").await, 1, "it goes on");
    chat.server.stop().await;
}

async fn a_guest_comes_back_and_becomes_a_member(chat: Chat) {
    let (mut guest, token) = chat.guest().await;
    guest.say("a", "조용히 하나").await;
    guest.say("b", "조용히 둘").await;
    let auth = json!({"guestToken": token});
    let mut back = Visitor::connect(&chat.server, auth.clone()).await.unwrap();
    let open = back.ask("conversation:open", json!({})).await;
    assert_eq!(open["messages"].as_array().unwrap().len(), 2, "found again");

    let mut member = chat.member("kim").await;
    let mut laptop = chat.member("kim").await;
    member.say("a", "조용히 회원").await;
    assert_eq!(laptop.push("message").await["seq"], 1);
    let ask = json!({"guestToken": token, "agree": false});
    assert_eq!(member.ask("guest:merge", ask).await["code"], "not_agreed");
    let ask = json!({"guestToken": token, "agree": true});
    let ack = member.ask("guest:merge", ask).await;
    assert_eq!(
        [&ack["ok"], &ack["lastSeq"]],
        [&json!(true), &json!(3)],
        "{ack}"
    );
    for (seq, text) in [(2, "조용히 하나"), (3, "조용히 둘")] {
        for device in [&mut member, &mut laptop] {
            let told = device.push("message").await;
            assert_eq!([&told["seq"], &told["text"]], [&json!(seq), &json!(text)]);
        }
    }
    for device in [&mut guest, &mut back] {
        let notices = device.ends().await;
        assert_eq!(notices[0]["code"], "guest_ended");
    }
    assert_eq!(refused(&chat.server, auth).await, "token_invalid");
    // Whose answer was lost asks again and gets the same; to anybody else the token says nothing.
    let ask = json!({"guestToken": token, "agree": true});
    let again = laptop.ask("guest:merge", ask.clone()).await;
    assert_eq!(again["lastSeq"], 3, "{again}");
    let mut lee = chat.member("lee").await;
    let other = lee.ask("guest:merge", ask).await;
    assert_eq!(other["code"], "token_invalid", "{other}");
    assert_eq!(laptop.say("c", "조용히 셋").await, 4, "nothing twice");
    chat.server.stop().await;
}

async fn a_guest_is_forgotten(chat: Chat) {
    let (mut guest, token) = chat.guest().await;
    let open = guest.ask("conversation:open", json!({})).await;
    let id = open["conversation"]["id"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    guest.say("a", "비밀").await;
    let auth = json!({"guestToken": token});
    let mut other = Visitor::opened(&chat.server, auth.clone()).await;
    assert_eq!(guest.ask("guest:erase", json!({})).await["ok"], true);
    for device in [&mut guest, &mut other] {
        let notices = device.ends().await;
        assert_eq!(notices[0]["code"], "guest_ended");
    }
    assert_eq!(refused(&chat.server, auth).await, "token_invalid");
    let head = chat.store.conversation(id).await.unwrap();
    assert!(head.is_none_or(|head| head.person.is_none()));
    let mut member = chat.member("kim").await;
    assert_eq!(
        member.ask("guest:erase", json!({})).await["code"],
        "forbidden"
    );
    chat.server.stop().await;
}

async fn a_statement_ends_the_sockets_that_it_means(chat: Chat) {
    let signer = Signer::of_tests();
    let connect = async |user: &str, session: &str| {
        let token = signer.member(user, session);
        Visitor::opened(&chat.server, json!({"token": token})).await
    };
    let mut phone = connect("kim", "s1").await;
    let mut laptop = connect("kim", "s2").await;
    let mut other = connect("lee", "s3").await;
    assert_eq!(chat.hub.end_session(&"s1".parse().unwrap()), 1);
    assert_eq!(phone.ends().await[0]["code"], "token_revoked");
    assert_eq!(laptop.say("a", "조용히").await, 1);
    assert_eq!(chat.hub.end_user(&"kim".parse().unwrap()), 1);
    assert_eq!(laptop.ends().await[0]["code"], "token_revoked");
    assert_eq!(chat.hub.end_user(&"kim".parse().unwrap()), 0);
    assert_eq!(other.say("a", "조용히").await, 1);
    chat.server.stop().await;
}

/// Event by event: a stranger names the conversation and reaches his own, or nothing.
async fn nobody_reaches_the_conversation_of_another(chat: Chat) {
    let (mut victim, _) = chat.guest().await;
    victim.say("a", "조용히 비밀").await;
    let open = victim.ask("conversation:open", json!({})).await;
    let id = open["conversation"]["id"].as_str().unwrap().to_owned();
    let before = chat.store.conversation(id.parse().unwrap()).await.unwrap();

    let (guest, _) = chat.guest().await;
    let member = chat.member("lee").await;
    let unopened = Visitor::connect(&chat.server, json!({})).await.unwrap();
    for mut stranger in [guest, member, unopened] {
        for event in [
            "conversation:open",
            "message:send",
            "message:leave",
            "counselling:request",
            "counselling:cancel",
            "counselling:end",
            "counselling:rate",
            "typing",
            "read",
            "history:page",
            "guest:erase",
        ] {
            let data = json!({
                "conversationId": id, "conversation": id, "id": id, "room": id, "person": id,
                "clientMessageId": "a", "text": "조용히", "score": 5, "on": true, "seq": 1,
                "before": 100, "after": 0,
            });
            let ack = stranger.ask(event, data).await;
            assert!(!ack.to_string().contains("비밀"), "{event}: {ack}");
            assert!(!ack.to_string().contains(&id), "{event}: {ack}");
        }
        assert!(
            stranger
                .pushed("message")
                .iter()
                .all(|one| one["text"] != "조용히 비밀")
        );
    }
    let after = chat.store.conversation(id.parse().unwrap()).await.unwrap();
    assert_eq!(before, after, "nothing has changed");
    assert!(victim.pushed("message").is_empty() && victim.pushed("typing").is_empty());
    chat.server.stop().await;
}

#[tokio::test]
async fn a_new_guest_says_nothing_before_he_has_a_token() {
    let server = Server::ready().await;
    let mut guest = Visitor::connect(&server, json!({})).await.unwrap();
    let data = json!({"clientMessageId": "a", "text": "안녕"});
    assert_eq!(guest.ask("message:send", data).await["code"], "not_open");
    server.stop().await;
}

#[tokio::test]
async fn starts_without_keys_and_takes_them_when_they_come() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("access.jwks");
    let path = file.to_string_lossy().into_owned();
    let server = Server::start(&[("ACCESS_KEYS_FILE", &path)]).await;
    server.until_status("ready").await;
    let signer = Signer::new(3);
    let auth = json!({"token": signer.member("kim", "s")});
    assert_eq!(refused(&server, auth.clone()).await, "unavailable");
    std::fs::write(&file, signer.jwks()).unwrap();
    let deadline = Utc::now() + PATIENCE;
    while let Err(code) = Visitor::connect(&server, auth.clone()).await {
        assert_eq!(code, "unavailable");
        assert!(Utc::now() < deadline, "the keys are never read");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    server.stop().await;
}
