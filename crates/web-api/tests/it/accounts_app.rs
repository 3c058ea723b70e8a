//! A server with a stand-in of the SMS provider.

use std::sync::Arc;

use domain::account::PhoneNumber;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::sms::{Config, Message, RateLimit, Running, Simulator};

use crate::db_support::TestDb;
use crate::support::{Answer, TestApp};

pub(crate) const PASSWORD: &str = "canary-password-1";
const BASE: &str = "/api/v1";

/// Each kind of database that there is.
pub(crate) fn databases() -> Vec<Arc<TestDb>> {
    let all = [Some(TestDb::sqlite()), TestDb::mysql()];
    all.into_iter().flatten().map(Arc::new).collect()
}

pub(crate) struct AccountsApp {
    pub(crate) app: TestApp,
    pub(crate) sms: Running,
}

impl AccountsApp {
    pub(crate) async fn on(db: &TestDb) -> Self {
        Self::with(db, &[]).await
    }

    /// With more settings, which win.
    pub(crate) async fn with(db: &TestDb, more: &[(&str, &str)]) -> Self {
        let (sms, settings) = Self::provider().await;
        let mut all: Vec<_> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        all.extend(more);
        let app = TestApp::on(db.migrated().await, &all);
        Self { app, sms }
    }

    /// A stand-in of the provider, and the settings by which a server finds it.
    pub(crate) async fn provider() -> (Running, Vec<(&'static str, String)>) {
        drop(rustls::crypto::ring::default_provider().install_default());
        let config = Config {
            rate_limit: RateLimit {
                requests: 100_000,
                ..Config::default().rate_limit
            },
            processing: std::time::Duration::from_millis(50),
            ..Config::default()
        };
        let sms = Simulator::start(config.clone()).await.unwrap();
        let settings = vec![
            ("SENS_BASE_URL", sms.base_url.clone()),
            ("SENS_SERVICE_ID", config.service_id),
            ("SENS_ACCESS_KEY", config.access_key),
            ("SENS_SECRET_KEY", config.secret_key),
            ("SENS_SENDER", config.senders[0].clone()),
            ("SMS_ADDRESS_HOUR", "1000".to_owned()),
            ("SMS_ADDRESS_DAY", "1000".to_owned()),
            ("SMS_ADDRESS_NUMBER_DAY", "1000".to_owned()),
        ];
        (sms, settings)
    }

    /// Moves the clocks of both: the provider refuses requests of another time.
    pub(crate) fn advance(&self, by: chrono::TimeDelta) {
        self.app.clock.advance(by);
        self.sms.handle.clock.move_by(by);
    }

    pub(crate) async fn stop(self) {
        self.app.stop().await;
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.app.get(&format!("{BASE}{path}")).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        let request = self.app.request(Method::POST, &format!("{BASE}{path}"));
        self.app.send(request.json(&body)).await
    }

    /// A call of who signed in with this answer.
    pub(crate) async fn as_member(
        &self,
        signed: &Value,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let token = signed["accessToken"].as_str().unwrap();
        let mut request = self
            .app
            .request(method, &format!("{BASE}{path}"))
            .bearer_auth(token);
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.app.send(request).await
    }

    /// The newest message to a number, once there are `count`.
    pub(crate) async fn message(&self, number: &str, count: usize) -> Message {
        let number: PhoneNumber = number.parse().unwrap();
        let messages = || self.sms.handle.messages_to(number.national());
        let there = async |_: &TestApp| messages().len() >= count;
        self.app.wait_for("the message arrives", there).await;
        messages().into_iter().next().unwrap()
    }

    pub(crate) fn code_in(text: &str) -> String {
        let digits: Vec<&str> = text
            .split(|c: char| !c.is_ascii_digit())
            .filter(|part| part.len() == 6)
            .collect();
        digits[0].to_owned()
    }

    /// Asks for a code and reads it from the message.
    pub(crate) async fn code(&self, number: &str) -> (String, String) {
        self.code_for("signUp", number).await
    }

    pub(crate) async fn code_for(&self, purpose: &str, number: &str) -> (String, String) {
        let parsed: PhoneNumber = number.parse().unwrap();
        let before = self.sms.handle.messages_to(parsed.national()).len();
        let body = json!({"phoneNumber": number, "purpose": purpose});
        let answer = self.post("/auth/phone-verifications", body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let message = self.message(number, before + 1).await;
        let id = answer.json()["verificationId"].as_str().unwrap().to_owned();
        (id, Self::code_in(&message.content))
    }

    /// A token that proves a number.
    pub(crate) async fn verified(&self, number: &str) -> String {
        self.verified_for("signUp", number).await
    }

    pub(crate) async fn verified_for(&self, purpose: &str, number: &str) -> String {
        let (id, code) = self.code_for(purpose, number).await;
        let path = format!("/auth/phone-verifications/{id}/confirm");
        let answer = self.post(&path, json!({"code": code})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let token = &answer.json()["verificationToken"];
        token.as_str().unwrap().to_owned()
    }

    /// The same for a number that had a message before.
    pub(crate) async fn verified_again(&self, purpose: &str, number: &str) -> String {
        self.advance(chrono::TimeDelta::minutes(4));
        self.verified_for(purpose, number).await
    }

    /// Tries to sign in.
    pub(crate) async fn try_to_sign_in(&self, login_id: &str, password: &str) -> Answer {
        let body = json!({"loginId": login_id, "password": password});
        self.post("/auth/sessions", body).await
    }

    /// A call as a client of another address; 127.0.0.1 has to be a trusted proxy.
    pub(crate) async fn post_from(&self, address: &str, path: &str, body: Value) -> Answer {
        let request = self.app.request(Method::POST, &format!("{BASE}{path}"));
        let request = request.header("x-forwarded-for", address);
        self.app.send(request.json(&body)).await
    }

    /// A sign-up with an `Idempotency-Key`.
    pub(crate) async fn sign_up_once(&self, key: &str, body: &Value) -> Answer {
        let request = self.app.request(Method::POST, &format!("{BASE}/users"));
        let request = request.header("idempotency-key", key);
        self.app.send(request.json(body)).await
    }

    pub(crate) fn sign_up_body(login_id: &str, nickname: &str, token: &str) -> Value {
        let consents = ["terms", "privacy", "age14"];
        let consents = consents.map(|kind| json!({"kind": kind, "agreed": true}));
        json!({
            "loginId": login_id,
            "password": PASSWORD,
            "nickname": nickname,
            "email": "Canary.Mail@example.com",
            "verificationToken": token,
            "consents": consents,
        })
    }

    /// Proves by the password who it is.
    pub(crate) async fn prove(&self, signed: &Value) {
        let body = json!({"password": PASSWORD});
        let answer = self
            .as_member(signed, Method::POST, "/me/reauthentications", Some(body))
            .await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }

    /// Signs in.
    pub(crate) async fn signed_in(&self, login_id: &str) -> Value {
        let body = json!({"loginId": login_id, "password": PASSWORD});
        let answer = self.post("/auth/sessions", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json()
    }

    /// A new member, signed in.
    pub(crate) async fn member(&self, login_id: &str, nickname: &str, number: &str) -> Value {
        let token = self.verified(number).await;
        let body = Self::sign_up_body(login_id, nickname, &token);
        let answer = self.post("/users", body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        self.signed_in(login_id).await
    }
}
