//! What can go wrong with reviews, without a word of HTTP.

use crate::accounts::AccountError;
use crate::catalogue::CatalogueError;
use crate::db::DbError;

/// Why something wasn't done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ReviewError {
    /// There is none, or it isn't the caller's to see.
    #[error("no such review")]
    Unknown,
    /// The caller reviewed this medicine already.
    #[error("there is a review by this member")]
    Exists,
    /// He has as many as anybody may have.
    #[error("too many reviews")]
    Full,
    /// Not for one's own review.
    #[error("it is one's own review")]
    Own,
    /// Only for one's own review.
    #[error("it is another's review")]
    NotOwn,
    /// Nothing on health is stored without a consent of its own.
    #[error("the consent to sensitive data is missing")]
    ConsentRequired,
    /// It would become public, and its author hasn't read the notice that is in force.
    #[error("the notice isn't acknowledged")]
    Notice,
    /// Of the catalogue: no such medicine, or nothing loaded yet.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Of the account.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<DbError> for ReviewError {
    fn from(error: DbError) -> Self {
        Self::Account(error.into())
    }
}
