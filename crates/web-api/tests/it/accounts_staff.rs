//! Staff: roles and suspension, from outside and from the command line.

use chrono::{SecondsFormat, TimeDelta};
use domain::clock::Clock as _;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use test_kit::Server;
use totp_rs::{Builder, Secret, Totp};
use web_api::accounts::AccountSettings;
use web_api::commands::user::{self, RoleCommand, Somebody, UserCommand};
use web_api::db::DatabaseSettings;

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::{TestDb, on_both};
use crate::support::DEADLINE;

/// An authenticator app.
pub(crate) struct Phone(Totp);

impl Phone {
    pub(crate) fn code(&self, app: &AccountsApp) -> String {
        let now = app.app.clock.now().timestamp();
        self.0.generate(u64::try_from(now).unwrap()).to_string()
    }

    /// A code that is none of those of these minutes.
    pub(crate) fn wrong(&self, app: &AccountsApp) -> String {
        let now = u64::try_from(app.app.clock.now().timestamp()).unwrap();
        let near: Vec<String> = (0..7)
            .map(|step| self.0.generate(now + 30 * step - 90).to_string())
            .collect();
        let free = |code: &String| !near.contains(code);
        (0..20).map(|n| format!("{n:06}")).find(free).unwrap()
    }
}

pub(crate) async fn call(
    app: &AccountsApp,
    signed: &Value,
    method: Method,
    path: &str,
    body: Value,
) -> crate::support::Answer {
    let body = (!body.is_null()).then_some(body);
    app.as_member(signed, method, path, body).await
}

pub(crate) async fn refreshed(app: &AccountsApp, signed: &Value) -> Value {
    let body = json!({"refreshToken": signed["refreshToken"]});
    let answer = app.post("/auth/sessions/refresh", body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text);
    answer.json()
}

/// Sets a second factor up and gives the app, the recovery codes and the session that has it.
pub(crate) async fn enrolled(app: &AccountsApp, signed: &Value) -> (Phone, Vec<String>, Value) {
    let body = json!({"currentPassword": PASSWORD});
    let proposed = call(app, signed, Method::POST, "/me/second-factor", body).await;
    assert_eq!(proposed.status, StatusCode::CREATED, "{}", proposed.text);
    assert_eq!(proposed.header("cache-control"), "no-store");
    let proposed = proposed.json();
    let secret = proposed["secret"].as_str().unwrap();
    assert!(proposed["otpauthUri"].as_str().unwrap().contains(secret));
    assert!(proposed["qrCode"].as_str().unwrap().contains("<svg"));
    let secret = Secret::try_from_base32(secret).unwrap();
    let phone = Phone(Builder::new().with_secret(secret).build().unwrap());
    let path = "/me/second-factor/confirmation";
    let body = json!({"code": phone.wrong(app)});
    call(app, signed, Method::POST, path, body)
        .await
        .assert_problem(401, "wrong_second_factor");
    let body = json!({"code": phone.code(app)});
    let confirmed = call(app, signed, Method::POST, path, body).await;
    assert_eq!(confirmed.status, StatusCode::OK, "{}", confirmed.text);
    let codes = confirmed.json()["recoveryCodes"].clone();
    let codes: Vec<String> = serde_json::from_value(codes).unwrap();
    assert_eq!(codes.len(), 10);
    (phone, codes, refreshed(app, signed).await)
}

/// An admin who has given a second factor.
pub(crate) async fn admin(app: &AccountsApp, db: &TestDb) -> (Phone, Value) {
    app.member("admin7", "바다", "01099998888").await;
    db.console("UPDATE users SET role = 'admin' WHERE login_id = 'admin7'");
    let signed = app.signed_in("admin7").await;
    let (phone, _, signed) = enrolled(app, &signed).await;
    (phone, signed)
}

async fn id_of(app: &AccountsApp, signed: &Value) -> String {
    let me = app.as_member(signed, Method::GET, "/me", None).await;
    me.json()["id"].as_str().unwrap().to_owned()
}

on_both!(roles_are_given_by_admins, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (_, boss) = admin(&app, &db).await;
    let member = app.member("haneul7", "하늘", "01023456789").await;
    let (boss_id, id) = (id_of(&app, &boss).await, id_of(&app, &member).await);
    let set = async |who: &Value, id: &str, role: &str| {
        let path = format!("/admin/users/{id}/role");
        call(&app, who, Method::PUT, &path, json!({"role": role})).await
    };
    set(&member, &id, "admin")
        .await
        .assert_problem(403, "forbidden");
    set(&boss, &id, "king")
        .await
        .assert_problem(422, "validation_failed");
    set(&boss, "none", "admin")
        .await
        .assert_problem(404, "user_not_found");
    set(&boss, &boss_id, "member")
        .await
        .assert_problem(409, "own_account");
    let made = set(&boss, &id, "counsellor").await;
    assert_eq!(made.json()["role"], "counsellor", "{}", made.text);
    // The old role ends with its sessions, at once.
    call(&app, &member, Method::GET, "/me", Value::Null)
        .await
        .assert_problem(401, "invalid_token");
    let body = json!({"refreshToken": member["refreshToken"]});
    app.post("/auth/sessions/refresh", body)
        .await
        .assert_problem(401, "invalid_token");
    let counsellor = app.signed_in("haneul7").await;
    let me = call(&app, &counsellor, Method::GET, "/me", Value::Null).await;
    assert_eq!(me.json()["role"], "counsellor");
    let again = set(&boss, &id, "counsellor").await;
    assert_eq!(again.status, StatusCode::OK);
    call(&app, &counsellor, Method::GET, "/me", Value::Null).await;
    // A second factor goes with the role.
    let (_, _, counsellor) = enrolled(&app, &counsellor).await;
    call(
        &app,
        &counsellor,
        Method::GET,
        "/admin/users?loginId=admin7",
        Value::Null,
    )
    .await
    .assert_problem(403, "forbidden");
    set(&boss, &id, "member").await;
    let member = app.signed_in("haneul7").await;
    let body = json!({"currentPassword": PASSWORD});
    call(&app, &member, Method::POST, "/me/second-factor", body)
        .await
        .assert_problem(403, "forbidden");
    app.stop().await;
});

on_both!(who_is_suspended_is_refused_at_once, |db| async move {
    let app = AccountsApp::on(&db).await;
    let (_, boss) = admin(&app, &db).await;
    let member = app.member("haneul7", "하늘", "01023456789").await;
    let (boss_id, id) = (id_of(&app, &boss).await, id_of(&app, &member).await);
    let path = format!("/admin/users/{id}/suspension");
    let suspend = async |path: &str, body: Value| call(&app, &boss, Method::PUT, path, body).await;
    for body in [
        json!({"reason": ""}),
        json!({"reason": "광".repeat(201)}),
        json!({"reason": "spam", "until": "2001-01-01T00:00:00Z"}),
        json!({"reason": "spam", "until": "tomorrow"}),
    ] {
        suspend(&path, body)
            .await
            .assert_problem(422, "validation_failed");
    }
    suspend("/admin/users/none/suspension", json!({"reason": "spam"}))
        .await
        .assert_problem(404, "user_not_found");
    let own = format!("/admin/users/{boss_id}/suspension");
    suspend(&own, json!({"reason": "spam"}))
        .await
        .assert_problem(409, "own_account");
    let done = suspend(&path, json!({"reason": "광고 반복"})).await;
    assert_eq!(done.json()["state"], "suspended", "{}", done.text);
    let rename = async |member: &Value| {
        let body = json!({"nickname": "하늘"});
        call(&app, member, Method::PATCH, "/me", body).await
    };
    rename(&member)
        .await
        .assert_problem(403, "account_suspended");
    let mine = call(&app, &member, Method::GET, "/me", Value::Null).await;
    assert_eq!(mine.status, StatusCode::OK, "what is his by law stays");
    for _ in 0..2 {
        let lifted = call(&app, &boss, Method::DELETE, &path, Value::Null).await;
        assert_eq!(lifted.status, StatusCode::NO_CONTENT, "{}", lifted.text);
    }
    let open = rename(&member).await;
    assert_eq!(open.status, StatusCode::OK, "{}", open.text);

    // Another instance's suspension is seen within seconds.
    db.console("UPDATE users SET state = 'suspended' WHERE login_id = 'haneul7'");
    app.app
        .wait_for("it is seen here", async |_| {
            let open = rename(&member).await;
            open.status == StatusCode::FORBIDDEN
        })
        .await;
    // One with an end ends by itself.
    let until = app.app.clock.now() + TimeDelta::minutes(5);
    let until = until.to_rfc3339_opts(SecondsFormat::Secs, true);
    suspend(&path, json!({"reason": "광고 반복", "until": until})).await;
    let restricted = app.signed_in("haneul7").await;
    assert!(restricted["suspended"]["until"].is_string());
    app.advance(TimeDelta::minutes(6));
    let answer = refreshed(&app, &restricted).await;
    assert!(answer.get("suspended").is_none());
    let open = rename(&answer).await;
    assert_eq!(open.status, StatusCode::OK, "{}", open.text);
    app.stop().await;
});

on_both!(
    the_first_admin_comes_from_the_command_line,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let member = app.member("haneul7", "하늘", "01023456789").await;
        let folder = tempfile::tempdir().unwrap();
        let run = async |command: UserCommand| {
            let data = folder.path().to_str().unwrap();
            let pairs = [("PASSWORD_COST", "4"), ("DATA_DIR", data)];
            let source = service_kit::settings::Source::from_pairs(pairs);
            let mut reader = service_kit::settings::Reader::new(source);
            let env = service_kit::settings::AppEnv::Development;
            let settings = AccountSettings::read(&mut reader, env);
            let database = DatabaseSettings {
                url: db.url.clone(),
                pool_size: 2,
            };
            user::run(&database, settings, command).await
        };
        let somebody = |login_id: &str| Somebody {
            login_id: Some(login_id.parse().unwrap()),
            id: None,
        };
        let whom = || somebody("haneul7");
        let set = |role: &str| {
            let (whom, role) = (whom(), role.parse().unwrap());
            UserCommand::Role(RoleCommand::Set { whom, role })
        };
        run(set("admin")).await.unwrap();
        let role = db.console("SELECT role AS cell FROM users");
        assert_eq!(role.trim(), "admin");
        app.app
            .wait_for("his sessions end", async |_| {
                let me = call(&app, &member, Method::GET, "/me", Value::Null).await;
                me.status == StatusCode::UNAUTHORIZED
            })
            .await;
        run(UserCommand::Show { whom: whom() }).await.unwrap();
        let unknown = UserCommand::Show {
            whom: somebody("nobody7"),
        };
        let error = run(unknown).await.unwrap_err();
        assert!(error.to_string().contains("nobody7"), "{error}");
        let suspend = || UserCommand::Suspend {
            whom: whom(),
            reason: "test".to_owned(),
            until: None,
        };
        // What nobody may do from outside: there is still the command line to make another one.
        run(suspend()).await.unwrap();
        let state = "SELECT state AS cell FROM users WHERE login_id = 'haneul7'";
        assert_eq!(db.console(state).trim(), "suspended");
        app.member("badaro7", "바다", "01099998888").await;
        let role = "admin".parse().unwrap();
        let second = UserCommand::Role(RoleCommand::Set {
            whom: somebody("badaro7"),
            role,
        });
        run(second).await.unwrap();
        run(suspend()).await.unwrap();
        run(UserCommand::Unsuspend { whom: whom() }).await.unwrap();
        run(set("member")).await.unwrap();
        app.stop().await;
    }
);

// The binary itself, as an operator calls it.
on_both!(an_operator_reads_what_became_of_a_member, |db| async move {
    let pool = db.migrated().await;
    pool.run(|db| {
        crate::accounts_support::member(db, 1);
        Ok(())
    })
    .await
    .unwrap();
    let call = |arguments: &[&str]| {
        let builder = Server::builder("web-api", env!("CARGO_BIN_EXE_web-api"))
            .env("DATABASE_URL", &db.url_text)
            .env("PASSWORD_COST", "4");
        let mut call = builder.args(arguments).spawn().unwrap();
        let status = call.wait(DEADLINE).unwrap().unwrap();
        (status.code(), call.log())
    };
    let (status, log) = call(&["user", "role", "set", "member1", "admin"]);
    assert_eq!(status, Some(0), "{log}");
    assert!(log.contains("role           admin"), "{log}");
    assert!(!log.contains("nobody"), "{log}");
    let (status, log) = call(&["user", "suspend", "member1", "--reason", "test"]);
    assert_eq!(status, Some(0), "{log}");
    assert!(log.contains("nobody administers"), "{log}");
    let (status, log) = call(&["user", "role", "set", "member1", "king"]);
    assert_eq!(status, Some(2), "{log}");
    assert!(log.contains("member, counsellor, admin"), "{log}");
    let (status, log) = call(&["user", "show", "nobody7"]);
    assert_eq!(status, Some(1), "{log}");
    assert!(log.contains("nobody signs in as nobody7"), "{log}");
    assert_eq!(call(&["user", "show", "member1"]).0, Some(0));
    // Who signs in by another service only has an id and no name.
    let id = db.console("SELECT public_id AS cell FROM users");
    let id = id.trim();
    db.console("UPDATE users SET login_id = NULL");
    let (status, log) = call(&["user", "role", "set", "--id", id, "counsellor"]);
    assert_eq!(status, Some(0), "{log}");
    assert!(log.contains("role           counsellor"), "{log}");
    let (status, log) = call(&["user", "unsuspend", "--id", id]);
    assert!(status == Some(0) && log.contains("active"), "{log}");
    let (status, log) = call(&["user", "show", "--id", "none"]);
    assert_eq!(status, Some(1), "{log}");
    assert!(log.contains("nobody has the id none"), "{log}");
    for wrong in [
        &["user", "show"][..],
        &["user", "show", "member1", "--id", id],
    ] {
        let (status, log) = call(wrong);
        assert_eq!(status, Some(2), "{log}");
    }
});
