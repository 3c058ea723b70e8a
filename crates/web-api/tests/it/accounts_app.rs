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

    /// With more settings.
    pub(crate) async fn with(db: &TestDb, more: &[(&str, &str)]) -> Self {
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
        let base = sms.base_url.clone();
        let settings = [
            ("SENS_BASE_URL", base.as_str()),
            ("SENS_SERVICE_ID", &config.service_id),
            ("SENS_ACCESS_KEY", &config.access_key),
            ("SENS_SECRET_KEY", &config.secret_key),
            ("SENS_SENDER", &config.senders[0]),
            ("SMS_ADDRESS_HOUR", "1000"),
            ("SMS_ADDRESS_DAY", "1000"),
        ];
        let settings = [&settings[..], more].concat();
        let app = TestApp::on(db.migrated().await, &settings);
        Self { app, sms }
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
        let parsed: PhoneNumber = number.parse().unwrap();
        let before = self.sms.handle.messages_to(parsed.national()).len();
        let body = json!({"phoneNumber": number, "purpose": "signUp"});
        let answer = self.post("/auth/phone-verifications", body).await;
        assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        let message = self.message(number, before + 1).await;
        let id = answer.json()["verificationId"].as_str().unwrap().to_owned();
        (id, Self::code_in(&message.content))
    }

    /// A token that proves a number.
    pub(crate) async fn verified(&self, number: &str) -> String {
        let (id, code) = self.code(number).await;
        let path = format!("/auth/phone-verifications/{id}/confirm");
        let answer = self.post(&path, json!({"code": code})).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        let token = &answer.json()["verificationToken"];
        token.as_str().unwrap().to_owned()
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
