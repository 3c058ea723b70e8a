//! Checking access tokens, good ones and all others.

use std::sync::Arc;

use base64ct::{Base64UrlUnpadded, Encoding};
use chrono::{DateTime, TimeDelta, Utc};
use domain::account::Role;
use domain::token::{ACCESS_TOKEN_TYPE, ClaimError, RawClaims, TokenRules};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde_json::{Value, json};
use service_kit::token::{KeySet, KeySetError, TokenError, TokenVerifier};

/// PKCS#8 around an Ed25519 seed (RFC 8410, 7).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A key pair from a seed.
pub(crate) struct Signer {
    pub(crate) kid: String,
    key: EncodingKey,
    x: String,
}

impl Signer {
    pub(crate) fn new(kid: &str, seed: u8) -> Self {
        let key = EncodingKey::from_ed_der(&[&PKCS8[..], &[seed; 32]].concat());
        let jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap();
        let jwk = serde_json::to_value(&jwk).unwrap();
        let x = jwk["x"].as_str().unwrap().to_owned();
        let kid = kid.to_owned();
        Self { kid, key, x }
    }

    pub(crate) fn jwk(&self) -> Value {
        json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": self.x})
    }

    fn header(&self) -> Header {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(ACCESS_TOKEN_TYPE.to_owned());
        header.kid = Some(self.kid.clone());
        header
    }

    pub(crate) fn token(&self) -> String {
        self.sign(&self.header(), &claims())
    }

    fn sign(&self, header: &Header, claims: &impl serde::Serialize) -> String {
        encode(header, claims, &self.key).unwrap()
    }
}

pub(crate) fn jwks(signers: &[&Signer]) -> String {
    let keys: Vec<Value> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({ "keys": keys }).to_string()
}

pub(crate) fn now() -> DateTime<Utc> {
    "2026-03-02T03:00:00Z".parse().unwrap()
}

fn rules() -> TokenRules {
    TokenRules::new(
        "https://pillnuts.example",
        "pillnuts",
        TimeDelta::seconds(5),
    )
    .unwrap()
}

fn claims() -> RawClaims {
    let (user, session) = ("u-1".parse().unwrap(), "s-1".parse().unwrap());
    rules().issue(&user, &session, Role::Member, now())
}

pub(crate) fn verifier(signers: &[&Signer]) -> Arc<TokenVerifier> {
    let verifier = TokenVerifier::new(rules());
    if !signers.is_empty() {
        verifier.replace_keys(KeySet::parse(&jwks(signers)).unwrap());
    }
    Arc::new(verifier)
}

/// What a verifier that knows the key `a` says of a token.
fn verdict(token: &str) -> Result<(), TokenError> {
    let known = Signer::new("a", 1);
    verifier(&[&known]).verify(token, now()).map(|_| ())
}

#[test]
fn a_good_token_is_read() {
    let signer = Signer::new("a", 1);
    let claims = verifier(&[&signer]).verify(&signer.token(), now()).unwrap();
    assert_eq!(
        (claims.user.as_str(), claims.session.as_str()),
        ("u-1", "s-1")
    );
    assert_eq!(
        (claims.role, claims.expires_at),
        (Role::Member, now() + TimeDelta::minutes(15))
    );
}

#[test]
fn without_keys_nothing_is_said() {
    let token = Signer::new("a", 1).token();
    assert_eq!(verifier(&[]).verify(&token, now()), Err(TokenError::NoKeys));
}

#[test]
fn the_key_must_be_the_one_that_is_named() {
    assert_eq!(
        verdict(&Signer::new("a", 2).token()),
        Err(TokenError::Signature)
    );
    assert_eq!(
        verdict(&Signer::new("b", 1).token()),
        Err(TokenError::UnknownKey)
    );
    let signer = Signer::new("a", 1);
    let mut header = signer.header();
    header.kid = None;
    assert_eq!(
        verdict(&signer.sign(&header, &claims())),
        Err(TokenError::UnknownKey)
    );
    // A key that the token brings along is no key.
    let thief = Signer::new("a", 2);
    let mut header = thief.header();
    header.jwk = Some(serde_json::from_value(thief.jwk()).unwrap());
    header.jku = Some("https://thief.example/jwks".to_owned());
    assert_eq!(
        verdict(&thief.sign(&header, &claims())),
        Err(TokenError::Signature)
    );
}

#[test]
fn two_keys_at_once_while_one_replaces_the_other() {
    let (old, new) = (Signer::new("old", 1), Signer::new("new", 2));
    let verifier = verifier(&[&old, &new]);
    assert!(verifier.verify(&old.token(), now()).is_ok());
    assert!(verifier.verify(&new.token(), now()).is_ok());
    verifier.replace_keys(KeySet::parse(&jwks(&[&new])).unwrap());
    assert_eq!(
        verifier.verify(&old.token(), now()),
        Err(TokenError::UnknownKey)
    );
    assert!(verifier.verify(&new.token(), now()).is_ok());
}

/// Signs with the *public* key as if it were a shared secret: the classical confusion.
#[test]
fn the_algorithm_is_not_the_tokens_choice() {
    let signer = Signer::new("a", 1);
    for secret in [signer.x.clone(), jwks(&[&signer])] {
        for algorithm in [Algorithm::HS256, Algorithm::HS512] {
            let mut header = signer.header();
            header.alg = algorithm;
            let key = EncodingKey::from_secret(secret.as_bytes());
            let token = encode(&header, &claims(), &key).unwrap();
            assert_eq!(verdict(&token), Err(TokenError::Algorithm));
        }
    }
    let good = signer.token();
    let (_, rest) = good.split_once('.').unwrap();
    for algorithm in [
        "none", "None", "NONE", "", "RS256", "ES256", "HS256", "EdDSA ",
    ] {
        let header = json!({"typ": ACCESS_TOKEN_TYPE, "alg": algorithm, "kid": "a"});
        let forged = format!(
            "{}.{rest}",
            Base64UrlUnpadded::encode_string(header.to_string().as_bytes())
        );
        let unsigned = format!("{}.", forged.rsplit_once('.').unwrap().0);
        for token in [forged, unsigned] {
            let verdict = verdict(&token).unwrap_err();
            assert!(
                matches!(verdict, TokenError::Algorithm | TokenError::Shape),
                "{algorithm}"
            );
        }
    }
}

#[test]
fn headers_that_ask_for_something_else_are_refused() {
    let signer = Signer::new("a", 1);
    let with = |change: &dyn Fn(&mut Header)| {
        let mut header = signer.header();
        change(&mut header);
        verdict(&signer.sign(&header, &claims()))
    };
    assert_eq!(with(&|header| header.typ = None), Err(TokenError::Type));
    assert_eq!(
        with(&|header| header.typ = Some("JWT".into())),
        Err(TokenError::Type)
    );
    assert_eq!(with(&|header| header.typ = Some("AT+JWT".into())), Ok(()));
    assert_eq!(
        with(&|header| header.crit = Some(vec!["b64".into()])),
        Err(TokenError::Critical)
    );
}

#[test]
fn headers_are_read_once_and_strictly() {
    let good = Signer::new("a", 1).token();
    let (_, rest) = good.split_once('.').unwrap();
    for (header, error) in [
        (
            r#"{"alg":"EdDSA","typ":"at+jwt","kid":"a","crit":null}"#,
            TokenError::Critical,
        ),
        (
            r#"{"alg":"EdDSA","alg":"none","typ":"at+jwt","kid":"a"}"#,
            TokenError::Shape,
        ),
        (
            r#"{"alg":"EdDSA","typ":"at+jwt","kid":["a"]}"#,
            TokenError::Shape,
        ),
        (r#"["EdDSA","at+jwt","a"]"#, TokenError::Shape),
        (r#"{"typ":"at+jwt","kid":"a"}"#, TokenError::Shape),
        // Another text of the same meaning was not signed.
        (
            r#"{"kid":"a","alg":"EdDSA","typ":"at+jwt"}"#,
            TokenError::Signature,
        ),
    ] {
        let forged = Base64UrlUnpadded::encode_string(header.as_bytes()) + "." + rest;
        assert_eq!(verdict(&forged), Err(error), "{header}");
    }
    // The same bytes in another base64, and with bits that base64 leaves over.
    let (signed, signature) = good.rsplit_once('.').unwrap();
    assert!(verdict(&format!("{signed}.{signature}==")).is_err());
    let last = signature.chars().last().unwrap();
    for other in ['B', 'R', 'h', 'x'] {
        let changed = signature.trim_end_matches(last).to_owned() + &other.to_string();
        assert!(verdict(&format!("{signed}.{changed}")).is_err());
    }
}

#[test]
fn claims_are_judged_at_the_moment_of_asking() {
    let signer = Signer::new("a", 1);
    let (verifier, token) = (verifier(&[&signer]), signer.token());
    for (seconds, error) in [(-6, ClaimError::NotYet), (905, ClaimError::Expired)] {
        let verdict = verifier.verify(&token, now() + TimeDelta::seconds(seconds));
        assert_eq!(verdict, Err(TokenError::Claims(error)));
    }
    for seconds in [-5, 0, 904] {
        assert!(
            verifier
                .verify(&token, now() + TimeDelta::seconds(seconds))
                .is_ok()
        );
    }
    let start = now().timestamp();
    for (change, error) in [
        (json!({"iss": "https://other.example"}), ClaimError::Issuer),
        (json!({"aud": "other"}), ClaimError::Audience),
        (json!({"aud": []}), ClaimError::Audience),
        (json!({"nbf": start + 60}), ClaimError::NotYet),
        (
            json!({"iat": start + 60, "exp": start + 120}),
            ClaimError::NotYet,
        ),
        (json!({"exp": start + 901}), ClaimError::Life),
        (json!({"role": "root"}), ClaimError::Role),
    ] {
        let mut changed = serde_json::to_value(claims()).unwrap();
        changed
            .as_object_mut()
            .unwrap()
            .extend(change.as_object().unwrap().clone());
        let token = signer.sign(&signer.header(), &changed);
        assert_eq!(verdict(&token), Err(TokenError::Claims(error)), "{change}");
    }
    let mut without = serde_json::to_value(claims()).unwrap();
    without.as_object_mut().unwrap().remove("exp");
    assert_eq!(
        verdict(&signer.sign(&signer.header(), &without)),
        Err(TokenError::Shape)
    );
}

#[test]
fn whatever_is_changed_in_a_token_it_is_refused() {
    let token = Signer::new("a", 1).token();
    let verifier = verifier(&[&Signer::new("a", 1)]);
    assert!(verifier.verify(&token, now()).is_ok());
    for at in 0..token.len() {
        for other in ["A", ".", "é"] {
            let mut changed = token.clone();
            changed.replace_range(at..=at, other);
            assert!(
                changed == token || verifier.verify(&changed, now()).is_err(),
                "{at} {other}"
            );
        }
        assert!(verifier.verify(&token[..at], now()).is_err());
    }
    for odd in [
        "",
        ".",
        "..",
        "...",
        "a.b.c",
        "Bearer x",
        &format!("{token}."),
        &format!(" {token}"),
    ] {
        assert!(verifier.verify(odd, now()).is_err(), "{odd}");
    }
    let long = format!("{}.{token}", "x".repeat(5_000));
    assert_eq!(verifier.verify(&long, now()), Err(TokenError::Shape));
}

fn parsed(keys: &Value) -> Result<Vec<String>, KeySetError> {
    let text = json!({ "keys": keys }).to_string();
    KeySet::parse(&text).map(|set| set.ids().map(ToString::to_string).collect())
}

/// The key `a` with some members changed.
fn changed(change: &Value) -> Value {
    let mut jwk = Signer::new("a", 1).jwk();
    let object = jwk.as_object_mut().unwrap();
    for (name, value) in change.as_object().unwrap() {
        if value.is_null() {
            object.remove(name);
        } else {
            object.insert(name.clone(), value.clone());
        }
    }
    jwk
}

#[test]
fn a_set_of_keys_is_right_or_refused() {
    let good = changed(&json!({}));
    for (change, error) in [
        (json!({"d": "AAAA"}), KeySetError::Private),
        (json!({"kid": null}), KeySetError::Name),
        (json!({"kid": "a b"}), KeySetError::Name),
        (json!({"kid": 7}), KeySetError::Name),
        (json!({"x": null}), KeySetError::Point),
        (json!({"x": ""}), KeySetError::Point),
        (json!({"x": "AAAA"}), KeySetError::Point),
        (json!({"x": "A".repeat(44)}), KeySetError::Point),
        (json!({"x": "!".repeat(43)}), KeySetError::Point),
        // 2 is no y of the curve.
        (
            json!({"x": format!("Ag{}", "A".repeat(41))}),
            KeySetError::Point,
        ),
        // The neutral point, with which anybody could sign.
        (
            json!({"x": format!("AQ{}", "A".repeat(41))}),
            KeySetError::Point,
        ),
        (json!({"crv": "X25519"}), KeySetError::NoneUsable),
        (json!({"kty": "EC"}), KeySetError::NoneUsable),
        (json!({"use": "enc"}), KeySetError::NoneUsable),
        (json!({"alg": "HS256"}), KeySetError::NoneUsable),
    ] {
        assert_eq!(parsed(&json!([changed(&change)])), Err(error), "{change}");
    }
    assert_eq!(
        parsed(&json!([good.clone(), good.clone()])),
        Err(KeySetError::Twice)
    );
    assert_eq!(parsed(&json!([])), Err(KeySetError::NoneUsable));
    assert_eq!(
        parsed(&json!(vec![good.clone(); 17])),
        Err(KeySetError::TooMany)
    );
    let minimal = changed(&json!({"use": null, "alg": null}));
    let newer = changed(&json!({"alg": "Ed25519", "kid": "b"}));
    let foreign = json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": "a"});
    assert_eq!(
        parsed(&json!([foreign, minimal, newer])).unwrap(),
        ["a", "b"]
    );
    for bad in ["", "null", "{}", "[]", "{\"keys\": 1}", "{\"keys\": [1]}"] {
        assert_eq!(KeySet::parse(bad).unwrap_err(), KeySetError::Form, "{bad}");
    }
    let long = " ".repeat(64 * 1024) + &jwks(&[&Signer::new("a", 1)]);
    assert_eq!(KeySet::parse(&long).unwrap_err(), KeySetError::TooLong);
}
