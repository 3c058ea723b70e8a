//! Cookies at the providers: who is signed in there isn't asked again, and `auth_time` says since when.

use chrono::TimeDelta;
use serde_json::Value;
use simulators::oauth::{Provider, Running, Wrong};

use crate::oauth_support::{
    Map, ask, asking, callback, exchanging, once, published_keys, start, text, token, verify,
};

const CLAIMS: &str = r#"{"id_token":{"auth_time":{"essential":true}}}"#;

/// `auth_time` of a sign-in that was asked for like this.
async fn auth_time(running: &Running, provider: Provider, more: &[(&str, &str)]) -> Value {
    let mut asked: Map = asking(provider);
    for (name, value) in more {
        asked.insert((*name).to_owned(), (*value).to_owned());
    }
    let answer = callback(ask(running, provider, &asked).await).await;
    let form = exchanging(provider, &answer["code"]);
    let (_, tokens) = token(running, provider, &form).await;
    let keys = published_keys(running, provider).await;
    let claims = verify(running, provider, &keys, text(&tokens, "id_token")).unwrap();
    claims["auth_time"].clone()
}

#[tokio::test]
async fn kakao_says_since_when_and_asks_again_where_it_is_told_to() {
    let running = start().await;
    let first = auth_time(&running, Provider::Kakao, &[]).await;
    running.handle.clock.move_by(TimeDelta::hours(1));
    assert_eq!(auth_time(&running, Provider::Kakao, &[]).await, first);
    let anew = auth_time(&running, Provider::Kakao, &[("prompt", "login")]).await;
    assert!(
        anew.as_i64().unwrap() >= first.as_i64().unwrap() + 3600,
        "{anew} {first}"
    );
    assert_eq!(auth_time(&running, Provider::Kakao, &[]).await, anew);
    once(&running, Wrong::NoAuthTime);
    assert_eq!(auth_time(&running, Provider::Kakao, &[]).await, Value::Null);
}

#[tokio::test]
async fn google_says_since_when_to_who_asks_and_never_asks_again() {
    let running = start().await;
    assert_eq!(
        auth_time(&running, Provider::Google, &[]).await,
        Value::Null
    );
    let asked = [("claims", CLAIMS), ("prompt", "select_account")];
    let first = auth_time(&running, Provider::Google, &asked).await;
    running.handle.clock.move_by(TimeDelta::hours(1));
    for prompt in ["select_account", "login"] {
        let asked = [("claims", CLAIMS), ("prompt", prompt)];
        assert_eq!(auth_time(&running, Provider::Google, &asked).await, first);
    }
    running.handle.sign_out(Provider::Google, "hong");
    let anew = auth_time(&running, Provider::Google, &asked).await;
    assert!(
        anew.as_i64().unwrap() >= first.as_i64().unwrap() + 3600,
        "{anew} {first}"
    );
    once(&running, Wrong::NoAuthTime);
    assert_eq!(
        auth_time(&running, Provider::Google, &asked).await,
        Value::Null
    );
}
