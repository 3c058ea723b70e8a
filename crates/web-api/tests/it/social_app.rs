//! A server with stand-ins of Naver, Google and Kakao, and browsers that keep cookies.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::oauth::{Config, Decision, Running, Simulator};

use crate::db_support::TestDb;
use crate::support::{Answer, TestApp};

const BASE: &str = "/api/v1";
/// Where the providers think that the server is: the test carries what is sent there to where it really is.
const PUBLIC: &str = "http://127.0.0.1:9";
/// The places of the front end.
pub(crate) const FRONT: &str = "http://127.0.0.1:9/signed-in";
pub(crate) const OTHER_FRONT: &str = "http://127.0.0.1:9/other?view=1";

pub(crate) struct SocialApp {
    pub(crate) app: TestApp,
    pub(crate) providers: Running,
}

/// Settings that point at stand-ins.
pub(crate) fn settings(base: &str) -> Vec<(&'static str, String)> {
    let mut all = vec![
        ("SOCIAL_PUBLIC_URL", PUBLIC.to_owned()),
        ("SOCIAL_RETURN_URLS", format!("{FRONT},{OTHER_FRONT}")),
        ("SOCIAL_TIMEOUT_SECONDS", "1".to_owned()),
        ("NAVER_CLIENT_ID", "sample-naver-id".to_owned()),
        ("NAVER_CLIENT_SECRET", "sample-naver-secret".to_owned()),
        ("GOOGLE_CLIENT_ID", "sample-google-id".to_owned()),
        ("GOOGLE_CLIENT_SECRET", "sample-google-secret".to_owned()),
        ("KAKAO_CLIENT_ID", "sample-kakao-id".to_owned()),
        ("KAKAO_CLIENT_SECRET", "sample-kakao-secret".to_owned()),
        ("KAKAO_ADMIN_KEY", "sample-kakao-admin-key".to_owned()),
        ("GOOGLE_ISSUER", format!("{base}/google")),
        ("KAKAO_ISSUER", format!("{base}/kakao")),
    ];
    let places = [
        ("NAVER_AUTHORIZE_URL", "/naver/oauth2.0/authorize"),
        ("NAVER_TOKEN_URL", "/naver/oauth2.0/token"),
        ("NAVER_PROFILE_URL", "/naver/v1/nid/me"),
        ("GOOGLE_AUTHORIZE_URL", "/google/o/oauth2/v2/auth"),
        ("GOOGLE_TOKEN_URL", "/google/token"),
        ("GOOGLE_KEYS_URL", "/google/oauth2/v3/certs"),
        ("GOOGLE_REVOKE_URL", "/google/revoke"),
        ("KAKAO_AUTHORIZE_URL", "/kakao/oauth/authorize"),
        ("KAKAO_TOKEN_URL", "/kakao/oauth/token"),
        ("KAKAO_KEYS_URL", "/kakao/.well-known/jwks.json"),
        ("KAKAO_UNLINK_URL", "/kakao/v1/user/unlink"),
    ];
    all.extend(places.map(|(name, path)| (name, format!("{base}{path}"))));
    all
}

/// Somebody's browser: it keeps our one cookie, as it is told, and follows no link by itself.
#[derive(Debug, Default, Clone)]
pub(crate) struct Browser {
    pub(crate) cookie: Option<String>,
}

/// What stood in a fragment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Landed {
    pub(crate) place: String,
    pub(crate) code: Option<String>,
    pub(crate) error: Option<String>,
    pub(crate) provider: Option<String>,
    pub(crate) purpose: Option<String>,
}

impl SocialApp {
    pub(crate) async fn on(db: &TestDb) -> Self {
        Self::with(db, &[]).await
    }

    /// With more settings.
    pub(crate) async fn with(db: &TestDb, more: &[(&str, &str)]) -> Self {
        drop(rustls::crypto::ring::default_provider().install_default());
        let providers = Simulator::start(Config::default()).await.unwrap();
        let settings = settings(&providers.base_url);
        let pairs: Vec<(&str, &str)> = settings
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .chain(more.iter().copied())
            .collect();
        let app = TestApp::on(db.migrated().await, &pairs);
        Self { app, providers }
    }

    pub(crate) fn advance(&self, by: chrono::TimeDelta) {
        self.app.clock.advance(by);
        self.providers.handle.clock.move_by(by);
    }

    pub(crate) fn person(&self, id: &str) {
        let person = id.to_owned();
        self.providers.handle.decide(Decision::Approve { person });
    }

    /// Opens an address of ours as a browser does.
    pub(crate) async fn open(&self, browser: &mut Browser, path: &str) -> Answer {
        let mut request = self.app.request(Method::GET, path);
        if let Some(cookie) = &browser.cookie {
            request = request.header("cookie", cookie);
        }
        let answer = self.app.send(request).await;
        if let Some(set) = answer.headers.get("set-cookie") {
            let set = set.to_str().unwrap();
            for part in [
                "__Host-social=",
                "HttpOnly",
                "Secure",
                "SameSite=Lax",
                "Path=/",
            ] {
                assert!(set.contains(part), "{part}: {set}");
            }
            assert!(!set.contains("Domain"), "{set}");
            browser.cookie = Some(set.split(';').next().unwrap().to_owned());
        }
        answer
    }

    /// Begins; gives the address at the provider.
    pub(crate) async fn begin(&self, browser: &mut Browser, provider: &str, query: &str) -> String {
        let path = format!("{BASE}/auth/social/{provider}{query}");
        let answer = self.open(browser, &path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.header("location").to_owned()
    }

    /// What the provider does with it; gives the path of the way back.
    pub(crate) async fn at_provider(&self, address: &str) -> String {
        let response = self.app.client.get(address).send().await.unwrap();
        assert_eq!(response.status(), StatusCode::FOUND, "{address}");
        let back = response.headers()["location"].to_str().unwrap().to_owned();
        back.strip_prefix(PUBLIC).unwrap().to_owned()
    }

    /// Comes back.
    pub(crate) async fn back(&self, browser: &mut Browser, path: &str) -> Landed {
        let answer = self.open(browser, path).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let location = answer.header("location");
        let (place, fragment) = location.split_once('#').unwrap();
        let mut landed = Landed {
            place: place.to_owned(),
            ..Landed::default()
        };
        for (name, value) in url::form_urlencoded::parse(fragment.as_bytes()) {
            let value = Some(value.into_owned());
            match &*name {
                "exchangeCode" => landed.code = value,
                "error" => landed.error = value,
                "provider" => landed.provider = value,
                "purpose" => landed.purpose = value,
                other => panic!("{other} in a fragment"),
            }
        }
        landed
    }

    /// There and back.
    pub(crate) async fn trip(&self, browser: &mut Browser, provider: &str, query: &str) -> Landed {
        let address = self.begin(browser, provider, query).await;
        let back = self.at_provider(&address).await;
        self.back(browser, &back).await
    }

    /// A call of the front end, in this browser and as whom the token says.
    pub(crate) async fn call(
        &self,
        browser: &Browser,
        token: Option<&Value>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let mut request = self.app.request(method, &format!("{BASE}{path}"));
        if let Some(cookie) = &browser.cookie {
            request = request
                .header("cookie", cookie)
                .header("origin", self.app.base.as_str());
        }
        if let Some(token) = token {
            request = request.bearer_auth(token["accessToken"].as_str().unwrap());
        }
        if let Some(body) = body {
            request = request.json(&body);
        }
        self.app.send(request).await
    }

    pub(crate) async fn exchange(&self, browser: &Browser, code: &str) -> Answer {
        let body = json!({"exchangeCode": code});
        let path = "/auth/social/exchange";
        self.call(browser, None, Method::POST, path, Some(body))
            .await
    }

    /// What somebody signs up with.
    pub(crate) fn sign_up_body(token: &Value, nickname: &str) -> Value {
        let consents = ["terms", "privacy", "age14"];
        let consents = consents.map(|kind| json!({"kind": kind, "agreed": true}));
        json!({"signUpToken": token, "nickname": nickname, "consents": consents})
    }

    /// The token to sign up with of somebody who isn't known yet.
    pub(crate) async fn stranger(&self, browser: &mut Browser, provider: &str, id: &str) -> Value {
        self.person(id);
        let landed = self.trip(browser, provider, "").await;
        let answer = self.exchange(browser, &landed.code.unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
        assert_eq!(answer.json()["signUpRequired"], true);
        answer.json()["signUpToken"].clone()
    }

    /// Signs somebody in who is known.
    pub(crate) async fn signed_in(&self, browser: &mut Browser, provider: &str, id: &str) -> Value {
        self.person(id);
        let landed = self.trip(browser, provider, "").await;
        let answer = self.exchange(browser, &landed.code.unwrap()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert_eq!(answer.header("cache-control"), "no-store");
        answer.json()
    }

    /// A new member by this provider, signed in.
    pub(crate) async fn member(
        &self,
        browser: &mut Browser,
        provider: &str,
        id: &str,
        nickname: &str,
    ) -> Value {
        let token = self.stranger(browser, provider, id).await;
        let body = Self::sign_up_body(&token, nickname);
        let answer = self
            .call(browser, None, Method::POST, "/users", Some(body))
            .await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        self.signed_in(browser, provider, id).await
    }

    /// Proves who is there, by a provider.
    pub(crate) async fn prove(
        &self,
        browser: &mut Browser,
        signed: &Value,
        provider: &str,
        id: &str,
    ) -> Answer {
        self.person(id);
        let landed = self
            .trip(browser, provider, "?purpose=reauthenticate")
            .await;
        let body = json!({"exchangeCode": landed.code.unwrap()});
        let path = "/me/reauthentications";
        self.call(browser, Some(signed), Method::POST, path, Some(body))
            .await
    }

    /// Links whom the provider names.
    pub(crate) async fn link(
        &self,
        browser: &mut Browser,
        signed: &Value,
        provider: &str,
        id: &str,
    ) -> Answer {
        self.person(id);
        let landed = self.trip(browser, provider, "?purpose=link").await;
        let body = json!({"exchangeCode": landed.code.unwrap()});
        let path = format!("/me/social/{provider}");
        self.call(browser, Some(signed), Method::PUT, &path, Some(body))
            .await
    }
}
