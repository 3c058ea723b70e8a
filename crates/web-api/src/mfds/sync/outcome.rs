//! How a run ends.

use std::fmt;

use super::shortfall::Shortfall;
use crate::db::DbError;
use crate::mfds::Operation;
use crate::mfds::client::FeedError;

/// What a run brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// The catalogue's new version.
    pub version: i64,
    /// Medicines in it.
    pub medicines: i64,
    /// Of these, taken over from before because the feed did not hold them.
    pub carried: i64,
}

/// How a run ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The new catalogue is what readers see.
    Swapped(Summary),
    /// The day's requests are used up; a later run goes on from here.
    PausedByQuota,
    /// The feed failed, or the process stops; a later run goes on from here.
    Interrupted {
        /// Why, for a person.
        reason: String,
    },
    /// The checks refused what was read; a later run begins anew.
    Failed {
        /// Why, for a person.
        reason: String,
    },
    /// Another instance is at it.
    Busy,
}

impl Outcome {
    /// Its name in metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Swapped(_) => "swapped",
            Self::PausedByQuota => "pausedByQuota",
            Self::Interrupted { .. } => "interrupted",
            Self::Failed { .. } => "failed",
            Self::Busy => "busy",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Swapped(summary) => write!(
                f,
                "catalogue version {} with {} medicines, {} of them no longer in the feed",
                summary.version, summary.medicines, summary.carried
            ),
            Self::PausedByQuota => f.write_str(
                "the service's quota is used up: the run is paused and a later one goes on from here",
            ),
            Self::Interrupted { reason } => {
                write!(f, "interrupted, a later run goes on from here: {reason}")
            }
            Self::Failed { reason } => write!(f, "refused, the old catalogue stays: {reason}"),
            Self::Busy => f.write_str("another instance is synchronising"),
        }
    }
}

/// Why a run can't go on.
#[derive(Debug, thiserror::Error)]
pub(super) enum Halt {
    #[error("the service's quota is used up")]
    Quota,
    #[error("the process was asked to stop")]
    Stopped,
    #[error("the lease ran out, or another instance has it now")]
    LeaseLost,
    #[error("{operation}, page {page}: {error}")]
    Feed {
        operation: Operation,
        page: u32,
        error: FeedError,
    },
    #[error("{0}")]
    Check(Shortfall),
    #[error("{0}")]
    Db(DbError),
}

impl From<DbError> for Halt {
    fn from(error: DbError) -> Self {
        match error {
            DbError::LeaseLost => Self::LeaseLost,
            other => Self::Db(other),
        }
    }
}

impl Halt {
    /// What a page failed with; the operation is named because each has a permit of its own.
    pub(super) fn feed(operation: Operation, page: u32, error: FeedError) -> Self {
        match error {
            FeedError::Quota => Self::Quota,
            FeedError::Stopped => Self::Stopped,
            error => Self::Feed {
                operation,
                page,
                error,
            },
        }
    }
}

impl From<Shortfall> for Halt {
    fn from(shortfall: Shortfall) -> Self {
        Self::Check(shortfall)
    }
}
