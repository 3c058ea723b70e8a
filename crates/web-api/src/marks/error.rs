//! What can go wrong with what is a member's own, without a word of HTTP.

use crate::catalogue::CatalogueError;
use crate::db::DbError;

/// Why something of a member's own was neither read nor changed.
#[derive(Debug, thiserror::Error)]
pub(crate) enum MarkError {
    /// There is no such member (any more).
    #[error("no such member")]
    NoMember,
    /// More wishes than a member may have.
    #[error("too many wishes")]
    WishesFull,
    /// More medicines than a compare box takes.
    #[error("the compare box is full")]
    BoxFull,
    /// The catalogue.
    #[error(transparent)]
    Catalogue(#[from] CatalogueError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}
