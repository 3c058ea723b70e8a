//! Statements from the change to chat-server: signed, until they are acknowledged.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use domain::token::{RawStatement, STATEMENT_TYPE, Stated, Statement, StatementRules, TokenRules};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, Validation, decode, decode_header};
use reqwest::Method;
use service_kit::token::{KeySet, TokenError, TokenVerifier};

use crate::accounts_app::AccountsApp;
use crate::chat_stand_in::{ChatStandIn, Does, Heard};
use crate::db_support::on_both;

/// What chat-server does with what it hears: the key set's signature, then the rules.
fn read(app: &AccountsApp, heard: &Heard) -> Stated {
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

async fn heard(app: &AccountsApp, chat: &ChatStandIn, count: usize) -> Vec<Heard> {
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
