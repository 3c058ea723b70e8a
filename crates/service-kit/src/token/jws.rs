//! A signed token in its compact form (RFC 7515, 7.1): three texts in base64url with dots between.

use base64ct::{Base64UrlUnpadded, Encoding as _};
use ed25519_dalek::Signature;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};

/// A token, taken apart and not believed yet.
pub(super) struct Jws<'t> {
    /// Header and payload with their dot: what was signed.
    signed: &'t str,
    header: &'t str,
    payload: &'t str,
    signature: &'t str,
}

/// What of a header counts. Keys and addresses of keys that a token brings along (`jwk`, `jku`, `x5c`)
/// aren't even read.
#[derive(Deserialize)]
pub(super) struct Header {
    pub(super) alg: String,
    pub(super) typ: Option<String>,
    pub(super) kid: Option<String>,
    /// There or not; `null` is refused with the rest, since only what is there can be understood.
    #[serde(default, deserialize_with = "there")]
    pub(super) crit: Option<IgnoredAny>,
}

/// Tells `"crit": null` from no `crit`.
fn there<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<IgnoredAny>, D::Error> {
    IgnoredAny::deserialize(from).map(Some)
}

impl<'t> Jws<'t> {
    /// `None` where there aren't exactly three parts.
    pub(super) fn split(token: &'t str) -> Option<Self> {
        let (signed, signature) = token.rsplit_once('.')?;
        let (header, payload) = signed.split_once('.')?;
        (!payload.contains('.')).then_some(Self {
            signed,
            header,
            payload,
            signature,
        })
    }

    pub(super) fn signed(&self) -> &'t [u8] {
        self.signed.as_bytes()
    }

    pub(super) fn header(&self) -> Option<Header> {
        json(self.header)
    }

    /// What is claimed. To be read when the signature is known to be right, and not before.
    pub(super) fn claims<T: DeserializeOwned>(&self) -> Option<T> {
        json(self.payload)
    }

    /// The 64 bytes of an Ed25519 signature, written in the one way that there is: bits that base64
    /// leaves over have to be zero.
    pub(super) fn signature(&self) -> Option<Signature> {
        let mut bytes = [0; Signature::BYTE_SIZE];
        let decoded = Base64UrlUnpadded::decode(self.signature, &mut bytes).ok()?;
        (decoded.len() == Signature::BYTE_SIZE).then(|| Signature::from_bytes(&bytes))
    }
}

/// An object: serde would take a list for one, its values in the order of the fields.
fn json<T: DeserializeOwned>(part: &str) -> Option<T> {
    let bytes = Base64UrlUnpadded::decode_vec(part).ok()?;
    let object = bytes.trim_ascii_start().first() == Some(&b'{');
    serde_json::from_slice(&bytes).ok().filter(|_| object)
}
