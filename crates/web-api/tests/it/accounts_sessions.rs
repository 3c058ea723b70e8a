//! Signing in and staying signed in.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::on_both;

async fn refresh(app: &AccountsApp, signed: &Value) -> crate::support::Answer {
    app.post(
        "/auth/sessions/refresh",
        json!({"refreshToken": signed["refreshToken"]}),
    )
    .await
}

on_both!(
    a_refresh_token_is_good_once_and_ten_seconds,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let first = app.member("haneul7", "하늘", "01023456789").await;
        // A hundred tabs at once all get the one successor.
        let answers = join_all((0..100).map(|_| refresh(&app, &first))).await;
        let successors: BTreeSet<String> = answers
            .iter()
            .map(|answer| {
                assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
                answer.json()["refreshToken"].as_str().unwrap().to_owned()
            })
            .collect();
        assert_eq!(successors.len(), 1);
        let second = answers[0].json();
        assert_eq!(second["sessionId"], first["sessionId"]);
        let third = refresh(&app, &second).await.json();
        // Its successor has been used: somebody else had it.
        refresh(&app, &first)
            .await
            .assert_problem(401, "invalid_token");
        refresh(&app, &third)
            .await
            .assert_problem(401, "invalid_token");
        let me = app.as_member(&third, Method::GET, "/me", None).await;
        me.assert_problem(401, "invalid_token");
        let reused = db.console("SELECT action AS cell FROM audit WHERE action = 'tokenReused'");
        assert_eq!(reused.trim(), "tokenReused", "once");
        // Lost answers are repeated for ten seconds.
        let fourth = app.signed_in("haneul7").await;
        let fifth = refresh(&app, &fourth).await.json();
        app.advance(TimeDelta::seconds(9));
        assert_eq!(
            refresh(&app, &fourth).await.json()["refreshToken"],
            fifth["refreshToken"]
        );
        app.advance(TimeDelta::seconds(2));
        refresh(&app, &fourth)
            .await
            .assert_problem(401, "invalid_token");
        for token in ["", "a", &"A".repeat(70)] {
            let made_up = json!({"refreshToken": token});
            refresh(&app, &made_up)
                .await
                .assert_problem(401, "invalid_token");
        }
        app.stop().await;
    }
);

on_both!(devices_are_seen_and_signed_out, |db| async move {
    let app = AccountsApp::on(&db).await;
    let one = app.member("haneul7", "하늘", "01023456789").await;
    let two = app.signed_in("haneul7").await;
    let three = app.signed_in("haneul7").await;
    let other = app.member("bada7", "바다", "01023456780").await;
    let devices = async |signed: &Value| -> Vec<(String, bool)> {
        let list = app
            .as_member(signed, Method::GET, "/auth/sessions", None)
            .await
            .json();
        let items = list["items"].as_array().unwrap().iter();
        items
            .map(|item| {
                (
                    item["id"].as_str().unwrap().to_owned(),
                    item["current"] == true,
                )
            })
            .collect()
    };
    let id = |signed: &Value| signed["sessionId"].as_str().unwrap().to_owned();
    let all = devices(&one).await;
    assert_eq!(all.len(), 3);
    assert!(all.contains(&(id(&one), true)) && all.contains(&(id(&two), false)));
    let end = async |signed: &Value, which: &str| {
        app.as_member(
            signed,
            Method::DELETE,
            &format!("/auth/sessions{which}"),
            None,
        )
        .await
    };
    // Nobody ends another's.
    end(&other, &format!("/{}", id(&two)))
        .await
        .assert_problem(404, "session_not_found");
    assert_eq!(end(&one, &format!("/{}", id(&two))).await.status, 204);
    refresh(&app, &two)
        .await
        .assert_problem(401, "invalid_token");
    app.as_member(&two, Method::GET, "/me", None)
        .await
        .assert_problem(401, "invalid_token");
    let changed =
        |current: &str, new: &str| json!({"currentPassword": current, "newPassword": new});
    let wrong = app
        .as_member(
            &one,
            Method::PUT,
            "/me/password",
            Some(changed("wrong-password-1", "other-password-1")),
        )
        .await;
    wrong.assert_problem(422, "validation_failed");
    let right = app
        .as_member(
            &one,
            Method::PUT,
            "/me/password",
            Some(changed(PASSWORD, "other-password-1")),
        )
        .await;
    assert_eq!(right.status, 204, "{}", right.text);
    refresh(&app, &three)
        .await
        .assert_problem(401, "invalid_token");
    let old = json!({"loginId": "haneul7", "password": PASSWORD});
    app.post("/auth/sessions", old)
        .await
        .assert_problem(401, "wrong_credentials");
    let new = json!({"loginId": "haneul7", "password": "other-password-1"});
    let four = app.post("/auth/sessions", new).await.json();
    assert_eq!(devices(&one).await.len(), 2);
    assert_eq!(end(&four, "/current").await.status, 204);
    assert_eq!(devices(&one).await.len(), 1);
    assert_eq!(end(&one, "").await.status, 204);
    refresh(&app, &one)
        .await
        .assert_problem(401, "invalid_token");
    assert_eq!(devices(&other).await.len(), 1, "another's are his own");
    app.stop().await;
});

on_both!(who_guesses_is_slowed_and_learns_nothing, |db| async move {
    let app = AccountsApp::on(&db).await;
    app.member("haneul7", "하늘", "01023456789").await;
    let attempt = async |login_id: &str, password: &str| {
        app.post(
            "/auth/sessions",
            json!({"loginId": login_id, "password": password}),
        )
        .await
    };
    let mut known = attempt("haneul7", "wrong-password-1")
        .await
        .assert_problem(401, "wrong_credentials");
    let mut unknown = attempt("nobody7", "wrong-password-1")
        .await
        .assert_problem(401, "wrong_credentials");
    for problem in [&mut known, &mut unknown] {
        problem.as_object_mut().unwrap().remove("requestId");
    }
    assert_eq!(known, unknown, "the same answer");
    // Three are free; of tries at once no more than that are looked at.
    let tries = join_all((0..10).map(|_| attempt("haneul7", "wrong-password-1"))).await;
    let looked_at = tries
        .iter()
        .filter(|answer| answer.status == StatusCode::UNAUTHORIZED)
        .count();
    assert!((1..=3).contains(&looked_at), "{looked_at}");
    let slowed = attempt("haneul7", PASSWORD).await;
    slowed.assert_problem(429, "sign_in_slowed");
    assert!(slowed.header("retry-after").parse::<u64>().unwrap() <= 60);
    app.advance(TimeDelta::seconds(61));
    app.signed_in("haneul7").await;
    // His own slips are forgiven: the next one is free again.
    attempt("haneul7", "wrong-password-1")
        .await
        .assert_problem(401, "wrong_credentials");
    app.signed_in("haneul7").await;
    app.stop().await;
});

on_both!(a_browser_keeps_the_token_in_a_cookie, |db| async move {
    let app = AccountsApp::on(&db).await;
    app.member("haneul7", "하늘", "01023456789").await;
    let base = app.app.base.clone();
    let post = |path: &str| {
        app.app
            .request(Method::POST, &format!("/api/v1{path}"))
            .header("x-refresh-transport", "cookie")
    };
    let body = json!({"loginId": "haneul7", "password": PASSWORD});
    let signed = app.app.send(post("/auth/sessions").json(&body)).await;
    assert_eq!(signed.status, StatusCode::CREATED, "{}", signed.text);
    assert!(
        signed.json().get("refreshToken").is_none(),
        "no script reads it"
    );
    let set = signed.header("set-cookie").to_owned();
    for part in [
        "__Secure-refresh=",
        "HttpOnly",
        "Secure",
        "SameSite=Strict",
        "Path=/api/v1/auth/sessions",
    ] {
        assert!(set.contains(part), "{part} in {set}");
    }
    let cookie = set.split(';').next().unwrap().to_owned();
    let with = |origin: &str| {
        post("/auth/sessions/refresh")
            .header("cookie", &cookie)
            .header("origin", origin)
    };
    let foreign = app.app.send(with("https://evil.example")).await;
    foreign.assert_problem(403, "cross_site_request");
    let fresh = app.app.send(with(&base)).await;
    assert_eq!(fresh.status, StatusCode::OK, "{}", fresh.text);
    assert_ne!(
        fresh.header("set-cookie").split(';').next().unwrap(),
        cookie
    );
    app.app
        .send(post("/auth/sessions/refresh"))
        .await
        .assert_problem(401, "invalid_token");
    let odd = app
        .app
        .request(Method::POST, "/api/v1/auth/sessions/refresh")
        .header("x-refresh-transport", "pigeon");
    app.app
        .send(odd)
        .await
        .assert_problem(422, "validation_failed");
    app.stop().await;
});
