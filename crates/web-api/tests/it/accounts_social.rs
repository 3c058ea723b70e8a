//! Signing in by Naver, Google and Kakao: what works, and what others try.

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::json;
use simulators::oauth::{Decision, Provider};

use crate::db_support::on_both;
use crate::social_app::{Browser, FRONT, OTHER_FRONT, SocialApp};

const PROVIDERS: [&str; 3] = ["naver", "google", "kakao"];

on_both!(
    a_new_person_signs_up_and_then_in_by_each_provider,
    |db| async move {
        let app = SocialApp::on(&db).await;
        for (provider, nickname) in PROVIDERS.into_iter().zip(["하늘", "바다", "나무"]) {
            let mut browser = Browser::default();
            app.person("hong");
            let landed = app.trip(&mut browser, provider, "").await;
            assert_eq!(landed.place, FRONT);
            assert_eq!(
                (landed.provider.as_deref(), landed.purpose.as_deref()),
                (Some(provider), Some("signIn"))
            );
            let answer = app.exchange(&browser, &landed.code.unwrap()).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert_eq!(answer.header("cache-control"), "no-store");
            let token = answer.json()["signUpToken"].clone();
            let body = SocialApp::sign_up_body(&token, nickname);
            let made = app
                .call(&browser, None, Method::POST, "/users", Some(body.clone()))
                .await;
            assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
            // The token was good once.
            let again = app
                .call(&browser, None, Method::POST, "/users", Some(body))
                .await;
            let problem = again.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["field"], "signUpToken");
            // The next time he is known.
            let signed = app.signed_in(&mut browser, provider, "hong").await;
            let me = app
                .call(&browser, Some(&signed), Method::GET, "/me", None)
                .await
                .json();
            assert_eq!(me["id"], made.json()["id"]);
            assert_eq!(me["loginTypes"], json!([provider]));
            assert_eq!(
                (
                    &me["loginId"],
                    &me["email"],
                    &me["phoneNumber"],
                    &me["nickname"]
                ),
                (&json!(null), &json!(null), &json!(null), &json!(nickname))
            );
        }
        // One person at three providers is three members until he links them: an e-mail joins nobody.
        let users = db.console("SELECT COUNT(*) AS cell FROM users");
        assert_eq!(users.trim(), "3");
        // What is asked for, and how.
        for authorization in app.providers.handle.authorizations() {
            let asked = &authorization.parameters;
            assert!(asked["state"].len() >= 43);
            if authorization.provider == Provider::Naver {
                assert_eq!(asked.get("scope"), None);
            } else {
                assert_eq!(asked["scope"], "openid");
                assert_eq!(asked["code_challenge_method"], "S256");
                assert!(asked["nonce"].len() >= 43);
                assert_ne!(asked["nonce"], asked["state"]);
            }
        }
        // Neither a person's id nor a token stands in the database as it is.
        let hong = app.providers.handle.person("hong").unwrap();
        for provider in Provider::ALL {
            let subject = hong.subject(provider);
            let query = format!(
                "SELECT COUNT(*) AS cell FROM social_identities WHERE subject_sealed LIKE '%{subject}%'"
            );
            assert_eq!(db.console(&query).trim(), "0");
        }
        assert_eq!(
            db.console("SELECT COUNT(*) AS cell FROM social_exchanges")
                .trim(),
            "0",
            "redeemed codes are gone"
        );
        app.app.stop().await;
    }
);

on_both!(
    a_body_to_sign_up_with_is_one_of_two_and_whole,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let mut browser = Browser::default();
        let token = app.stranger(&mut browser, "google", "hong").await;
        let sign_up = async |body| {
            app.call(&browser, None, Method::POST, "/users", Some(body))
                .await
        };
        let mut both = SocialApp::sign_up_body(&token, "하늘");
        both["loginId"] = "haneul7".into();
        both["password"] = "canary-password-1".into();
        let problem = sign_up(both).await.assert_problem(422, "validation_failed");
        let fields: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| &e["field"])
            .collect();
        assert_eq!(fields, ["loginId", "password"]);
        let neither = json!({"nickname": "하늘", "consents": []});
        let problem = sign_up(neither)
            .await
            .assert_problem(422, "validation_failed");
        let fields: Vec<_> = problem["errors"]
            .as_array()
            .unwrap()
            .iter()
            .map(|e| &e["field"])
            .collect();
        assert_eq!(fields, ["loginId", "password", "verificationToken"]);
        let mut refused = SocialApp::sign_up_body(&token, "하늘");
        refused["consents"][1]["agreed"] = false.into();
        let problem = sign_up(refused)
            .await
            .assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "consent_required");
        let mut unverified = SocialApp::sign_up_body(&token, "하늘");
        unverified["verificationToken"] = "none".into();
        let problem = sign_up(unverified)
            .await
            .assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "verificationToken");
        // What failed left the token as it was; a nickname that is taken, too.
        let made = sign_up(SocialApp::sign_up_body(&token, "하늘")).await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let mut other = Browser::default();
        let second = app.stranger(&mut other, "kakao", "hong").await;
        let taken = sign_up(SocialApp::sign_up_body(&second, "하늘")).await;
        let problem = taken.assert_problem(409, "taken");
        assert_eq!(problem["errors"][0]["field"], "nickname");
        // Half an hour, no longer.
        app.advance(TimeDelta::minutes(30));
        let late = sign_up(SocialApp::sign_up_body(&second, "바다")).await;
        let problem = late.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "signUpToken");
        app.app.stop().await;
    }
);

on_both!(
    a_number_may_be_given_and_is_one_members_alone,
    |db| async move {
        use simulators::sms;
        drop(rustls::crypto::ring::default_provider().install_default());
        let config = sms::Config::default();
        let sens = sms::Simulator::start(config.clone()).await.unwrap();
        let settings = [
            ("SENS_BASE_URL", sens.base_url.as_str()),
            ("SENS_SERVICE_ID", &config.service_id),
            ("SENS_ACCESS_KEY", &config.access_key),
            ("SENS_SECRET_KEY", &config.secret_key),
            ("SENS_SENDER", &config.senders[0]),
        ];
        let app = SocialApp::with(&db, &settings).await;
        let mut browser = Browser::default();
        let verified = async || {
            let post = async |path: &str, body| {
                let nobody = Browser::default();
                app.call(&nobody, None, Method::POST, path, Some(body))
                    .await
                    .json()
            };
            let before = sens.handle.messages_to("01023456789").len();
            let body = json!({"phoneNumber": "01023456789", "purpose": "signUp"});
            let asked = post("/auth/phone-verifications", body).await;
            let arrived = async |_: &crate::support::TestApp| {
                sens.handle.messages_to("01023456789").len() > before
            };
            app.app.wait_for("the message arrives", arrived).await;
            let message = sens.handle.messages_to("01023456789").remove(0);
            let code = crate::accounts_app::AccountsApp::code_in(&message.content);
            let id = asked["verificationId"].as_str().unwrap();
            let path = format!("/auth/phone-verifications/{id}/confirm");
            post(&path, json!({"code": code})).await["verificationToken"].clone()
        };
        let token = app.stranger(&mut browser, "naver", "hong").await;
        let mut body = SocialApp::sign_up_body(&token, "하늘");
        body["verificationToken"] = verified().await;
        let made = app
            .call(&browser, None, Method::POST, "/users", Some(body.clone()))
            .await;
        assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
        let signed = app.signed_in(&mut browser, "naver", "hong").await;
        let me = app
            .call(&browser, Some(&signed), Method::GET, "/me", None)
            .await
            .json();
        assert_eq!(me["phoneNumber"], "010-****-6789");
        // The token of the number was good once; the number is his alone.
        body["signUpToken"] = app.stranger(&mut browser, "naver", "lee").await;
        body["nickname"] = "바다".into();
        let again = app
            .call(&browser, None, Method::POST, "/users", Some(body.clone()))
            .await;
        let problem = again.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "verificationToken");
        app.advance(TimeDelta::minutes(4));
        sens.handle.clock.move_by(TimeDelta::minutes(4));
        body["verificationToken"] = verified().await;
        let taken = app
            .call(&browser, None, Method::POST, "/users", Some(body))
            .await;
        let problem = taken.assert_problem(409, "taken");
        assert_eq!(problem["errors"][0]["field"], "verificationToken");
        app.app.stop().await;
    }
);

on_both!(
    two_tabs_that_sign_up_one_person_make_one_member,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let (mut one, mut two) = (Browser::default(), Browser::default());
        let first = app.stranger(&mut one, "kakao", "hong").await;
        let second = app.stranger(&mut two, "kakao", "hong").await;
        let bodies = [
            SocialApp::sign_up_body(&first, "하늘"),
            SocialApp::sign_up_body(&second, "바다"),
            SocialApp::sign_up_body(&first, "나무"),
        ];
        let answers = join_all(
            bodies
                .into_iter()
                .map(|body| app.call(&one, None, Method::POST, "/users", Some(body))),
        )
        .await;
        let made = answers
            .iter()
            .filter(|answer| answer.status == StatusCode::CREATED);
        assert_eq!(made.count(), 1, "{answers:?}");
        for answer in answers
            .iter()
            .filter(|answer| answer.status != StatusCode::CREATED)
        {
            assert!(
                matches!(answer.status.as_u16(), 409 | 422),
                "{}",
                answer.text
            );
        }
        let count = |table: &str| db.console(&format!("SELECT COUNT(*) AS cell FROM {table}"));
        assert_eq!(count("users").trim(), "1");
        assert_eq!(count("social_identities").trim(), "1");
        app.app.stop().await;
    }
);

on_both!(
    a_way_is_good_once_in_one_browser_for_ten_minutes,
    |db| async move {
        let app = SocialApp::on(&db).await;
        app.person("hong");
        let mut mine = Browser::default();
        let address = app.begin(&mut mine, "google", "").await;
        let back = app.at_provider(&address).await;
        // Another browser, without and with a cookie of its own; then another provider.
        let mut nobody = Browser::default();
        let error = app.back(&mut nobody, &back).await.error;
        assert_eq!(error.as_deref(), Some("other_browser"));
        let mut other = Browser::default();
        app.begin(&mut other, "google", "").await;
        let error = app.back(&mut other, &back).await.error;
        assert_eq!(error.as_deref(), Some("other_browser"));
        // It is still mine, once: of ten that come back at a time one gets a code.
        let all = join_all((0..10).map(|_| {
            let (app, back, mut mine) = (&app, &back, mine.clone());
            async move { app.back(&mut mine, back).await }
        }))
        .await;
        let codes: Vec<_> = all
            .iter()
            .filter_map(|landed| landed.code.clone())
            .collect();
        assert_eq!(codes.len(), 1, "{all:?}");
        for landed in all.iter().filter(|landed| landed.code.is_none()) {
            assert_eq!(landed.error.as_deref(), Some("invalid_state"));
        }
        // The code is mine, too, and good once.
        for browser in [&nobody, &other] {
            let stolen = app.exchange(browser, &codes[0]).await;
            let problem = stolen.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["code"], "unknown_code");
        }
        let all = join_all((0..10).map(|_| app.exchange(&mine, &codes[0]))).await;
        let good = all.iter().filter(|answer| answer.status == StatusCode::OK);
        assert_eq!(good.count(), 1);
        // The way back of one provider isn't that of another.
        let address = app.begin(&mut mine, "google", "").await;
        let back = app
            .at_provider(&address)
            .await
            .replace("/google/", "/kakao/");
        let error = app.back(&mut mine, &back).await.error;
        assert_eq!(error.as_deref(), Some("invalid_state"));
        // Ten minutes there, one minute here.
        let address = app.begin(&mut mine, "kakao", "").await;
        app.advance(TimeDelta::minutes(10));
        let back = app.at_provider(&address).await;
        let error = app.back(&mut mine, &back).await.error;
        assert_eq!(error.as_deref(), Some("expired"));
        let landed = app.trip(&mut mine, "kakao", "").await;
        app.advance(TimeDelta::seconds(60));
        let late = app.exchange(&mine, &landed.code.unwrap()).await;
        late.assert_problem(422, "validation_failed");
        // A code for one thing is good for nothing else.
        let landed = app.trip(&mut mine, "kakao", "?purpose=link").await;
        let other_use = app.exchange(&mine, &landed.code.unwrap()).await;
        other_use.assert_problem(422, "validation_failed");
        // What a stranger makes up.
        for path in [
            "/api/v1/auth/social/google/callback",
            "/api/v1/auth/social/google/callback?code=x&state=y",
            "/api/v1/auth/social/google/callback?state=a&state=b&code=c",
            "/api/v1/auth/social/google/callback?error=access_denied",
        ] {
            let error = app.back(&mut mine, path).await.error;
            assert_eq!(error.as_deref(), Some("invalid_state"), "{path}");
        }
        app.app.stop().await;
    }
);

on_both!(
    nobody_is_sent_anywhere_but_to_the_places_of_the_settings,
    |db| async move {
        let app = SocialApp::on(&db).await;
        app.person("hong");
        let mut browser = Browser::default();
        let query = format!("?returnTo={}", encoded(OTHER_FRONT));
        let landed = app.trip(&mut browser, "naver", &query).await;
        assert_eq!(landed.place, OTHER_FRONT);
        for wrong in [
            "https://evil.example/",
            "//evil.example/",
            "/signed-in",
            "",
            "http://127.0.0.1:9/signed-in/",
            "http://127.0.0.1:9/signed-in?x=1",
            "http://127.0.0.1:9/signed-in#x",
            "http://127.0.0.1:9/signed-in@evil.example",
            "http://127.0.0.1:9@evil.example/signed-in",
            "HTTP://127.0.0.1:9/signed-in",
            "javascript:alert(1)",
            "http://127.0.0.1:9/signed-in\r\nSet-Cookie: a=b",
        ] {
            let path = format!("/api/v1/auth/social/naver?returnTo={}", encoded(wrong));
            let answer = app.open(&mut browser, &path).await;
            let problem = answer.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["field"], "returnTo", "{wrong}");
            assert_eq!(answer.header("location"), "");
        }
        // The place of an error is one of ours, whatever the way back says.
        let path = "/api/v1/auth/social/naver/callback?returnTo=https://evil.example&state=x";
        assert_eq!(app.back(&mut browser, path).await.place, FRONT);
        for path in [
            "/api/v1/auth/social/apple",
            "/api/v1/auth/social/apple/callback?state=x",
        ] {
            let answer = app.open(&mut browser, path).await;
            answer.assert_problem(404, "provider_not_offered");
        }
        app.app.stop().await;
    }
);

on_both!(an_email_makes_nobody_somebody_else, |db| async move {
    let app = SocialApp::on(&db).await;
    let mut browser = Browser::default();
    let hong = app.member(&mut browser, "google", "hong", "하늘").await;
    // Others who show his address, verified or not: at the same provider and at another one.
    for (id, verified) in [("thief", false), ("twin", true)] {
        let mut person = simulators::oauth::Person::new(id, "홍길동");
        person.email = Some("hong@example.com".to_owned());
        person.email_verified = verified;
        app.providers.handle.set_person(person);
        for provider in PROVIDERS {
            let mut other = Browser::default();
            app.stranger(&mut other, provider, id).await;
        }
    }
    // Nor does what somebody writes into a form.
    let mut other = Browser::default();
    let token = app.stranger(&mut other, "kakao", "lee").await;
    let mut body = SocialApp::sign_up_body(&token, "바다");
    body["email"] = "hong@example.com".into();
    let made = app
        .call(&other, None, Method::POST, "/users", Some(body))
        .await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    let me = app.signed_in(&mut other, "kakao", "lee").await;
    let me = app
        .call(&other, Some(&me), Method::GET, "/me", None)
        .await
        .json();
    assert_eq!(
        (&me["email"], &me["emailVerified"]),
        (&json!("hong@example.com"), &json!(false))
    );
    let by_mail = json!({"email": "hong@example.com", "password": "canary-password-1"});
    let refused = app
        .call(
            &Browser::default(),
            None,
            Method::POST,
            "/auth/sessions",
            Some(by_mail),
        )
        .await;
    refused.assert_problem(401, "wrong_credentials");
    let still = app
        .call(&browser, Some(&hong), Method::GET, "/me", None)
        .await;
    assert_eq!(still.json()["nickname"], "하늘");
    app.app.stop().await;
});

on_both!(
    suspended_members_are_restricted_and_refusing_people_stay_out,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let mut browser = Browser::default();
        app.member(&mut browser, "naver", "hong", "하늘").await;
        db.console("UPDATE users SET state = 'suspended'");
        let landed = app.trip(&mut browser, "naver", "").await;
        let answer = app.exchange(&browser, &landed.code.unwrap()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        let signed = answer.json();
        assert_eq!(signed["suspended"], json!({}));
        let me = async |method, body| {
            let browser = Browser::default();
            app.call(&browser, Some(&signed), method, "/me", body).await
        };
        assert_eq!(me(Method::GET, None).await.status, StatusCode::OK);
        me(Method::PATCH, Some(json!({"nickname": "바다"})))
            .await
            .assert_problem(403, "account_suspended");
        // A session of a moment ago is the proof of who has no password.
        let left = me(Method::DELETE, Some(json!({}))).await;
        assert_eq!(left.status, StatusCode::OK, "{}", left.text);
        app.providers.handle.decide(Decision::Deny);
        let landed = app.trip(&mut browser, "naver", "").await;
        assert_eq!(landed.error.as_deref(), Some("denied"));
        app.app.stop().await;
    }
);

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}
