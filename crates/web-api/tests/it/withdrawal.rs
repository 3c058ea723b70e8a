//! 탈퇴: everything goes at once; and the export of everything before that.

use std::collections::BTreeSet;

use chrono::TimeDelta;
use futures_util::future::{BoxFuture, FutureExt as _, join_all};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use web_api::accounts::personal::{Erased, PLACES};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::chat_stand_in::ChatStandIn;
use crate::db_support::{TestDb, on_both};

pub(crate) fn count(db: &TestDb, table: &str) -> String {
    let count = db.console(&format!(
        "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM {table}"
    ));
    count.trim().to_owned()
}

/// Asserts that the tables which hold something of members hold nothing but what is kept.
pub(crate) fn assert_nothing_left(db: &TestDb) {
    assert_nothing_left_but(db, &["statements"]);
}

fn assert_nothing_left_but(db: &TestDb, spared: &[&str]) {
    for place in PLACES {
        if matches!(place.erased, Erased::Kept(_)) || spared.contains(&place.table) {
            continue;
        }
        let mut rest = place.table.to_owned();
        if place.table == "sms_counts" {
            // What an address and everybody cost is nobody's.
            rest.push_str(" WHERE scope LIKE 'number%'");
        }
        assert_eq!(count(db, &rest), "0", "{}", place.table);
    }
}

async fn withdraw(app: &AccountsApp, signed: &Value, body: Value) -> crate::support::Answer {
    app.as_member(signed, Method::DELETE, "/me", Some(body))
        .await
}

on_both!(withdrawal_erases_everything_at_once, |db| async move {
    let chat = ChatStandIn::start();
    let app = AccountsApp::with(&db, &[("CHAT_EVENTS_URL", &chat.url())]).await;
    let one = app.member("haneul7", "하늘", "01023456789").await;
    let two = app.signed_in("haneul7").await;
    app.as_member(
        &one,
        Method::PUT,
        "/me/consents/sensitive",
        Some(json!({"agreed": true})),
    )
    .await;
    let wrong = json!({"loginId": "haneul7", "password": "wrong-password-1"});
    app.post("/auth/sessions", wrong).await;

    let refused = withdraw(&app, &one, json!({"password": "wrong-password-1"})).await;
    let problem = refused.assert_problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["field"], "password");
    let refused = withdraw(&app, &one, json!({})).await;
    refused.assert_problem(422, "validation_failed");
    assert_eq!(count(&db, "users"), "1");

    let erased = withdraw(&app, &one, json!({"password": PASSWORD})).await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.text);
    assert_eq!(erased.header("cache-control"), "no-store");
    assert!(erased.header("set-cookie").contains("Max-Age=0"));
    let receipt = erased.json();
    assert_eq!(
        (&receipt["web"], &receipt["chat"]),
        (&json!("done"), &json!("pending"))
    );
    assert_nothing_left(&db);

    // Nothing of it is believed any more.
    for signed in [&one, &two] {
        let me = app.as_member(signed, Method::GET, "/me", None).await;
        me.assert_problem(401, "invalid_token");
        let refresh = json!({"refreshToken": signed["refreshToken"]});
        app.post("/auth/sessions/refresh", refresh)
            .await
            .assert_problem(401, "invalid_token");
    }
    withdraw(&app, &one, json!({"password": PASSWORD}))
        .await
        .assert_problem(401, "invalid_token");
    let gone = json!({"loginId": "haneul7", "password": PASSWORD});
    app.post("/auth/sessions", gone)
        .await
        .assert_problem(401, "wrong_credentials");

    // The receipt is read without an account, and chat-server's part follows.
    let path = format!(
        "/erasure-receipts/{}",
        receipt["receiptId"].as_str().unwrap()
    );
    app.app
        .wait_for("chat-server has done it", async |_| {
            app.get(&path).await.json()["chat"] == "done"
        })
        .await;
    let answer = app.get(&path).await;
    assert_eq!(answer.header("cache-control"), "no-store");
    let names: BTreeSet<_> = answer.json().as_object().unwrap().keys().cloned().collect();
    assert_eq!(
        names,
        ["chat", "erasedAt", "receiptId", "web"]
            .map(str::to_owned)
            .into()
    );
    assert_eq!(answer.json()["erasedAt"], receipt["erasedAt"]);
    for unknown in ["none", &"A".repeat(32), &"A".repeat(500)] {
        app.get(&format!("/erasure-receipts/{unknown}"))
            .await
            .assert_problem(404, "not_found");
    }
    assert_eq!(count(&db, "statements"), "0");

    // The names are free at once, and whoever has them then inherits nothing.
    app.advance(TimeDelta::seconds(1));
    let next = app.member("haneul7", "하늘", "01023456789").await;
    let me = app.as_member(&next, Method::GET, "/me", None).await.json();
    assert_eq!(me["daysAttended"], 1);
    assert_ne!(next["sessionId"], one["sessionId"]);
    let export = app.as_member(&next, Method::GET, "/me/export", None).await;
    let actions: Vec<_> = export.json()["audit"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["action"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(actions, ["signedUp", "signedIn", "exported"]);
    for old in [&one, &two] {
        app.as_member(old, Method::GET, "/me", None)
            .await
            .assert_problem(401, "invalid_token");
    }
    app.stop().await;
});

on_both!(
    who_has_no_password_proves_it_by_a_fresh_sign_in,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let signed = app.member("haneul7", "하늘", "01023456789").await;
        // As somebody has it who signs in by another service.
        db.console("UPDATE users SET password_hash = NULL, login_id = NULL");
        app.advance(TimeDelta::minutes(11));
        withdraw(&app, &signed, json!({}))
            .await
            .assert_problem(403, "reauthentication_required");
        app.app.clock.advance(TimeDelta::minutes(-5));
        let erased = withdraw(&app, &signed, json!({})).await;
        assert_eq!(erased.status, StatusCode::OK, "{}", erased.text);
        assert_eq!(
            erased.json()["chat"],
            "pending",
            "nobody is there to acknowledge"
        );
        assert_nothing_left(&db);
        app.stop().await;
    }
);

on_both!(the_export_holds_everything, |db| async move {
    let app = AccountsApp::on(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    app.member("bada7", "바다", "01023456780").await;
    // By law also for who is suspended.
    db.console("UPDATE users SET state = 'suspended' WHERE login_id = 'haneul7'");
    db.console(
        "INSERT INTO medicines (id, first_seen_at) VALUES (200000001, '2026-01-01 00:00:00')",
    );
    db.console("INSERT INTO wishes (user_id, medicine_id, created_at) SELECT id, 200000001, '2026-01-02 00:00:00' FROM users WHERE login_id = 'haneul7'");
    db.console("INSERT INTO compare_box (user_id, medicine_id, turn, added_at) SELECT id, 200000001, 1, '2026-01-02 00:00:00' FROM users WHERE login_id = 'haneul7'");
    // What he did to another, as admins do.
    db.console("INSERT INTO audit (at, action, actor_id, subject_id, detail) SELECT '2026-01-03 00:00:00', 'reviewRead', a.public_id, b.public_id, 'THEIRS' FROM users a, users b WHERE a.login_id = 'haneul7' AND b.login_id = 'bada7'");
    let answer = app
        .as_member(&signed, Method::GET, "/me/export", None)
        .await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("content-disposition"),
        "attachment; filename=\"pillnuts-export.json\""
    );
    let all = answer.json();
    assert_eq!(
        (&all["format"], &all["complete"]),
        (&json!("pillnuts-export/1"), &json!(true))
    );
    let profile = &all["profile"];
    for (field, expected) in [
        ("loginId", json!("haneul7")),
        ("nickname", json!("하늘")),
        ("email", json!("Canary.Mail@example.com")),
        ("phoneNumber", json!("+821023456789")),
        ("hasPassword", json!(true)),
        ("state", json!("suspended")),
    ] {
        assert_eq!(profile[field], expected, "{field}");
    }
    for (list, length) in [
        ("consents", 3),
        ("daysAttended", 1),
        ("sessions", 1),
        ("wishes", 1),
        ("compareBox", 1),
        ("phoneVerifications", 1),
        ("audit", 4),
    ] {
        assert_eq!(all[list].as_array().unwrap().len(), length, "{list}");
    }
    assert_eq!(all["sessions"][0]["id"], signed["sessionId"]);
    assert_eq!(all["wishes"][0]["medicineId"], "200000001");
    assert_eq!(all["compareBox"][0]["medicineId"], "200000001");
    // To whom he did it and what was read isn't his.
    let did = &all["audit"][0];
    assert_eq!(
        (&did["action"], &did["byOneself"], &did["detail"]),
        (&json!("reviewRead"), &json!(true), &Value::Null)
    );
    assert_eq!(all["audit"][3]["action"], "exported");
    let theirs = db.console("SELECT public_id AS cell FROM users WHERE login_id = 'bada7'");
    assert!(!answer.text.contains(theirs.trim()));
    // Another's, secrets and hashes are not part of it.
    for other in [
        "bada7", "바다", "THEIRS", "$2b$", PASSWORD, "hash", "refresh",
    ] {
        assert!(!answer.text.contains(other), "{other}");
    }
    let erased = withdraw(&app, &signed, json!({"password": PASSWORD})).await;
    assert_eq!(erased.status, StatusCode::OK, "{}", erased.text);
    assert_eq!(count(&db, "users"), "1", "another's account stays");
    assert_eq!(count(&db, "consents"), "3");
    assert_eq!(count(&db, "wishes"), "0");
    assert_eq!(count(&db, "compare_box"), "0");
    app.stop().await;
});

// Whatever a member does while he goes: nothing of it is left.
on_both!(
    nothing_that_happens_at_once_is_left_behind,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        db.console(
            "INSERT INTO medicines (id, first_seen_at) VALUES (200000001, '2026-01-01 00:00:00')",
        );
        for round in 0..4 {
            let number = format!("0105555000{round}");
            let signed = app.member("haneul7", "하늘", &number).await;
            let key: i64 = db
                .console("SELECT CAST(id AS CHAR(20)) AS cell FROM users")
                .trim()
                .parse()
                .unwrap();
            let mut calls: Vec<BoxFuture<'_, u16>> = Vec::new();
            for turn in 0..30 {
                let (app, signed) = (&app, &signed);
                calls.push(match turn % 5 {
                    0 => async move {
                        let body = json!({"loginId": "haneul7", "password": PASSWORD});
                        app.post("/auth/sessions", body).await.status.as_u16()
                    }
                    .boxed(),
                    1 => async move {
                        let body = json!({"refreshToken": signed["refreshToken"]});
                        app.post("/auth/sessions/refresh", body)
                            .await
                            .status
                            .as_u16()
                    }
                    .boxed(),
                    2 => async move {
                        let body = json!({"agreed": turn % 2 == 0});
                        let path = "/me/consents/sensitive";
                        let answer = app.as_member(signed, Method::PUT, path, Some(body)).await;
                        answer.status.as_u16()
                    }
                    .boxed(),
                    3 => async move {
                        let medicine = domain::catalogue::MedicineId::new(200_000_001).unwrap();
                        let wish = move |db: &mut web_api::db::Db| {
                            web_api::wishes::store::add(db, key, medicine)
                        };
                        // Before or after: there is no third.
                        drop(app.app.pool.run(wish).await);
                        200
                    }
                    .boxed(),
                    _ => async move {
                        let body = json!({"nickname": format!("하늘{turn}")});
                        let answer = app
                            .as_member(signed, Method::PATCH, "/me", Some(body))
                            .await;
                        answer.status.as_u16()
                    }
                    .boxed(),
                });
            }
            let body = json!({"password": PASSWORD});
            calls.insert(
                15,
                async { withdraw(&app, &signed, body).await.status.as_u16() }.boxed(),
            );
            let statuses: BTreeSet<u16> = join_all(calls).await.into_iter().collect();
            // A busy server says so and has done nothing.
            let harmless = |status: &u16| *status < 500 || *status == 503;
            assert!(statuses.iter().all(harmless), "{statuses:?}");
            // Slowed or busy, it may have been refused: then it is done now.
            if count(&db, "users") != "0" {
                app.advance(TimeDelta::minutes(20));
                let again = app.signed_in("haneul7").await;
                let erased = withdraw(&app, &again, json!({"password": PASSWORD})).await;
                assert_eq!(erased.status, StatusCode::OK, "{}", erased.text);
            }
            // Who tries the name afterwards tries nobody's: that is noted as of any other name.
            assert_nothing_left_but(&db, &["statements", "sign_in_failures"]);
            app.advance(TimeDelta::minutes(20));
        }
        app.stop().await;
    }
);

// Another instance did it: this one learns it from the database.
on_both!(
    other_instances_refuse_the_tokens_within_seconds,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let signed = app.member("haneul7", "하늘", "01023456789").await;
        db.console("INSERT INTO erased_users SELECT public_id, '2999-01-01 00:00:00' FROM users");
        app.app
            .wait_for("it is refused", async |_| {
                let me = app.as_member(&signed, Method::GET, "/me", None).await;
                me.status == StatusCode::UNAUTHORIZED
            })
            .await;
        app.stop().await;
    }
);
