//! What a member leaves besides what he types: a picture, a link to another service, proofs of himself.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::oauth::{Config, Decision, Person, Simulator};

use totp_rs::{Builder, Secret};

use crate::accounts_social_logs::{Visitor, code};
use crate::db_support::TestDb;
use crate::profile_image::pictures::jpeg_upside_down;
use crate::real_app::RealApp;
use crate::social_app::settings;

/// Who he is at the other service.
pub(crate) const SUBJECT: &str = "canary-subject-77";
const NAME: &str = "카나리사람77";

/// The other services.
pub(crate) struct Services {
    providers: simulators::oauth::Running,
}

impl Services {
    pub(crate) async fn start() -> Self {
        let providers = Simulator::start(Config::default()).await.unwrap();
        providers.handle.set_person(Person::new(SUBJECT, NAME));
        providers.handle.decide(Decision::Approve {
            person: SUBJECT.to_owned(),
        });
        Self { providers }
    }

    pub(crate) fn settings(&self) -> Vec<(&'static str, String)> {
        settings(&self.providers.base_url)
    }

    /// Links a member with all three, and shows a picture of him. Gives what is secret of it.
    pub(crate) async fn used_by(
        &self,
        app: &RealApp,
        signed: &Value,
        password: &str,
    ) -> Vec<String> {
        let client = reqwest::Client::builder().no_proxy();
        let client = client.redirect(reqwest::redirect::Policy::none());
        let mut visitor = Visitor {
            client: client.build().unwrap(),
            base: app.base.trim_end_matches("/api/v1").to_owned(),
            cookie: None,
            seen: Vec::new(),
        };
        for provider in ["naver", "google", "kakao"] {
            // Changing a password ends no proof; each link wants a fresh one.
            let proof = app.as_member(signed, Method::POST, "/me/reauthentications");
            let proved = proof.json(&json!({"password": password})).send().await;
            assert!(proved.unwrap().status().is_success());
            let landed = code(&visitor.trip(provider, "?purpose=link").await);
            let link = app
                .as_member(signed, Method::PUT, &format!("/me/social/{provider}"))
                .header("cookie", visitor.cookie.as_deref().unwrap())
                .header("origin", visitor.base.as_str())
                .json(&json!({"exchangeCode": landed}));
            let linked = link.send().await.unwrap();
            assert!(
                linked.status().is_success(),
                "{provider} {}",
                app.server.log_tail(20)
            );
        }
        pictured(app, signed).await;
        let mut secrets = visitor.seen;
        secrets.extend([SUBJECT.to_owned(), NAME.to_owned()]);
        secrets
    }
}

/// Makes him a counsellor who signs in with a second factor. Gives what is secret of it.
pub(crate) async fn second_factor(
    app: &RealApp,
    db: &TestDb,
    signed: &Value,
    (login_id, password): (&str, &str),
) -> Vec<String> {
    db.console(&format!(
        "UPDATE users SET role = 'counsellor' WHERE login_id = '{login_id}'"
    ));
    let send = async |path: &str, body: Value| {
        let request = app.as_member(signed, Method::POST, path).json(&body);
        let answer = request.send().await.unwrap();
        assert!(answer.status().is_success(), "{}", app.server.log_tail(20));
        answer.json::<Value>().await.unwrap()
    };
    let proposed = send("/me/second-factor", json!({"currentPassword": password})).await;
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let secret = text(&proposed["secret"]);
    let totp = Secret::try_from_base32(&secret).unwrap();
    let totp = Builder::new().with_secret(totp).build().unwrap();
    let now = u64::try_from(chrono::Utc::now().timestamp()).unwrap();
    let body = json!({"code": totp.generate(now).to_string()});
    let codes = send("/me/second-factor/confirmation", body).await["recoveryCodes"].clone();
    let codes: Vec<String> = serde_json::from_value(codes).unwrap();
    let post = async |path: &str, body: Value| {
        let request = app.request(Method::POST, path).json(&body);
        request.send().await.unwrap().json::<Value>().await.unwrap()
    };
    let body = json!({"loginId": login_id, "password": password});
    let half = post("/auth/sessions", body).await;
    let token = text(&half["secondFactorToken"]);
    // One that is none, one that is used, and the secret where a code belongs.
    for code in ["000000", codes[0].as_str(), secret.as_str()] {
        let body = json!({"token": token, "code": code});
        post("/auth/sessions/second-factor", body).await;
    }
    let mut secrets = vec![secret, text(&proposed["otpauthUri"]), token];
    // As they are shown, and as they are stored or typed without what makes them readable.
    secrets.extend(codes.iter().map(|code| code.replace('-', "")));
    secrets.extend(codes);
    secrets
}

/// Uploads a picture with its camera's notes and shows it; another is left half-way.
async fn pictured(app: &RealApp, signed: &Value) {
    let jpeg = jpeg_upside_down();
    for accepted in [true, false] {
        let permit = app.as_member(signed, Method::POST, "/me/profile-image/uploads");
        let permit = permit.json(&json!({"contentType": "image/jpeg", "size": jpeg.len()}));
        let upload: Value = permit.send().await.unwrap().json().await.unwrap();
        let url = upload["url"].as_str().unwrap();
        let url = match url.strip_prefix('/') {
            Some(path) => format!("{}/{path}", app.base.trim_end_matches("/api/v1")),
            None => url.to_owned(),
        };
        let mut put = app.client.put(url).body(jpeg.clone());
        for (name, value) in upload["headers"].as_object().unwrap() {
            put = put.header(name, value.as_str().unwrap());
        }
        assert!(put.send().await.unwrap().status().is_success());
        if accepted {
            let accept = app.as_member(signed, Method::PUT, "/me/profile-image");
            let accept = accept.json(&json!({"uploadId": upload["uploadId"]}));
            assert_eq!(accept.send().await.unwrap().status(), StatusCode::OK);
        }
    }
}
