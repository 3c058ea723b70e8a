//! Signing up with an `Idempotency-Key`: a double click, a lost answer, another body.

use chrono::TimeDelta;
use futures_util::future::join_all;
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
