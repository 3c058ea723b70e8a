//! Login ids and passwords that were forgotten, and numbers that change.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::accounts_app::{AccountsApp, PASSWORD};
use crate::db_support::on_both;
use crate::support::Answer;

const NEXT: &str = "canary-password-2";

async fn recover(app: &AccountsApp, token: &str) -> Answer {
    let body = json!({"verificationToken": token});
    app.post("/auth/login-id-recovery", body).await
}

async fn reset(app: &AccountsApp, token: &str, login_id: &str, password: &str) -> Answer {
    let body = json!({"verificationToken": token, "loginId": login_id, "newPassword": password});
    app.post("/auth/password-reset", body).await
}

fn field_and_code(answer: &Answer) -> (String, String) {
    let problem = answer.assert_problem(422, "validation_failed");
    let text = |name: &str| problem["errors"][0][name].as_str().unwrap().to_owned();
    (text("field"), text("code"))
}

fn token_error(code: &str) -> (String, String) {
    ("verificationToken".to_owned(), code.to_owned())
}

on_both!(a_number_tells_its_login_id_once, |db| async move {
    let app = AccountsApp::on(&db).await;
    app.member("haneul7", "하늘", "01023456789").await;
    let token = app.verified_again("findLoginId", "01023456789").await;
    let found = recover(&app, &token).await;
    assert_eq!(found.status, StatusCode::ACCEPTED, "{}", found.text);
    assert_eq!(found.header("cache-control"), "no-store");
    let items = &found.json()["items"];
    assert_eq!(items.as_array().unwrap().len(), 1);
    assert_eq!(items[0]["loginId"], "haneul7");
    assert_eq!(items[0]["loginTypes"], json!(["local"]));
    assert_eq!(
        items[0].as_object().unwrap().len(),
        3,
        "nothing else of him"
    );
    let again = recover(&app, &token).await;
    assert_eq!(field_and_code(&again), token_error("unknown_token"));
    // A number that nobody signed up with: told to whoever has it at hand.
    let token = app.verified_for("findLoginId", "01099998888").await;
    let nobody = recover(&app, &token).await;
    assert_eq!(
        (nobody.status.as_u16(), nobody.json()),
        (202, json!({"items": []}))
    );
    // A token for something else is no good, and is still good for that.
    let token = app.verified_again("resetPassword", "01023456789").await;
    let other = recover(&app, &token).await;
    assert_eq!(field_and_code(&other), token_error("other_purpose"));
    assert_eq!(reset(&app, &token, "haneul7", NEXT).await.status, 202);
    let made_up = recover(&app, "made up").await;
    assert_eq!(field_and_code(&made_up), token_error("unknown_token"));
    app.stop().await;
});

on_both!(
    a_forgotten_password_is_replaced_and_ends_all,
    |db| async move {
        let app = AccountsApp::on(&db).await;
        let one = app.member("haneul7", "하늘", "01023456789").await;
        let two = app.signed_in("haneul7").await;
        let other = app.member("bada7", "바다", "01023456780").await;
        let runs = || app.app.accounts.passwords().runs();
        // Not his login id: the same answer, the same work, the token is used, nothing changes.
        let mut seen = Vec::new();
        for login_id in ["bada7", "nobody7"] {
            let token = app.verified_again("resetPassword", "01023456789").await;
            let before = runs();
            let answer = reset(&app, &token, login_id, NEXT).await;
            seen.push((answer.status.as_u16(), answer.text.clone(), runs() - before));
            let again = reset(&app, &token, "haneul7", NEXT).await;
            assert_eq!(field_and_code(&again), token_error("unknown_token"));
        }
        // A number that is nobody's.
        let token = app.verified_for("resetPassword", "01099998888").await;
        let before = runs();
        let answer = reset(&app, &token, "haneul7", NEXT).await;
        seen.push((answer.status.as_u16(), answer.text.clone(), runs() - before));
        assert_eq!(app.try_to_sign_in("haneul7", NEXT).await.status, 401);
        for signed in [&one, &other] {
            let me = app.as_member(signed, Method::GET, "/me", None).await;
            assert_eq!(me.status, StatusCode::OK, "nobody was signed out");
        }
        let token = app.verified_again("resetPassword", "01023456789").await;
        // A slip costs nothing.
        let weak = reset(&app, &token, "haneul7", "short").await;
        assert_eq!(
            field_and_code(&weak),
            ("newPassword".to_owned(), "too_short".to_owned())
        );
        let before = runs();
        let answer = reset(&app, &token, "haneul7", NEXT).await;
        seen.push((answer.status.as_u16(), answer.text.clone(), runs() - before));
        assert_eq!(seen, vec![(202, String::new(), 1); 4]);
        for signed in [&one, &two] {
            app.as_member(signed, Method::GET, "/me", None)
                .await
                .assert_problem(401, "invalid_token");
            let body = json!({"refreshToken": signed["refreshToken"]});
            app.post("/auth/sessions/refresh", body)
                .await
                .assert_problem(401, "invalid_token");
        }
        let me = app.as_member(&other, Method::GET, "/me", None).await;
        assert_eq!(me.status, StatusCode::OK, "another's session stays");
        app.try_to_sign_in("haneul7", PASSWORD)
            .await
            .assert_problem(401, "wrong_credentials");
        assert_eq!(app.try_to_sign_in("haneul7", NEXT).await.status, 201);
        assert_eq!(db.count("audit WHERE action = 'passwordReset'"), 1);
        assert_eq!(db.count("sessions WHERE ended_why = 'passwordReset'"), 2);
        app.stop().await;
    }
);

on_both!(of_resets_with_one_token_one_counts, |db| async move {
    let app = AccountsApp::on(&db).await;
    app.member("haneul7", "하늘", "01023456789").await;
    let token = app.verified_again("resetPassword", "01023456789").await;
    let passwords: Vec<String> = (0..8).map(|number| format!("password-{number}")).collect();
    let tries = passwords
        .iter()
        .map(|password| reset(&app, &token, "haneul7", password));
    let answers = futures_util::future::join_all(tries).await;
    let done = answers.iter().filter(|answer| answer.status == 202).count();
    assert_eq!(done, 1);
    let winner = answers.iter().position(|answer| answer.status == 202);
    let signed = app.try_to_sign_in("haneul7", &passwords[winner.unwrap()]);
    assert_eq!(signed.await.status, 201, "the one that was told so");
    app.stop().await;
});

on_both!(another_number_is_proved_and_nobody_elses, |db| async move {
    let app = AccountsApp::on(&db).await;
    let one = app.member("haneul7", "하늘", "01023456789").await;
    let two = app.member("bada7", "바다", "01023456780").await;
    let change = async |signed: &Value, token: &str| {
        let body = json!({"verificationToken": token});
        app.as_member(signed, Method::PUT, "/me/phone", Some(body))
            .await
    };
    let token = app.verified_for("changePhone", "01077776666").await;
    change(&one, &token)
        .await
        .assert_problem(403, "reauthentication_required");
    app.prove(&one).await;
    app.prove(&two).await;
    for _ in 0..2 {
        let changed = change(&one, &token).await;
        assert_eq!(changed.status, StatusCode::OK, "{}", changed.text);
        assert_eq!(changed.json()["phoneNumber"], "010-****-6666");
    }
    assert_eq!(db.count("audit WHERE action = 'phoneChanged'"), 1, "once");
    // Another's, with the same token or one of his own.
    assert_eq!(
        field_and_code(&change(&two, &token).await),
        token_error("unknown_token")
    );
    let token = app.verified_again("changePhone", "01077776666").await;
    let taken = change(&two, &token).await;
    let problem = taken.assert_problem(409, "taken");
    assert_eq!(problem["errors"][0]["field"], "verificationToken");
    // Nothing was used: once the other one has left the number, it can be his.
    let moved = app.verified_for("changePhone", "01055554444").await;
    assert_eq!(change(&one, &moved).await.status, 200);
    assert_eq!(change(&two, &token).await.status, 200);
    // Only a proof for this, and only of his own.
    let sign_up = app.verified_for("signUp", "01044443333").await;
    assert_eq!(
        field_and_code(&change(&one, &sign_up).await),
        token_error("other_purpose")
    );
    assert_eq!(
        field_and_code(&change(&one, "made up").await),
        token_error("unknown_token")
    );
    // The number that was left is free, and tells nothing of whom it was.
    let token = app.verified_again("findLoginId", "01023456789").await;
    assert_eq!(recover(&app, &token).await.json(), json!({"items": []}));
    let token = app.verified_again("findLoginId", "01077776666").await;
    let found = recover(&app, &token).await.json();
    assert_eq!(found["items"][0]["loginId"], "bada7");
    app.stop().await;
});

// Two who want one number at the same moment.
on_both!(of_two_changes_to_one_number_one_wins, |db| async move {
    let app = AccountsApp::on(&db).await;
    let one = app.member("haneul7", "하늘", "01023456789").await;
    let two = app.member("bada7", "바다", "01023456780").await;
    app.prove(&one).await;
    app.prove(&two).await;
    let first = app.verified_for("changePhone", "01077776666").await;
    let second = app.verified_again("changePhone", "01077776666").await;
    let change = |signed: Value, token: String| {
        let app = &app;
        async move {
            let body = json!({"verificationToken": token});
            app.as_member(&signed, Method::PUT, "/me/phone", Some(body))
                .await
        }
    };
    let (first, second) = tokio::join!(change(one, first), change(two, second));
    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409], "{} {}", first.text, second.text);
    app.stop().await;
});
