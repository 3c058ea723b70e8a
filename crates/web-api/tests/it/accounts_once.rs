//! Signing up with an `Idempotency-Key`: a double click, a lost answer, another body.

use chrono::TimeDelta;
use futures_util::future::join_all;
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::accounts_app::AccountsApp;
use crate::db_support::on_both;

on_both!(a_repeated_sign_up_gets_the_same_answer, |db| async move {
    let app = AccountsApp::on(&db).await;
    let token = app.verified("01023456789").await;
    let body = AccountsApp::sign_up_body("haneul7", "하늘", &token);
    // A click that was made ten times.
    let clicks = join_all((0..10).map(|_| app.sign_up_once("key-1", &body))).await;
    for click in &clicks {
        assert_eq!(click.status, 201, "{}", click.text);
        assert_eq!(click.json(), clicks[0].json());
        assert_eq!(click.header("location"), "/api/v1/me");
    }
    for (table, rows) in [
        ("users", 1),
        ("consents", 3),
        ("attendance", 1),
        ("sign_up_answers", 1),
    ] {
        assert_eq!(db.count(table), rows, "{table}");
    }
    // The answer was lost, and hours later the client tries again.
    app.advance(TimeDelta::hours(23));
    let late = app.sign_up_once("key-1", &body).await;
    assert_eq!((late.status.as_u16(), late.json()), (201, clicks[0].json()));
    // Under the same key, something else.
    for (field, value) in [
        ("loginId", json!("haneul8")),
        ("nickname", json!("바다")),
        ("email", Value::Null),
        ("email", json!("other@example.com")),
        ("password", json!("other-password-1")),
        (
            "consents",
            json!([
                {"kind": "terms", "agreed": true},
                {"kind": "privacy", "agreed": true},
                {"kind": "age14", "agreed": true},
                {"kind": "marketing", "agreed": true},
            ]),
        ),
    ] {
        let mut other = body.clone();
        other[field] = value;
        let refused = app.sign_up_once("key-1", &other).await;
        let problem = refused.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "Idempotency-Key", "{field}");
        assert_eq!(problem["errors"][0]["code"], "idempotency_key_reused");
    }
    // Without a key, or under another one, the client is told what is wrong: the proof was used.
    for again in [
        app.sign_up_once("key-2", &body).await,
        app.post("/users", body.clone()).await,
    ] {
        let problem = again.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "verificationToken");
    }
    app.advance(TimeDelta::hours(2));
    let over = app.sign_up_once("key-1", &body).await;
    let problem = over.assert_problem(422, "validation_failed");
    assert_eq!(
        problem["errors"][0]["field"], "verificationToken",
        "a day has passed"
    );
    app.stop().await;
});

on_both!(keys_are_ones_own_and_have_a_form, |db| async move {
    let app = AccountsApp::on(&db).await;
    let one = app.verified("01023456789").await;
    let two = app.verified("01023456780").await;
    let one = AccountsApp::sign_up_body("haneul7", "하늘", &one);
    let two = AccountsApp::sign_up_body("bada7", "바다", &two);
    // What was refused isn't remembered: the form is mended and sent again.
    let mut weak = one.clone();
    weak["password"] = json!("short");
    app.sign_up_once("1", &weak)
        .await
        .assert_problem(422, "validation_failed");
    // Two people with the same simple key don't meet.
    let first = app.sign_up_once("1", &one).await;
    let second = app.sign_up_once("1", &two).await;
    assert_eq!((first.status.as_u16(), second.status.as_u16()), (201, 201));
    assert_ne!(first.json()["id"], second.json()["id"]);
    for key in ["", "with space", &"k".repeat(101)] {
        let refused = app.sign_up_once(key, &one).await;
        let problem = refused.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "Idempotency-Key");
        assert_eq!(problem["errors"][0]["code"], "malformed_idempotency_key");
    }
    // Nothing that is stored tells the key or the password.
    let stored =
        db.console("SELECT CONCAT(HEX(key_hash), HEX(body_hash)) AS cell FROM sign_up_answers");
    assert_eq!(stored.trim().lines().count(), 2);
    app.stop().await;
});

// The answer to the right code was lost; the token was computed, and is the same.
on_both!(the_right_code_gives_its_token_again, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (id, code) = app.code("01023456789").await;
    let path = format!("/auth/phone-verifications/{id}/confirm");
    let confirm = async |code: &str| app.post(&path, json!({"code": code})).await;
    let first = confirm(&code).await;
    assert_eq!(first.status, StatusCode::OK, "{}", first.text);
    let wrong = if code == "123456" { "123457" } else { "123456" };
    let again = join_all((0..3).map(|_| confirm(&code))).await;
    for again in again {
        assert_eq!(again.status, StatusCode::OK, "{}", again.text);
        assert_eq!(again.json(), first.json());
    }
    // Wrong ones go on being counted: repeating is no way to guess.
    for _ in 0..3 {
        confirm(wrong)
            .await
            .assert_problem(422, "validation_failed");
    }
    assert_eq!(confirm(&code).await.json(), first.json());
    confirm(wrong)
        .await
        .assert_problem(422, "validation_failed");
    confirm(&code)
        .await
        .assert_problem(410, "verification_over");
    // The token itself is as good as before, once.
    let token = first.json()["verificationToken"]
        .as_str()
        .unwrap()
        .to_owned();
    let body = AccountsApp::sign_up_body("haneul7", "하늘", &token);
    let made = app.post("/users", body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text);
    confirm(&code)
        .await
        .assert_problem(410, "verification_over");

    // Another verification has another token; nothing comes after the code's time.
    let (id, code) = app.code("01023456780").await;
    let path = format!("/auth/phone-verifications/{id}/confirm");
    let other = app.post(&path, json!({"code": code})).await;
    assert_ne!(other.json(), first.json());
    app.advance(TimeDelta::minutes(3));
    let late = app.post(&path, json!({"code": code})).await;
    late.assert_problem(410, "verification_over");
    let hidden =
        db.console("SELECT COUNT(*) AS cell FROM phone_verifications WHERE token_hash IS NOT NULL");
    assert_eq!(hidden.trim(), "2");
    app.stop().await;
});
