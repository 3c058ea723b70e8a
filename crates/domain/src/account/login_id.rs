//! The name that a member signs in with.

use std::fmt;
use std::str::FromStr;

/// Fewest characters.
const SHORTEST: usize = 4;
/// Most characters.
const LONGEST: usize = 20;

/// 4 to 20 lower-case ASCII letters and digits (api.md, `POST /users`).
///
/// Nothing is folded: `Kim` is refused rather than understood as `kim`, so that there is one way to
/// write an id. Since it holds no `@`, an id and an e-mail can't be mistaken for each other in the one
/// field of the sign-in form.
///
/// An id is what its owner chose, often a part of an e-mail: `Debug` hides it, and it is written out
/// only by asking for [`as_str`](Self::as_str).
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LoginId(String);

/// Why a text is not a login id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a login id is 4 to 20 lower-case letters a–z and digits, for example haneul7")]
pub struct LoginIdError;

impl LoginId {
    /// The text, as it is stored and compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LoginId {
    type Err = LoginIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let fits = (SHORTEST..=LONGEST).contains(&text.len())
            && text
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        fits.then(|| Self(text.to_owned())).ok_or(LoginIdError)
    }
}

impl fmt::Debug for LoginId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("LoginId(…)")
    }
}
