//! The audit: what is written down, that it stays, and that it tells nothing of who has left.

use chrono::{DateTime, TimeDelta, Utc};
use diesel::RunQueryDsl as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use web_api::accounts::store::audit::{self, Action, Written};
use web_api::accounts::store::{security, users};
use web_api::db::{Db, DbError};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::accounts_support::{day, member};
use crate::db_support::on_both;

/// Lines about a member, oldest first.
async fn lines(app: &AccountsApp, login_id: &str) -> Vec<Written> {
    let login_id = login_id.parse().unwrap();
    let read = move |db: &mut Db| {
        let user = users::by_login_id(db, &login_id)?.unwrap();
        audit::of_member(db, &user.id, 1_000)
    };
    let mut lines = app.app.pool.run(read).await.unwrap();
    lines.reverse();
    lines
}

fn told(lines: &[Written]) -> Vec<String> {
    let told = |line: &Written| match &line.detail {
        Some(detail) => format!("{} {detail}", line.action),
        None => line.action.clone(),
    };
    lines.iter().map(told).collect()
}

on_both!(what_members_do_is_written_down, |db| async move {
    let app = AccountsApp::on(&db).await;
    let signed = app.member("haneul7", "하늘", "01023456789").await;
    let post = |path: &str, body: Value| {
        let request = app.app.request(Method::POST, &format!("/api/v1{path}"));
        app.app.send(
            request
                .header("x-request-id", "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e")
                .json(&body),
        )
    };
    let wrong = json!({"loginId": "haneul7", "password": "wrong-password-1"});
    let refused = post("/auth/sessions", wrong).await;
    assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
    let nobody = json!({"loginId": "nobody7", "password": "wrong-password-1"});
    post("/auth/sessions", nobody).await;
    let other = app.signed_in("haneul7").await;
    let me = async |signed: &Value, method: Method, path: &str, body: Value| {
        let body = (!body.is_null()).then_some(body);
        app.as_member(signed, method, path, body).await
    };
    me(&signed, Method::PATCH, "/me", json!({"nickname": "바다"})).await;
    let consent = json!({"agreed": true});
    me(&signed, Method::PUT, "/me/consents/sensitive", consent).await;
    let change =
        |present: &str| json!({"currentPassword": present, "newPassword": "password-2-canary"});
    let path = "/me/password";
    me(&signed, Method::PUT, path, change("wrong-password-1")).await;
    let changed = me(&signed, Method::PUT, path, change(PASSWORD)).await;
    assert_eq!(changed.status, StatusCode::NO_CONTENT, "{}", changed.text);
    // A refresh token that comes a second time, late.
    let refresh = async |signed: &Value| {
        let body = json!({"refreshToken": signed["refreshToken"]});
        app.post("/auth/sessions/refresh", body).await
    };
    refresh(&signed).await;
    app.advance(TimeDelta::seconds(30));
    refresh(&signed).await.assert_problem(401, "invalid_token");
    refresh(&other).await.assert_problem(401, "invalid_token");
    let new = json!({"loginId": "haneul7", "password": "password-2-canary"});
    let three = app.post("/auth/sessions", new.clone()).await.json();
    me(
        &three,
        Method::DELETE,
        "/auth/sessions/current",
        Value::Null,
    )
    .await;
    let four = app.post("/auth/sessions", new.clone()).await.json();
    me(&four, Method::DELETE, "/auth/sessions", Value::Null).await;

    let lines = lines(&app, "haneul7").await;
    assert_eq!(
        told(&lines),
        [
            "signedUp",
            "signedIn",
            "signInFailed password",
            "signedIn",
            "nicknameChanged",
            "consentChanged",
            "signInFailed reauthentication",
            "passwordChanged",
            "sessionEnded passwordChanged",
            "tokenReused",
            "signedIn",
            "signedOut",
            "signedIn",
            "signedOut",
            "sessionEnded signedOut",
        ]
    );
    let failed = &lines[2];
    assert_eq!(
        failed.request.as_deref(),
        Some("018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e")
    );
    assert_eq!(failed.actor, None, "nobody knows who it was");
    for line in &lines {
        assert!(line.request.is_some(), "{line:?}");
        let address = line.address.as_ref().unwrap();
        assert!(!String::from_utf8_lossy(address).contains("127.0.0.1"));
    }
    let of_nobody = db.console(
        "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM audit WHERE subject_id IS NULL \
         AND address_sealed IS NULL AND action = 'signInFailed'",
    );
    assert_eq!(of_nobody.trim(), "1");
    app.stop().await;
});

on_both!(what_staff_does_is_written_down, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (phone, boss) = crate::accounts_staff::admin(&app, &db).await;
    app.member("haneul7", "하늘", "01023456789").await;
    let boss_call = async |method: Method, path: &str, body: Value| {
        let body = (!body.is_null()).then_some(body);
        app.as_member(&boss, method, path, body).await
    };
    let find = "/admin/users?loginId=haneul7";
    let found = boss_call(Method::GET, find, Value::Null).await.json();
    let id = found["items"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/admin/users/{id}/suspension");
    boss_call(Method::PUT, &path, json!({"reason": "spam"})).await;
    let body = json!({"loginId": "haneul7", "password": PASSWORD});
    app.post("/auth/sessions", body).await;
    boss_call(Method::DELETE, &path, Value::Null).await;
    let path = format!("/admin/users/{id}/role");
    boss_call(Method::PUT, &path, json!({"role": "counsellor"})).await;
    let about = lines(&app, "haneul7").await;
    assert_eq!(
        told(&about),
        [
            "signedUp",
            "signedIn",
            "memberRead",
            "suspended",
            "signedIn suspended",
            "suspensionLifted",
            "roleChanged member>counsellor",
            "sessionEnded roleChanged",
            "sessionEnded roleChanged",
        ]
    );
    assert_ne!(about[3].actor, about[3].subject, "by the admin");
    // The admin's own.
    let counsellor = app.signed_in("haneul7").await;
    let (_, codes, counsellor) = crate::accounts_staff::enrolled(&app, &counsellor).await;
    let body = json!({"currentPassword": PASSWORD, "code": codes[0]});
    let path = "/me/second-factor";
    let removed = app
        .as_member(&counsellor, Method::DELETE, path, Some(body))
        .await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT, "{}", removed.text);
    let about = lines(&app, "haneul7").await;
    assert_eq!(
        told(&about)[9..],
        [
            "signedIn",
            "signInFailed secondFactor",
            "factorEnrolled",
            "recoveryCodeUsed",
            "factorRemoved",
            "sessionEnded factorRemoved",
        ]
    );
    drop(phone);
    app.stop().await;
});

/// Runs a statement and says how it ended.
fn tried(db: &mut Db, sql: &str) -> Result<usize, diesel::result::Error> {
    let query = diesel::sql_query(sql);
    match db {
        Db::Sqlite(connection) => query.execute(&mut **connection),
        Db::Mysql(connection) => query.execute(&mut **connection),
    }
}

on_both!(lines_are_kept_as_they_are_for_two_years, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let key = member(db, 1);
        let user = users::by_key(db, key)?.unwrap();
        let now = Utc::now();
        let ages = [0, 729, 732];
        for days in ages {
            let at = now - TimeDelta::days(days);
            audit::note(db, Action::SignedIn, Some(&user.id), &user.id, None, at)?;
        }
        for sql in [
            "UPDATE audit SET actor_id = NULL",
            "UPDATE audit SET at = '2001-01-01 00:00:00'",
            "DELETE FROM audit",
        ] {
            let error = tried(db, sql).unwrap_err().to_string();
            assert!(error.contains("lines of the audit"), "{sql}: {error}");
        }
        assert_eq!(audit::of_member(db, &user.id, 10)?.len(), 3);
        audit::purge(db, now)?;
        assert_eq!(audit::of_member(db, &user.id, 10)?.len(), 2);
        Ok(())
    })
    .await
    .unwrap();
});

on_both!(an_addresss_key_dies_with_the_account, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let key = member(db, 1);
        let id = users::by_key(db, key)?.unwrap().id;
        let salt = security::address_salt(db, id.as_str())?.unwrap();
        assert_eq!(security::address_salt(db, id.as_str())?, Some(salt));
        security::forget(db, key)?;
        tried(db, "UPDATE users SET state = 'withdrawn'").unwrap();
        assert_eq!(security::address_salt(db, id.as_str())?, None);
        assert_eq!(security::address_salt(db, "-")?, None);
        Ok::<_, DbError>(())
    })
    .await
    .unwrap();
    let _: DateTime<Utc> = day();
});

// Two requests at once, the first of a member's life: one salt.
on_both!(a_salt_is_made_once, |db| async move {
    let pool = db.migrated().await;
    let id = pool
        .run(|db| {
            let key = member(db, 1);
            Ok(users::by_key(db, key)?.unwrap().id)
        })
        .await
        .unwrap();
    let asked = (0..8).map(|_| {
        let (pool, id) = (pool.clone(), id.clone());
        tokio::spawn(async move {
            pool.run(move |db| db.write_tx(|db| security::address_salt(db, id.as_str())))
                .await
                .unwrap()
        })
    });
    let asked: Vec<_> = asked.collect();
    let mut salts = std::collections::BTreeSet::new();
    for one in asked {
        salts.insert(one.await.unwrap().unwrap());
    }
    assert_eq!(salts.len(), 1);
});
