//! Canaries: what a member enters anywhere is nowhere any more once he has withdrawn. In no table, no
//! file, no line of the log, no figure; in no spelling. (The provider of messages has its own copy.)

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use crate::canary_more::{Services, second_factor};
use crate::chat_stand_in::{ChatStandIn, Does};
use crate::db_support::{TestDb, on_both};
use crate::real_app::RealApp;
use crate::spellings::{files, latin, search, spellings, tables};
use crate::support::{DEADLINE, sample};

const LOGIN_ID: &str = "canaryid77";
const PASSWORD: &str = "canary-password-7q";
const NEXT_PASSWORD: &str = "canary-following-8w";
const WRONG_PASSWORD: &str = "canary-mistaken-9e";
const NICKNAME: &str = "카나리새";
const NEXT_NICKNAME: &str = "방울새77";
const EMAIL: &str = "Canary.Bird@mail77.example";
const PHONE: &str = "010-9876-5432";
const DEVICE: &str = "CanaryBrowser/7.7";
const ADDRESS: &str = "203.0.113.77";
const COOKIE: &str = "canarycookie77";
const STRAY: &str = "canarystray77";
/// The id of an ingredient.
const ALLERGEN: &str = "770077007700770";
/// What he says to everybody, and of others.
const REVIEW: &str = "canaryreview77";
/// What he says to himself.
const PRIVATE: &str = "canaryprivate77";
const OTHERS_REVIEW: &str = "019e0000-0000-7000-8000-000000000001";

/// All that was entered, in all spellings.
fn canaries(signed: &[Value], tokens: &[String]) -> Vec<(String, BTreeSet<String>)> {
    let phone = [
        "010-9876-5432",
        "01098765432",
        "+821098765432",
        "82 10 9876 5432",
        "1098765432",
    ];
    let mut texts: Vec<String> = [
        LOGIN_ID,
        PASSWORD,
        NEXT_PASSWORD,
        WRONG_PASSWORD,
        NICKNAME,
        NEXT_NICKNAME,
        EMAIL,
        DEVICE,
        ADDRESS,
        COOKIE,
        STRAY,
        ALLERGEN,
        REVIEW,
        PRIVATE,
    ]
    .into_iter()
    .chain(phone)
    .map(str::to_owned)
    .collect();
    texts.extend(tokens.iter().cloned());
    for one in signed {
        for name in ["accessToken", "refreshToken"] {
            let token = one[name].as_str().unwrap();
            // The whole, and the part that is a secret by itself.
            texts.extend([
                token.to_owned(),
                token.rsplit('.').next().unwrap().to_owned(),
            ]);
        }
    }
    texts
        .into_iter()
        .map(|text| (text.clone(), spellings(&text)))
        .collect()
}

/// Everything that the server keeps or tells, but its keys' names for nobody.
async fn everything(app: &RealApp, db: &TestDb) -> Vec<(String, String)> {
    let mut all = tables(db);
    let mut folders = vec![
        app.data.path().to_owned(),
        app.server.own_folder().to_owned(),
    ];
    if let Some(file) = db.url_text.strip_prefix("sqlite://") {
        folders.push(Path::new(file).parent().unwrap().to_owned());
    }
    for file in folders.iter().flat_map(|folder| files(folder)) {
        all.push((
            file.display().to_string(),
            latin(&std::fs::read(&file).unwrap()),
        ));
    }
    all.push(("the log".to_owned(), latin(app.server.log().as_bytes())));
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await;
    let metrics = metrics.unwrap().text().await.unwrap();
    for name in [
        "sign_ins_total",
        "statements_waiting",
        "statements_oldest_age_seconds",
    ] {
        assert!(metrics.contains(name), "{name} in {metrics}");
    }
    all.push(("the metrics".to_owned(), latin(metrics.as_bytes())));
    // The ingredient itself is nobody's, nor is the count of their ids.
    all.retain(|(place, _)| place != "ingredients.id" && place != "sqlite_sequence.seq");
    all
}

/// Everything that a member can enter, through every address of accounts.
async fn live(app: &RealApp, services: &Services) -> (Vec<Value>, Vec<String>) {
    let dressed = |request: reqwest::RequestBuilder| {
        request
            .header("user-agent", DEVICE)
            .header("x-forwarded-for", ADDRESS)
            .header("cookie", format!("other={COOKIE}"))
            .header("sec-fetch-site", "same-origin")
            .header("referer", format!("https://example.com/?{STRAY}"))
            .header("idempotency-key", STRAY)
    };
    let send = async |request: reqwest::RequestBuilder| {
        let answer = dressed(request).send().await.unwrap();
        let status = answer.status();
        assert!(status.as_u16() < 500, "{status}");
        (status, answer.json::<Value>().await.unwrap_or_default())
    };
    let post =
        async |path: &str, body: Value| send(app.request(Method::POST, path).json(&body)).await;
    let mut tokens = vec![app.verified(PHONE, "signUp").await];
    let consents = ["terms", "privacy", "age14", "marketing"];
    let consents = consents.map(|kind| json!({"kind": kind, "agreed": true}));
    let member = json!({
        "loginId": LOGIN_ID, "password": PASSWORD, "nickname": NICKNAME, "email": EMAIL,
        "verificationToken": tokens[0], "consents": consents,
    });
    let mut odd = member.clone();
    odd[STRAY] = json!(PASSWORD);
    post("/users", odd).await;
    assert_eq!(post("/users", member.clone()).await.0, StatusCode::CREATED);
    // Taken, wrong, malformed, in the wrong place.
    post("/users", member).await;
    post(
        "/auth/phone-verifications",
        json!({"phoneNumber": PHONE, "purpose": "resetPassword"}),
    )
    .await;
    post(
        "/auth/phone-verifications",
        json!({"phoneNumber": PHONE, "purpose": STRAY}),
    )
    .await;
    post(
        &format!("/auth/phone-verifications/{STRAY}/confirm"),
        json!({"code": PASSWORD}),
    )
    .await;
    for (login_id, password) in [
        (LOGIN_ID, WRONG_PASSWORD),
        (PASSWORD, LOGIN_ID),
        (PHONE, PASSWORD),
    ] {
        post(
            "/auth/sessions",
            json!({"loginId": login_id, "password": password}),
        )
        .await;
    }
    post(
        "/auth/sessions",
        json!({"email": EMAIL, "password": PASSWORD}),
    )
    .await;
    let broken = format!("{{\"loginId\": \"{LOGIN_ID}\", \"password\": \"{PASSWORD}");
    send(
        app.request(Method::POST, "/auth/sessions")
            .header("content-type", "application/json")
            .body(broken),
    )
    .await;
    for query in [
        format!("loginId={LOGIN_ID}"),
        format!("nickname={NICKNAME}"),
        format!("{STRAY}={PASSWORD}"),
    ] {
        send(app.request(Method::GET, &format!("/users/availability?{query}"))).await;
    }
    let (status, first) = post(
        "/auth/sessions",
        json!({"loginId": LOGIN_ID, "password": PASSWORD}),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED);
    let (status, second) = post(
        "/auth/sessions/refresh",
        json!({"refreshToken": first["refreshToken"]}),
    )
    .await;
    assert_eq!(status, StatusCode::OK);
    post("/auth/sessions/refresh", json!({"refreshToken": STRAY})).await;
    let mine = async |method: Method, path: &str, body: Value| {
        send(app.as_member(&second, method, path).json(&body))
            .await
            .0
    };
    assert_eq!(
        mine(Method::PATCH, "/me", json!({"nickname": NEXT_NICKNAME})).await,
        StatusCode::OK
    );
    mine(Method::PATCH, "/me", json!({"nickname": EMAIL})).await;
    let change = json!({"currentPassword": PASSWORD, "newPassword": NEXT_PASSWORD});
    assert_eq!(
        mine(Method::PUT, "/me/password", change.clone()).await,
        StatusCode::NO_CONTENT
    );
    mine(Method::PUT, "/me/password", change).await;
    mine(
        Method::PUT,
        "/me/consents/sensitive",
        json!({"agreed": true}),
    )
    .await;
    mine(
        Method::PUT,
        "/me/consents/sensitive",
        json!({"agreed": true, "version": STRAY}),
    )
    .await;
    let begun = std::time::Instant::now();
    while app
        .request(Method::GET, "/medicines")
        .send()
        .await
        .unwrap()
        .status()
        != StatusCode::OK
    {
        assert!(begun.elapsed() < DEADLINE, "the catalogue is loaded");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    mine(Method::PUT, &format!("/me/allergies/{STRAY}"), json!({})).await;
    let listed = mine(Method::PUT, &format!("/me/allergies/{ALLERGEN}"), json!({})).await;
    assert_eq!(listed, StatusCode::OK);
    mine(Method::GET, "/medicines?excludeAllergens=true", json!({})).await;
    for list in ["wishes", "compare-box"] {
        let path = format!("/me/{list}/{}", sample::TYLENOL);
        let put = mine(Method::PUT, &path, json!({})).await;
        assert!(put.is_success(), "{list}: {put}");
    }
    reviewed(app, &second).await;
    mine(
        Method::PUT,
        &format!("/me/consents/{STRAY}"),
        json!({"agreed": true}),
    )
    .await;
    mine(
        Method::DELETE,
        &format!("/auth/sessions/{STRAY}"),
        json!({}),
    )
    .await;
    let (status, third) = post(
        "/auth/sessions",
        json!({"loginId": LOGIN_ID, "password": NEXT_PASSWORD}),
    )
    .await;
    assert_eq!(status, StatusCode::CREATED);
    for path in ["/me", "/me/consents", "/auth/sessions", "/me/export"] {
        assert_eq!(
            send(app.as_member(&second, Method::GET, path)).await.0,
            StatusCode::OK,
            "{path}"
        );
    }
    tokens.extend(services.used_by(app, &second, NEXT_PASSWORD).await);
    tokens.push(first["refreshToken"].as_str().unwrap().to_owned());
    let wrong = json!({"password": WRONG_PASSWORD});
    assert_eq!(
        mine(Method::DELETE, "/me", wrong).await,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    assert_eq!(
        send(app.as_member(&third, Method::DELETE, "/auth/sessions/current"))
            .await
            .0,
        StatusCode::NO_CONTENT
    );
    (vec![first, second, third], tokens)
}

/// Says something of two medicines, to everybody and to himself, and something of another's review.
async fn reviewed(app: &RealApp, signed: &Value) {
    let send = async |method: Method, path: &str, body: Value| {
        let request = app.as_member(signed, method, path).json(&body);
        request
            .header("idempotency-key", path)
            .send()
            .await
            .unwrap()
            .status()
    };
    for (medicine, seen, text) in [
        (sample::TYLENOL, "public", REVIEW),
        (sample::GEBORIN, "private", PRIVATE),
    ] {
        let body = json!({
            "rating": 2, "text": text, "visibility": seen, "noticeVersion": "2026-11-01",
        });
        let path = format!("/medicines/{medicine}/reviews");
        assert_eq!(send(Method::POST, &path, body).await, StatusCode::CREATED);
    }
    let path = format!("/medicines/{}/reviews?query={REVIEW}", sample::TYLENOL);
    let request = app.as_member(signed, Method::GET, &path);
    let page: Value = request.send().await.unwrap().json().await.unwrap();
    assert_eq!(page["items"][0]["mine"], true);
    let path = format!("/reviews/{OTHERS_REVIEW}");
    let helpful = json!({"kind": "helpful"});
    assert_eq!(
        send(Method::PUT, &format!("{path}/reaction"), helpful).await,
        StatusCode::OK
    );
    let report = json!({"reason": "other", "detail": REVIEW});
    assert_eq!(
        send(Method::POST, &format!("{path}/reports"), report).await,
        StatusCode::CREATED
    );
}

/// Another's review of the first medicine.
fn write_others(db: &TestDb) {
    let author = db.console("SELECT CAST(MIN(id) AS CHAR(20)) AS cell FROM users");
    let at = "'2026-01-01 00:00:00'";
    db.console(&format!(
        "INSERT INTO reviews (public_id, user_id, medicine_id, rating, body, folded, visibility, notice_version, notice_acknowledged_at, state, created_at, updated_at) \
         VALUES ('{OTHERS_REVIEW}', {}, {}, 5, 'abc', 'abc', 'public', 'v', {at}, 'shown', {at}, {at})",
        author.trim(), sample::TYLENOL,
    ));
}

/// Whether every other service was told.
fn unlinked(db: &TestDb) -> bool {
    let waiting = db.console("SELECT CAST(COUNT(*) AS CHAR(9)) AS cell FROM social_unlinks");
    waiting.trim() == "0"
}

on_both!(who_withdrew_is_nowhere, |db| async move {
    let chat = ChatStandIn::start();
    chat.next(&[Does::Answer(500), Does::Answer(503)]);
    let services = Services::start().await;
    let (chat_url, social) = (chat.url(), services.settings());
    let mut more = vec![
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
        ("LOG_LEVEL", "debug"),
        ("CHAT_EVENTS_URL", chat_url.as_str()),
    ];
    more.extend(social.iter().map(|(name, value)| (*name, value.as_str())));
    let mut seed = sample::catalogue();
    let allergen = (ALLERGEN.parse().unwrap(), "카나리성분".to_owned(), None);
    seed.ingredients.push(allergen);
    let pool = db.migrated().await;
    seed.write(&pool).await;
    let other = |db: &mut web_api::db::Db| {
        crate::accounts_support::persona(db, 1);
        Ok(())
    };
    pool.run(other).await.unwrap();
    write_others(&db);
    let app = RealApp::start(&db, &more).await;
    let (signed, mut tokens) = live(&app, &services).await;
    let by = (LOGIN_ID, NEXT_PASSWORD);
    let secrets = second_factor(&app, &db, &signed[1], by).await;
    tokens.extend(secrets.iter().cloned());
    let pictures = || files(&app.data.path().join("images")).len();
    assert_eq!(pictures(), 2, "one that is shown, one that waits");
    let canaries = canaries(&signed, &tokens);
    // The search finds what is there.
    let before: Vec<String> = everything(&app, &db)
        .await
        .iter()
        .flat_map(|(place, content)| search(place, content, &canaries))
        .collect();
    for text in [LOGIN_ID, NEXT_NICKNAME, DEVICE, REVIEW] {
        assert!(
            before.iter().any(|line| line.contains(text)),
            "{text} is searched in vain"
        );
    }
    if db.mysql.is_none() {
        let in_file = |line: &String| line.contains("web.db") && line.contains(LOGIN_ID);
        assert!(before.iter().any(in_file), "the file is searched in vain");
    }
    let factor = secrets.iter().map(String::as_str);
    for text in [PASSWORD, "010", EMAIL, ADDRESS, STRAY, ALLERGEN, PRIVATE]
        .into_iter()
        .chain(factor)
    {
        let clear: Vec<_> = before
            .iter()
            .filter(|line| line.contains(&format!(": {text}")))
            .collect();
        assert!(clear.is_empty(), "never in clear: {clear:#?}");
    }

    let leaving = app
        .as_member(&signed[1], Method::DELETE, "/me")
        .header("user-agent", DEVICE)
        .header("x-forwarded-for", ADDRESS)
        .json(&json!({"password": NEXT_PASSWORD}));
    let receipt = leaving.send().await.unwrap();
    assert_eq!(
        receipt.status(),
        StatusCode::OK,
        "{}",
        app.server.log_tail(20)
    );
    let receipt: Value = receipt.json().await.unwrap();
    let path = format!(
        "/erasure-receipts/{}",
        receipt["receiptId"].as_str().unwrap()
    );
    let begun = std::time::Instant::now();
    loop {
        let answer = app.request(Method::GET, &path).send().await.unwrap();
        if answer.json::<Value>().await.unwrap()["chat"] == "done" {
            break;
        }
        assert!(begun.elapsed() < DEADLINE, "the chat is told");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    while pictures() > 0 || !unlinked(&db) {
        assert!(begun.elapsed() < DEADLINE, "{}", app.server.log_tail(20));
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let found: Vec<String> = everything(&app, &db)
        .await
        .iter()
        .flat_map(|(place, content)| search(place, content, &canaries))
        .collect();
    assert!(found.is_empty(), "{found:#?}");
});
