//! Counsellors with accounts of the server, and REST as they use it.

use std::sync::Arc;

use chat_server::staff::{NewCounsellor, StaffAccounts};
use chrono::Utc;
use domain::account::{Password, Role};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::gateway::Socket;
use crate::server::Server;
use crate::visitor_kit::{Chat, Signer, Visitor};

pub(crate) const PASSWORD: &str = "correct horse 1";
pub(crate) const SESSIONS: &str = "/chat/v1/console/sessions";
pub(crate) const CURRENT: &str = "/chat/v1/console/sessions/current";
/// A page that may ask.
pub(crate) const PAGE: &str = "http://localhost:3000";

/// The accounts, as the command sees them.
pub(crate) fn accounts(chat: &Chat) -> StaffAccounts {
    let settings = chat.server.settings.staff.clone();
    StaffAccounts::new(chat.store.clone(), Arc::new(Utc::now), settings)
}

pub(crate) async fn add(chat: &Chat, login: &str, admin: bool) {
    let new = NewCounsellor {
        login: login.parse().unwrap(),
        name: format!("상담사 {login}"),
        pharmacist: true,
        admin,
        password: Password::new(PASSWORD).unwrap(),
    };
    accounts(chat).add(new).await.unwrap();
}

/// The code of a secret, so many steps from now.
pub(crate) fn code(secret: &str, steps: i64) -> String {
    let totp = Builder::new()
        .with_secret(Secret::try_from_base32(secret).unwrap().as_bytes().to_vec())
        .with_account_name("x")
        .build()
        .unwrap();
    let at = Utc::now().timestamp() + steps * 30;
    totp.generate(u64::try_from(at).unwrap()).to_string()
}

pub(crate) async fn sign_in(
    server: &Server,
    login: &str,
    password: &str,
    code: Option<&str>,
) -> Response {
    let mut body = json!({"loginId": login, "password": password});
    if let Some(code) = code {
        body["code"] = code.into();
    }
    ask(server, "POST", SESSIONS)
        .json(&body)
        .send()
        .await
        .unwrap()
}

/// A request from a page that may ask.
pub(crate) fn ask(server: &Server, method: &str, path: &str) -> RequestBuilder {
    let method: Method = method.parse().unwrap();
    server
        .client
        .request(method, server.url(path))
        .header("origin", PAGE)
}

/// The cookie that an answer sets, as it is sent back.
pub(crate) fn cookie(answer: &Response) -> String {
    let set = answer.headers()["set-cookie"].to_str().unwrap();
    set.split(';').next().unwrap().to_owned()
}

pub(crate) async fn secret(server: &Server, login: &str) -> String {
    let answer = sign_in(server, login, PASSWORD, None).await;
    assert_eq!(answer.status(), 202);
    let answer: Value = answer.json().await.unwrap();
    answer["secondFactor"]["secret"]
        .as_str()
        .unwrap()
        .to_owned()
}

/// An account that is signed in: its cookie and the secret of its codes.
pub(crate) async fn counsellor(chat: &Chat, login: &str, admin: bool) -> (String, String) {
    add(chat, login, admin).await;
    let secret = secret(&chat.server, login).await;
    // The code of before, so that others are left to sign in with.
    for steps in [-1, 0] {
        let code = code(&secret, steps);
        let answer = sign_in(&chat.server, login, PASSWORD, Some(&code)).await;
        // The step may have passed meanwhile.
        if answer.status() == 201 {
            return (cookie(&answer), secret);
        }
    }
    panic!("not signed in");
}

/// A token of somebody with a role at web-api.
pub(crate) fn token(user: &str, role: Role, second_factor: bool) -> String {
    let claims = Signer::claims(user, &format!("session-{user}"), role);
    Signer::of_tests().sign(&claims.with_second_factor(second_factor))
}

/// A socket of a console, or the code of its refusal.
pub(crate) async fn console(server: &Server, cookie: &str) -> Result<Visitor, String> {
    let socket = Socket::open_with(server, &[("cookie", cookie), ("origin", PAGE)]).await;
    Visitor::join(socket, &json!({"console": true})).await
}
