//! What can go wrong with allergies, without a word of HTTP.

use crate::accounts::AccountError;
use crate::catalogue::CatalogueError;
use crate::db::DbError;

/// Why something wasn't done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AllergyError {
    /// Nothing on health is stored without a consent of its own.
    #[error("the consent to sensitive data is missing")]
    ConsentRequired,
    /// No more fit in.
    #[error("the list is full")]
    Full,
    /// Of the catalogue: no such ingredient, or nothing loaded yet.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// Of the account.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<DbError> for AllergyError {
    fn from(error: DbError) -> Self {
        Self::Account(error.into())
    }
}
