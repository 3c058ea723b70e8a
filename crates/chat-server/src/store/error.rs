//! Why a store doesn't do what it should.

use std::error::Error;

use super::model::Refusal;

/// Why the store doesn't do what it should. The texts are for operators; causes are for the log.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The embedded store can't be opened.
    #[error("the file of the store can't be opened")]
    Open(#[source] Box<dyn Error + Send + Sync>),
    /// Written by a newer program.
    #[error(
        "the store was written by a newer version of this program (form {found}, known: {known})"
    )]
    Newer {
        /// Form of the file.
        found: i32,
        /// The newest form that this program knows.
        known: i32,
    },
    /// The file was removed.
    #[error("the file of the store is gone")]
    Gone,
    /// Full, read-only, locked, or no database any more.
    #[error("the store can't be written")]
    Unwritable(#[source] Box<dyn Error + Send + Sync>),
    /// No connection, or an error of the server.
    #[error("the store does not answer")]
    NoAnswer(#[source] Box<dyn Error + Send + Sync>),
    /// No answer in time; what was asked for may have been done.
    #[error("the store does not answer in time")]
    TimedOut,
    /// What is stored can't be read as what it should be.
    #[error("the store holds something that this program can't read")]
    Unreadable(#[source] Box<dyn Error + Send + Sync>),
    /// Too many others write the same conversation.
    #[error("the conversation is written by too many at once")]
    Contended,
}

impl From<diesel::result::Error> for StoreError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Unwritable(error.into())
    }
}

impl From<serde_json::Error> for StoreError {
    fn from(error: serde_json::Error) -> Self {
        Self::Unreadable(error.into())
    }
}

/// Why a step in a conversation wasn't taken.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It isn't allowed; nothing has changed.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The store failed; the step may have been taken. Every step may be repeated.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<diesel::result::Error> for ChangeError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Store(error.into())
    }
}

impl ChangeError {
    /// The refusal, where it is one.
    #[must_use]
    pub const fn refusal(&self) -> Option<&Refusal> {
        match self {
            Self::Refused(refusal) => Some(refusal),
            Self::Store(_) => None,
        }
    }
}
