//! What the checks refuse.

use std::fmt;

use crate::mfds::Operation;

/// Why the new content is refused, in words for a person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shortfall {
    /// An operation without which there is no catalogue gave nothing.
    Empty(Operation),
    /// An operation has far fewer records than the catalogue at hand was made of.
    Dropped {
        /// The operation.
        operation: Operation,
        /// Records now.
        now: i64,
        /// Records then.
        before: i64,
        /// The limit.
        percent: u8,
    },
    /// Far fewer products arrived than the feed says that it holds.
    Incomplete {
        /// Different products that arrived.
        arrived: i64,
        /// What the feed says.
        total: i64,
        /// The limit.
        percent: u8,
    },
    /// Too many records were rejected.
    Rejected {
        /// The operation.
        operation: Operation,
        /// Rejected.
        rejected: i64,
        /// Of so many.
        of: i64,
        /// The limit.
        percent: u8,
    },
    /// Too many records came twice.
    Repeated {
        /// The operation.
        operation: Operation,
        /// Repeated.
        duplicates: i64,
        /// Of so many.
        of: i64,
        /// The limit.
        percent: u8,
    },
    /// Permit detail and permit list speak of different products.
    Disagree {
        /// Products of permit detail that the permit list doesn't hold.
        unlisted: i64,
        /// Of so many.
        of: i64,
        /// The limit.
        percent: u8,
    },
}

impl fmt::Display for Shortfall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty(operation) => write!(f, "{operation} gave no records at all"),
            Self::Dropped {
                operation,
                now,
                before,
                percent,
            } => write!(
                f,
                "{operation} has {now} records, {before} before: more than {percent} % are gone"
            ),
            Self::Incomplete {
                arrived,
                total,
                percent,
            } => write!(
                f,
                "{arrived} different products arrived where the feed says {total}: more than {percent} % are missing"
            ),
            Self::Rejected {
                operation,
                rejected,
                of,
                percent,
            } => write!(
                f,
                "{rejected} of {of} records of {operation} lack what is required: more than {percent} %"
            ),
            Self::Repeated {
                operation,
                duplicates,
                of,
                percent,
            } => write!(
                f,
                "{duplicates} of {of} records of {operation} came twice: more than {percent} %"
            ),
            Self::Disagree {
                unlisted,
                of,
                percent,
            } => write!(
                f,
                "{unlisted} of {of} products with details stand in no permit list: more than {percent} %"
            ),
        }
    }
}
