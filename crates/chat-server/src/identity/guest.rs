//! Tokens of guests: 256 random bits that only the browser has.

use std::fmt;
use std::str::FromStr;

use base64ct::{Base64UrlUnpadded, Encoding};
use sha2::{Digest, Sha256};

use crate::store::TokenHash;

const BYTES: usize = 32;
/// What it begins with, so that one that leaks is recognised by whoever finds it.
const PREFIX: &str = "pg1_";

/// A guest's token. Nothing prints it.
#[derive(Clone)]
pub(crate) struct GuestToken(String);

/// Not the form of such a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a guest's token")]
pub(crate) struct GuestTokenError;

impl GuestToken {
    /// One that nobody else has.
    pub(crate) fn random() -> Self {
        let mut bytes = [0_u8; BYTES];
        rand::fill(&mut bytes[..]);
        Self(format!(
            "{PREFIX}{}",
            Base64UrlUnpadded::encode_string(&bytes)
        ))
    }

    /// What is stored. A plain hash does for 256 random bits, which nobody can try.
    pub(crate) fn hash(&self) -> TokenHash {
        let mut hash = Sha256::new_with_prefix("pillnuts guest token 1");
        hash.update(self.0.as_bytes());
        TokenHash::new(hash.finalize().into())
    }

    /// The text, for its owner and nobody else.
    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for GuestToken {
    type Err = GuestTokenError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0_u8; BYTES];
        let rest = text.strip_prefix(PREFIX).ok_or(GuestTokenError)?;
        let decoded = Base64UrlUnpadded::decode(rest, &mut bytes).map_err(|_| GuestTokenError)?;
        (decoded.len() == BYTES)
            .then(|| Self(text.to_owned()))
            .ok_or(GuestTokenError)
    }
}

impl fmt::Debug for GuestToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuestToken(not shown)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_never_printed() {
        let token = GuestToken::random();
        let again: GuestToken = token.expose().parse().expect("a token");
        assert!(token.hash() == again.hash());
        assert!(token.hash() != GuestToken::random().hash());
        assert_eq!(format!("{token:?}"), "GuestToken(not shown)");
    }

    #[test]
    fn other_texts_are_refused() {
        let good = GuestToken::random();
        let longer = format!("{}A", good.expose());
        let shorter = good.expose().get(..40).expect("the beginning");
        for bad in ["", "pg1_", "pg1_!!!!", &longer, shorter, "a.b.c"] {
            assert!(bad.parse::<GuestToken>().is_err(), "{bad}");
        }
    }
}
