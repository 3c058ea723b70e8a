//! The real binary with the stand-in of the SMS provider, and everything that it says.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::sms::{Config, RateLimit, Running, Simulator};
use test_kit::{Server, free_port};

use super::walk::Call;
use super::{EMAIL, LOGIN_ID, MARK, MEMBERS_PHONE, NEXT_PASSWORD, PASSWORD};
use crate::accounts_app::AccountsApp;
use crate::db_support::TestDb;
use crate::support::{DEADLINE, sample};

pub(super) struct Subject {
    pub(super) server: Server,
    sms: Running,
    base: String,
    ops: u16,
    client: reqwest::Client,
    /// What it gave out, by what it is: nobody but the one who got it may ever see it again.
    pub(super) given: BTreeMap<String, String>,
    /// Errors, whole.
    pub(super) errors: Vec<(String, String)>,
    pub(super) asked: usize,
}

impl Subject {
    pub(super) async fn on(database: &TestDb) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        sample::catalogue().write(&database.migrated().await).await;
        let config = Config {
            secret_key: format!("{MARK}-sens-secret"),
            rate_limit: RateLimit {
                requests: 100_000,
                ..Config::default().rate_limit
            },
            processing: Duration::from_millis(50),
            ..Config::default()
        };
        let sms = Simulator::start(config.clone()).await.unwrap();
        let (port, ops) = (free_port().unwrap(), free_port().unwrap());
        let settings = [
            ("WEB_PORT", port.to_string().as_str()),
            ("WEB_OPS_PORT", ops.to_string().as_str()),
            ("WEB_WORKERS", "2"),
            ("DATABASE_URL", database.url_text.as_str()),
            ("CATALOGUE_REFRESH_SECONDS", "1"),
            ("RATE_LIMITS", "off"),
            ("PASSWORD_COST", "4"),
            ("TRUSTED_PROXIES", "127.0.0.0/8"),
            ("LOG_FORMAT", "json"),
            ("LOG_LEVEL", "debug"),
            ("SENS_BASE_URL", sms.base_url.as_str()),
            ("SENS_SERVICE_ID", config.service_id.as_str()),
            ("SENS_ACCESS_KEY", config.access_key.as_str()),
            ("SENS_SECRET_KEY", config.secret_key.as_str()),
            ("SENS_SENDER", config.senders[0].as_str()),
            ("SMS_ADDRESS_HOUR", "10000"),
            ("SMS_ADDRESS_DAY", "100000"),
            ("SMS_ADDRESS_NUMBER_DAY", "100000"),
            ("SMS_DAILY_COST", "100000000"),
        ]
        .map(|(name, value)| (name, value.to_owned()));
        let server = settings
            .into_iter()
            .fold(
                Server::builder("web-api", env!("CARGO_BIN_EXE_web-api")),
                |builder, (name, value)| builder.env(name, value),
            )
            .ready_at(ops, "/readyz")
            .start()
            .unwrap();
        let base = format!("http://127.0.0.1:{port}");
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(DEADLINE)
            .build()
            .unwrap();
        let subject = Self {
            server,
            sms,
            base,
            ops,
            client,
            given: BTreeMap::new(),
            errors: Vec::new(),
            asked: 0,
        };
        let url = format!("/api/v1/medicines/{}", sample::TYLENOL);
        let shown = || test_kit::http::get(port, &url, DEADLINE).is_ok_and(|one| one.status == 200);
        assert!(test_kit::eventually(DEADLINE, shown));
        subject
    }

    /// Asks, each time from another address: nobody is slowed by what another did.
    pub(super) async fn ask(&mut self, call: &Call) -> (StatusCode, String) {
        self.asked += 1;
        let address = format!("198.18.{}.{}", self.asked / 250, self.asked % 250 + 1);
        let url = format!("{}{}", self.base, call.path);
        let mut request = self.client.request(call.method.clone(), url);
        request = request.header("x-forwarded-for", address);
        for (name, value) in &call.headers {
            request = request.header(*name, value.as_slice());
        }
        if let Some((kind, body)) = &call.body {
            request = request.header("content-type", kind).body(body.clone());
        }
        let response = request.send().await.unwrap();
        let (status, headers) = (response.status(), format!("{:?}", response.headers()));
        let text = response.text().await.unwrap();
        if !status.is_success() {
            let error = format!("{status} {headers} {text}");
            self.errors.push((call.to_string(), error));
        }
        (status, text)
    }

    /// A call that has to go well.
    async fn done(&mut self, method: Method, path: &str, token: &str, body: Value) -> Value {
        let mut call = Call::new(method, &format!("/api/v1{path}"));
        if !token.is_empty() {
            call.set("authorization", format!("Bearer {token}"));
        }
        call.body = Some(("application/json".to_owned(), body.to_string().into_bytes()));
        let (status, text) = self.ask(&call).await;
        assert!(status.is_success(), "{call}: {status} {text}");
        serde_json::from_str(&text).unwrap_or_default()
    }

    fn note(&mut self, what: &str, answer: &Value) {
        let token = answer[what].as_str().unwrap().to_owned();
        let name = format!("{what} {}", self.given.len());
        self.given.insert(name, token);
    }

    pub(super) async fn sign_in(&mut self, password: &str) -> Value {
        let body = json!({"loginId": LOGIN_ID, "password": password});
        let signed = self.done(Method::POST, "/auth/sessions", "", body).await;
        self.note("accessToken", &signed);
        self.note("refreshToken", &signed);
        signed
    }

    /// Everything that goes well, from the number to another password.
    pub(super) async fn live(&mut self) {
        let body = json!({"phoneNumber": MEMBERS_PHONE, "purpose": "signUp"});
        let path = "/auth/phone-verifications";
        let asked = self.done(Method::POST, path, "", body).await;
        let national = MEMBERS_PHONE.replace('-', "");
        let messages = || self.sms.handle.messages_to(&national);
        assert!(test_kit::eventually(DEADLINE, || !messages().is_empty()));
        let code = AccountsApp::code_in(&messages()[0].content);
        self.given.insert("code".to_owned(), code.clone());
        let id = asked["verificationId"].as_str().unwrap();
        let path = format!("/auth/phone-verifications/{id}/confirm");
        let body = json!({"code": code});
        let verified = self.done(Method::POST, &path, "", body).await;
        self.note("verificationToken", &verified);
        let token = verified["verificationToken"].as_str().unwrap();
        let mut body = AccountsApp::sign_up_body(LOGIN_ID, "하늘", token);
        body["password"] = PASSWORD.into();
        body["email"] = EMAIL.into();
        self.done(Method::POST, "/users", "", body).await;

        let signed = self.sign_in(PASSWORD).await;
        let body = json!({"refreshToken": signed["refreshToken"]});
        let path = "/auth/sessions/refresh";
        let fresh = self.done(Method::POST, path, "", body).await;
        self.note("accessToken", &fresh);
        self.note("refreshToken", &fresh);
        let token = fresh["accessToken"].as_str().unwrap();
        let body = json!({"currentPassword": PASSWORD, "newPassword": NEXT_PASSWORD});
        self.done(Method::PUT, "/me/password", token, body).await;
    }

    /// All that was written anywhere, by where.
    pub(super) fn written(&mut self) -> Vec<(String, String)> {
        let metrics = test_kit::http::get(self.ops, "/metrics", DEADLINE).unwrap();
        assert!(metrics.body.contains("http_request"), "{}", metrics.body);
        let ready = test_kit::http::get(self.ops, "/readyz", DEADLINE).unwrap();
        let ended = self.server.stop(DEADLINE).unwrap();
        assert!(ended.success(), "{}", self.server.log_tail(20));
        let log = self.server.log();
        assert!(log.contains("\"level\":\"DEBUG\""), "{log}");
        let mut written = vec![
            ("metrics".to_owned(), metrics.body),
            ("readyz".to_owned(), ready.body),
            ("standard output".to_owned(), log),
        ];
        let folder = self.server.own_folder().join("data/logs");
        written.extend(files(&folder));
        assert!(written.len() > 3, "no files of logs in {folder:?}");
        written
    }
}

fn files(folder: &Path) -> Vec<(String, String)> {
    let entries = std::fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .map(|path| {
            let text = String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned();
            (path.display().to_string(), text)
        })
        .collect()
}
