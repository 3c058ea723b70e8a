//! ID tokens of Google and Kakao.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use tokio::task;

use super::{
    Context, Person, Provider, Wrong,
    keys::{By, KeyError},
};
use crate::gate;

/// What an ID token is made of.
#[derive(Debug)]
pub(crate) struct Subject<'a> {
    pub(crate) provider: Provider,
    pub(crate) person: &'a Person,
    pub(crate) scope: &'a str,
    pub(crate) nonce: Option<&'a str>,
    /// When the person signed in at the provider, where that is said.
    pub(crate) signed_in: Option<DateTime<Utc>>,
    pub(crate) access_token: &'a str,
    /// How long it is valid.
    pub(crate) lifetime: TimeDelta,
}

/// Whether a list of scopes, separated by spaces or commas, names one.
pub(crate) fn has_scope(scopes: &str, scope: &str) -> bool {
    scopes.split([' ', ',']).any(|named| named == scope)
}

/// An ID token, where one was asked for.
pub(crate) async fn issue(
    context: &Context,
    subject: &Subject<'_>,
    wrong: &gate::Wrong<Wrong>,
) -> Result<Option<String>, KeyError> {
    if !has_scope(subject.scope, "openid") || wrong.has(&Wrong::NoIdToken) {
        return Ok(None);
    }
    let payload = URL_SAFE_NO_PAD.encode(claims(context, subject, wrong).to_string());
    if wrong.has(&Wrong::NoSignature) {
        let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#);
        return Ok(Some(format!("{header}.{payload}.")));
    }
    let by = if wrong.has(&Wrong::WrongSignature) {
        By::Forger
    } else if wrong.has(&Wrong::UnknownKey) {
        By::Stranger
    } else {
        By::Current
    };
    let provider = subject.provider;
    let ring = context.handle.ring(provider);
    let sign = move || {
        ring.sign(provider, by, |kid| {
            let header = json!({"alg": "RS256", "kid": kid, "typ": "JWT"});
            format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header.to_string()))
        })
    };
    let token = task::spawn_blocking(sign).await;
    token.unwrap_or(Err(KeyError::cancelled())).map(Some)
}

fn claims(context: &Context, subject: &Subject<'_>, wrong: &gate::Wrong<Wrong>) -> Value {
    let Subject {
        provider, person, ..
    } = *subject;
    let mut issued = context.handle.clock.now();
    if wrong.has(&Wrong::ExpiredIdToken) {
        issued -= subject.lifetime + TimeDelta::hours(1);
    }
    let issuer = if wrong.has(&Wrong::WrongIssuer) {
        "https://issuer.example".to_owned()
    } else {
        context.issuer(provider)
    };
    let audience = if wrong.has(&Wrong::WrongAudience) {
        "another-client"
    } else {
        context.handle.config.client(provider).id.as_str()
    };
    let mut claims = Map::from_iter([
        ("iss".to_owned(), json!(issuer)),
        ("aud".to_owned(), json!(audience)),
        ("sub".to_owned(), json!(person.subject(provider))),
        ("iat".to_owned(), json!(issued.timestamp())),
        (
            "exp".to_owned(),
            json!((issued + subject.lifetime).timestamp()),
        ),
    ]);
    if wrong.has(&Wrong::WrongNonce) {
        claims.insert("nonce".to_owned(), json!("another-nonce"));
    } else if let Some(nonce) = subject.nonce
        && !wrong.has(&Wrong::NoNonce)
    {
        claims.insert("nonce".to_owned(), json!(nonce));
    }
    if let Some(signed_in) = subject.signed_in {
        claims.insert("auth_time".to_owned(), json!(signed_in.timestamp()));
    }
    let own = match provider {
        Provider::Google => google(subject, audience),
        Provider::Naver | Provider::Kakao => kakao(subject),
    };
    claims.extend(own);
    Value::Object(claims)
}

fn google(subject: &Subject<'_>, audience: &str) -> Map<String, Value> {
    let person = subject.person;
    let hash = Sha256::digest(subject.access_token);
    let half = hash.first_chunk::<16>().copied().unwrap_or_default();
    let mut claims = Map::from_iter([
        ("azp".to_owned(), json!(audience)),
        ("at_hash".to_owned(), json!(URL_SAFE_NO_PAD.encode(half))),
    ]);
    if has_scope(subject.scope, "email")
        && let Some(email) = &person.email
    {
        claims.insert("email".to_owned(), json!(email));
        claims.insert("email_verified".to_owned(), json!(person.email_verified));
    }
    if has_scope(subject.scope, "profile") {
        claims.insert("name".to_owned(), json!(person.name));
    }
    claims
}

/// Kakao's ID token doesn't say whether an e-mail is verified: `/v2/user/me` does.
fn kakao(subject: &Subject<'_>) -> Map<String, Value> {
    let person = subject.person;
    let mut claims = Map::new();
    if has_scope(subject.scope, "profile_nickname") {
        claims.insert("nickname".to_owned(), json!(person.nickname));
    }
    if has_scope(subject.scope, "account_email")
        && let Some(email) = &person.email
    {
        claims.insert("email".to_owned(), json!(email));
    }
    claims
}
