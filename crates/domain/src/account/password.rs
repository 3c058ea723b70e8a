//! Passwords, as they are chosen and as they are tried.

use std::fmt;

use unicode_normalization::UnicodeNormalization;
use zeroize::Zeroizing;

/// Fewest characters.
const SHORTEST: usize = 8;
/// Most characters.
const LONGEST: usize = 64;
/// Most bytes: bcrypt takes 72 with its closing NUL, and what it would cut off must not be accepted.
const MOST_BYTES: usize = 71;
/// NFC makes nothing more than three times shorter; longer inputs aren't worth normalising.
const MOST_INPUT_BYTES: usize = 4 * MOST_BYTES;

/// A password that somebody may choose: NFC, 8 to 64 characters (code points) and at most 71 bytes of
/// UTF-8, a letter of any script and an ASCII digit at least, no NUL (api.md, `POST /users`).
///
/// NFC, because 가 typed on a Mac and on Windows are different bytes and the same password. Nothing
/// else is changed: spaces count, at the ends too.
///
/// It is wiped from memory when dropped, and neither `Debug` nor anything else prints it.
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

/// A password that somebody tries. The rules for new ones don't hold here: an answer that told a
/// password "too short" from a wrong one would be another answer.
#[derive(Clone)]
pub struct PasswordAttempt(Zeroizing<String>);

/// Why a text can't be chosen as a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PasswordError {
    /// Fewer than 8 characters.
    #[error("a password has at least 8 characters")]
    TooShort,
    /// More than 64 characters, or more than 71 bytes: a Hangul syllable takes 3.
    #[error("a password has at most 64 characters and 71 bytes in UTF-8")]
    TooLong,
    /// No letter.
    #[error("a password holds at least one letter")]
    NoLetter,
    /// No digit.
    #[error("a password holds at least one digit 0–9")]
    NoDigit,
    /// U+0000, at which bcrypt would stop reading.
    #[error("a password can't hold the character U+0000")]
    Nul,
}

impl Password {
    /// Checks a password that is being chosen.
    ///
    /// # Errors
    /// The first rule of [`PasswordError`] that it breaks.
    pub fn new(text: &str) -> Result<Self, PasswordError> {
        if text.contains('\0') {
            return Err(PasswordError::Nul);
        }
        let password = normalise(text).ok_or(PasswordError::TooLong)?;
        let characters = password.chars().count();
        if characters < SHORTEST {
            return Err(PasswordError::TooShort);
        }
        if characters > LONGEST {
            return Err(PasswordError::TooLong);
        }
        if !password.chars().any(char::is_alphabetic) {
            return Err(PasswordError::NoLetter);
        }
        if !password.bytes().any(|byte| byte.is_ascii_digit()) {
            return Err(PasswordError::NoDigit);
        }
        Ok(Self(password))
    }

    /// The text, for the hash function and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl PasswordAttempt {
    /// The text in the form that a chosen password was hashed in; nothing where no password can look
    /// like this, which the caller answers exactly like a wrong one, in the same time.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let possible = !text.is_empty() && !text.contains('\0');
        possible.then(|| normalise(text)).flatten().map(Self)
    }

    /// The text, for the hash function and nothing else.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }
}

/// NFC where it fits into what bcrypt takes. The buffer never grows: growing would leave a copy
/// behind that nobody wipes.
fn normalise(text: &str) -> Option<Zeroizing<String>> {
    if text.len() > MOST_INPUT_BYTES {
        return None;
    }
    let mut password = Zeroizing::new(String::with_capacity(MOST_BYTES));
    for c in text.nfc() {
        if password.len().saturating_add(c.len_utf8()) > MOST_BYTES {
            return None;
        }
        password.push(c);
    }
    Some(password)
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(…)")
    }
}

impl fmt::Debug for PasswordAttempt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PasswordAttempt(…)")
    }
}
