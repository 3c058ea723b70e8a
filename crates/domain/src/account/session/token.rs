//! Refresh tokens: computed, not drawn, so that the same one can be given out twice.

use std::fmt;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use crate::account::HmacSecret;

const FAMILY: usize = 16;
const GENERATION: usize = 4;
const CODE: usize = 32;
const BYTES: usize = FAMILY + GENERATION + CODE;
/// Characters of a token.
const CHARACTERS: usize = 70;
/// Most secrets that were in use before the current one.
const MOST_FORMER: usize = 3;

/// Names a family of refresh tokens: 16 random bytes that only its tokens hold. It is a secret: with
/// it *and* the secret of the service tokens could be computed, so the store has its hash only, and it
/// is another thing than the session's id, which stands in access tokens and lists of devices.
#[derive(Clone)]
pub struct FamilyId(Zeroizing<[u8; FAMILY]>);

/// What is stored of a family, and looked for when one of its tokens comes.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct FamilyHash([u8; 32]);

/// A refresh token: 70 characters of base64url over family, generation and a code that only the
/// service can compute. Opaque to everyone else. Neither `Debug` nor anything else prints it.
#[derive(Clone)]
pub struct RefreshToken(Zeroizing<String>);

/// A token that came and whose code is right. Whether it is still good is for
/// [`SessionFamily::decide`](super::SessionFamily::decide) to say.
#[derive(Debug, Clone)]
pub struct PresentedToken {
    /// The family that it names.
    pub family: FamilyId,
    /// Its number.
    pub generation: u32,
}

/// The secret that tokens are computed with, and those that it replaced: their tokens are still read,
/// successors get the current one.
#[derive(Debug, Clone)]
pub struct RefreshKeys {
    current: HmacSecret,
    former: Vec<HmacSecret>,
}

/// Too many secrets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("at most 3 former secrets of refresh tokens: one can go 30 days after it was replaced")]
pub struct RefreshKeysError;

impl FamilyId {
    /// A family from 16 random bytes.
    #[must_use]
    pub fn from_random(bytes: [u8; FAMILY]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// What is stored. A plain hash does for 128 random bits, which nobody can try.
    #[must_use]
    pub fn hash(&self) -> FamilyHash {
        let mut hash = Sha256::new_with_prefix("pillnuts refresh family 1");
        hash.update(*self.0);
        FamilyHash(hash.finalize().into())
    }
}

impl FamilyHash {
    /// A hash that comes from a store.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl RefreshToken {
    /// The text, for the answer or the cookie and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl RefreshKeys {
    /// The current secret, and those before it, newest first.
    ///
    /// # Errors
    /// [`RefreshKeysError`] for more than 3 former ones: each costs time with every wrong token.
    pub fn new(current: HmacSecret, former: Vec<HmacSecret>) -> Result<Self, RefreshKeysError> {
        if former.len() > MOST_FORMER {
            return Err(RefreshKeysError);
        }
        Ok(Self { current, former })
    }

    /// The token of a family's generation. The same one whenever it is asked for.
    #[must_use]
    pub fn token(&self, family: &FamilyId, generation: u32) -> RefreshToken {
        let generation_bytes = generation.to_be_bytes();
        let code = Zeroizing::new(code(&self.current, family, generation));
        let mut bytes = Zeroizing::new([0; BYTES]);
        let parts = family.0.iter().chain(&generation_bytes).chain(code.iter());
        for (byte, part) in bytes.iter_mut().zip(parts) {
            *byte = *part;
        }
        RefreshToken(Zeroizing::new(Base64UrlUnpadded::encode_string(&*bytes)))
    }

    /// Reads a token; nothing where it is none of ours. No store is asked, so a made-up token costs
    /// a few hashes and no more.
    #[must_use]
    pub fn read(&self, text: &str) -> Option<PresentedToken> {
        if text.len() != CHARACTERS {
            return None;
        }
        let mut bytes = Zeroizing::new([0; BYTES]);
        let decoded = Base64UrlUnpadded::decode(text, &mut *bytes).ok()?;
        let (family, rest) = decoded.split_first_chunk::<FAMILY>()?;
        let (generation, sent) = rest.split_first_chunk::<GENERATION>()?;
        let family = FamilyId::from_random(*family);
        let generation = u32::from_be_bytes(*generation);
        std::iter::once(&self.current)
            .chain(&self.former)
            .any(|secret| code(secret, &family, generation).ct_eq(sent).into())
            .then_some(PresentedToken { family, generation })
    }
}

fn code(secret: &HmacSecret, family: &FamilyId, generation: u32) -> [u8; CODE] {
    let parts: [&[u8]; 2] = [family.0.as_slice(), &generation.to_be_bytes()];
    secret.code("pillnuts refresh token 1", &parts)
}

impl fmt::Debug for FamilyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FamilyId(…)")
    }
}

impl fmt::Debug for FamilyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FamilyHash(…)")
    }
}

impl fmt::Debug for RefreshToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RefreshToken(…)")
    }
}
