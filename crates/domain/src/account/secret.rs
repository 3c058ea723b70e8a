//! Keys of message authentication codes.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Fewest bytes: less than the output of the hash would be its weakest part.
const SHORTEST: usize = 32;
/// Most bytes: one block of the hash. HMAC would shorten a longer one first, which gains nothing.
const BLOCK: usize = 64;

/// A secret for HMAC-SHA-256. It is wiped when dropped and never printed.
#[derive(Clone)]
pub struct HmacSecret(Zeroizing<[u8; BLOCK]>);

/// Why bytes are no secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a secret has 32 to 64 bytes, for example the output of `openssl rand 32`")]
pub struct HmacSecretError;

impl HmacSecret {
    /// Takes random bytes.
    ///
    /// # Errors
    /// [`HmacSecretError`] for fewer than 32 or more than 64.
    pub fn new(bytes: &[u8]) -> Result<Self, HmacSecretError> {
        if bytes.len() < SHORTEST {
            return Err(HmacSecretError);
        }
        // What is filled up with zeros is the same key to HMAC.
        let mut block = Zeroizing::new([0; BLOCK]);
        block
            .get_mut(..bytes.len())
            .ok_or(HmacSecretError)?
            .copy_from_slice(bytes);
        Ok(Self(block))
    }

    /// The code of a message in parts. `purpose` keeps the uses of one secret apart; each part goes in
    /// with its length, so that no two lists of parts are one message.
    pub(super) fn code(&self, purpose: &'static str, parts: &[&[u8]]) -> [u8; 32] {
        let mut mac = Hmac::<Sha256>::new((&*self.0).into());
        for part in std::iter::once(purpose.as_bytes()).chain(parts.iter().copied()) {
            let length = u64::try_from(part.len()).unwrap_or(u64::MAX);
            mac.update(&length.to_be_bytes());
            mac.update(part);
        }
        mac.finalize().into_bytes().into()
    }
}

impl fmt::Debug for HmacSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HmacSecret(…)")
    }
}
