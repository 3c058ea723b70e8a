//! Naver's habits.

use serde_json::{Value, json};
use simulators::oauth::{Operation, Person, Provider, Wrong};

use crate::{
    oauth_support::{
        ask, asking, callback, code, exchanging, get, once, sign_in, start, text, to_map, token,
    },
    support::client,
};

const NAVER: Provider = Provider::Naver;
const ME: &str = "/naver/v1/nid/me";

#[tokio::test]
async fn numbers_are_text_and_the_profile_is_wrapped() {
    let running = start().await;
    let tokens = sign_in(&running, NAVER).await;
    assert_eq!(tokens["expires_in"], json!("3600"));
    assert_eq!(tokens["token_type"], "bearer");
    assert_eq!(tokens["id_token"], Value::Null);
    let (status, profile) = get(&running, ME, Some(text(&tokens, "access_token"))).await;
    assert_eq!((status, &profile["resultcode"]), (200, &json!("00")));
    assert_eq!(profile["message"], "success");
    let person = running.handle.person("hong").unwrap();
    assert_eq!(profile["response"]["id"], person.naver_id());
    assert_eq!(profile["response"]["email"], "hong@example.com");
    assert!(running.handle.is_linked(NAVER, "hong"));

    running.handle.set_person(Person {
        email: None,
        ..person
    });
    let (_, profile) = get(&running, ME, Some(text(&tokens, "access_token"))).await;
    assert!(profile["response"].get("email").is_none(), "{profile}");
    once(&running, Wrong::OtherSubject);
    let (_, profile) = get(&running, ME, Some(text(&tokens, "access_token"))).await;
    assert_eq!(profile["response"]["name"], "이순신");
}

#[tokio::test]
async fn the_token_endpoint_takes_a_query_and_fails_with_200() {
    let running = start().await;
    let form = exchanging(NAVER, &code(&running, NAVER).await);
    let query = crate::oauth_support::encode(&form);
    let url = format!("{}/naver/oauth2.0/token?{query}", running.base_url);
    let answer: Value = client()
        .get(url)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    assert!(answer["access_token"].is_string(), "{answer}");

    let (status, again) = token(&running, NAVER, &form).await;
    assert_eq!((status, text(&again, "error")), (200, "invalid_request"));
    assert_eq!(again["error_description"], "no valid data in session");

    for (name, value, error) in [
        ("client_secret", "wrong", "invalid_client"),
        ("client_id", "wrong", "invalid_client"),
        ("grant_type", "password", "unsupported_grant_type"),
        ("code", "", "invalid_request"),
    ] {
        let mut form = exchanging(NAVER, &code(&running, NAVER).await);
        form.insert(name.to_owned(), value.to_owned());
        let (status, answer) = token(&running, NAVER, &form).await;
        assert_eq!((status, text(&answer, "error")), (200, error), "{name}");
    }
    for (wrong, error) in [
        (Wrong::InvalidGrant, "invalid_request"),
        (Wrong::InvalidClient, "invalid_client"),
    ] {
        let form = exchanging(NAVER, &code(&running, NAVER).await);
        once(&running, wrong);
        assert_eq!(token(&running, NAVER, &form).await.1["error"], error);
    }
}

#[tokio::test]
async fn a_state_is_a_must_and_comes_back() {
    let running = start().await;
    let mut asked = asking(NAVER);
    asked.remove("state");
    let answer = callback(ask(&running, NAVER, &asked).await).await;
    assert_eq!(answer["error"], "invalid_request");
    assert!(!answer.contains_key("code"));
    let recorded = running.handle.authorizations();
    assert!(
        recorded.is_empty(),
        "what was refused isn't an authorisation"
    );
}

#[tokio::test]
async fn deleting_unlinks_and_ends_every_token() {
    let running = start().await;
    let first = sign_in(&running, NAVER).await;
    let tokens = sign_in(&running, NAVER).await;
    let refreshing = to_map(&[
        ("grant_type", "refresh_token"),
        ("client_id", "sample-naver-id"),
        ("client_secret", "sample-naver-secret"),
        ("refresh_token", text(&tokens, "refresh_token")),
    ]);
    let (_, refreshed) = token(&running, NAVER, &refreshing).await;
    assert!(refreshed["refresh_token"].is_null());
    let access = text(&refreshed, "access_token");
    assert_eq!(get(&running, ME, Some(access)).await.0, 200);

    let deleting = to_map(&[
        ("grant_type", "delete"),
        ("client_id", "sample-naver-id"),
        ("client_secret", "sample-naver-secret"),
        ("access_token", access),
        ("service_provider", "NAVER"),
    ]);
    let (_, deleted) = token(&running, NAVER, &deleting).await;
    assert_eq!(
        deleted,
        json!({"access_token": access, "result": "success"})
    );
    assert!(!running.handle.is_linked(NAVER, "hong"));
    for token in [access, text(&first, "access_token")] {
        let (status, answer) = get(&running, ME, Some(token)).await;
        assert_eq!((status, text(&answer, "resultcode")), (401, "024"));
    }
    assert_eq!(
        token(&running, NAVER, &refreshing).await.1["error"],
        "invalid_request"
    );
    let (status, answer) = get(&running, ME, None).await;
    assert_eq!((status, text(&answer, "resultcode")), (401, "028"));
    assert_eq!(running.handle.faults.requests(Operation::NaverProfile), 4);
}
