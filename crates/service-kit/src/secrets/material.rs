//! Keys as they come from settings and files.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64, Encoding as _};
use zeroize::Zeroizing;

/// Most keys of a list.
const MOST: usize = 3;

/// 32 random bytes. Never printed, wiped when dropped.
#[derive(Clone)]
pub struct Key32(Zeroizing<[u8; 32]>);

/// Why a text is no key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("expected 32 bytes in base64 that aren't all the same")]
pub struct KeyError;

impl Key32 {
    /// Takes bytes.
    #[must_use]
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bytes, for ciphers and hashes only.
    #[must_use]
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(super) fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(Base64::encode_string(self.expose()))
    }
}

impl FromStr for Key32 {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = Zeroizing::new([0; 32]);
        let decoded = Base64::decode(text.trim(), &mut bytes[..]).map_err(|_| KeyError)?;
        // A placeholder that somebody forgot to replace.
        let first = decoded.first().copied();
        if decoded.len() != 32 || decoded.iter().all(|byte| Some(*byte) == first) {
            return Err(KeyError);
        }
        Ok(Self(bytes))
    }
}

impl fmt::Debug for Key32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key32(…)")
    }
}

/// Keys that were in use before, newest first.
#[derive(Debug, Clone, Default)]
pub struct KeyList(Vec<Key32>);

impl KeyList {
    /// The keys.
    #[must_use]
    pub fn as_slice(&self) -> &[Key32] {
        &self.0
    }
}

impl FromStr for KeyList {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let keys: Vec<Key32> = text.split(',').map(str::parse).collect::<Result<_, _>>()?;
        if keys.len() > MOST {
            return Err(KeyError);
        }
        Ok(Self(keys))
    }
}
