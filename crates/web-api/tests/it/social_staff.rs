//! Staff who sign in by another service only: no login id to be found by, no password to prove by.

use chrono::TimeDelta;
use domain::clock::Clock as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use totp_rs::{Builder, Secret};

use crate::accounts_app::AccountsApp;
use crate::accounts_staff::{admin, call};
use crate::db_support::on_both;
use crate::social_app::{Browser, SocialApp};

on_both!(members_are_found_by_each_of_their_names, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (_, boss) = admin(&app, &db).await;
    let member = app.member("haneul7", "Sky 하늘", "01023456789").await;
    let me = call(&app, &member, Method::GET, "/me", Value::Null).await;
    let id = me.json()["id"].as_str().unwrap().to_owned();
    let find = async |query: &str| {
        let path = format!("/admin/users?{query}");
        call(&app, &boss, Method::GET, &path, Value::Null).await
    };
    let by_id = format!("id={id}");
    for query in [
        "loginId=haneul7",
        by_id.as_str(),
        "nickname=Sky%20%ED%95%98%EB%8A%98",
        // One's own spelling of it: no two members have them.
        "nickname=sky%20%ED%95%98%EB%8A%98",
    ] {
        let found = find(query).await;
        assert_eq!(found.status, StatusCode::OK, "{query} {}", found.text);
        assert_eq!(found.json()["items"][0]["id"], id, "{query}");
    }
    // Whole names only, and nothing that could be a pattern.
    for query in [
        "loginId=haneul",
        "id=none",
        "id=%25",
        "nickname=Sky",
        "nickname=%ED%95%98%EB%8A%98",
    ] {
        let found = find(query).await;
        assert_eq!(found.json(), json!({"items": []}), "{query}");
    }
    for query in [
        "",
        "loginId=haneul7&nickname=Sky",
        "nickname=x",
        "loginId=%25",
        "email=a",
    ] {
        find(query).await.assert_problem(422, "validation_failed");
    }
    call(&app, &member, Method::GET, "/admin/users?id=1", Value::Null)
        .await
        .assert_problem(403, "forbidden");
    let looks = "audit WHERE action = 'memberRead'";
    assert!(db.count(looks) >= 4, "every look is written down");
    app.stop().await;
});

on_both!(
    staff_without_a_password_set_up_a_second_factor,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let mut browser = Browser::default();
        app.member(&mut browser, "naver", "hong", "하늘").await;
        db.console("UPDATE users SET role = 'counsellor'");
        let signed = app.signed_in(&mut browser, "naver", "hong").await;
        let factor = async |signed: &Value, method: Method, path: &str, body: Value| {
            let path = format!("/me/second-factor{path}");
            let browser = Browser::default();
            app.call(&browser, Some(signed), method, &path, Some(body))
                .await
        };
        // Being signed in isn't enough, nor is a password that nobody has.
        app.advance(TimeDelta::minutes(11));
        factor(&signed, Method::POST, "", json!({}))
            .await
            .assert_problem(403, "reauthentication_required");
        factor(
            &signed,
            Method::POST,
            "",
            json!({"currentPassword": "password-1"}),
        )
        .await
        .assert_problem(422, "validation_failed");
        let proved = app.prove(&mut browser, &signed, "naver", "hong").await;
        assert_eq!(proved.status, StatusCode::OK, "{}", proved.text);
        let proposed = factor(&signed, Method::POST, "", json!({})).await;
        assert_eq!(proposed.status, StatusCode::CREATED, "{}", proposed.text);
        let secret = proposed.json()["secret"].as_str().unwrap().to_owned();
        let secret = Secret::try_from_base32(&secret).unwrap();
        let totp = Builder::new().with_secret(secret).build().unwrap();
        let code = || {
            let now = u64::try_from(app.app.clock.now().timestamp()).unwrap();
            totp.generate(now).to_string()
        };
        let body = json!({"code": code()});
        let confirmed = factor(&signed, Method::POST, "/confirmation", body).await;
        assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text);

        // From now on the other service is only the first half.
        app.advance(TimeDelta::minutes(11));
        app.person("hong");
        let landed = app.trip(&mut browser, "naver", "").await;
        let half = app.exchange(&browser, &landed.code.unwrap()).await;
        let half = half.assert_problem(401, "second_factor_required");
        let body = json!({"token": half["secondFactorToken"], "code": code()});
        let path = "/auth/sessions/second-factor";
        let whole = app
            .call(&browser, None, Method::POST, path, Some(body))
            .await;
        assert_eq!(whole.status, StatusCode::CREATED, "{}", whole.text);
        let whole = whole.json();

        // Removing it takes a fresh proof and a code.
        app.advance(TimeDelta::minutes(11));
        let body = json!({"code": code()});
        factor(&whole, Method::DELETE, "", body.clone())
            .await
            .assert_problem(403, "reauthentication_required");
        app.prove(&mut browser, &whole, "naver", "hong").await;
        let removed = factor(&whole, Method::DELETE, "", body).await;
        assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
        app.app.stop().await;
    }
);

// Who has a password proves himself by it, or by any proof of a moment ago; no proof is none.
on_both!(who_has_a_password_has_to_prove_himself, |db| async move {
    let app = AccountsApp::on(&db).await;
    app.member("haneul7", "하늘", "01023456789").await;
    db.console("UPDATE users SET role = 'counsellor'");
    let signed = app.signed_in("haneul7").await;
    let propose = async || call(&app, &signed, Method::POST, "/me/second-factor", json!({})).await;
    propose().await.assert_problem(422, "validation_failed");
    app.prove(&signed).await;
    assert_eq!(propose().await.status, StatusCode::CREATED);
    app.stop().await;
});
