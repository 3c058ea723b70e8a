//! The real binary with a stand-in of the SMS provider.

use std::time::Duration;

use domain::account::PhoneNumber;
use reqwest::{Method, Response, StatusCode};
use serde_json::{Value, json};
use simulators::sms::{Config, RateLimit, Running, Simulator};
use test_kit::{Server, free_port};

use crate::accounts_app::AccountsApp;
use crate::db_support::TestDb;
use crate::support::DEADLINE;

pub(crate) struct RealApp {
    pub(crate) server: Server,
    pub(crate) sms: Running,
    pub(crate) client: reqwest::Client,
    pub(crate) base: String,
    pub(crate) ops: String,
    pub(crate) data: tempfile::TempDir,
}

impl RealApp {
    pub(crate) async fn start(db: &TestDb, more: &[(&str, &str)]) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let config = Config {
            rate_limit: RateLimit {
                requests: 100_000,
                ..Config::default().rate_limit
            },
            processing: Duration::from_millis(50),
            ..Config::default()
        };
        let sms = Simulator::start(config.clone()).await.unwrap();
        // Before it starts: what is asked first may need what is migrated last.
        drop(db.migrated().await);
        let data = tempfile::tempdir().unwrap();
        let (port, ops) = (free_port().unwrap(), free_port().unwrap());
        let mut how = Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
            .env("WEB_PORT", port.to_string())
            .env("WEB_OPS_PORT", ops.to_string())
            .env("WEB_WORKERS", "2")
            .env("DATABASE_URL", &db.url_text)
            .env("DATA_DIR", data.path())
            .env("RATE_LIMITS", "off")
            .env("PASSWORD_COST", "4")
            .env("LOG_FORMAT", "json")
            .env("SENS_BASE_URL", &sms.base_url)
            .env("SENS_SERVICE_ID", &config.service_id)
            .env("SENS_ACCESS_KEY", &config.access_key)
            .env("SENS_SECRET_KEY", &config.secret_key)
            .env("SENS_SENDER", &config.senders[0])
            .env("SMS_ADDRESS_HOUR", "1000")
            .env("SMS_ADDRESS_DAY", "1000")
            .env("SMS_ADDRESS_NUMBER_DAY", "1000");
        for (name, value) in more {
            how = how.env(name, value);
        }
        let server = tokio::task::spawn_blocking(move || how.ready_at(ops, "/livez").start());
        let app = Self {
            server: server.await.unwrap().unwrap(),
            sms,
            client: reqwest::Client::builder()
                .no_proxy()
                .timeout(DEADLINE)
                .build()
                .unwrap(),
            base: format!("http://127.0.0.1:{port}/api/v1"),
            ops: format!("http://127.0.0.1:{ops}"),
            data,
        };
        app.wait_for_schema().await;
        app
    }

    /// It lives before it has looked at its schema.
    pub(crate) async fn wait_for_schema(&self) {
        let begun = std::time::Instant::now();
        loop {
            let asked = self
                .client
                .get(format!("{}/users/availability?loginId=abcd", self.base));
            if asked
                .send()
                .await
                .is_ok_and(|answer| answer.status() == StatusCode::OK)
            {
                return;
            }
            assert!(begun.elapsed() < DEADLINE, "{}", self.server.log_tail(20));
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.client.request(method, format!("{}{path}", self.base))
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Response {
        let request = self.request(Method::POST, path).json(&body);
        request.send().await.unwrap()
    }

    /// Asks for a code, reads it from the message, and proves the number by it.
    pub(crate) async fn verified(&self, number: &str, purpose: &str) -> String {
        let parsed: PhoneNumber = number.parse().unwrap();
        let before = self.sms.handle.messages_to(parsed.national()).len();
        let body = json!({"phoneNumber": number, "purpose": purpose});
        let asked = self.post("/auth/phone-verifications", body).await;
        assert_eq!(
            asked.status(),
            StatusCode::ACCEPTED,
            "{}",
            self.server.log_tail(20)
        );
        let asked: Value = asked.json().await.unwrap();
        let begun = std::time::Instant::now();
        let message = loop {
            let messages = self.sms.handle.messages_to(parsed.national());
            if messages.len() > before {
                break messages.into_iter().next().unwrap();
            }
            assert!(begun.elapsed() < DEADLINE, "no message");
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        let id = asked["verificationId"].as_str().unwrap();
        let code = AccountsApp::code_in(&message.content);
        let path = format!("/auth/phone-verifications/{id}/confirm");
        let answer = self.post(&path, json!({"code": code})).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let answer: Value = answer.json().await.unwrap();
        answer["verificationToken"].as_str().unwrap().to_owned()
    }

    /// Signs in.
    pub(crate) async fn signed_in(&self, login_id: &str, password: &str) -> Value {
        let body = json!({"loginId": login_id, "password": password});
        let answer = self.post("/auth/sessions", body).await;
        assert_eq!(answer.status(), StatusCode::CREATED);
        answer.json().await.unwrap()
    }

    /// A call of who signed in with this answer.
    pub(crate) fn as_member(
        &self,
        signed: &Value,
        method: Method,
        path: &str,
    ) -> reqwest::RequestBuilder {
        let token = signed["accessToken"].as_str().unwrap();
        self.request(method, path).bearer_auth(token)
    }
}
