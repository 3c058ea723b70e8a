//! Links that end and begin anew: what is left of the old one ends nothing of the new one, and nobody who came to
//! nothing stays linked at a provider.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::faults::Network;
use simulators::oauth::{Fault, Operation, Provider};

use crate::db_support::{TestDb, on_both};
use crate::social_app::{Browser, SocialApp};
use crate::support::{Answer, TestApp};

fn count(db: &TestDb, table: &str) -> String {
    let count = db.console(&format!("SELECT COUNT(*) AS cell FROM {table}"));
    count.trim().to_owned()
}

async fn unlink(app: &SocialApp, signed: &Value, provider: &str) {
    let nobodys = Browser::default();
    let path = format!("/me/social/{provider}");
    let answer = app
        .call(&nobodys, Some(signed), Method::DELETE, &path, None)
        .await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT, "{}", answer.text);
}

/// Links by a code that there is already.
async fn redeem(app: &SocialApp, browser: &Browser, signed: &Value, code: &str) -> Answer {
    let body = json!({"exchangeCode": code});
    let path = "/me/social/kakao";
    app.call(browser, Some(signed), Method::PUT, path, Some(body))
        .await
}

/// Somebody with Naver, who has just proved himself, and with another provider.
async fn with_two(app: &SocialApp, browser: &mut Browser, person: &str, provider: &str) -> Value {
    let signed = app.member(browser, "naver", person, person).await;
    let proved = app.prove(browser, &signed, "naver", person).await;
    assert_eq!(proved.status, StatusCode::OK, "{}", proved.text);
    let linked = app.link(browser, &signed, provider, person).await;
    assert_eq!(linked.status, StatusCode::NO_CONTENT, "{}", linked.text);
    signed
}

fn down(operation: Operation) -> Fault {
    let status = Network::Status {
        status: 503,
        retry_after: None,
    };
    Fault::network(status).on(operation)
}

on_both!(
    what_waits_of_an_old_link_is_dropped_by_a_new_one,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let handle = &app.providers.handle;
        for (person, provider, there, operation) in [
            ("hong", "kakao", Provider::Kakao, Operation::KakaoUnlink),
            ("lee", "google", Provider::Google, Operation::GoogleRevoke),
        ] {
            let mut browser = Browser::default();
            let signed = with_two(&app, &mut browser, person, provider).await;
            handle.faults.add(down(operation));
            unlink(&app, &signed, provider).await;
            let tried = async |_: &TestApp| {
                count(
                    &db,
                    "social_unlinks WHERE attempts > 0 AND lease_until IS NULL",
                ) == "1"
            };
            app.app.wait_for("it is tried in vain", tried).await;
            let linked = app.link(&mut browser, &signed, provider, person).await;
            assert_eq!(linked.status, StatusCode::NO_CONTENT, "{}", linked.text);
            assert_eq!(count(&db, "social_unlinks"), "0", "{provider}");
            handle.faults.clear();
            assert!(handle.is_linked(there, person));
            // The new link can be ended like any other.
            unlink(&app, &signed, provider).await;
            let told = async |_: &TestApp| !handle.is_linked(there, person);
            app.app.wait_for("the provider is told", told).await;
        }
        app.app.stop().await;
    }
);

on_both!(
    nobody_links_anew_while_the_provider_is_being_told,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let handle = &app.providers.handle;
        let mut browser = Browser::default();
        let signed = with_two(&app, &mut browser, "hong", "kakao").await;
        handle.faults.add(down(Operation::KakaoUnlink));
        unlink(&app, &signed, "kakao").await;
        let tried = async |_: &TestApp| {
            count(
                &db,
                "social_unlinks WHERE attempts > 0 AND lease_until IS NULL",
            ) == "1"
        };
        app.app.wait_for("it is tried in vain", tried).await;
        // As if another instance were at it.
        db.console(
            "UPDATE social_unlinks SET lease_owner = 'other', lease_until = '2999-01-01 00:00:00'",
        );
        app.person("hong");
        let landed = app.trip(&mut browser, "kakao", "?purpose=link").await;
        assert_eq!(
            (landed.error.as_deref(), landed.code.as_deref()),
            (Some("still_unlinking"), None)
        );
        assert_eq!(count(&db, "social_unlinks"), "1", "it is another's");
        // That instance died; its job is nobody's.
        db.console("UPDATE social_unlinks SET lease_until = '2020-01-01 00:00:00', next_at = '2999-01-01 00:00:00'");
        let linked = app.link(&mut browser, &signed, "kakao", "hong").await;
        assert_eq!(linked.status, StatusCode::NO_CONTENT, "{}", linked.text);
        assert_eq!(count(&db, "social_unlinks"), "0");
        assert!(handle.is_linked(Provider::Kakao, "hong"));
        app.app.stop().await;
    }
);

on_both!(
    who_is_on_his_way_back_is_not_unlinked_meanwhile,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let handle = &app.providers.handle;
        let mut browser = Browser::default();
        let signed = with_two(&app, &mut browser, "hong", "kakao").await;
        // He is back from Kakao already when the old link ends.
        app.person("hong");
        let landed = app.trip(&mut browser, "kakao", "?purpose=link").await;
        unlink(&app, &signed, "kakao").await;
        let empty = async |_: &TestApp| count(&db, "social_unlinks") == "0";
        app.app.wait_for("the job is dropped", empty).await;
        assert!(handle.is_linked(Provider::Kakao, "hong"));
        assert_eq!(handle.faults.requests(Operation::KakaoUnlink), 0);
        let linked = redeem(&app, &browser, &signed, &landed.code.unwrap()).await;
        assert_eq!(linked.status, StatusCode::NO_CONTENT, "{}", linked.text);
        assert!(handle.is_linked(Provider::Kakao, "hong"));
        app.app.stop().await;
    }
);

on_both!(
    who_left_a_code_lying_is_unlinked_unless_he_is_a_member,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let handle = &app.providers.handle;
        let mut browser = Browser::default();
        app.member(&mut browser, "kakao", "hong", "하늘").await;
        let ways = [
            ("naver", "lee", ""),
            ("kakao", "lee", "?purpose=link"),
            ("google", "lee", "?purpose=reauthenticate"),
            ("kakao", "hong", ""),
            ("kakao", "hong", "?purpose=link"),
        ];
        for (provider, person, query) in ways {
            app.person(person);
            let landed = app.trip(&mut browser, provider, query).await;
            assert!(landed.code.is_some(), "{provider} {person} {query}");
        }
        let purge = |after: TimeDelta| {
            let now = chrono::Utc::now() + after;
            let purge = move |db: &mut web_api::db::Db| {
                web_api::accounts::store::social::exchanges::purge(db, now)
            };
            app.app.pool.run(purge)
        };
        purge(TimeDelta::zero()).await.unwrap();
        assert_eq!(count(&db, "social_exchanges"), "5");
        // The jobs are dated ahead.
        app.app.clock.advance(TimeDelta::minutes(12));
        purge(TimeDelta::minutes(11)).await.unwrap();
        assert_eq!(count(&db, "social_exchanges"), "0");
        let told = async |_: &TestApp| {
            let all = Provider::ALL.iter();
            all.clone()
                .all(|provider| !handle.is_linked(*provider, "lee"))
                && count(&db, "social_unlinks") == "0"
        };
        app.app.wait_for("all three are told", told).await;
        assert!(
            handle.is_linked(Provider::Kakao, "hong"),
            "a member's link stays"
        );
        assert_eq!(handle.faults.requests(Operation::KakaoUnlink), 1);
        app.app.stop().await;
    }
);

on_both!(
    who_is_refused_with_his_code_is_unlinked_unless_he_is_a_member,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let handle = &app.providers.handle;
        let mut browser = Browser::default();
        let signed = with_two(&app, &mut browser, "hong", "kakao").await;
        let mut hers = Browser::default();
        app.member(&mut hers, "google", "lee", "바다").await;
        // Another person of a provider that is linked, and one who is no proof.
        let other = app.link(&mut browser, &signed, "kakao", "lee").await;
        other.assert_problem(409, "other_identity_linked");
        let proved = app.prove(&mut browser, &signed, "google", "no-email").await;
        proved.assert_problem(422, "validation_failed");
        // Somebody else's links stay, as do one's own.
        let taken = app.link(&mut browser, &signed, "google", "lee").await;
        taken.assert_problem(409, "identity_taken");
        let proved = app.prove(&mut browser, &signed, "google", "lee").await;
        proved.assert_problem(422, "validation_failed");
        let told = async |_: &TestApp| {
            !handle.is_linked(Provider::Kakao, "lee")
                && !handle.is_linked(Provider::Google, "no-email")
                && count(&db, "social_unlinks") == "0"
        };
        app.app.wait_for("the providers are told", told).await;
        assert!(handle.is_linked(Provider::Google, "lee"));
        assert!(handle.is_linked(Provider::Kakao, "hong"));
        assert!(handle.is_linked(Provider::Naver, "hong"));
        app.app.stop().await;
    }
);
