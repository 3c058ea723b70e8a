//! The real binary signs people in, well and badly; neither its log nor its metrics say who, or by what.

use std::path::Path;
use std::time::Duration;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use simulators::oauth::{Config, Decision, Fault, Operation, Person, Simulator, Wrong};
use test_kit::{Server, free_port};

use crate::db_support::TestDb;
use crate::social_app::settings;

/// A browser that remembers what is secret of what passed through it.
pub(crate) struct Visitor {
    pub(crate) client: Client,
    pub(crate) base: String,
    pub(crate) cookie: Option<String>,
    /// Everything secret that was seen on the way.
    pub(crate) seen: Vec<String>,
}

impl Visitor {
    async fn get(&mut self, url: &str) -> String {
        let mut request = self.client.get(url);
        if let Some(cookie) = &self.cookie {
            request = request.header("cookie", cookie);
        }
        let response = request.send().await.unwrap();
        if let Some(set) = response.headers().get("set-cookie") {
            let set = set.to_str().unwrap().split(';').next().unwrap().to_owned();
            self.seen.push(set.split_once('=').unwrap().1.to_owned());
            self.cookie = Some(set);
        }
        let location = response.headers()["location"].to_str().unwrap().to_owned();
        let secret = ["state", "code", "nonce", "code_challenge", "exchangeCode"];
        let (_, pairs) = location.split_once(['?', '#']).unwrap();
        for (name, value) in url::form_urlencoded::parse(pairs.as_bytes()) {
            if secret.contains(&&*name) {
                self.seen.push(value.into_owned());
            }
        }
        location
    }

    /// There and back; the fragment.
    pub(crate) async fn trip(&mut self, provider: &str, query: &str) -> String {
        let address = self
            .get(&format!(
                "{}/api/v1/auth/social/{provider}{query}",
                self.base
            ))
            .await;
        let back = self.get(&address).await;
        let path = back.strip_prefix("http://127.0.0.1:9").unwrap();
        let landed = self.get(&format!("{}{path}", self.base)).await;
        landed.split_once('#').unwrap().1.to_owned()
    }

    async fn post(&mut self, path: &str, body: Value) -> Value {
        let response = self
            .client
            .request(Method::POST, format!("{}/api/v1{path}", self.base))
            .header("cookie", self.cookie.as_deref().unwrap())
            .header("origin", self.base.as_str())
            .json(&body)
            .send()
            .await
            .unwrap();
        let answer: Value = response.json().await.unwrap();
        for name in ["signUpToken", "accessToken", "refreshToken"] {
            if let Some(token) = answer[name].as_str() {
                self.seen.push(token.to_owned());
            }
        }
        answer
    }
}

/// The code of a fragment.
pub(crate) fn code(fragment: &str) -> String {
    let mut pairs = url::form_urlencoded::parse(fragment.as_bytes());
    let code = pairs.find(|(name, _)| name == "exchangeCode").unwrap().1;
    code.into_owned()
}

fn read_all(folder: &Path, text: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, text);
        } else {
            text.push_str(&String::from_utf8_lossy(&std::fs::read(path).unwrap()));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn logs_and_metrics_hold_no_code_token_person_or_secret() {
    drop(rustls::crypto::ring::default_provider().install_default());
    let providers = Simulator::start(Config::default()).await.unwrap();
    let person = Person::new("canary-person", "카나리아");
    providers.handle.set_person(person.clone());
    providers.handle.decide(Decision::Approve {
        person: person.id.clone(),
    });
    let database = TestDb::sqlite();
    drop(database.migrated().await);
    let logs = tempfile::tempdir().unwrap();
    let (port, ops) = (free_port().unwrap(), free_port().unwrap());
    let mut builder = Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
        .env("WEB_PORT", port.to_string())
        .env("WEB_OPS_PORT", ops.to_string())
        .env("WEB_WORKERS", "2")
        .env("DATABASE_URL", &database.url_text)
        .env("DATA_DIR", logs.path())
        .env("LOG_DIR", logs.path().join("logs"))
        .env("LOG_LEVEL", "debug")
        .env("PASSWORD_COST", "4");
    for (name, value) in settings(&providers.base_url) {
        builder = builder.env(name, value);
    }
    let mut server = builder.ready_at(ops, "/livez").start().unwrap();
    let client = Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(20))
        .build()
        .unwrap();
    let mut visitor = Visitor {
        client: client.clone(),
        base: format!("http://127.0.0.1:{port}"),
        cookie: None,
        seen: Vec::new(),
    };
    // The schema may still be under way.
    assert!(test_kit::eventually(Duration::from_secs(20), || {
        server.log().contains("is open") || server.is_ready()
    }));
    for (provider, nickname) in [("naver", "하늘"), ("google", "바다"), ("kakao", "나무")] {
        let landed = code(&visitor.trip(provider, "").await);
        let answer = visitor
            .post("/auth/social/exchange", json!({"exchangeCode": landed}))
            .await;
        let consents = ["terms", "privacy", "age14"];
        let consents = consents.map(|kind| json!({"kind": kind, "agreed": true}));
        let body = json!({
            "signUpToken": answer["signUpToken"], "nickname": nickname, "consents": consents,
            "email": "canary.mail@example.com",
        });
        assert!(visitor.post("/users", body).await["id"].is_string());
        let landed = code(&visitor.trip(provider, "").await);
        let body = json!({"exchangeCode": landed});
        let signed = visitor.post("/auth/social/exchange", body.clone()).await;
        assert!(signed["accessToken"].is_string(), "{signed}");
        visitor.post("/auth/social/exchange", body).await;
    }
    for (provider, operation, wrong) in [
        ("kakao", Operation::KakaoAuthorize, Wrong::ReplayedCode),
        ("naver", Operation::NaverToken, Wrong::InvalidGrant),
        ("google", Operation::GoogleToken, Wrong::WrongSignature),
        ("kakao", Operation::KakaoToken, Wrong::Garbage),
        ("google", Operation::GoogleToken, Wrong::InvalidClient),
    ] {
        let fault = Fault::answer(wrong).on(operation).times(1);
        providers.handle.faults.add(fault);
        assert!(visitor.trip(provider, "").await.contains("error="));
    }
    let metrics = client.get(format!("http://127.0.0.1:{ops}/metrics"));
    let metrics = metrics.send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("social_callbacks_total"), "{metrics}");
    server.stop(Duration::from_secs(20)).unwrap();
    let mut told = format!("{}\n{metrics}\n", server.log());
    read_all(&logs.path().join("logs"), &mut told);
    assert!(told.contains("a provider names nobody"), "{told}");
    let mut secrets = visitor.seen;
    secrets.extend(simulators::oauth::Provider::ALL.map(|provider| person.subject(provider)));
    for name in ["naver", "google", "kakao"] {
        secrets.push(format!("sample-{name}-secret"));
    }
    secrets.extend(
        [
            "sample-kakao-admin-key",
            "canary.mail",
            "canary-person@",
            "카나리아",
        ]
        .map(str::to_owned),
    );
    assert!(secrets.len() > 60, "{}", secrets.len());
    for secret in secrets {
        if let Some(at) = told.find(&secret) {
            let line = told
                .get(..at)
                .unwrap_or_default()
                .lines()
                .last()
                .unwrap_or_default();
            panic!("{secret} after {line}");
        }
    }
}
