//! Google's habits: discovery, keys, PKCE, ID tokens.

use chrono::TimeDelta;
use serde_json::{Value, json};
use simulators::oauth::{Config, Decision, Provider};

use crate::{
    oauth_support::{
        NONCE, VERIFIER, ask, asking, callback, code, exchanging, get, post, published_keys,
        sign_in, start, start_with, text, to_map, token, verify,
    },
    support::client,
};

const GOOGLE: Provider = Provider::Google;

#[tokio::test]
async fn discovery_names_every_endpoint_and_they_work() {
    let running = start().await;
    let path = "/google/.well-known/openid-configuration";
    let (_, document) = get(&running, path, None).await;
    let issuer = format!("{}/google", running.base_url);
    assert_eq!(document["issuer"], issuer);
    for name in [
        "authorization_endpoint",
        "token_endpoint",
        "userinfo_endpoint",
        "revocation_endpoint",
        "jwks_uri",
    ] {
        let url = text(&document, name);
        assert!(url.starts_with(&issuer), "{url}");
        assert_ne!(
            client().get(url).send().await.unwrap().status(),
            404,
            "{name}"
        );
    }
    assert_eq!(
        document["code_challenge_methods_supported"],
        json!(["S256"])
    );
}

#[tokio::test]
async fn an_id_token_is_signed_and_carries_the_nonce() {
    let running = start().await;
    let tokens = sign_in(&running, GOOGLE).await;
    assert_eq!(tokens["expires_in"], 3599);
    let keys = published_keys(&running, GOOGLE).await;
    let claims = verify(&running, GOOGLE, &keys, text(&tokens, "id_token")).unwrap();
    let hong = running.handle.person("hong").unwrap();
    assert_eq!(claims["sub"], hong.google_id());
    assert_eq!(hong.google_id().len(), 21);
    assert_eq!(
        (&claims["email"], &claims["email_verified"]),
        (&json!("hong@example.com"), &json!(true))
    );
    let (_, user) = get(
        &running,
        "/google/v1/userinfo",
        Some(text(&tokens, "access_token")),
    )
    .await;
    assert_eq!(
        (&user["sub"], &user["name"]),
        (&claims["sub"], &json!("홍길동"))
    );
    let recorded = running.handle.authorizations();
    assert_eq!(recorded[0].parameters["nonce"], NONCE);

    running.handle.decide(Decision::Approve {
        person: "unverified".to_owned(),
    });
    let tokens = sign_in(&running, GOOGLE).await;
    let claims = verify(&running, GOOGLE, &keys, text(&tokens, "id_token")).unwrap();
    assert_eq!(claims["email_verified"], json!(false));
    let mut asked = asking(GOOGLE);
    asked.insert("scope".to_owned(), "email".to_owned());
    let answer = callback(ask(&running, GOOGLE, &asked).await).await;
    let (_, tokens) = token(&running, GOOGLE, &exchanging(GOOGLE, &answer["code"])).await;
    assert_eq!(
        tokens["id_token"],
        Value::Null,
        "without openid there is none"
    );
}

#[tokio::test]
async fn a_code_is_good_once_and_for_a_minute() {
    let running = start().await;
    let form = exchanging(GOOGLE, &code(&running, GOOGLE).await);
    assert_eq!(token(&running, GOOGLE, &form).await.0, 200);
    let (status, again) = token(&running, GOOGLE, &form).await;
    assert_eq!((status, text(&again, "error")), (400, "invalid_grant"));
    let form = exchanging(GOOGLE, &code(&running, GOOGLE).await);
    running.handle.clock.move_by(TimeDelta::seconds(61));
    let (status, late) = token(&running, GOOGLE, &form).await;
    assert_eq!((status, text(&late, "error")), (400, "invalid_grant"));
    let others = code(&running, Provider::Kakao).await;
    let (status, foreign) = token(&running, GOOGLE, &exchanging(GOOGLE, &others)).await;
    assert_eq!((status, text(&foreign, "error")), (400, "invalid_grant"));
}

#[tokio::test]
async fn the_exchange_is_held_to_what_was_asked() {
    let running = start().await;
    let long = "x".repeat(VERIFIER.len());
    for (name, value, status, error) in [
        (
            "redirect_uri",
            "http://127.0.0.1:9/other",
            400,
            "redirect_uri_mismatch",
        ),
        ("code_verifier", long.as_str(), 400, "invalid_grant"),
        ("client_secret", "wrong", 401, "invalid_client"),
        ("client_id", "wrong", 401, "invalid_client"),
        ("code", "wrong", 400, "invalid_grant"),
        ("grant_type", "password", 400, "unsupported_grant_type"),
    ] {
        let mut form = exchanging(GOOGLE, &code(&running, GOOGLE).await);
        form.insert(name.to_owned(), value.to_owned());
        let (got, answer) = token(&running, GOOGLE, &form).await;
        assert_eq!((got, text(&answer, "error")), (status, error), "{name}");
    }
    let mut form = exchanging(GOOGLE, &code(&running, GOOGLE).await);
    form.remove("code_verifier");
    let (_, answer) = token(&running, GOOGLE, &form).await;
    assert_eq!(answer["error_description"], "Missing code verifier.");
    let mut form = exchanging(GOOGLE, &code(&running, GOOGLE).await);
    form.remove("client_id");
    form.remove("client_secret");
    let basic = "Basic c2FtcGxlLWdvb2dsZS1pZDpzYW1wbGUtZ29vZ2xlLXNlY3JldA==";
    let (status, _) = post(&running, "/google/token", &form, Some(basic)).await;
    assert_eq!(status, 200, "id and secret may come by HTTP Basic");
}

#[tokio::test]
async fn revoking_any_token_ends_the_link() {
    let running = start().await;
    let tokens = sign_in(&running, GOOGLE).await;
    assert!(running.handle.is_linked(GOOGLE, "hong"));
    let access = text(&tokens, "access_token");
    let revoking = to_map(&[("token", text(&tokens, "refresh_token"))]);
    assert_eq!(
        post(&running, "/google/revoke", &revoking, None).await.0,
        200
    );
    assert!(!running.handle.is_linked(GOOGLE, "hong"));
    assert_eq!(
        get(&running, "/google/v1/userinfo", Some(access)).await.0,
        401
    );
    let (status, again) = post(&running, "/google/revoke", &revoking, None).await;
    assert_eq!((status, text(&again, "error")), (400, "invalid_token"));
}

#[tokio::test]
async fn keys_change_and_say_how_long_to_keep_them() {
    let config = Config {
        keys_max_age: std::time::Duration::from_secs(19),
        ..Config::default()
    };
    let running = start_with(config).await;
    let certs = format!("{}/google/oauth2/v3/certs", running.base_url);
    let response = client().get(certs).send().await.unwrap();
    let cache = response.headers()["cache-control"].to_str().unwrap();
    assert!(cache.starts_with("public, max-age=19"), "{cache}");
    let old = sign_in(&running, GOOGLE).await;
    let before = published_keys(&running, GOOGLE).await;
    assert_eq!(before.len(), 1);
    running.handle.rotate_keys(GOOGLE);
    let new = sign_in(&running, GOOGLE).await;
    let new = text(&new, "id_token");
    assert_eq!(verify(&running, GOOGLE, &before, new), Err("kid"));
    let both = published_keys(&running, GOOGLE).await;
    assert_eq!(both.len(), 2);
    assert_ne!(both[0]["n"], both[1]["n"]);
    for token in [new, text(&old, "id_token")] {
        verify(&running, GOOGLE, &both, token).unwrap();
    }
    running.handle.retire_keys(GOOGLE);
    let newest = published_keys(&running, GOOGLE).await;
    assert_eq!(
        verify(&running, GOOGLE, &newest, text(&old, "id_token")),
        Err("kid")
    );
    verify(&running, GOOGLE, &newest, new).unwrap();
    let kakaos = published_keys(&running, Provider::Kakao).await;
    assert!(both.iter().all(|key| key["n"] != kakaos[0]["n"]));
}

#[tokio::test]
async fn a_token_that_reads_runs_out_and_is_refreshed() {
    let running = start().await;
    let tokens = sign_in(&running, GOOGLE).await;
    running.handle.clock.move_by(TimeDelta::hours(1));
    let access = text(&tokens, "access_token");
    assert_eq!(
        get(&running, "/google/v1/userinfo", Some(access)).await.0,
        401
    );
    let mut form = exchanging(GOOGLE, "");
    form.insert("grant_type".to_owned(), "refresh_token".to_owned());
    form.insert(
        "refresh_token".to_owned(),
        text(&tokens, "refresh_token").to_owned(),
    );
    let (_, fresh) = token(&running, GOOGLE, &form).await;
    let access = text(&fresh, "access_token");
    assert_eq!(
        get(&running, "/google/v1/userinfo", Some(access)).await.0,
        200
    );
    form.insert("refresh_token".to_owned(), access.to_owned());
    assert_eq!(
        token(&running, GOOGLE, &form).await.1["error"],
        "invalid_grant"
    );
}
