//! What can go wrong with the database, without a word of HTTP.

use diesel::result::{ConnectionError, DatabaseErrorKind, Error};

/// Why a database operation failed.
#[derive(Debug, thiserror::Error)]
pub enum DbError {
    /// The database can't be reached, or it went away: trying later helps.
    #[error("the database is unavailable")]
    Unavailable(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// Others hold what is needed (deadlock, lock wait, all connections in use): trying again helps.
    #[error("the database is busy")]
    Busy(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The change contradicts what is stored (unique, foreign key, check).
    #[error("the change contradicts what is stored")]
    Conflict(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// The caller's lease ended and may be another's: nothing was written.
    #[error("the lease was lost to another instance")]
    LeaseLost,
    /// A mistake of ours, or data that can't be read.
    #[error("a database operation failed")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}

impl DbError {
    /// An [`DbError::Internal`] for data that can't be read or written.
    pub(crate) fn data(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(cause.into())
    }

    pub(super) fn unavailable(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Unavailable(cause.into())
    }

    /// Whether the connection may be in an unknown state after it.
    pub(super) fn doubts_connection(&self) -> bool {
        match self {
            Self::Unavailable(_) => true,
            Self::Internal(cause) => cause.downcast_ref::<Error>().is_some_and(|error| {
                matches!(
                    error,
                    Error::DatabaseError(
                        DatabaseErrorKind::Unknown | DatabaseErrorKind::ClosedConnection,
                        _
                    ) | Error::BrokenTransactionManager
                        | Error::RollbackErrorOnCommit { .. }
                        | Error::AlreadyInTransaction
                        | Error::NotInTransaction
                )
            }),
            Self::Busy(_) | Self::Conflict(_) | Self::LeaseLost => false,
        }
    }
}

/// The drivers give no code for these: MySQL's 1205 and 1213 both say `try restarting transaction`.
const BUSY: [&str; 4] = [
    "try restarting transaction",
    "database is locked",
    "database table is locked",
    "database schema is locked",
];

/// Texts of a connection that is gone (the driver's own), of a server that stops or refuses
/// (1040, 1053, 1152, 1203, 1927, 3169), and of a file that can't be used.
const GONE: [&str; 14] = [
    "Input/output error",
    "Driver error",
    "Connection to the server is closed",
    "Too many connections",
    "max_user_connections",
    "Server shutdown in progress",
    "Connection was killed",
    "session was killed",
    "Aborted connection",
    "unable to open database file",
    "database or disk is full",
    "disk I/O error",
    "The MySQL server is running with the --read-only option",
    "The MariaDB server is running with the --read-only option",
];

impl From<Error> for DbError {
    fn from(error: Error) -> Self {
        match &error {
            Error::DatabaseError(kind, information) => {
                let message = information.message();
                match kind {
                    DatabaseErrorKind::ClosedConnection => Self::Unavailable(Box::new(error)),
                    DatabaseErrorKind::SerializationFailure => Self::Busy(Box::new(error)),
                    DatabaseErrorKind::UniqueViolation
                    | DatabaseErrorKind::ForeignKeyViolation
                    | DatabaseErrorKind::CheckViolation
                    | DatabaseErrorKind::RestrictViolation
                    | DatabaseErrorKind::ExclusionViolation => Self::Conflict(Box::new(error)),
                    _ if BUSY.iter().any(|text| message.contains(text)) => {
                        Self::Busy(Box::new(error))
                    }
                    _ if GONE.iter().any(|text| message.contains(text)) => {
                        Self::Unavailable(Box::new(error))
                    }
                    // MariaDB's 4025 carries no kind of its own.
                    _ if message.starts_with("CONSTRAINT `") && message.contains("failed for") => {
                        Self::Conflict(Box::new(error))
                    }
                    _ => Self::Internal(Box::new(error)),
                }
            }
            Error::BrokenTransactionManager => Self::Unavailable(Box::new(error)),
            _ => Self::Internal(Box::new(error)),
        }
    }
}

impl From<ConnectionError> for DbError {
    fn from(error: ConnectionError) -> Self {
        Self::Unavailable(Box::new(error))
    }
}

/// An error with its causes, in one line for the log.
pub(crate) fn chain(error: &DbError) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

#[cfg(test)]
mod tests {
    use diesel::result::{DatabaseErrorKind, Error};

    use super::DbError;

    fn unknown(message: &str) -> DbError {
        Error::DatabaseError(DatabaseErrorKind::Unknown, Box::new(message.to_owned())).into()
    }

    #[test]
    fn tells_waiting_from_gone_from_wrong() {
        assert!(matches!(
            unknown("Deadlock found when trying to get lock; try restarting transaction"),
            DbError::Busy(_)
        ));
        assert!(matches!(unknown("database is locked"), DbError::Busy(_)));
        assert!(matches!(
            unknown("Input/output error: Connection reset by peer (os error 104)"),
            DbError::Unavailable(_)
        ));
        assert!(matches!(
            unknown("You have an error in your SQL syntax"),
            DbError::Internal(_)
        ));
        assert!(matches!(
            unknown("CONSTRAINT `stars` failed for `web`.`reviews`"),
            DbError::Conflict(_)
        ));
        assert!(unknown("You have an error in your SQL syntax").doubts_connection());
        assert!(!unknown("database is locked").doubts_connection());
    }
}
