//! The six digits that prove a phone number.

use std::fmt;
use std::str::FromStr;

use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

use super::HmacSecret;

/// Digits of a code.
const DIGITS: usize = 6;
/// Number of codes.
const CODES: u128 = 1_000_000;

/// A code of six digits. `Debug` hides it; comparing takes the same time wherever two differ.
#[derive(Clone)]
pub struct VerificationCode(Zeroizing<[u8; DIGITS]>);

/// What is stored of a code.
#[derive(Clone, Copy)]
pub struct CodeHash([u8; 32]);

/// Why a text is no code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a code has 6 digits, for example 048213")]
pub struct VerificationCodeError;

impl VerificationCode {
    /// A code from 16 random bytes. A million doesn't divide 2^128 either, but the codes that come
    /// more often do so by less than one part in 10^32: nobody will ever measure it, and unlike
    /// drawing again this always ends.
    #[must_use]
    pub fn from_random(bytes: &[u8; 16]) -> Self {
        let mut rest = u128::from_be_bytes(*bytes) % CODES;
        let mut digits = Zeroizing::new([b'0'; DIGITS]);
        for digit in digits.iter_mut().rev() {
            *digit = b'0'.saturating_add(u8::try_from(rest % 10).unwrap_or(0));
            rest /= 10;
        }
        Self(digits)
    }

    /// The digits, for the message and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        std::str::from_utf8(self.0.as_slice()).unwrap_or_default()
    }

    /// What is stored. A plain hash of six digits would be undone by trying them all; this takes the
    /// secret, and with the verification's id in it equal codes have different hashes.
    #[must_use]
    pub fn hash(&self, secret: &HmacSecret, verification_id: &str) -> CodeHash {
        let parts: [&[u8]; 2] = [verification_id.as_bytes(), self.0.as_slice()];
        CodeHash(secret.code("pillnuts verification code 1", &parts))
    }
}

/// Takes six ASCII digits, as they are copied from a message: white space at the ends is left away.
impl FromStr for VerificationCode {
    type Err = VerificationCodeError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: [u8; DIGITS] = text
            .trim()
            .as_bytes()
            .try_into()
            .map_err(|_| VerificationCodeError)?;
        digits
            .iter()
            .all(u8::is_ascii_digit)
            .then(|| Self(Zeroizing::new(digits)))
            .ok_or(VerificationCodeError)
    }
}

impl PartialEq for VerificationCode {
    fn eq(&self, other: &Self) -> bool {
        self.0.as_slice().ct_eq(other.0.as_slice()).into()
    }
}

impl Eq for VerificationCode {}

impl fmt::Debug for VerificationCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerificationCode(…)")
    }
}

impl CodeHash {
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

impl PartialEq for CodeHash {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CodeHash {}

impl fmt::Debug for CodeHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CodeHash(…)")
    }
}
