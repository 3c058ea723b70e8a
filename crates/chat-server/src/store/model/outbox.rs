//! What Slack is to be told. It lies in the conversation itself, so that it is written in the same
//! step as what it tells.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::{DeliveryId, Moment, Topic};

/// Most deliveries of one conversation that aren't done.
pub const MOST_DELIVERIES: usize = 50;

/// What is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// Somebody waits for a counsellor.
    Requested,
    /// Something was left out of hours.
    Left,
    /// Nobody has claimed for too long.
    Escalated,
}

/// How far a delivery is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Progress {
    /// To be tried, or being tried, at this moment: whoever tries moves it on, so that another
    /// tries if he dies.
    Due(Moment),
    /// Given up; somebody may send it again.
    Dead,
}

/// A message to Slack. It holds no name and no text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The same however often it is tried.
    pub id: DeliveryId,
    /// What is told.
    pub subject: Subject,
    /// Topic of the counselling.
    pub topic: Option<Topic>,
    /// Since when there is something to tell.
    pub created_at: Moment,
    /// How far it is.
    pub progress: Progress,
    /// How often it was tried.
    pub attempts: u32,
    /// Why the last attempt failed: a fixed word of ours, such as `timeout`.
    pub failure: Option<String>,
}

impl Delivery {
    /// A new one, due at once.
    #[must_use]
    pub const fn new(id: DeliveryId, subject: Subject, topic: Option<Topic>, at: Moment) -> Self {
        Self {
            id,
            subject,
            topic,
            created_at: at,
            progress: Progress::Due(at),
            attempts: 0,
            failure: None,
        }
    }

    /// When it is to be tried; `None`: it was given up.
    #[must_use]
    pub const fn due(&self) -> Option<Moment> {
        match self.progress {
            Progress::Due(at) => Some(at),
            Progress::Dead => None,
        }
    }
}

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// Slack has it.
    Delivered,
    /// Slack has asked everybody to wait: again after this time, and it doesn't count.
    Postponed {
        /// A fixed word of ours.
        reason: &'static str,
        /// Time until the next one.
        again_in: TimeDelta,
    },
    /// Slack doesn't; again after this time, unless that was the last attempt.
    Failed {
        /// A fixed word of ours.
        reason: &'static str,
        /// Time until the next one.
        again_in: TimeDelta,
        /// Attempts after which it is given up.
        most: u32,
    },
}
