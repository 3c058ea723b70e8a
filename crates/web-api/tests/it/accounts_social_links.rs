//! Linking, unlinking, proving oneself, and what providers are told and tell.

use chrono::TimeDelta;
use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use simulators::faults::Network;
use simulators::oauth::{Fault, Operation, Provider, Referrer};

use crate::db_support::on_both;
use crate::social_app::{Browser, SocialApp};

async fn login_types(app: &SocialApp, signed: &Value) -> Value {
    let browser = Browser::default();
    let me = app
        .call(&browser, Some(signed), Method::GET, "/me", None)
        .await;
    me.json()["loginTypes"].clone()
}

on_both!(
    ways_to_sign_in_are_added_and_removed_by_who_proves_himself,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let mut browser = Browser::default();
        let signed = app.member(&mut browser, "naver", "hong", "하늘").await;
        let delete = async |provider: &str| {
            let path = format!("/me/social/{provider}");
            app.call(
                &Browser::default(),
                Some(&signed),
                Method::DELETE,
                &path,
                None,
            )
            .await
        };
        // Being signed in isn't enough, for either.
        let link = app.link(&mut browser, &signed, "google", "hong").await;
        link.assert_problem(403, "reauthentication_required");
        delete("naver")
            .await
            .assert_problem(403, "reauthentication_required");
        let proved = app.prove(&mut browser, &signed, "naver", "hong").await;
        assert_eq!(proved.status, StatusCode::OK, "{}", proved.text);
        assert!(proved.json()["freshUntil"].is_string());
        let asked = app.providers.handle.authorizations();
        let asked = &asked.last().unwrap().parameters;
        assert_eq!(asked["auth_type"], "reauthenticate");
        // The last way stays; one that isn't there is gone already.
        delete("naver")
            .await
            .assert_problem(409, "last_sign_in_method");
        assert_eq!(delete("kakao").await.status, StatusCode::NO_CONTENT);
        let link = app.link(&mut browser, &signed, "google", "hong").await;
        assert_eq!(link.status, StatusCode::NO_CONTENT, "{}", link.text);
        let twice = app.link(&mut browser, &signed, "google", "hong").await;
        assert_eq!(twice.status, StatusCode::NO_CONTENT, "{}", twice.text);
        assert_eq!(login_types(&app, &signed).await, json!(["google", "naver"]));
        // Another person of the same provider, or a code of another provider.
        let other = app.link(&mut browser, &signed, "google", "lee").await;
        other.assert_problem(409, "other_identity_linked");
        let landed = app.trip(&mut browser, "google", "?purpose=link").await;
        let body = json!({"exchangeCode": landed.code.unwrap()});
        let crossed = app
            .call(
                &browser,
                Some(&signed),
                Method::PUT,
                "/me/social/kakao",
                Some(body),
            )
            .await;
        let problem = crossed.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "other_provider");
        // Both lead to the one account, and each can go while the other stays.
        let by_google = app.signed_in(&mut browser, "google", "hong").await;
        assert_eq!(
            login_types(&app, &by_google).await,
            json!(["google", "naver"])
        );
        assert_eq!(delete("naver").await.status, StatusCode::NO_CONTENT);
        assert_eq!(
            delete("naver").await.status,
            StatusCode::NO_CONTENT,
            "twice is once"
        );
        delete("google")
            .await
            .assert_problem(409, "last_sign_in_method");
        assert_eq!(login_types(&app, &signed).await, json!(["google"]));
        // Naver has been told.
        let handle = &app.providers.handle;
        let told = async |_: &crate::support::TestApp| !handle.is_linked(Provider::Naver, "hong");
        app.app.wait_for("Naver is told", told).await;
        assert!(handle.is_linked(Provider::Google, "hong"));
        let jobs = async |_: &crate::support::TestApp| {
            db.console("SELECT COUNT(*) AS cell FROM social_unlinks")
                .trim()
                == "0"
        };
        app.app.wait_for("nothing is left to tell", jobs).await;
        // Ten minutes, no longer; another session never.
        let link = app.link(&mut browser, &by_google, "kakao", "hong").await;
        link.assert_problem(403, "reauthentication_required");
        app.advance(TimeDelta::minutes(10));
        let fresh = app.signed_in(&mut browser, "google", "hong").await;
        let link = app.link(&mut browser, &fresh, "kakao", "hong").await;
        link.assert_problem(403, "reauthentication_required");
        let lines = db.console(
            "SELECT action AS cell FROM audit WHERE action LIKE 'social%' OR action = 'reauthenticated' ORDER BY id",
        );
        let lines: Vec<&str> = lines.split_whitespace().collect();
        assert_eq!(lines, ["reauthenticated", "socialLinked", "socialUnlinked"]);
        app.app.stop().await;
    }
);

on_both!(
    somebody_elses_person_is_neither_linked_nor_a_proof,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let (mut his, mut hers) = (Browser::default(), Browser::default());
        let hong = app.member(&mut his, "google", "hong", "하늘").await;
        let lee = app.member(&mut hers, "kakao", "lee", "바다").await;
        let proved = app.prove(&mut hers, &lee, "kakao", "lee").await;
        assert_eq!(proved.status, StatusCode::OK);
        let taken = app.link(&mut hers, &lee, "google", "hong").await;
        taken.assert_problem(409, "identity_taken");
        assert_eq!(login_types(&app, &lee).await, json!(["kakao"]));
        assert_eq!(login_types(&app, &hong).await, json!(["google"]));
        // A proof by another person's sign-in, and by one whom nobody knows.
        for id in ["hong", "unverified"] {
            let refused = app.prove(&mut hers, &lee, "google", id).await;
            let problem = refused.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["code"], "other_person");
        }
        // A code that came of signing in proves nothing, and a password that there isn't neither.
        app.person("hong");
        let landed = app.trip(&mut his, "google", "").await;
        let prove = async |body| {
            let path = "/me/reauthentications";
            app.call(&his, Some(&hong), Method::POST, path, Some(body))
                .await
        };
        let code = json!({"exchangeCode": landed.code.unwrap()});
        prove(code).await.assert_problem(422, "validation_failed");
        let password = prove(json!({"password": "canary-password-1"})).await;
        let problem = password.assert_problem(422, "validation_failed");
        assert_eq!(
            (
                &problem["errors"][0]["field"],
                &problem["errors"][0]["code"]
            ),
            (&json!("password"), &json!("wrong_password"))
        );
        for body in [json!({}), json!({"password": "a", "exchangeCode": "b"})] {
            let problem = prove(body).await.assert_problem(422, "validation_failed");
            assert_eq!(problem["errors"][0]["code"], "one_of_two");
        }
        app.app.stop().await;
    }
);

on_both!(kakaos_notice_ends_a_link_and_only_kakaos, |db| async move {
    let app = SocialApp::on(&db).await;
    let handle = &app.providers.handle;
    let url = format!("{}/api/v1/auth/social/kakao/unlink-notice", app.app.base);
    handle.set_webhook(Some(url.parse().unwrap()));
    let mut browser = Browser::default();
    let signed = app.member(&mut browser, "kakao", "hong", "하늘").await;
    let id = handle.person("hong").unwrap().kakao_id().to_string();
    // Whoever isn't Kakao.
    for authorization in [
        "",
        "KakaoAK ",
        "KakaoAK wrong",
        "Bearer sample-kakao-admin-key",
    ] {
        for method in [Method::POST, Method::GET] {
            let request = app
                .app
                .client
                .request(method, format!("{url}?user_id={id}"));
            let answer = app
                .app
                .send(request.header("authorization", authorization))
                .await;
            answer.assert_problem(401, "unauthorized");
        }
    }
    assert_eq!(login_types(&app, &signed).await, json!(["kakao"]));
    // Kakao without a number.
    for query in [
        "",
        "?user_id=",
        "?user_id=abc",
        "?user_id=123456789012345678901",
    ] {
        let request = app.app.client.get(format!("{url}{query}"));
        let request = request.header("authorization", "KakaoAK sample-kakao-admin-key");
        app.app
            .send(request)
            .await
            .assert_problem(422, "validation_failed");
    }
    // With another way left, the link goes.
    app.prove(&mut browser, &signed, "kakao", "hong").await;
    let linked = app.link(&mut browser, &signed, "google", "hong").await;
    assert_eq!(linked.status, StatusCode::NO_CONTENT, "{}", linked.text);
    let status = handle
        .unlink_at_kakao("hong", Referrer::UnlinkFromApps)
        .await
        .unwrap();
    assert_eq!(status, Some(200));
    assert_eq!(login_types(&app, &signed).await, json!(["google"]));
    let count =
        db.console("SELECT COUNT(*) AS cell FROM social_identities WHERE provider = 'kakao'");
    assert_eq!(count.trim(), "0");
    // As the last way it goes as well, with the sessions; agreeing anew leads back to the account.
    let mut other = Browser::default();
    let lee = app.member(&mut other, "kakao", "lee", "바다").await;
    handle
        .unlink_at_kakao("lee", Referrer::AccountDelete)
        .await
        .unwrap();
    let me = app.call(&other, Some(&lee), Method::GET, "/me", None).await;
    me.assert_problem(401, "invalid_token");
    let left = db.console(
        "SELECT COUNT(*) AS cell FROM social_identities WHERE provider = 'kakao' \
             AND subject_sealed IS NULL AND token_sealed IS NULL AND unlinked_at IS NOT NULL",
    );
    assert_eq!(left.trim(), "1");
    let back = app.signed_in(&mut other, "kakao", "lee").await;
    assert_eq!(login_types(&app, &back).await, json!(["kakao"]));
    // Somebody whom nobody knows, and the same again, by GET.
    let request = app
        .app
        .client
        .get(format!("{url}?app_id=1&user_id={id}&referrer_type=X"));
    let request = request.header("authorization", "KakaoAK sample-kakao-admin-key");
    assert_eq!(app.app.send(request).await.status, StatusCode::OK);
    app.app.stop().await;
});

on_both!(
    who_is_forgotten_is_unlinked_everywhere_once_the_providers_answer,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let handle = &app.providers.handle;
        let mut browser = Browser::default();
        let signed = app.member(&mut browser, "naver", "hong", "하늘").await;
        app.prove(&mut browser, &signed, "naver", "hong").await;
        for provider in ["google", "kakao"] {
            let linked = app.link(&mut browser, &signed, provider, "hong").await;
            assert_eq!(linked.status, StatusCode::NO_CONTENT, "{}", linked.text);
        }
        // All three are out of order at first.
        let down = || {
            Fault::network(Network::Status {
                status: 503,
                retry_after: None,
            })
        };
        for operation in [
            Operation::NaverToken,
            Operation::GoogleRevoke,
            Operation::KakaoUnlink,
        ] {
            handle.faults.add(down().on(operation).times(2));
        }
        let forget = |db: &mut web_api::db::Db| {
            db.write_tx(|db| {
                let user = 1;
                web_api::accounts::social::forget(db, user, chrono::Utc::now())
            })
        };
        app.app.pool.run(forget).await.unwrap();
        let count = |table: &str| db.console(&format!("SELECT COUNT(*) AS cell FROM {table}"));
        assert_eq!(count("social_identities").trim(), "0");
        assert_eq!(count("reauthentications").trim(), "0");
        assert_eq!(count("social_unlinks").trim(), "3");
        let told = async |_: &crate::support::TestApp| {
            Provider::ALL
                .iter()
                .all(|provider| !handle.is_linked(*provider, "hong"))
        };
        app.app.wait_for("all three are told", told).await;
        let empty = async |_: &crate::support::TestApp| count("social_unlinks").trim() == "0";
        app.app.wait_for("no job is left", empty).await;
        // He is a stranger from now on.
        app.stranger(&mut browser, "kakao", "hong").await;
        app.app.stop().await;
    }
);

on_both!(
    who_does_not_sign_up_in_time_is_unlinked_unless_he_has_done_it,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let handle = &app.providers.handle;
        let mut browser = Browser::default();
        app.member(&mut browser, "kakao", "hong", "하늘").await;
        for provider in ["naver", "google", "kakao"] {
            app.stranger(&mut browser, provider, "lee").await;
        }
        let purge = |after: TimeDelta| {
            let now = chrono::Utc::now() + after;
            let purge = move |db: &mut web_api::db::Db| {
                web_api::accounts::store::social::exchanges::purge(db, now)
            };
            app.app.pool.run(purge)
        };
        purge(TimeDelta::minutes(29)).await.unwrap();
        let count = |table: &str| db.console(&format!("SELECT COUNT(*) AS cell FROM {table}"));
        assert_eq!(count("social_exchanges").trim(), "3");
        // The jobs are dated half an hour ahead.
        app.app.clock.advance(TimeDelta::minutes(32));
        purge(TimeDelta::minutes(31)).await.unwrap();
        assert_eq!(count("social_exchanges").trim(), "0");
        let told = async |_: &crate::support::TestApp| {
            Provider::ALL
                .iter()
                .all(|provider| !handle.is_linked(*provider, "lee"))
        };
        app.app.wait_for("all three are told", told).await;
        assert!(handle.is_linked(Provider::Kakao, "hong"));
        app.app.stop().await;
    }
);

on_both!(
    a_provider_that_stays_silent_is_given_up_after_a_week,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let mut browser = Browser::default();
        app.member(&mut browser, "kakao", "hong", "하늘").await;
        let refused = Fault::network(Network::Reset).on(Operation::KakaoUnlink);
        app.providers.handle.faults.add(refused);
        let forget = |db: &mut web_api::db::Db| {
            db.write_tx(|db| web_api::accounts::social::forget(db, 1, chrono::Utc::now()))
        };
        app.app.pool.run(forget).await.unwrap();
        let tried = async |_: &crate::support::TestApp| {
            db.console("SELECT COUNT(*) AS cell FROM social_unlinks WHERE attempts > 0")
                .trim()
                == "1"
        };
        app.app.wait_for("it is tried", tried).await;
        app.app.clock.advance(TimeDelta::days(7));
        let empty = async |_: &crate::support::TestApp| {
            db.console("SELECT COUNT(*) AS cell FROM social_unlinks")
                .trim()
                == "0"
        };
        app.app.wait_for("it is given up", empty).await;
        app.app.stop().await;
    }
);
