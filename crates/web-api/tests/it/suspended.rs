//! Suspension: what it leaves a member, and what chat-server is told of it.

use chrono::{SecondsFormat, TimeDelta};
use domain::clock::Clock as _;
use domain::token::{Stated, Statement, TokenRules, UserId};
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use service_kit::token::{KeySet, TokenError, TokenVerifier};
use web_api::accounts::store::{staff, users};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::accounts_staff::{admin, call, refreshed};
use crate::chat_stand_in::ChatStandIn;
use crate::db_support::on_both;
use crate::statements::{heard, read};

async fn id_of(app: &AccountsApp, signed: &Value) -> String {
    let me = call(app, signed, Method::GET, "/me", Value::Null).await;
    me.json()["id"].as_str().unwrap().to_owned()
}

/// The routes that a suspended member is let in to, and one that he isn't.
async fn is_restricted(app: &AccountsApp, signed: &Value) {
    for path in ["/me", "/me/export", "/me/consents", "/auth/sessions"] {
        let answer = call(app, signed, Method::GET, path, Value::Null).await;
        assert_eq!(answer.status, StatusCode::OK, "{path} {}", answer.text);
    }
    let rename = json!({"nickname": "다른이름"});
    call(app, signed, Method::PATCH, "/me", rename)
        .await
        .assert_problem(403, "account_suspended");
}

/// What a server makes of an access token that takes those of suspended members only if it asks.
fn verified(app: &AccountsApp, signed: &Value, even_restricted: bool) -> Result<bool, TokenError> {
    let keys = std::fs::read_to_string(app.app.data_dir().join("keys/access.jwks")).unwrap();
    let rules = TokenRules::new("pillnuts-web", "pillnuts", TimeDelta::seconds(5)).unwrap();
    let rules = if even_restricted {
        rules.even_restricted()
    } else {
        rules
    };
    let verifier = TokenVerifier::new(rules);
    verifier.replace_keys(KeySet::parse(&keys).unwrap());
    let token = signed["accessToken"].as_str().unwrap();
    let claims = verifier.verify(token, app.app.clock.now())?;
    Ok(claims.restricted)
}

// 개인정보 보호법 제35조, 제36조: reading one's data and leaving aren't lost by a suspension.
on_both!(
    the_suspended_get_to_what_is_theirs_by_law,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let (_, boss) = admin(&app, &db).await;
        let member = app.member("haneul7", "하늘", "01023456789").await;
        assert!(member.get("suspended").is_none());
        assert!(!verified(&app, &member, false).unwrap());
        let path = format!("/admin/users/{}/suspension", id_of(&app, &member).await);
        let until = app.app.clock.now() + TimeDelta::days(3);
        let until = until.to_rfc3339_opts(SecondsFormat::Millis, true);
        let body = json!({"reason": "광고 반복", "until": until});
        let done = call(&app, &boss, Method::PUT, &path, body).await;
        assert_eq!(done.status, StatusCode::OK, "{}", done.text);

        // The token of before, the next one of its session, and one of a new sign-in.
        let later = refreshed(&app, &member).await;
        let anew = app.signed_in("haneul7").await;
        for signed in [&later, &anew] {
            assert_eq!(signed["suspended"], json!({"until": until}));
            assert!(verified(&app, signed, true).unwrap());
            assert!(
                verified(&app, signed, false).is_err(),
                "who doesn't ask for such tokens gets none"
            );
        }
        for signed in [&member, &later, &anew] {
            is_restricted(&app, signed).await;
        }

        // Let in again: a refresh gives a token for everything.
        let lifted = call(&app, &boss, Method::DELETE, &path, Value::Null).await;
        assert_eq!(lifted.status, StatusCode::NO_CONTENT);
        is_restricted(&app, &anew).await;
        let anew = refreshed(&app, &anew).await;
        assert!(anew.get("suspended").is_none());
        assert!(!verified(&app, &anew, false).unwrap());
        let rename = json!({"nickname": "다른이름"});
        let renamed = call(&app, &anew, Method::PATCH, "/me", rename).await;
        assert_eq!(renamed.status, StatusCode::OK, "{}", renamed.text);

        // Without an end, and out of the service for good.
        let body = json!({"reason": "광고 반복"});
        call(&app, &boss, Method::PUT, &path, body).await;
        let last = app.signed_in("haneul7").await;
        assert_eq!(last["suspended"], json!({}));
        let body = json!({"password": PASSWORD});
        let left = call(&app, &last, Method::DELETE, "/me", body).await;
        assert_eq!(left.status, StatusCode::OK, "{}", left.text);
        let count =
            "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM users WHERE login_id = 'haneul7'";
        assert_eq!(db.console(count).trim(), "0");
        app.stop().await;
    }
);

fn of(all: &[Stated], wanted: &UserId) -> Vec<(&'static str, i64)> {
    let his = all.iter().filter(|one| one.statement.user() == wanted);
    let mut his: Vec<_> = his.collect();
    // They may come in any order: `toe` tells, and of the same second the suspension counts.
    his.sort_by_key(|one| {
        (
            one.at,
            matches!(one.statement, Statement::UserSuspended { .. }),
        )
    });
    let told = his.iter();
    told.map(|one| (one.statement.event(), one.at.timestamp()))
        .filter(|(event, _)| event.starts_with("user"))
        .collect()
}

on_both!(chat_is_told_when_a_suspension_ends, |db| async move {
    let chat = ChatStandIn::start();
    let app = AccountsApp::with(&db, &[("CHAT_EVENTS_URL", &chat.url())]).await;
    let (_, boss) = admin(&app, &db).await;
    let member = app.member("haneul7", "하늘", "01023456789").await;
    let id = id_of(&app, &member).await;
    let user: UserId = id.parse().unwrap();
    let path = format!("/admin/users/{id}/suspension");
    // A signature is good for five minutes: what was read before isn't read again.
    let told = async |after: usize, count: usize| {
        let mut all = Vec::new();
        app.app
            .wait_for("it is told", async |_| {
                let heard = heard(&app, &chat, after).await;
                let new = heard.iter().skip(after);
                all = of(&new.map(|one| read(&app, one)).collect::<Vec<_>>(), &user);
                all.len() >= count
            })
            .await;
        all
    };
    // All within one second; signing in took longer than that.
    let start = app.app.clock.hold().timestamp();
    for _ in 0..2 {
        call(&app, &boss, Method::PUT, &path, json!({"reason": "광고"})).await;
        call(&app, &boss, Method::DELETE, &path, Value::Null).await;
        // Who isn't suspended isn't let in twice.
        call(&app, &boss, Method::DELETE, &path, Value::Null).await;
    }
    app.app.clock.release();
    assert_eq!(
        told(0, 4).await,
        [
            ("userSuspended", start),
            ("userReinstated", start + 1),
            ("userSuspended", start + 1),
            ("userReinstated", start + 2),
        ],
        "the last one counts whichever comes last"
    );

    // One with an end ends at its time, though nobody comes.
    let until = app.app.clock.now() + TimeDelta::minutes(5);
    let earliest = until.timestamp();
    let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
    let body = json!({"reason": "광고", "until": until});
    call(&app, &boss, Method::PUT, &path, body).await;
    assert_eq!(told(0, 5).await.len(), 5);
    let before = chat.heard().len();
    app.advance(TimeDelta::minutes(6));
    let all = told(before, 1).await;
    let latest = app.app.clock.now().timestamp();
    assert!(
        matches!(all[..], [("userReinstated", at)] if (earliest..=latest).contains(&at)),
        "{all:?} is not between {earliest} and {latest}"
    );
    let state = "SELECT state AS cell FROM users WHERE login_id = 'haneul7'";
    assert_eq!(db.console(state).trim(), "active");
    let lifted =
        "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM audit WHERE action = 'suspensionLifted'";
    assert_eq!(db.console(lifted).trim(), "3");
    app.stop().await;
});

// Clocks of two instances differ: what was told later still counts.
on_both!(what_is_told_last_has_the_latest_moment, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        let key = crate::accounts_support::member(db, 1);
        let now: chrono::DateTime<chrono::Utc> = "2026-03-02T03:00:00.700Z".parse().unwrap();
        let ahead = now + TimeDelta::seconds(3);
        let at = staff::suspend(db, key, "test", None, ahead)?;
        assert_eq!(at, ahead);
        let at = staff::lift(db, key, now)?.unwrap();
        assert_eq!(at.timestamp(), ahead.timestamp() + 1, "not before");
        assert_eq!(staff::lift(db, key, now)?, None, "only once");
        let again = staff::suspend(db, key, "test", None, now)?;
        assert_eq!(again, at, "of one second the suspension counts");
        let much_later = now + TimeDelta::days(1);
        assert_eq!(staff::lift(db, key, much_later)?, Some(much_later));
        assert!(users::by_key(db, key)?.is_some());
        assert_eq!(staff::lift(db, key + 1_000, now)?, None, "nobody");
        Ok(())
    })
    .await
    .unwrap();
});
