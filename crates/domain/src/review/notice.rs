//! Who sees a review, and what its author is told before others do.

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, Utc};

use crate::account::{TextVersion, UnknownName, named};

/// Who sees a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody.
    Public,
    /// Its author alone. What is taken where nothing is said.
    Private,
}

named!(
    Visibility,
    "public, private",
    Public = "public",
    Private = "private"
);

/// How a review comes to be seen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Publication {
    /// By its author alone.
    Private,
    /// By everybody, after its author read this version of the notice.
    Public {
        /// The version that he read.
        notice: TextVersion,
        /// When he said so.
        acknowledged_at: DateTime<Utc>,
    },
}

/// Why a review isn't published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoticeError {
    /// Its author hasn't said that he read the notice.
    #[error("a public review needs the notice to be acknowledged first")]
    Missing,
    /// He read one that isn't in force: it has to be shown again.
    #[error("the notice that was acknowledged is not in force")]
    Outdated,
}

impl Publication {
    /// Who sees it.
    #[must_use]
    pub const fn visibility(&self) -> Visibility {
        match self {
            Self::Private => Visibility::Private,
            Self::Public { .. } => Visibility::Public,
        }
    }

    /// Whether something else may be said in its place without another look at the notice: what is private
    /// tells nobody, what is public has to be under the notice in force.
    #[must_use]
    pub fn covers_changes(&self, in_force: &TextVersion) -> bool {
        match self {
            Self::Private => true,
            Self::Public { notice, .. } => notice == in_force,
        }
    }
}

/// Decides whether a review becomes public. Before data on health do, their owner is told so and how to
/// keep them private (개인정보 보호법 제23조 제3항): no version that was shown, nothing published.
///
/// # Errors
/// When the notice wasn't acknowledged, or an old one was.
pub fn publish(
    wanted: Visibility,
    acknowledged: Option<&TextVersion>,
    in_force: &TextVersion,
    now: DateTime<Utc>,
) -> Result<Publication, NoticeError> {
    match (wanted, acknowledged) {
        (Visibility::Private, _) => Ok(Publication::Private),
        (Visibility::Public, None) => Err(NoticeError::Missing),
        (Visibility::Public, Some(read)) if read == in_force => Ok(Publication::Public {
            notice: read.clone(),
            acknowledged_at: now,
        }),
        (Visibility::Public, Some(_)) => Err(NoticeError::Outdated),
    }
}
