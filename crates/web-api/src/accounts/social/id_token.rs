//! ID tokens: who a provider says that somebody is (OpenID Connect Core, 3.1.3.7).

use chrono::{DateTime, TimeDelta, Utc};
use jsonwebtoken::errors::ErrorKind;
use jsonwebtoken::{Algorithm, Validation, decode, decode_header};
use serde::Deserialize;
use subtle::ConstantTimeEq as _;

use super::http::{CallError, Http};
use super::keys::Keys;

/// Longest token that is looked at.
const LONGEST: usize = 8 * 1024;
/// How far the provider's clock may be from ours.
const LEEWAY: TimeDelta = TimeDelta::seconds(60);
/// How old a token may be: it was made for the code that has just been exchanged.
const OLDEST: TimeDelta = TimeDelta::minutes(10);

/// What a token has to say.
#[derive(Debug)]
pub(super) struct Expected<'a> {
    pub(super) issuer: &'a str,
    pub(super) audience: &'a str,
    pub(super) nonce: &'a str,
    pub(super) now: DateTime<Utc>,
    /// How long ago the person may have signed in at the provider, where that matters.
    pub(super) max_age: Option<TimeDelta>,
}

/// Why a token isn't believed. Never with anything of the token in it.
#[derive(Debug, thiserror::Error)]
pub(crate) enum IdTokenError {
    /// The provider sent none.
    #[error("there is no ID token")]
    Missing,
    /// No signed token, too long, or with claims that can't be read.
    #[error("the ID token can't be read")]
    Shape,
    /// Another algorithm than RS256, the only one that Google and Kakao sign with.
    #[error("the ID token's alg isn't RS256")]
    Algorithm,
    /// It names no key, or none of the provider's.
    #[error("the ID token names no key of the provider")]
    UnknownKey,
    /// The signature isn't that of the key.
    #[error("the ID token's signature is wrong")]
    Signature,
    /// Somebody else's.
    #[error("the ID token's iss isn't the provider")]
    Issuer,
    /// For somebody else.
    #[error("the ID token's aud isn't this service")]
    Audience,
    /// Over, or from the future.
    #[error("the ID token's time is over or has not come")]
    Time,
    /// Of another sign-in.
    #[error("the ID token's nonce isn't that of this sign-in")]
    Nonce,
    /// It doesn't say when the person signed in at the provider. Kakao always does; Google where "Session age
    /// claims" are switched on for the client.
    #[error("the ID token has no auth_time (at Google, switch session age claims on)")]
    NoAuthTime,
    /// The person signed in at the provider too long ago.
    #[error("the ID token's auth_time is too long ago")]
    SignedInLongAgo,
    /// The keys can't be fetched.
    #[error("the provider's keys can't be fetched")]
    Keys(#[source] CallError),
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: Audience,
    azp: Option<String>,
    exp: i64,
    iat: i64,
    nonce: Option<String>,
    auth_time: Option<i64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    /// Whether it is this one and nobody else besides.
    fn is(&self, expected: &str) -> bool {
        match self {
            Self::One(one) => one == expected,
            Self::Many(many) => matches!(many.as_slice(), [one] if one == expected),
        }
    }
}

/// Who a token says that somebody is, if it is to be believed.
///
/// # Errors
/// The first [`IdTokenError`].
pub(super) async fn check(
    token: &str,
    keys: &Keys,
    http: &Http,
    expected: &Expected<'_>,
) -> Result<String, IdTokenError> {
    if token.len() > LONGEST {
        return Err(IdTokenError::Shape);
    }
    let header = decode_header(token).map_err(|error| kind(error.kind()))?;
    if header.alg != Algorithm::RS256 {
        return Err(IdTokenError::Algorithm);
    }
    if header.crit.is_some() {
        return Err(IdTokenError::Shape);
    }
    let kid = header.kid.as_deref().ok_or(IdTokenError::UnknownKey)?;
    let key = keys.find(http, kid).await.map_err(IdTokenError::Keys)?;
    let key = key.ok_or(IdTokenError::UnknownKey)?;
    let claims = decode::<Claims>(token, &key, &signature_only())
        .map_err(|error| kind(error.kind()))?
        .claims;
    judge(&claims, expected)?;
    Ok(claims.sub)
}

/// The claims are judged by [`judge`], with our clock.
fn signature_only() -> Validation {
    let mut validation = Validation::new(Algorithm::RS256);
    validation.required_spec_claims.clear();
    validation.validate_exp = false;
    validation.validate_aud = false;
    validation
}

fn kind(kind: &ErrorKind) -> IdTokenError {
    match kind {
        ErrorKind::InvalidSignature => IdTokenError::Signature,
        // `none` is no algorithm that the library knows.
        ErrorKind::InvalidAlgorithm | ErrorKind::InvalidAlgorithmName => IdTokenError::Algorithm,
        _ => IdTokenError::Shape,
    }
}

fn judge(claims: &Claims, expected: &Expected<'_>) -> Result<(), IdTokenError> {
    if claims.iss != expected.issuer {
        return Err(IdTokenError::Issuer);
    }
    let authorised = claims
        .azp
        .as_deref()
        .is_none_or(|azp| azp == expected.audience);
    if !claims.aud.is(expected.audience) || !authorised {
        return Err(IdTokenError::Audience);
    }
    let at = |seconds| DateTime::from_timestamp(seconds, 0).ok_or(IdTokenError::Time);
    let (until, since) = (at(claims.exp)?, at(claims.iat)?);
    let now = expected.now;
    let over = now.signed_duration_since(until) >= LEEWAY;
    let age = now.signed_duration_since(since);
    if over || age < -LEEWAY || age > OLDEST {
        return Err(IdTokenError::Time);
    }
    let nonce = claims.nonce.as_deref().unwrap_or_default().as_bytes();
    if !bool::from(nonce.ct_eq(expected.nonce.as_bytes())) {
        return Err(IdTokenError::Nonce);
    }
    match expected.max_age {
        Some(max_age) => judge_age(claims, max_age, now),
        None => Ok(()),
    }
}

/// `auth_time` by OpenID Connect Core (2): when the person himself was last asked, not his cookie. The
/// browser could have dropped what asks the provider for it; the claim is signed.
fn judge_age(claims: &Claims, max_age: TimeDelta, now: DateTime<Utc>) -> Result<(), IdTokenError> {
    let at = claims.auth_time.ok_or(IdTokenError::NoAuthTime)?;
    let at = DateTime::from_timestamp(at, 0).ok_or(IdTokenError::Time)?;
    let age = now.signed_duration_since(at);
    if age < -LEEWAY {
        return Err(IdTokenError::Time);
    }
    if age > max_age {
        return Err(IdTokenError::SignedInLongAgo);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::IdTokenError as E;
    use super::*;

    fn judged(change: impl FnOnce(&mut serde_json::Value)) -> Result<(), IdTokenError> {
        judged_within(None, change)
    }

    fn judged_within(
        max_age: Option<TimeDelta>,
        change: impl FnOnce(&mut serde_json::Value),
    ) -> Result<(), IdTokenError> {
        let now: DateTime<Utc> = "2026-03-02T03:00:00Z".parse().unwrap();
        let mut claims = serde_json::json!({
            "iss": "https://issuer", "sub": "1", "aud": "us", "nonce": "n",
            "iat": now.timestamp(), "exp": now.timestamp() + 3600,
        });
        change(&mut claims);
        let claims: Claims = serde_json::from_value(claims).map_err(|_| IdTokenError::Shape)?;
        let expected = Expected {
            issuer: "https://issuer",
            audience: "us",
            nonce: "n",
            now,
            max_age,
        };
        judge(&claims, &expected)
    }

    #[test]
    fn every_claim_has_to_be_right() {
        let now = 1_772_420_400_i64;
        judged(|_| {}).unwrap();
        judged(|claims| claims["aud"] = serde_json::json!(["us"])).unwrap();
        judged(|claims| claims["azp"] = "us".into()).unwrap();
        judged(|claims| claims["exp"] = (now - 59).into()).unwrap();
        let wrong = |name: &'static str, value: serde_json::Value| {
            judged(|claims| claims[name] = value).unwrap_err()
        };
        assert!(matches!(wrong("iss", "https://issuer/".into()), E::Issuer));
        assert!(matches!(wrong("aud", "them".into()), E::Audience));
        let both = serde_json::json!(["us", "them"]);
        assert!(matches!(wrong("aud", both), E::Audience));
        assert!(matches!(wrong("azp", "them".into()), E::Audience));
        assert!(matches!(wrong("exp", (now - 60).into()), E::Time));
        assert!(matches!(wrong("iat", (now - 601).into()), E::Time));
        assert!(matches!(wrong("iat", (now + 61).into()), E::Time));
        assert!(matches!(wrong("nonce", "m".into()), E::Nonce));
        assert!(matches!(wrong("nonce", serde_json::Value::Null), E::Nonce));
        assert!(matches!(wrong("sub", serde_json::Value::Null), E::Shape));
    }

    #[test]
    fn who_proves_himself_has_signed_in_lately() {
        let now = 1_772_420_400_i64;
        let within = |auth_time: serde_json::Value| {
            judged_within(Some(TimeDelta::minutes(10)), |claims| {
                claims["auth_time"] = auth_time;
            })
        };
        within(now.into()).unwrap();
        within((now - 600).into()).unwrap();
        within((now + 60).into()).unwrap();
        let wrong = |auth_time| within(auth_time).unwrap_err();
        assert!(matches!(wrong((now - 601).into()), E::SignedInLongAgo));
        assert!(matches!(wrong(0.into()), E::SignedInLongAgo));
        assert!(matches!(wrong((now + 61).into()), E::Time));
        assert!(matches!(wrong(serde_json::Value::Null), E::NoAuthTime));
        assert!(matches!(wrong("now".into()), E::Shape));
        // Whoever signs in may have done so at the provider long ago.
        judged(|claims| claims["auth_time"] = 0.into()).unwrap();
    }
}
