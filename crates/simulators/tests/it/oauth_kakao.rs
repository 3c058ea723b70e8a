//! Kakao's habits: numbers as ids, codes for errors, unlinking from both sides.

use std::sync::{Arc, Mutex};

use axum::{Router, extract::State, http::HeaderMap, routing::any};
use serde_json::{Value, json};
use simulators::oauth::{Config, Decision, Provider, Referrer, WebhookError, Wrong};
use tokio::net::TcpListener;

use crate::oauth_support::{
    ask, asking, callback, code, exchanging, get, once, post, published_keys, sign_in, start,
    start_with, text, to_map, token, verify,
};

const KAKAO: Provider = Provider::Kakao;
const ME: &str = "/kakao/v2/user/me";
const UNLINK: &str = "/kakao/v1/user/unlink";

#[tokio::test]
async fn a_person_is_a_number_and_an_email_has_two_flags() {
    let running = start().await;
    let (_, document) = get(&running, "/kakao/.well-known/openid-configuration", None).await;
    assert_eq!(document["issuer"], format!("{}/kakao", running.base_url));
    let tokens = sign_in(&running, KAKAO).await;
    assert_eq!(
        (&tokens["expires_in"], &tokens["refresh_token_expires_in"]),
        (&json!(21599), &json!(5183999))
    );
    let keys = published_keys(&running, KAKAO).await;
    let claims = verify(&running, KAKAO, &keys, text(&tokens, "id_token")).unwrap();
    let access = text(&tokens, "access_token");
    let (_, user) = get(&running, ME, Some(access)).await;
    let id = running.handle.person("hong").unwrap().kakao_id();
    assert_eq!(user["id"], json!(id));
    let connected = text(&user, "connected_at");
    assert!(
        connected.ends_with('Z') && connected.len() == 20,
        "{connected}"
    );
    assert_eq!(claims["sub"], json!(id.to_string()));
    assert!(
        claims.get("email_verified").is_none(),
        "the ID token doesn't say"
    );
    let account = &user["kakao_account"];
    assert_eq!(
        (&account["is_email_valid"], &account["is_email_verified"]),
        (&json!(true), &json!(true))
    );
    let (_, info) = get(&running, "/kakao/v1/oidc/userinfo", Some(access)).await;
    assert_eq!(
        (&info["sub"], &info["email_verified"]),
        (&claims["sub"], &json!(true))
    );
    once(&running, Wrong::IdAsText);
    assert_eq!(
        get(&running, ME, Some(access)).await.1["id"],
        json!(id.to_string())
    );

    for (person, flags) in [
        ("unverified", json!([true, false])),
        ("taken-over", json!([false, true])),
        ("no-email", json!([null, null])),
    ] {
        let person = person.to_owned();
        running.handle.decide(Decision::Approve { person });
        let tokens = sign_in(&running, KAKAO).await;
        let (_, user) = get(&running, ME, Some(text(&tokens, "access_token"))).await;
        let account = &user["kakao_account"];
        assert_eq!(
            json!([account["is_email_valid"], account["is_email_verified"]]),
            flags
        );
        assert_eq!(account["has_email"], json!(flags[0] != Value::Null));
    }
}

#[tokio::test]
async fn without_openid_connect_there_is_no_id_token() {
    let config = Config {
        kakao_oidc: false,
        ..Config::default()
    };
    let running = start_with(config).await;
    let tokens = sign_in(&running, KAKAO).await;
    assert_eq!(tokens["id_token"], Value::Null);
    assert_eq!(tokens["scope"], "account_email profile_nickname");
    let access = text(&tokens, "access_token");
    assert_eq!(
        get(&running, "/kakao/v1/oidc/userinfo", Some(access))
            .await
            .0,
        403
    );
    let mut asked = asking(KAKAO);
    asked.remove("scope");
    let answer = callback(ask(&running, KAKAO, &asked).await).await;
    let form = exchanging(KAKAO, &answer["code"]);
    let (_, tokens) = token(&running, KAKAO, &form).await;
    assert_eq!(tokens["scope"], "profile_nickname account_email");
}

#[tokio::test]
async fn errors_carry_kakaos_codes() {
    let running = start().await;
    let long = "x".repeat(43);
    for (name, value, status, expected) in [
        ("redirect_uri", "http://127.0.0.1:9/other", 400, "KOE303"),
        ("code", "wrong", 400, "KOE320"),
        ("code_verifier", long.as_str(), 400, "KOE320"),
        ("client_secret", "wrong", 401, "KOE010"),
        ("client_id", "wrong", 401, "KOE101"),
        ("grant_type", "password", 400, "KOE001"),
    ] {
        let mut form = exchanging(KAKAO, &code(&running, KAKAO).await);
        form.insert(name.to_owned(), value.to_owned());
        let (got, answer) = token(&running, KAKAO, &form).await;
        assert_eq!(
            (got, text(&answer, "error_code")),
            (status, expected),
            "{name}"
        );
    }
    let (status, answer) = get(&running, ME, Some("wrong")).await;
    assert_eq!((status, &answer["code"]), (401, &json!(-401)));
    let form = to_map(&[
        ("grant_type", "refresh_token"),
        ("client_id", "sample-kakao-id"),
        ("client_secret", "sample-kakao-secret"),
        ("refresh_token", "wrong"),
    ]);
    assert_eq!(
        token(&running, KAKAO, &form).await.1["error_code"],
        "KOE322"
    );
}

#[tokio::test]
async fn the_service_unlinks_by_token_or_by_admin_key() {
    let running = start().await;
    let id = running.handle.person("hong").unwrap().kakao_id();
    let target = id.to_string();
    let form = to_map(&[("target_id_type", "user_id"), ("target_id", &target)]);
    let admin = format!("KakaoAK {}", Config::default().kakao_admin_key);
    let tokens = sign_in(&running, KAKAO).await;
    let wrong = post(&running, UNLINK, &form, Some("KakaoAK wrong")).await;
    assert_eq!((wrong.0, &wrong.1["code"]), (401, &json!(-401)));
    let unnamed = post(&running, UNLINK, &to_map(&[]), Some(&admin)).await;
    assert_eq!((unnamed.0, &unnamed.1["code"]), (400, &json!(-2)));
    assert!(running.handle.is_linked(KAKAO, "hong"));
    let done = post(&running, UNLINK, &form, Some(&admin)).await;
    assert_eq!(done, (200, json!({"id": id})));
    assert!(!running.handle.is_linked(KAKAO, "hong"));
    assert_eq!(
        get(&running, ME, Some(text(&tokens, "access_token")))
            .await
            .0,
        401
    );
    let again = post(&running, UNLINK, &form, Some(&admin)).await;
    assert_eq!((again.0, &again.1["code"]), (400, &json!(-101)));

    let tokens = sign_in(&running, KAKAO).await;
    let bearer = format!("Bearer {}", text(&tokens, "access_token"));
    let done = post(&running, UNLINK, &to_map(&[]), Some(&bearer)).await;
    assert_eq!(done.1["id"], id);
    assert_eq!(post(&running, UNLINK, &form, None).await.0, 401);
}

type Notices = Arc<Mutex<Vec<(HeaderMap, String)>>>;

/// A service that takes the notice and answers with a status.
async fn service(status: u16) -> (url::Url, Notices) {
    let notices = Notices::default();
    let take = async move |State(notices): State<Notices>, headers: HeaderMap, body: String| {
        notices.lock().unwrap().push((headers, body));
        axum::http::StatusCode::from_u16(status).unwrap()
    };
    let router = Router::new()
        .route("/unlinked", any(take))
        .with_state(notices.clone());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/unlinked", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url.parse().unwrap(), notices)
}

#[tokio::test]
async fn kakao_tells_the_service_that_somebody_unlinked() {
    let running = start().await;
    let handle = &running.handle;
    let tokens = sign_in(&running, KAKAO).await;
    let (url, notices) = service(200).await;
    handle.set_webhook(Some(url.clone()));
    let status = handle
        .unlink_at_kakao("hong", Referrer::AccountDelete)
        .await;
    assert_eq!(status.unwrap(), Some(200));
    assert_eq!(
        get(&running, ME, Some(text(&tokens, "access_token")))
            .await
            .0,
        401
    );
    let (headers, body) = notices.lock().unwrap()[0].clone();
    assert_eq!(headers["authorization"], "KakaoAK sample-kakao-admin-key");
    let kind = headers["content-type"].to_str().unwrap();
    assert!(
        kind.starts_with("application/x-www-form-urlencoded"),
        "{kind}"
    );
    let id = handle.person("hong").unwrap().kakao_id();
    assert_eq!(
        body,
        format!("app_id=123456&user_id={id}&referrer_type=ACCOUNT_DELETE")
    );
    let again = handle
        .unlink_at_kakao("hong", Referrer::AccountDelete)
        .await;
    assert!(matches!(again, Err(WebhookError::NotLinked)));

    // The same from outside, to a service that is down.
    let (down, _) = service(503).await;
    let control = running.control_url();
    let set = crate::support::client().put(format!("{control}/kakao/webhook"));
    let set = set
        .json(&json!({"url": down.as_str()}))
        .send()
        .await
        .unwrap();
    assert_eq!(set.status(), 204);
    sign_in(&running, KAKAO).await;
    let unlink = crate::support::client().post(format!("{control}/kakao/unlink"));
    let unlink = unlink.json(&json!({"person": "hong", "referrer_type": "UNLINK_FROM_APPS"}));
    let answer: Value = unlink.send().await.unwrap().json().await.unwrap();
    assert_eq!(answer, json!({"status": 503}));

    handle.set_webhook(Some("http://example.com/".parse().unwrap()));
    sign_in(&running, KAKAO).await;
    let away = handle
        .unlink_at_kakao("hong", Referrer::AccountDelete)
        .await;
    assert!(matches!(away, Err(WebhookError::NotLocal)));
    handle.set_webhook(None);
    sign_in(&running, KAKAO).await;
    let silent = handle
        .unlink_at_kakao("hong", Referrer::AccountDelete)
        .await;
    assert_eq!(silent.unwrap(), None);
    assert_eq!(notices.lock().unwrap().len(), 1);
}
