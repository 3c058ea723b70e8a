//! The keys that sign ID tokens.
//!
//! They are made once a process, because making one takes a moment, and shared by all stand-ins in
//! it. A provider that changes its key goes to the other of its two; the name is a new one each time.

use std::{
    fmt,
    sync::{Mutex, OnceLock, PoisonError},
    thread,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rsa::{
    RsaPrivateKey,
    pkcs1v15::SigningKey,
    rand_core::OsRng,
    signature::{SignatureEncoding as _, Signer as _},
    traits::PublicKeyParts as _,
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::Provider;

/// RS256 is nowhere used with less.
const BITS: usize = 2048;
/// Two for each of the two providers with OpenID Connect.
static MADE: [OnceLock<Key>; 4] = [const { OnceLock::new() }; 4];
static MAKING: Mutex<()> = Mutex::new(());

/// No key could be made.
#[derive(Debug, thiserror::Error)]
#[error("no RSA key could be made")]
pub(crate) struct KeyError(#[source] Option<rsa::Error>);

impl KeyError {
    /// The process is about to end.
    pub(crate) const fn cancelled() -> Self {
        Self(None)
    }
}

struct Key {
    signing: SigningKey<rsa::sha2::Sha256>,
    modulus: String,
    exponent: String,
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Key").finish_non_exhaustive()
    }
}

impl Key {
    fn make() -> Result<Self, KeyError> {
        let private =
            RsaPrivateKey::new(&mut OsRng, BITS).map_err(|error| KeyError(Some(error)))?;
        Ok(Self {
            modulus: URL_SAFE_NO_PAD.encode(private.n().to_bytes_be()),
            exponent: URL_SAFE_NO_PAD.encode(private.e().to_bytes_be()),
            signing: SigningKey::new(private),
        })
    }
}

/// The n-th key; makes it where it isn't there yet, which takes a moment.
fn key(number: usize) -> Result<&'static Key, KeyError> {
    let cell = MADE.get(number % MADE.len()).ok_or(KeyError(None))?;
    if let Some(key) = cell.get() {
        return Ok(key);
    }
    // Only one at a time, or two that wait for the same would make two.
    let _one = MAKING.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(key) = cell.get() {
        return Ok(key);
    }
    let made = Key::make()?;
    Ok(cell.get_or_init(|| made))
}

/// Makes keys in the background, so that the first sign-in needn't wait.
pub(crate) fn warm() {
    let make = || {
        for number in 0..MADE.len() {
            if let Err(error) = key(number) {
                tracing::error!(%error, "cannot make a key");
            }
        }
    };
    // Without that thread the first who needs a key makes it.
    if let Err(error) = thread::Builder::new().name("rsa".to_owned()).spawn(make) {
        tracing::debug!(%error, "cannot make keys in the background");
    }
}

/// A provider's keys.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Ring {
    /// How often the key was changed.
    serial: usize,
    /// Whether the one before is still published.
    previous: bool,
}

/// Which key an ID token is signed by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum By {
    /// The provider's.
    Current,
    /// Somebody else's under the provider's name.
    Forger,
    /// One that nobody published.
    Stranger,
}

impl Ring {
    /// Signs with a new key from now on; the old one stays published.
    pub(crate) fn rotate(&mut self) {
        self.serial = self.serial.wrapping_add(1);
        self.previous = true;
    }

    /// Publishes the newest key only.
    pub(crate) fn retire(&mut self) {
        self.previous = false;
    }

    /// The published keys. Takes a moment where one has to be made.
    pub(crate) fn published(self, provider: Provider, stale: bool) -> Result<Value, KeyError> {
        let mut keys = Vec::new();
        if !stale {
            keys.push(public(provider, self.serial)?);
        }
        if self.previous {
            keys.push(public(provider, self.serial.wrapping_sub(1))?);
        }
        Ok(json!({"keys": keys}))
    }

    /// Name of the key, and the signature. Takes a moment.
    pub(crate) fn sign(
        self,
        provider: Provider,
        by: By,
        text: impl FnOnce(&str) -> String,
    ) -> Result<String, KeyError> {
        let honest = number(provider, self.serial);
        let name = match by {
            By::Current | By::Forger => name(honest, self.serial)?,
            By::Stranger => "0000000000000000000000000000000000000000".to_owned(),
        };
        let signer = match by {
            By::Current => key(honest)?,
            By::Forger | By::Stranger => key(honest + 2)?,
        };
        let text = text(&name);
        let signature = signer.signing.try_sign(text.as_bytes());
        let signature = signature.map_err(|_| KeyError(None))?.to_vec();
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

/// Google's keys and Kakao's are never the same.
const fn number(provider: Provider, serial: usize) -> usize {
    let first = match provider {
        Provider::Google => 0,
        Provider::Naver | Provider::Kakao => 2,
    };
    first + serial % 2
}

/// A name that no other key of another process or time has: clients keep keys by name.
fn name(number: usize, serial: usize) -> Result<String, KeyError> {
    let text = format!("{serial}:{}", key(number)?.modulus);
    let mut name = hex::encode(Sha256::digest(text));
    name.truncate(40);
    Ok(name)
}

fn public(provider: Provider, serial: usize) -> Result<Value, KeyError> {
    let number = number(provider, serial);
    let key = key(number)?;
    Ok(json!({
        "kty": "RSA",
        "alg": "RS256",
        "use": "sig",
        "kid": name(number, serial)?,
        "n": key.modulus,
        "e": key.exponent,
    }))
}
