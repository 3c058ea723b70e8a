//! Second factors, from outside.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::accounts_staff::{admin, call, enrolled, refreshed};
use crate::db_support::on_both;

on_both!(staff_signs_in_with_a_second_factor, |db| async move {
    let app = AccountsApp::on(&db).await;
    app.member("haneul7", "하늘", "01023456789").await;
    db.console("UPDATE users SET role = 'admin' WHERE login_id = 'haneul7'");
    let find = "/admin/users?loginId=haneul7";
    // Without one he may set one up, and nothing else of the staff's.
    let signed = app.signed_in("haneul7").await;
    call(&app, &signed, Method::GET, find, Value::Null)
        .await
        .assert_problem(403, "second_factor_required");
    let wrong = json!({"currentPassword": "wrong-password-1"});
    call(&app, &signed, Method::POST, "/me/second-factor", wrong)
        .await
        .assert_problem(422, "validation_failed");
    let (phone, codes, with_factor) = enrolled(&app, &signed).await;
    let found = call(&app, &with_factor, Method::GET, find, Value::Null).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    let found = found.json()["items"][0].clone();
    assert_eq!(
        (&found["role"], &found["state"], &found["secondFactor"]),
        (&json!("admin"), &json!("active"), &json!(true))
    );
    assert!(!found.to_string().contains("haneul7"), "an opaque id only");
    let body = json!({"currentPassword": PASSWORD});
    call(&app, &signed, Method::POST, "/me/second-factor", body)
        .await
        .assert_problem(409, "second_factor_exists");

    // Signing in takes both, the password first.
    let first = async |password: &str| {
        let body = json!({"loginId": "haneul7", "password": password});
        app.post("/auth/sessions", body).await
    };
    let second = async |token: &Value, code: &str| {
        let body = json!({"token": token, "code": code});
        app.post("/auth/sessions/second-factor", body).await
    };
    first("wrong-password-1")
        .await
        .assert_problem(401, "wrong_credentials");
    let waiting = first(PASSWORD)
        .await
        .assert_problem(401, "second_factor_required");
    assert!(waiting.get("accessToken").is_none());
    let token = waiting["secondFactorToken"].clone();
    second(&token, &phone.code(&app))
        .await
        .assert_problem(401, "wrong_second_factor");
    app.advance(TimeDelta::seconds(30));
    let code = phone.code(&app);
    let answer = second(&token, &code).await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let signed = answer.json();
    let found = call(&app, &signed, Method::GET, find, Value::Null).await;
    assert_eq!(found.status, StatusCode::OK, "{}", found.text);
    second(&token, &code)
        .await
        .assert_problem(401, "wrong_second_factor");
    assert_eq!(second(&token, &codes[3]).await.status, StatusCode::CREATED);
    second(&token, &codes[3])
        .await
        .assert_problem(401, "wrong_second_factor");
    second(&token, "12345")
        .await
        .assert_problem(422, "validation_failed");
    for none in ["", "none", &"A".repeat(2_000)] {
        second(&json!(none), &code)
            .await
            .assert_problem(401, "second_factor_over");
    }
    // One code at the same moment twice is one sign-in.
    app.advance(TimeDelta::seconds(60));
    let code = phone.code(&app);
    let (one, other) = tokio::join!(second(&token, &code), second(&token, &code));
    let created = [one, other]
        .iter()
        .filter(|answer| answer.status == 201)
        .count();
    assert_eq!(created, 1);
    app.advance(TimeDelta::seconds(301));
    second(&token, &phone.code(&app))
        .await
        .assert_problem(401, "second_factor_over");

    // It counts for a working day.
    app.advance(TimeDelta::hours(13));
    let stale = refreshed(&app, &signed).await;
    call(&app, &stale, Method::GET, find, Value::Null)
        .await
        .assert_problem(403, "second_factor_required");
    let remove = async |code: &str| {
        let body = json!({"currentPassword": PASSWORD, "code": code});
        call(&app, &stale, Method::DELETE, "/me/second-factor", body).await
    };
    remove(&phone.wrong(&app))
        .await
        .assert_problem(401, "wrong_second_factor");
    assert_eq!(
        remove(&phone.code(&app)).await.status,
        StatusCode::NO_CONTENT
    );
    call(&app, &stale, Method::GET, "/me", Value::Null)
        .await
        .assert_problem(401, "invalid_token");
    app.signed_in("haneul7").await;
    app.stop().await;
});

on_both!(guessing_a_second_factor_ends_soon, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (phone, _) = admin(&app, &db).await;
    let body = json!({"loginId": "admin7", "password": PASSWORD});
    let waiting = app.post("/auth/sessions", body.clone()).await.json();
    app.advance(TimeDelta::seconds(30));
    let wrong = phone.wrong(&app);
    let body = json!({"token": waiting["secondFactorToken"], "code": wrong});
    let tries = (0..20).map(|_| app.post("/auth/sessions/second-factor", body.clone()));
    let tries = futures_util::future::join_all(tries).await;
    let looked_at = tries.iter().filter(|answer| answer.status == 401).count();
    let refused = tries.iter().filter(|answer| answer.status == 429).count();
    assert!((1..=3).contains(&looked_at), "{looked_at}");
    assert_eq!(looked_at + refused, 20);
    // A stranger who doesn't know the password gets no token, so he can lock nobody out: the owner
    // signs in once the address may try again.
    app.advance(TimeDelta::seconds(61));
    let body = json!({"token": waiting["secondFactorToken"], "code": phone.code(&app)});
    let signed = app.post("/auth/sessions/second-factor", body).await;
    assert_eq!(signed.status, StatusCode::CREATED, "{}", signed.text);
    // However patient he is, who knows the password has ten tries in a quarter of an hour.
    app.advance(TimeDelta::minutes(16));
    let second = async |right: bool| {
        let body = json!({"loginId": "admin7", "password": PASSWORD});
        let waiting = app.post("/auth/sessions", body).await.json();
        let code = if right {
            phone.code(&app)
        } else {
            phone.wrong(&app)
        };
        let body = json!({"token": waiting["secondFactorToken"], "code": code});
        app.post("/auth/sessions/second-factor", body).await
    };
    for _ in 0..10 {
        second(false)
            .await
            .assert_problem(401, "wrong_second_factor");
        app.advance(TimeDelta::seconds(61));
    }
    second(true).await.assert_problem(429, "sign_in_slowed");
    app.advance(TimeDelta::minutes(15));
    assert_eq!(second(true).await.status, StatusCode::CREATED);
    app.stop().await;
});

on_both!(
    a_name_that_is_typed_is_never_a_second_factor,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let (phone, signed) = admin(&app, &db).await;
        let me = call(&app, &signed, Method::GET, "/me", Value::Null).await;
        let id = me.json()["id"].as_str().unwrap().to_owned();
        app.advance(TimeDelta::seconds(30));
        // What wrong codes of him were counted under once, typed by a stranger who knows his opaque id.
        let name = format!("second factor of {id}");
        for _ in 0..10 {
            app.try_to_sign_in(&name, PASSWORD)
                .await
                .assert_problem(401, "wrong_credentials");
            app.advance(TimeDelta::seconds(61));
        }
        let body = json!({"loginId": "admin7", "password": PASSWORD});
        let waiting = app.post("/auth/sessions", body).await.json();
        let body = json!({"token": waiting["secondFactorToken"], "code": phone.code(&app)});
        let signed = app.post("/auth/sessions/second-factor", body).await;
        assert_eq!(signed.status, StatusCode::CREATED, "{}", signed.text);
        app.stop().await;
    }
);
