//! Who may ask which route: every route of the table, asked as everybody.

use chat_server::rest::{Allowed, ROUTES, Route};
use domain::account::Role;
use reqwest::RequestBuilder;

use crate::staff_kit::{accounts, ask, counsellor, token};
use crate::visitor_kit::{Chat, Signer, on_both_servers};

on_both_servers!(every_route_is_for_whom_the_table_says["CHAT_PASSWORD_COST" = "4"]);

/// What somebody brings along.
enum Proof {
    Nothing,
    Bearer(String),
    Cookie(String),
}

struct Persona {
    name: &'static str,
    proof: Proof,
    counsels: bool,
    admin: bool,
}

impl Persona {
    fn new(name: &'static str, proof: Proof, counsels: bool, admin: bool) -> Self {
        Self {
            name,
            proof,
            counsels,
            admin,
        }
    }

    fn may(&self, route: &Route) -> bool {
        match route.allowed {
            Allowed::Anybody => true,
            Allowed::Counsellor => self.counsels,
            Allowed::Admin => self.admin,
            Allowed::Console => self.counsels && matches!(self.proof, Proof::Cookie(_)),
        }
    }

    fn ask(&self, chat: &Chat, route: &Route) -> RequestBuilder {
        let uuid = "5f0f6f4e-6f5b-4c9c-9d58-0f4b6a3d1c11";
        let path = route
            .path
            .replace("{id}", "walk")
            .replace("{date}", "2026-10-02")
            .replace("{word}", "walk")
            .replace("{conversationId}", uuid)
            .replace("{deliveryId}", uuid);
        let request = ask(&chat.server, route.method, &path);
        match &self.proof {
            Proof::Nothing => request,
            Proof::Bearer(token) => request.bearer_auth(token),
            Proof::Cookie(cookie) => request.header("cookie", cookie),
        }
    }
}

async fn personas(chat: &Chat) -> Vec<Persona> {
    let bearer = Proof::Bearer;
    let (_, guest) = chat.guest().await;
    let (embedded, _) = counsellor(chat, "embedded1", false).await;
    let (boss, _) = counsellor(chat, "embedded2", true).await;
    let (closed, _) = counsellor(chat, "embedded3", true).await;
    let login = "embedded3".parse().unwrap();
    accounts(chat).set_disabled(&login, true).await.unwrap();
    let mut expired = Signer::claims("a1", "s1", Role::Admin).with_second_factor(true);
    expired.exp -= 3_600;
    expired.iat -= 3_600;
    let admin = Signer::claims("a1", "s1", Role::Admin).with_second_factor(true);
    vec![
        Persona::new("nobody", Proof::Nothing, false, false),
        Persona::new("nonsense", bearer("nonsense".to_owned()), false, false),
        Persona::new("guest", bearer(guest), false, false),
        Persona::new(
            "member",
            bearer(token("m1", Role::Member, true)),
            false,
            false,
        ),
        Persona::new(
            "one factor",
            bearer(token("a2", Role::Admin, false)),
            false,
            false,
        ),
        Persona::new(
            "expired",
            bearer(Signer::of_tests().sign(&expired)),
            false,
            false,
        ),
        Persona::new("forged", bearer(Signer::new(9).sign(&admin)), false, false),
        Persona::new("disabled", Proof::Cookie(closed), false, false),
        Persona::new(
            "counsellor",
            bearer(token("c1", Role::Counsellor, true)),
            true,
            false,
        ),
        Persona::new("admin", bearer(token("a1", Role::Admin, true)), true, true),
        Persona::new("embedded", Proof::Cookie(embedded), true, false),
        Persona::new("boss", Proof::Cookie(boss), true, true),
    ]
}

async fn every_route_is_for_whom_the_table_says(chat: Chat) {
    assert!(ROUTES.len() >= 18);
    for persona in personas(&chat).await {
        // Last, since it ends the session.
        let (last, first): (Vec<_>, Vec<_>) = ROUTES
            .iter()
            .partition(|route| route.allowed == Allowed::Console && route.method == "DELETE");
        for route in first.into_iter().chain(last) {
            let answer = persona.ask(&chat, route).send().await.unwrap();
            let status = answer.status().as_u16();
            let what = format!(
                "{} {} as {}: {status}",
                route.method, route.path, persona.name
            );
            if persona.may(route) {
                // What is sent is nothing good; it gets past the door.
                assert!(![401, 403, 405, 500, 503].contains(&status), "{what}");
            } else {
                assert!([401, 403].contains(&status), "{what}");
                let body: serde_json::Value = answer.json().await.unwrap();
                assert_eq!(body["status"], status, "{what}");
            }
        }
    }
    // Nobody who may not has left a trace of having done something.
    let now = chat_server::store::model::Moment::from(chrono::Utc::now());
    let log = chat.store.access_log(None, None, 500, now).await.unwrap();
    let staff: std::collections::HashSet<_> = log.iter().map(|one| one.staff.as_str()).collect();
    for outsider in ["u:m1", "u:a2", "u:c1"] {
        assert!(!staff.contains(outsider) || outsider == "u:c1", "{staff:?}");
    }
    assert!(staff.contains("u:a1"));
    chat.server.stop().await;
}
