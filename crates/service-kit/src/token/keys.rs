//! Public keys in the form of a JWKS.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use domain::token::KeyId;
use ed25519_dalek::VerifyingKey;
use serde::Deserialize;
use serde_json::{Map, Value};

/// Longest text of a set.
pub const MOST_KEY_SET_BYTES: usize = 64 * 1024;
/// Most keys of a set: a rotation needs two.
pub const MOST_KEYS: usize = 16;
/// Members that only private or shared keys have (RFC 7518, 6; RFC 8037, 2).
const SECRET_MEMBERS: [&str; 8] = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];

/// The keys that a token may be signed with, by name. The empty set, the default one, is that of a
/// server which has none yet; none can be read from a text.
#[derive(Debug, Clone, Default)]
pub struct KeySet {
    /// Points and not bytes: to unpack one takes a tenth of the time of a check.
    keys: Vec<(KeyId, VerifyingKey)>,
}

/// Why a text is no set of keys. The text itself is never part of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeySetError {
    /// Too long.
    #[error("keys: expected at most 65536 bytes")]
    TooLong,
    /// No JSON, or not that of a JWKS: what a file looks like that is being written.
    #[error("keys: expected JSON of the form {{\"keys\": [{{\"kty\": \"OKP\", …}}]}}")]
    Form,
    /// More than 16.
    #[error("keys: expected at most 16")]
    TooMany,
    /// A private or shared key. Nobody should have been able to read it here: it has to be replaced.
    #[error("keys: expected public keys only; one has private members and must be replaced")]
    Private,
    /// A key of ours without a name, or whose name is no id.
    #[error("kid: expected 1 to 64 letters, digits, '-' and '_' in every Ed25519 key")]
    Name,
    /// Two keys of one name.
    #[error("kid: expected a different one in every key")]
    Twice,
    /// 32 bytes that are no point of the curve, or not 32 bytes.
    #[error("x: expected the 32 bytes of an Ed25519 public key in base64url")]
    Point,
    /// Keys, and none of Ed25519 for signatures.
    #[error("keys: expected at least one with kty OKP, crv Ed25519")]
    NoneUsable,
}

#[derive(Deserialize)]
struct Jwks {
    keys: Vec<Map<String, Value>>,
}

impl KeySet {
    /// Reads a JWKS. Keys of other kinds are passed over, as RFC 7517 (5) asks for; a key of ours that
    /// isn't right refuses the whole set, since half of a set would refuse good tokens.
    ///
    /// # Errors
    /// The first [`KeySetError`].
    pub fn parse(text: &str) -> Result<Self, KeySetError> {
        if text.len() > MOST_KEY_SET_BYTES {
            return Err(KeySetError::TooLong);
        }
        let set: Jwks = serde_json::from_str(text).map_err(|_| KeySetError::Form)?;
        if set.keys.len() > MOST_KEYS {
            return Err(KeySetError::TooMany);
        }
        let mut keys: Vec<(KeyId, VerifyingKey)> = Vec::with_capacity(set.keys.len());
        for jwk in &set.keys {
            if SECRET_MEMBERS.iter().any(|name| jwk.contains_key(*name)) {
                return Err(KeySetError::Private);
            }
            if !is_ours(jwk) {
                continue;
            }
            let id: KeyId = text_of(jwk, "kid")
                .and_then(|kid| kid.parse().ok())
                .ok_or(KeySetError::Name)?;
            if keys.iter().any(|(known, _)| *known == id) {
                return Err(KeySetError::Twice);
            }
            keys.push((id, point(jwk)?));
        }
        if keys.is_empty() {
            return Err(KeySetError::NoneUsable);
        }
        Ok(Self { keys })
    }

    /// The names of the keys.
    pub fn ids(&self) -> impl Iterator<Item = &KeyId> {
        self.keys.iter().map(|(id, _)| id)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn find(&self, kid: &str) -> Option<&VerifyingKey> {
        let found = self.keys.iter().find(|(id, _)| id.as_str() == kid);
        found.map(|(_, key)| key)
    }
}

fn text_of<'a>(jwk: &'a Map<String, Value>, name: &str) -> Option<&'a str> {
    jwk.get(name).and_then(Value::as_str)
}

/// An Ed25519 key for signatures. RFC 9864 calls its algorithm `Ed25519` where RFC 8037 said `EdDSA`.
fn is_ours(jwk: &Map<String, Value>) -> bool {
    let is = |name, expected: &[&str]| {
        jwk.get(name)
            .is_none_or(|value| value.as_str().is_some_and(|text| expected.contains(&text)))
    };
    text_of(jwk, "kty") == Some("OKP")
        && text_of(jwk, "crv") == Some("Ed25519")
        && is("use", &["sig"])
        && is("alg", &["EdDSA", "Ed25519"])
}

/// Points of small order are refused: for such a key anybody can sign (RFC 8032, 8.1 leaves that to
/// whoever takes the key).
fn point(jwk: &Map<String, Value>) -> Result<VerifyingKey, KeySetError> {
    let encoded = text_of(jwk, "x").ok_or(KeySetError::Point)?;
    let mut bytes = [0; ed25519_dalek::PUBLIC_KEY_LENGTH];
    let decoded = Base64UrlUnpadded::decode(encoded, &mut bytes).map_err(|_| KeySetError::Point)?;
    if decoded.len() != ed25519_dalek::PUBLIC_KEY_LENGTH {
        return Err(KeySetError::Point);
    }
    let key = VerifyingKey::from_bytes(&bytes).map_err(|_| KeySetError::Point)?;
    if key.is_weak() {
        return Err(KeySetError::Point);
    }
    Ok(key)
}
