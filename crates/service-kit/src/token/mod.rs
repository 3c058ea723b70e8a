//! Checking access tokens, and statements, with web-api's public keys.
//!
//! web-api signs, both servers check. The keys come as a JWKS (RFC 7517), from settings or from a
//! file that web-api writes and that is reread while the server runs ([`KeyFile`]): checking needs no
//! network, no database and no secret, and a server starts before there is a key.
//!
//! One algorithm is taken, `EdDSA` with Ed25519, and the key alone decides that: `alg` of a token is
//! compared with it and never followed. What the claims say is for [`domain::token`] to judge.
//!
//! Every signed-in request comes through here, so a check costs little more than the signature itself
//! (`cargo xtask bench accounts`): keys are unpacked when they are read, header and claims are parsed
//! once. A library for all of JWT unpacks and parses them several times.

mod file;
mod jws;
mod keys;
mod statement;

use std::sync::Arc;

use arc_swap::ArcSwap;
use chrono::{DateTime, Utc};
use domain::token::{ACCESS_TOKEN_TYPE, AccessClaims, ClaimError, RawClaims, TokenRules};
use ed25519_dalek::Verifier as _;
use serde::de::DeserializeOwned;

pub use file::{KeyFile, KeyFileError, Reload};
pub use keys::{KeySet, KeySetError, MOST_KEY_SET_BYTES, MOST_KEYS};
pub use statement::{StatementRefusal, StatementVerifier};

use jws::{Header, Jws};

/// Longest token that is looked at; ours have some 400 characters.
pub const LONGEST_TOKEN: usize = 4096;
/// `alg` of our tokens (RFC 8037, 3.1).
const ALGORITHM: &str = "EdDSA";

/// Checks access tokens. One for a whole server: it is shared, and its keys are exchanged under it.
#[derive(Debug)]
pub struct TokenVerifier {
    rules: TokenRules,
    keys: ArcSwap<KeySet>,
}

/// Why a token isn't taken. For the log and for tests: a client learns only that it isn't signed in,
/// except for [`NoKeys`](Self::NoKeys), which is our fault and no answer about the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// There is no key yet, so nothing can be said of any token.
    #[error("there are no keys to check access tokens with")]
    NoKeys,
    /// No signed token at all, or one of more than 4096 characters, or with claims that can't be read.
    #[error("not a signed token of at most 4096 characters with the claims of an access token")]
    Shape,
    /// Another algorithm than `EdDSA`.
    #[error("alg is not EdDSA")]
    Algorithm,
    /// Another `typ` than what is expected: signed by us, perhaps, and for something else.
    #[error("typ is not the expected one")]
    Type,
    /// A header that asks for more than is understood (`crit`; RFC 7515, 4.1.11).
    #[error("the header names critical extensions")]
    Critical,
    /// No `kid`, or one of no key that is known.
    #[error("kid names no known key")]
    UnknownKey,
    /// The signature isn't that of the key.
    #[error("the signature is wrong")]
    Signature,
    /// Signed and not to be believed.
    #[error(transparent)]
    Claims(#[from] ClaimError),
}

impl TokenVerifier {
    /// A verifier without keys: every token is [`TokenError::NoKeys`] until there are some.
    #[must_use]
    pub fn new(rules: TokenRules) -> Self {
        Self {
            rules,
            keys: ArcSwap::from_pointee(KeySet::default()),
        }
    }

    /// Exchanges all keys at once. Checks that are under way end with the keys that they began with.
    pub fn replace_keys(&self, keys: KeySet) {
        self.keys.store(Arc::new(keys));
    }

    /// The keys of this moment.
    #[must_use]
    pub fn keys(&self) -> Arc<KeySet> {
        self.keys.load_full()
    }

    /// What a token says, if it is to be believed now.
    ///
    /// # Errors
    /// The first [`TokenError`]; never with anything of the token in it.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<AccessClaims, TokenError> {
        self.judge(&self.claims(token)?, now)
    }

    /// What a token says that one of the keys has signed. It stays signed: who remembers that saves the
    /// dearest part of the next check, and leaves the rest to [`judge`](Self::judge).
    ///
    /// # Errors
    /// Those of [`verify`](Self::verify) but for claims that aren't to be believed.
    pub fn claims(&self, token: &str) -> Result<RawClaims, TokenError> {
        self.signed(token, ACCESS_TOKEN_TYPE)
    }

    /// Whether such claims are to be believed now.
    ///
    /// # Errors
    /// [`TokenError::Claims`].
    pub fn judge(
        &self,
        claims: &RawClaims,
        now: DateTime<Utc>,
    ) -> Result<AccessClaims, TokenError> {
        Ok(self.rules.check(claims, now)?)
    }

    /// The claims of a token that one of the keys has signed, as a token of this type.
    fn signed<T: DeserializeOwned>(&self, token: &str, typ: &str) -> Result<T, TokenError> {
        let keys = self.keys.load();
        if keys.is_empty() {
            return Err(TokenError::NoKeys);
        }
        if token.len() > LONGEST_TOKEN {
            return Err(TokenError::Shape);
        }
        let jws = Jws::split(token).ok_or(TokenError::Shape)?;
        let header = jws.header().ok_or(TokenError::Shape)?;
        check_header(&header, typ)?;
        let key = header
            .kid
            .as_deref()
            .and_then(|kid| keys.find(kid))
            .ok_or(TokenError::UnknownKey)?;
        let signature = jws.signature().ok_or(TokenError::Shape)?;
        key.verify(jws.signed(), &signature)
            .map_err(|_| TokenError::Signature)?;
        jws.claims().ok_or(TokenError::Shape)
    }
}

fn check_header(header: &Header, expected: &str) -> Result<(), TokenError> {
    if header.alg != ALGORITHM {
        return Err(TokenError::Algorithm);
    }
    if header.crit.is_some() {
        return Err(TokenError::Critical);
    }
    // Names of types are compared without case (RFC 7515, 4.1.9).
    let typ = header.typ.as_deref().unwrap_or_default();
    if !typ.eq_ignore_ascii_case(expected) {
        return Err(TokenError::Type);
    }
    Ok(())
}
