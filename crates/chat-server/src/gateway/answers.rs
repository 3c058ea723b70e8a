//! What the gateway asks of the bot and of the opening hours.

use chrono::{DateTime, Utc};

use crate::store::model::{
    Author, ClientMessageId, Conversation, Draft, Link, MessageText, Moment,
};

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// What.
    pub text: MessageText,
    /// Links under it.
    pub links: Vec<Link>,
    /// Answers to choose from.
    pub quick_replies: Vec<String>,
}

impl Said {
    /// As a message of somebody.
    pub(crate) fn by(self, author: Author, id: ClientMessageId, at: Moment) -> Draft {
        Draft {
            links: self.links,
            quick_replies: self.quick_replies,
            ..Draft::new(author, id, self.text, at)
        }
    }
}

/// Whether counsellors are there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Opening {
    /// Whether they are now.
    pub open: bool,
    /// When they come next; now, where they are there. `None`: nobody knows.
    pub opens_at: Option<DateTime<Utc>>,
    /// When they go, where they are there.
    pub closes_at: Option<DateTime<Utc>>,
}

/// The bot and the hours, as the gateway needs them. Nothing waits: what they know is in memory.
pub trait Answers: Send + Sync {
    /// What is said first to somebody in danger, in any state.
    fn emergency(&self, text: &str) -> Option<Said>;

    /// What the bot says to a message; `None`: nothing.
    fn answer(&self, text: &str, conversation: &Conversation, now: DateTime<Utc>) -> Option<Said>;

    /// What the bot says to somebody who comes for the first time.
    fn greeting(&self, now: DateTime<Utc>) -> Option<Said>;

    /// Whether counsellors are there.
    fn opening(&self, now: DateTime<Utc>) -> Opening;

    /// How long somebody at this place (from 1 on) will wait; `None`: no figure would be honest.
    fn expected_wait_seconds(&self, position: i64) -> Option<u64>;
}
