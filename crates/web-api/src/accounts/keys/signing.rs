//! Access tokens: signed with Ed25519 here, checked with the public keys by both servers.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Base64UrlUnpadded, Encoding as _};
use domain::token::{ACCESS_TOKEN_TYPE, KeyId, RawClaims, RawStatement, STATEMENT_TYPE};
use jsonwebtoken::jwk::{Jwk, ThumbprintHash};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use serde_json::json;
use zeroize::Zeroizing;

use super::{Key32, random};

/// What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410, 7).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A private key with its name, which is its thumbprint (RFC 7638): nobody has to give it one, and no
/// two keys share one.
#[derive(Clone)]
pub struct SigningKey {
    id: KeyId,
    /// The public key in base64url.
    x: String,
    key: EncodingKey,
}

/// Why a text is no such key, or a token can't be signed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SigningKeyError {
    /// Something else than a private Ed25519 key.
    #[error("expected 32 bytes in base64 or a PKCS #8 PEM of an Ed25519 private key")]
    NoKey,
    /// Both keys of a rotation are one.
    #[error("ACCESS_TOKEN_OTHER_KEY is ACCESS_TOKEN_KEY itself")]
    Same,
    /// The signature could not be made.
    #[error("the token can't be signed")]
    Signing,
}

impl SigningKey {
    fn from_key(key: EncodingKey) -> Result<Self, SigningKeyError> {
        let no_key = |_| SigningKeyError::NoKey;
        let jwk = Jwk::from_encoding_key(&key, Algorithm::EdDSA).map_err(no_key)?;
        let id = jwk.thumbprint(ThumbprintHash::SHA256).map_err(no_key)?;
        let value = serde_json::to_value(&jwk).map_err(|_| SigningKeyError::NoKey)?;
        let x = value
            .get("x")
            .and_then(serde_json::Value::as_str)
            .filter(|x| Base64UrlUnpadded::decode_vec(x).is_ok_and(|bytes| bytes.len() == 32))
            .ok_or(SigningKeyError::NoKey)?;
        Ok(Self {
            id: id.parse().map_err(|_| SigningKeyError::NoKey)?,
            x: x.to_owned(),
            key,
        })
    }

    /// A new one, as the PEM that a file keeps.
    pub(super) fn generate() -> Zeroizing<String> {
        let der = Zeroizing::new([&PKCS8[..], &random::<32>()[..]].concat());
        let text = Zeroizing::new(Base64::encode_string(&der));
        Zeroizing::new(format!(
            "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
            text.as_str()
        ))
    }

    /// Its name.
    #[must_use]
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    fn public(&self) -> serde_json::Value {
        json!({
            "kty": "OKP",
            "crv": "Ed25519",
            "use": "sig",
            "alg": "EdDSA",
            "kid": self.id.as_str(),
            "x": self.x,
        })
    }
}

/// Takes the 32 bytes of a key in base64, or a PEM.
impl FromStr for SigningKey {
    type Err = SigningKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if let Ok(bytes) = text.parse::<Key32>() {
            let der = Zeroizing::new([&PKCS8[..], &bytes.expose()[..]].concat());
            return Self::from_key(EncodingKey::from_ed_der(&der));
        }
        let key = EncodingKey::from_ed_pem(text.trim().as_bytes());
        Self::from_key(key.map_err(|_| SigningKeyError::NoKey)?)
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({})", self.id)
    }
}

/// Signs with one key and publishes one or two: while keys are exchanged, the next is published before
/// anything is signed with it, and the last one as long as its tokens live.
#[derive(Debug)]
pub struct TokenSigner {
    current: SigningKey,
    other: Option<SigningKey>,
}

impl TokenSigner {
    /// With the key that signs, and one that is only published.
    ///
    /// # Errors
    /// [`SigningKeyError::Same`].
    pub fn new(current: SigningKey, other: Option<SigningKey>) -> Result<Self, SigningKeyError> {
        if other.as_ref().is_some_and(|other| other.id == current.id) {
            return Err(SigningKeyError::Same);
        }
        Ok(Self { current, other })
    }

    /// The public keys, as a JWKS.
    #[must_use]
    pub fn key_set(&self) -> String {
        let keys: Vec<_> = std::iter::once(&self.current)
            .chain(&self.other)
            .map(SigningKey::public)
            .collect();
        json!({ "keys": keys }).to_string()
    }

    /// A signed token.
    ///
    /// # Errors
    /// [`SigningKeyError::Signing`], which a key that was read can't cause.
    pub fn sign(&self, claims: &RawClaims) -> Result<String, SigningKeyError> {
        self.signed(ACCESS_TOKEN_TYPE, claims)
    }

    /// A signed statement for chat-server.
    ///
    /// # Errors
    /// As [`Self::sign`].
    pub fn sign_statement(&self, claims: &RawStatement) -> Result<String, SigningKeyError> {
        self.signed(STATEMENT_TYPE, claims)
    }

    fn signed(&self, typ: &str, claims: &impl Serialize) -> Result<String, SigningKeyError> {
        let mut header = Header::new(Algorithm::EdDSA);
        header.typ = Some(typ.to_owned());
        header.kid = Some(self.current.id.as_str().to_owned());
        encode(&header, claims, &self.current.key).map_err(|_| SigningKeyError::Signing)
    }
}

#[cfg(test)]
mod tests {
    use chrono::{TimeDelta, Utc};
    use domain::account::Role;
    use domain::token::TokenRules;
    use service_kit::token::{KeySet, TokenError, TokenVerifier};

    use base64ct::{Base64, Encoding as _};

    use super::{SigningKey, SigningKeyError, TokenSigner};

    #[test]
    fn what_is_signed_is_believed_by_the_published_keys_through_a_rotation() {
        let key = || SigningKey::generate().parse::<SigningKey>().unwrap();
        let (old, new) = (key(), key());
        let rules = TokenRules::new("issuer", "audience", TimeDelta::zero()).unwrap();
        let now = Utc::now();
        let (user, session) = ("u".parse().unwrap(), "s".parse().unwrap());
        let claims = rules.issue(&user, &session, Role::Member, now);
        let before = TokenSigner::new(old.clone(), Some(new.clone())).unwrap();
        let after = TokenSigner::new(new.clone(), None).unwrap();
        let verifier = TokenVerifier::new(rules);
        verifier.replace_keys(KeySet::parse(&before.key_set()).unwrap());
        for signer in [&before, &after] {
            let token = signer.sign(&claims).unwrap();
            assert_eq!(verifier.verify(&token, now).unwrap().user, user);
        }
        verifier.replace_keys(KeySet::parse(&after.key_set()).unwrap());
        let token = before.sign(&claims).unwrap();
        assert_eq!(verifier.verify(&token, now), Err(TokenError::UnknownKey));
        assert_eq!(
            TokenSigner::new(old.clone(), Some(old)).unwrap_err(),
            SigningKeyError::Same
        );
    }

    #[test]
    fn other_texts_are_no_keys_and_none_is_printed() {
        let good = SigningKey::generate();
        let key: SigningKey = good.parse().unwrap();
        let secret: String = good.lines().nth(1).unwrap().to_owned();
        assert!(!format!("{key:?}").contains(&secret));
        let bytes = Base64::decode_vec(&secret).unwrap();
        let bare = Base64::encode_string(bytes.get(16..).unwrap());
        assert_eq!(bare.parse::<SigningKey>().unwrap().id(), key.id());
        for text in ["", "key", &secret, &good.replace("PRIVATE", "PUBLIC")] {
            assert!(text.parse::<SigningKey>().is_err());
        }
    }
}
