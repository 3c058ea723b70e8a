//! Sign-in by other services, the second time: the same sign-up twice, and who was suspended for a time.

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::db_support::on_both;
use crate::social_app::{Browser, SocialApp};
use crate::support::Answer;

async fn sign_up(app: &SocialApp, browser: &Browser, key: &str, body: &Value) -> Answer {
    let mut request = app
        .app
        .request(Method::POST, "/api/v1/users")
        .header("idempotency-key", key)
        .json(body);
    if let Some(cookie) = &browser.cookie {
        request = request
            .header("cookie", cookie)
            .header("origin", app.app.base.as_str());
    }
    app.app.send(request).await
}

on_both!(the_same_sign_up_again_is_the_same_member, |db| async move {
    let app = SocialApp::on(&db).await;
    let mut browser = Browser::default();
    let token = app.stranger(&mut browser, "google", "hong").await;
    let body = SocialApp::sign_up_body(&token, "하늘");
    // A double click.
    let (one, two) = tokio::join!(
        sign_up(&app, &browser, "click", &body),
        sign_up(&app, &browser, "click", &body)
    );
    assert_eq!(one.status, StatusCode::CREATED, "{}", one.text);
    assert_eq!(two.status, StatusCode::CREATED, "{}", two.text);
    let late = sign_up(&app, &browser, "click", &body).await;
    assert_eq!((one.json(), one.json()), (two.json(), late.json()));
    assert_eq!(db.console("SELECT COUNT(*) AS cell FROM users").trim(), "1");
    // Another body, another key, another token.
    let other = SocialApp::sign_up_body(&token, "바다");
    let problem = sign_up(&app, &browser, "click", &other)
        .await
        .assert_problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "Idempotency-Key");
    let problem = sign_up(&app, &browser, "another", &body)
        .await
        .assert_problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "signUpToken");
    let mut second = Browser::default();
    let token = app.stranger(&mut second, "kakao", "lee").await;
    let body = SocialApp::sign_up_body(&token, "바다");
    let lee = sign_up(&app, &second, "click", &body).await;
    assert_eq!(lee.status, StatusCode::CREATED, "{}", lee.text);
    assert_ne!(lee.json(), one.json());
    app.app.stop().await;
});

on_both!(
    a_suspension_that_is_over_shuts_nobody_out,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let mut browser = Browser::default();
        app.member(&mut browser, "naver", "hong", "하늘").await;
        db.console("UPDATE users SET state = 'suspended'");
        let landed = app.trip(&mut browser, "naver", "").await;
        let answer = app.exchange(&browser, &landed.code.unwrap()).await;
        assert_eq!(answer.json()["suspended"], serde_json::json!({}));
        let restricted = db.console(
            "SELECT COUNT(*) AS cell FROM audit WHERE action = 'signedIn' AND detail = 'suspended'",
        );
        assert_eq!(restricted.trim(), "1", "written down as with a password");
        db.console("INSERT INTO account_security (user_id) SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM account_security)");
        db.console("UPDATE account_security SET suspended_until = '2020-01-01 00:00:00'");
        let landed = app.trip(&mut browser, "naver", "").await;
        let answer = app.exchange(&browser, &landed.code.unwrap()).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
        assert!(answer.json().get("suspended").is_none());
        app.app.stop().await;
    }
);
