//! Accounts as they are stored. Synchronous functions on [`Db`](crate::db::Db), called inside
//! [`Pool::run`](crate::db::Pool::run); those that say so, inside a transaction.

pub mod attendance;
pub mod audit;
pub mod audit_pages;
pub mod consents;
pub mod erasures;
pub mod failures;
pub mod images;
pub mod once_answers;
pub mod outbox;
pub mod personal;
pub mod recovery;
pub mod security;
pub mod sessions;
pub mod sign_up_answers;
pub mod sms_counts;
pub mod social;
pub mod staff;
pub mod statements;
pub mod users;
pub mod verifications;

use crate::db::DbError;

/// 32 bytes of a hash that a column holds.
pub(crate) fn hash32(bytes: &[u8]) -> Result<[u8; 32], DbError> {
    bytes
        .try_into()
        .map_err(|_| DbError::data("a stored hash has another length than 32 bytes"))
}

/// A name of one of the domain's enumerations, as it is stored.
pub(crate) fn named<T: std::str::FromStr>(text: &str) -> Result<T, DbError>
where
    T::Err: std::error::Error + Send + Sync + 'static,
{
    text.parse().map_err(DbError::data)
}
