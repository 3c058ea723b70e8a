//! Counsellors over real connections.

use chat_server::store::model::{Conversation, ConversationId, State};
use domain::account::Role;
use serde_json::{Value, json};

use crate::server::Server;
use crate::visitor_kit::{Chat, PATIENCE, Signer, Visitor};

/// Every event of a console, with a payload that is right for a conversation.
pub(crate) fn events(id: &str) -> Vec<(&'static str, Value)> {
    vec![
        ("console:open", json!({})),
        ("console:canned", json!({})),
        ("console:presence", json!({"available": true})),
        ("console:claim", json!({"conversationId": id})),
        ("console:history", json!({"conversationId": id})),
        ("console:typing", json!({"conversationId": id, "on": true})),
        ("console:read", json!({"conversationId": id, "seq": 1})),
        ("console:send", said(id, "x", "안녕")),
        (
            "console:note",
            json!({"conversationId": id, "id": "n", "text": "메모"}),
        ),
        (
            "console:transfer",
            json!({"conversationId": id, "to": "u:other"}),
        ),
        ("console:close", json!({"conversationId": id})),
    ]
}

pub(crate) fn said(id: &str, name: &str, text: &str) -> Value {
    json!({"conversationId": id, "clientMessageId": name, "text": text})
}

pub(crate) fn token(user: &str, role: Role) -> Value {
    let claims = Signer::claims(user, &format!("session-{user}"), role);
    json!({"token": Signer::of_tests().sign(&claims.with_second_factor(true))})
}

/// A counsellor whose console is open.
pub(crate) async fn counsellor(server: &Server, user: &str) -> Visitor {
    opened(server, user, Role::Counsellor).await.0
}

/// With what it opened with.
pub(crate) async fn opened(server: &Server, user: &str, role: Role) -> (Visitor, Value) {
    let mut console = Visitor::connect(server, token(user, role)).await.unwrap();
    let open = console.good("console:open", json!({})).await;
    (console, open)
}

/// A guest who waits for a counsellor, his token, and his conversation.
pub(crate) async fn waiting(chat: &Chat) -> (Visitor, String, String) {
    let (mut visitor, token) = chat.guest().await;
    let open = visitor.good("conversation:open", json!({})).await;
    let id = open["conversation"]["id"].as_str().unwrap().to_owned();
    visitor
        .good("counselling:request", json!({"topic": "drug"}))
        .await;
    (visitor, token, id)
}

/// A guest and the counsellor who has claimed him.
pub(crate) async fn live(chat: &Chat, user: &str) -> (Visitor, Visitor, String) {
    let (visitor, _, id) = waiting(chat).await;
    let mut console = counsellor(&chat.server, user).await;
    console
        .good("console:claim", json!({"conversationId": id}))
        .await;
    (visitor, console, id)
}

impl Visitor {
    /// An event that must succeed.
    pub(crate) async fn good(&mut self, event: &str, data: Value) -> Value {
        let ack = self.ask(event, data).await;
        assert_eq!(ack["ok"], true, "{event}: {ack}");
        ack
    }

    /// The code with which an event is refused.
    pub(crate) async fn bad(&mut self, event: &str, data: Value) -> String {
        let ack = self.ask(event, data).await;
        assert_eq!(ack["ok"], false, "{event}: {ack}");
        ack["code"].as_str().unwrap().to_owned()
    }

    /// The next `console:conversation` about something.
    pub(crate) async fn told(&mut self, id: &str, what: &str) -> Value {
        let push = self
            .push_where("console:conversation", |push| {
                push["conversationId"] == id && push.get(what).is_some()
            })
            .await;
        push[what].clone()
    }
}

/// The conversation as it is stored.
pub(crate) async fn stored(chat: &Chat, id: &str) -> Conversation {
    let id: ConversationId = id.parse().unwrap();
    chat.store.conversation(id).await.unwrap().unwrap()
}

/// Waits for a state of the store.
pub(crate) async fn until_state(chat: &Chat, id: &str, state: State) -> Conversation {
    let waited = async {
        loop {
            let head = stored(chat, id).await;
            if head.state == state {
                return head;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    tokio::time::timeout(PATIENCE, waited)
        .await
        .expect("in time")
}
