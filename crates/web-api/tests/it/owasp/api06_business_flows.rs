//! API6:2023 Unrestricted Access to Sensitive Business Flows: a program that has messages sent, or that
//! makes accounts by the dozen.

use reqwest::StatusCode;
use serde_json::json;

use crate::accounts_app::AccountsApp;
use crate::db_support::on_both;

on_both!(nobody_has_messages_sent_by_the_dozen, |db| async move {
    // As they are in production.
    let usual = [("SMS_ADDRESS_HOUR", "10"), ("SMS_ADDRESS_DAY", "30")];
    let app = AccountsApp::with(&db, &usual).await;
    let mut accepted = 0;
    for number in 0..40 {
        let number = format!("0102345{number:04}");
        let body = json!({"phoneNumber": number, "purpose": "signUp"});
        let answer = app.post("/auth/phone-verifications", body).await;
        if answer.status == StatusCode::ACCEPTED {
            accepted += 1;
        } else {
            answer.assert_problem(429, "no_more_messages");
            assert!(!answer.header("retry-after").is_empty());
        }
    }
    assert_eq!(accepted, 10, "of one address in an hour");
    // Whoever else has the number isn't kept from it by that.
    assert!(app.sms.handle.messages().len() <= 10);
    app.stop().await;
});

on_both!(a_verified_number_is_good_for_one_account, |db| async move {
    let app = AccountsApp::on(&db).await;
    let token = app.verified("01023456789").await;
    let tries = (0..12).map(|number| {
        let login_id = format!("haneul{number}");
        let body = AccountsApp::sign_up_body(&login_id, &format!("하늘{number}"), &token);
        app.post("/users", body)
    });
    let answers = futures_util::future::join_all(tries).await;
    let made = answers
        .iter()
        .filter(|one| one.status == StatusCode::CREATED);
    assert_eq!(made.count(), 1);
    let rows = db.console("SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM users");
    assert_eq!(rows.trim(), "1");
    app.stop().await;
});

on_both!(a_stranger_leaves_a_number_its_messages, |db| async move {
    let app = AccountsApp::with(&db, &[("SMS_ADDRESS_NUMBER_DAY", "3")]).await;
    let body = json!({"phoneNumber": "01023456789", "purpose": "signUp"});
    for turn in 0..5 {
        let answer = app.post("/auth/phone-verifications", body.clone()).await;
        if turn < 3 {
            assert_eq!(answer.status, StatusCode::ACCEPTED, "{}", answer.text);
        } else {
            answer.assert_problem(429, "no_more_messages");
        }
        app.advance(chrono::TimeDelta::minutes(4));
    }
    let sent = db.console(
        "SELECT CAST(amount AS CHAR(9)) AS cell FROM sms_counts WHERE scope = 'numberDay'",
    );
    assert_eq!(
        sent.trim(),
        "3",
        "two are left for its owner, who asks from elsewhere"
    );
    app.stop().await;
});
