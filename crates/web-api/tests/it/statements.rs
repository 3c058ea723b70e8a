//! Statements from the change to chat-server: signed, until they are acknowledged.

use std::time::Duration;

use base64ct::Encoding as _;
use chrono::{TimeDelta, Utc};
use domain::token::{RawStatement, STATEMENT_TYPE, Stated, Statement, StatementRules, TokenRules};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::Method;
use service_kit::token::{KeySet, TokenError, TokenVerifier};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::chat_stand_in::{ChatStandIn, Does, Heard};
use crate::db_support::on_both;
use crate::real_app::RealApp;
use crate::support::DEADLINE;

/// What chat-server does with what it hears: the key set's signature, then the rules.
pub(crate) fn read(app: &AccountsApp, heard: &Heard) -> Stated {
    let keys = std::fs::read_to_string(app.app.data_dir().join("keys/access.jwks")).unwrap();
    let set: JwkSet = serde_json::from_str(&keys).unwrap();
    let header = decode_header(&heard.body).unwrap();
    assert_eq!(header.typ.as_deref(), Some(STATEMENT_TYPE));
    let key = set.find(header.kid.as_deref().unwrap()).unwrap();
    let mut validation = Validation::new(Algorithm::EdDSA);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    let key = DecodingKey::from_jwk(key).unwrap();
    let raw: RawStatement = decode(&heard.body, &key, &validation).unwrap().claims;
    let now = domain::clock::Clock::now(&*app.app.clock);
    let rules = StatementRules::new("pillnuts-web", TimeDelta::seconds(5)).unwrap();
    // It opens no door.
    let verifier = TokenVerifier::new(
        TokenRules::new("pillnuts-web", "pillnuts", TimeDelta::seconds(5)).unwrap(),
    );
    verifier.replace_keys(KeySet::parse(&keys).unwrap());
    assert_eq!(verifier.verify(&heard.body, now), Err(TokenError::Type));
    rules.check(&raw, now).unwrap()
}

pub(crate) async fn heard(app: &AccountsApp, chat: &ChatStandIn, count: usize) -> Vec<Heard> {
    app.app
        .wait_for("it is told", async |_| chat.heard().len() >= count)
        .await;
    chat.heard()
}

on_both!(
    what_ended_is_told_until_it_is_acknowledged,
    |db| async move {
        let chat = ChatStandIn::start();
        let app = AccountsApp::with(&db, &[("CHAT_EVENTS_URL", &chat.url())]).await;
        let signed = app.member("haneul7", "하늘", "01023456789").await;
        let user = app
            .as_member(&signed, Method::GET, "/me", None)
            .await
            .json()["id"]
            .clone();
        // It fails in every way that there is before it acknowledges.
        chat.next(&[
            Does::Answer(500),
            Does::Die,
            Does::Answer(302),
            Does::Answer(401),
        ]);
        let out = app
            .as_member(&signed, Method::DELETE, "/auth/sessions/current", None)
            .await;
        assert_eq!(out.status, 204);
        for tries in 1..=5 {
            heard(&app, &chat, tries).await;
            app.app
            .wait_for("it is put back, or done", async |_| {
                let state = "SELECT CAST(COALESCE(MIN(attempts), 99) AS CHAR(9)) AS cell FROM statements";
                db.console(state).trim().parse::<usize>().unwrap() >= tries
            })
            .await;
            // Its pause is over sooner.
            db.console("UPDATE statements SET next_at = '2020-01-01 00:00:00'");
        }
        let all = chat.heard();
        assert_eq!(all.len(), 5, "nobody tells what is acknowledged");
        let stated: Vec<_> = all.iter().map(|one| read(&app, one)).collect();
        for one in &stated {
            assert_eq!(one, &stated[0], "the same delivery at every try");
        }
        assert_eq!(
            stated[0].statement,
            Statement::SessionRevoked {
                session: signed["sessionId"].as_str().unwrap().parse().unwrap(),
                user: user.as_str().unwrap().parse().unwrap(),
            }
        );
        assert_eq!(
            all[0].request_line,
            "POST /chat/v1/internal/statements HTTP/1.1"
        );
        assert_eq!(all[0].content_type, "application/jwt");
        for secret in ["haneul7", "01023456789", "하늘"] {
            assert!(all.iter().all(|one| !one.body.contains(secret)));
        }
        app.stop().await;
    }
);

on_both!(a_slow_chat_holds_nobody_up, |db| async move {
    let chat = ChatStandIn::start();
    let app = AccountsApp::with(&db, &[("CHAT_EVENTS_URL", &chat.url())]).await;
    let one = app.member("haneul7", "하늘", "01023456789").await;
    let two = app.signed_in("haneul7").await;
    chat.next(&[Does::Dawdle(Duration::from_secs(6))]);
    let end = async |signed| {
        app.as_member(signed, Method::DELETE, "/auth/sessions/current", None)
            .await
    };
    let began = Utc::now();
    assert_eq!(end(&one).await.status, 204);
    heard(&app, &chat, 1).await;
    assert_eq!(end(&two).await.status, 204);
    assert!(Utc::now() - began < TimeDelta::milliseconds(5_500));
    let heard = heard(&app, &chat, 2).await;
    app.app
        .wait_for("all is acknowledged", async |_| {
            let left = "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM statements";
            db.console(left).trim() == "0"
        })
        .await;
    let ids: std::collections::BTreeSet<_> = heard
        .iter()
        .map(|one| read(&app, one).id.to_string())
        .collect();
    assert_eq!(ids.len(), 2, "each once");
    app.stop().await;
});

on_both!(
    a_dead_instances_statement_is_told_by_another,
    |db| async move {
        let chat = ChatStandIn::start();
        let app = AccountsApp::on(&db).await;
        let signed = app.member("haneul7", "하늘", "01023456789").await;
        app.as_member(&signed, Method::DELETE, "/auth/sessions/current", None)
            .await;
        app.stop().await;
        // As kill -9 leaves it: held by an instance that is no more.
        db.console(
            "UPDATE statements SET lease_owner = 'dead', lease_until = '2020-01-01 00:00:00'",
        );
        let app = AccountsApp::with(&db, &[("CHAT_EVENTS_URL", &chat.url())]).await;
        heard(&app, &chat, 1).await;
        app.stop().await;
        assert_eq!(chat.heard().len(), 1);
    }
);

// Two instances on one database share the work: nothing is told twice.
on_both!(instances_never_tell_the_same, |db| async move {
    let chat = ChatStandIn::start();
    let more = [("CHAT_EVENTS_URL", chat.url())];
    let more = more.each_ref().map(|(name, url)| (*name, url.as_str()));
    let app = AccountsApp::with(&db, &more).await;
    let mut last = app.member("haneul7", "하늘", "01023456789").await;
    // Later: it has an SMS provider of its own, and might have sent the code there.
    let other = AccountsApp::with(&db, &more).await;
    for _ in 0..24 {
        last = app.signed_in("haneul7").await;
    }
    let out = app
        .as_member(&last, Method::DELETE, "/auth/sessions", None)
        .await;
    assert_eq!(out.status, 204);
    let all = heard(&app, &chat, 25).await;
    app.app
        .wait_for("all is acknowledged", async |_| {
            let left = "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM statements";
            db.console(left).trim() == "0"
        })
        .await;
    let bodies: std::collections::BTreeSet<_> =
        chat.heard().iter().map(|one| jti(&one.body)).collect();
    assert_eq!(
        (chat.heard().len(), bodies.len()),
        (25, 25),
        "{}",
        all.len()
    );
    other.stop().await;
    app.stop().await;
});

/// Which delivery it is; whoever signed it.
fn jti(body: &str) -> String {
    let payload = body.split('.').nth(1).unwrap();
    let bytes = base64ct::Base64UrlUnpadded::decode_vec(payload).unwrap();
    let claims: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    claims["jti"].as_str().unwrap().to_owned()
}

// Killed while chat-server thinks: it is told again after the start, by the same name.
on_both!(a_kill_loses_no_statement, |db| async move {
    let chat = ChatStandIn::start();
    let mut app = RealApp::start(&db, &[("CHAT_EVENTS_URL", &chat.url())]).await;
    let token = app.verified("01023456789", "signUp").await;
    let body = AccountsApp::sign_up_body("haneul7", "하늘", &token);
    app.post("/users", body).await;
    let signed = app.signed_in("haneul7", PASSWORD).await;
    chat.next(&[Does::Dawdle(Duration::from_secs(60))]);
    let out = app.as_member(&signed, Method::DELETE, "/auth/sessions/current");
    assert_eq!(out.send().await.unwrap().status(), 204);
    let count = async |wanted: usize| {
        let begun = std::time::Instant::now();
        while chat.heard().len() < wanted {
            assert!(begun.elapsed() < DEADLINE, "not told {wanted} times");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    count(1).await;
    app.server.kill().unwrap();
    let left = "SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM statements";
    assert_eq!(db.console(left).trim(), "1");
    // The dead sender's lease would end by itself in 45 s.
    db.console("UPDATE statements SET lease_until = '2020-01-01 00:00:00'");
    app.server.restart().unwrap();
    app.wait_for_schema().await;
    count(2).await;
    let names: std::collections::BTreeSet<_> =
        chat.heard().iter().map(|one| jti(&one.body)).collect();
    assert_eq!(names.len(), 1, "the receiver knows it by its name");
    let begun = std::time::Instant::now();
    while db.console(left).trim() != "0" {
        assert!(begun.elapsed() < DEADLINE);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
});
