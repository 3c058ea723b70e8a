//! Checking statements: signed with the keys of access tokens, and none of them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::token::{RawStatement, STATEMENT_TYPE, Stated, StatementError, StatementRules};

use super::{TokenError, TokenVerifier};

/// Checks what web-api states, with the keys of a verifier of access tokens.
#[derive(Debug, Clone)]
pub struct StatementVerifier {
    rules: StatementRules,
    keys: Arc<TokenVerifier>,
}

/// Why a statement isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StatementRefusal {
    /// It isn't signed as a statement is.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Signed and not to be believed.
    #[error(transparent)]
    Claims(#[from] StatementError),
}

impl StatementVerifier {
    /// With these rules, and whatever keys the verifier has at the time.
    #[must_use]
    pub const fn new(rules: StatementRules, keys: Arc<TokenVerifier>) -> Self {
        Self { rules, keys }
    }

    /// What a statement says, if it is to be believed now.
    ///
    /// # Errors
    /// The first [`StatementRefusal`]; never with anything of the statement in it.
    pub fn verify(&self, token: &str, now: DateTime<Utc>) -> Result<Stated, StatementRefusal> {
        let raw: RawStatement = self.keys.signed(token, STATEMENT_TYPE)?;
        Ok(self.rules.check(&raw, now)?)
    }
}
