//! Accounts from outside: numbers, signing up and in, devices, one's own profile.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::sms::{Fault, Operation, Wrong};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::on_both;

on_both!(from_a_number_to_a_profile, |db| async move {
    let app = AccountsApp::on(&db).await;
    let token = app.verified("010-2345-6789").await;
    let answer = app
        .post(
            "/users",
            AccountsApp::sign_up_body("haneul7", "하늘", &token),
        )
        .await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text);
    let id = answer.json()["id"].clone();
    assert_eq!(answer.header("location"), "/api/v1/me");
    // The token was good once.
    let again = app
        .post(
            "/users",
            AccountsApp::sign_up_body("haneul8", "하늘이", &token),
        )
        .await;
    let problem = again.assert_problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "verificationToken");

    let signed = app.signed_in("haneul7").await;
    assert_eq!(signed["tokenType"], "Bearer");
    let me = app
        .as_member(&signed, Method::GET, "/me", None)
        .await
        .json();
    assert_eq!(me["id"], id);
    assert_eq!(
        (&me["loginId"], &me["nickname"], &me["phoneNumber"]),
        (&json!("haneul7"), &json!("하늘"), &json!("010-****-6789"))
    );
    assert_eq!(
        (&me["email"], &me["emailVerified"], &me["daysAttended"]),
        (&json!("Canary.Mail@example.com"), &json!(false), &json!(1))
    );
    let renamed = app
        .as_member(
            &signed,
            Method::PATCH,
            "/me",
            Some(json!({"nickname": "바다"})),
        )
        .await;
    assert_eq!(renamed.json()["nickname"], "바다");
    for (query, free) in [
        ("loginId=haneul7", false),
        ("loginId=haneul8", true),
        ("nickname=바다", false),
        ("nickname=하늘", true),
    ] {
        let answer = app.get(&format!("/users/availability?{query}")).await;
        assert_eq!(answer.json(), json!({"available": free}), "{query}");
    }
    // An address that nobody verified signs nobody in.
    let by_mail = json!({"email": "canary.mail@example.com", "password": PASSWORD});
    app.post("/auth/sessions", by_mail)
        .await
        .assert_problem(401, "wrong_credentials");
    // The number has its account.
    app.advance(TimeDelta::minutes(4));
    let token = app.verified("01023456789").await;
    let taken = app
        .post(
            "/users",
            AccountsApp::sign_up_body("haneul7", "바다", &token),
        )
        .await;
    let problem = taken.assert_problem(409, "taken");
    let fields: Vec<&Value> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| &one["field"])
        .collect();
    assert_eq!(fields, ["loginId", "nickname", "verificationToken"]);
    app.stop().await;
});

on_both!(consents_are_a_ledger, |db| async move {
    let app = AccountsApp::on(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    let change = async |kind: &str, body: Value| {
        app.as_member(
            &signed,
            Method::PUT,
            &format!("/me/consents/{kind}"),
            Some(body),
        )
        .await
    };
    for _ in 0..2 {
        let answer = change("sensitive", json!({"agreed": true})).await;
        assert_eq!(answer.json()["agreed"], true, "{}", answer.text);
    }
    change("sensitive", json!({"agreed": false})).await;
    let refused = change("terms", json!({"agreed": false})).await;
    refused.assert_problem(422, "validation_failed");
    let stale = change(
        "marketing",
        json!({"agreed": true, "version": "2001-01-01"}),
    )
    .await;
    stale.assert_problem(422, "validation_failed");
    change("nothing", json!({"agreed": true}))
        .await
        .assert_problem(404, "not_found");
    let ledger = app
        .as_member(&signed, Method::GET, "/me/consents", None)
        .await
        .json();
    let lines: Vec<_> = ledger["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| {
            (
                line["kind"].as_str().unwrap().to_owned(),
                line["agreed"] == true,
            )
        })
        .collect();
    let expected = [
        ("terms", true),
        ("privacy", true),
        ("age14", true),
        ("sensitive", true),
        ("sensitive", false),
    ];
    assert_eq!(
        lines,
        expected.map(|(kind, agreed)| (kind.to_owned(), agreed))
    );
    app.stop().await;
});

on_both!(a_code_has_five_tries_and_three_minutes, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (id, code) = app.code("01023456789").await;
    let confirm = async |id: &str, code: &str| {
        app.post(
            &format!("/auth/phone-verifications/{id}/confirm"),
            json!({"code": code}),
        )
        .await
    };
    let wrong = if code == "000000" { "000001" } else { "000000" };
    for _ in 0..5 {
        let problem = confirm(&id, wrong)
            .await
            .assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "wrong_code");
    }
    confirm(&id, &code)
        .await
        .assert_problem(410, "verification_over");
    // One message per number in 3 minutes, whoever asks.
    let again = app
        .post(
            "/auth/phone-verifications",
            json!({"phoneNumber": "010 2345 6789", "purpose": "findLoginId"}),
        )
        .await;
    let problem = again.assert_problem(429, "no_more_messages");
    assert!(problem["detail"].as_str().unwrap().contains("문자"));
    assert!(again.header("retry-after").parse::<u64>().unwrap() <= 180);
    app.advance(TimeDelta::minutes(4));
    let (id, code) = app.code("01023456789").await;
    app.advance(TimeDelta::seconds(181));
    confirm(&id, &code)
        .await
        .assert_problem(410, "verification_over");
    confirm("none", &code)
        .await
        .assert_problem(404, "verification_not_found");
    confirm(&id, "12345")
        .await
        .assert_problem(422, "validation_failed");
    // Of ten wrong tries at once no more than five are looked at, whether the right one came before.
    for before in [false, true] {
        app.advance(TimeDelta::minutes(4));
        let (id, code) = app.code("01023456789").await;
        let right = (0..if before { 10 } else { 0 }).map(|_| confirm(&id, &code));
        let right = futures_util::future::join_all(right).await;
        // They are one try, and one token.
        for answer in &right {
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
            assert_eq!(answer.json(), right[0].json());
        }
        let wrong = if code == "000000" { "000001" } else { "000000" };
        let answers = futures_util::future::join_all((0..10).map(|_| confirm(&id, wrong))).await;
        let looked_at = answers.iter().filter(|one| one.status == 422).count();
        let over = answers.iter().filter(|one| one.status == 410).count();
        let left = if before { 4 } else { 5 };
        assert_eq!((looked_at, over), (left, 10 - left));
    }
    app.stop().await;
});

on_both!(a_message_survives_the_providers_faults, |db| async move {
    let app = AccountsApp::on(&db).await;
    let faults = [Wrong::RateLimited, Wrong::Unauthorized];
    for wrong in faults {
        app.sms
            .handle
            .faults
            .add(Fault::answer(wrong).on(Operation::Send).times(1));
    }
    let asked = app
        .post(
            "/auth/phone-verifications",
            json!({"phoneNumber": "01023456789", "purpose": "signUp"}),
        )
        .await;
    assert_eq!(asked.status, StatusCode::ACCEPTED, "{}", asked.text);
    let message = app.message("01023456789", 1).await;
    assert!(
        message.content.contains("휴대폰 번호 확인"),
        "{}",
        message.content
    );
    app.app
        .wait_for("it is known to have arrived", async |_| {
            db.console("SELECT state AS cell FROM sms_outbox").trim() == "delivered"
        })
        .await;
    assert_eq!(app.sms.handle.messages().len(), 1, "sent once");
    assert!(!asked.text.contains(&AccountsApp::code_in(&message.content)));
    app.stop().await;
});

on_both!(a_dead_senders_message_is_sent_by_another, |db| async move {
    let app = AccountsApp::on(&db).await;
    let fault = Fault::answer(Wrong::RateLimited).on(Operation::Send);
    app.sms.handle.faults.add(fault);
    app.post(
        "/auth/phone-verifications",
        json!({"phoneNumber": "01023456789", "purpose": "signUp"}),
    )
    .await;
    app.app
        .wait_for("it was tried", async |_| {
            db.console("SELECT CAST(MAX(attempts) AS CHAR(9)) AS cell FROM sms_outbox")
                .trim()
                != "0"
        })
        .await;
    // As kill -9 leaves it: held by a sender that is no more.
    db.console("UPDATE sms_outbox SET lease_owner = 'dead', lease_until = '2999-01-01 00:00:00', next_at = '2020-01-01 00:00:00'");
    app.sms.handle.faults.clear();
    db.console("UPDATE sms_outbox SET lease_until = '2020-01-01 00:00:00'");
    app.message("01023456789", 1).await;
    app.stop().await;
});

// A hundred people want one name at the same moment.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_hundred_sign_ups_with_one_name_one_wins() {
    for db in crate::accounts_app::databases() {
        let app = AccountsApp::on(&db).await;
        let mut tokens = Vec::new();
        for number in 0..100 {
            tokens.push(app.verified(&format!("0105555{number:04}")).await);
        }
        let tries = tokens.iter().enumerate().map(|(number, token)| {
            let body = AccountsApp::sign_up_body("haneul7", &format!("하늘{number}"), token);
            app.post("/users", body)
        });
        let mut statuses = BTreeMap::new();
        for answer in futures_util::future::join_all(tries).await {
            if answer.status == StatusCode::CONFLICT {
                let problem = answer.assert_problem(409, "taken");
                assert_eq!(problem["errors"][0]["field"], "loginId");
            }
            *statuses.entry(answer.status.as_u16()).or_insert(0) += 1;
        }
        assert_eq!(statuses, BTreeMap::from([(201, 1), (409, 99)]));
        for (table, rows) in [("users", "1"), ("consents", "3"), ("attendance", "1")] {
            let count = db.console(&format!(
                "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM {table}"
            ));
            assert_eq!(count.trim(), rows, "{table}: nothing half-written");
        }
        // Who lost still has a good token.
        let used = db.console("SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM phone_verifications WHERE phase = 'redeemed'");
        assert_eq!(used.trim(), "1");
        app.stop().await;
    }
}
