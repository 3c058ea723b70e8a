//! What a member leaves besides what he types: a picture, a link to another service, proofs of himself.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::oauth::{Config, Decision, Person, Simulator};

use crate::accounts_social_logs::{Visitor, code};
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
