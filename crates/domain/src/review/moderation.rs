//! What hides a review, and what brings it back.

use std::fmt;
use std::num::NonZeroU32;
use std::str::FromStr;

use crate::account::{UnknownName, named};

/// Why a reader reports a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReportReason {
    /// Advertising.
    Advertising,
    /// Insults, hate.
    Abuse,
    /// Says who somebody is, or how to reach him.
    PersonalData,
    /// Could harm whoever believes it.
    Dangerous,
    /// Not about this medicine.
    OffTopic,
    /// Something else.
    Other,
}

named!(
    ReportReason,
    "advertising, abuse, personalData, dangerous, offTopic, other",
    Advertising = "advertising",
    Abuse = "abuse",
    PersonalData = "personalData",
    Dangerous = "dangerous",
    OffTopic = "offTopic",
    Other = "other"
);

/// What an admin decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Decision {
    /// It is shown.
    Keep,
    /// It is hidden.
    Hide,
}

named!(Decision, "keep, hide", Keep = "keep", Hide = "hide");

/// Whether a review is shown to others than its author, who always sees it with this state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModerationState {
    /// It is.
    Shown,
    /// Hidden by reports, until an admin decides.
    Reported,
    /// Hidden by an admin.
    Hidden,
}

named!(
    ModerationState,
    "shown, reported, hidden",
    Shown = "shown",
    Reported = "reported",
    Hidden = "hidden"
);

/// Where a review stands between its reporters and the admins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Moderation {
    /// Whether it is shown.
    pub state: ModerationState,
    /// Reports that nobody has decided on, one a reader.
    pub open: u32,
}

impl Moderation {
    /// Of a review that nobody has reported.
    pub const NEW: Self = Self {
        state: ModerationState::Shown,
        open: 0,
    };

    /// After a report by a reader who hadn't reported it since the last decision. `hides_at` open ones
    /// hide it.
    #[must_use]
    pub fn reported(self, hides_at: NonZeroU32) -> Self {
        let open = self.open.saturating_add(1);
        let state = match self.state {
            ModerationState::Shown if open >= hides_at.get() => ModerationState::Reported,
            same => same,
        };
        Self { state, open }
    }

    /// After an open report went with its reporter, who withdrew. What is hidden stays hidden: else
    /// accounts that come and go would decide in the admin's place.
    #[must_use]
    pub const fn unreported(self) -> Self {
        Self {
            open: self.open.saturating_sub(1),
            ..self
        }
    }

    /// After an admin's decision, which closes every open report: old ones don't hide again what is
    /// kept, new ones may.
    #[must_use]
    pub const fn decided(self, decision: Decision) -> Self {
        let state = match decision {
            Decision::Keep => ModerationState::Shown,
            Decision::Hide => ModerationState::Hidden,
        };
        Self { state, open: 0 }
    }
}
