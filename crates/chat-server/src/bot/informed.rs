//! The bot, the hours and the wait, as the gateway asks for them.

use chrono::{DateTime, Utc};

use super::{Bot, Reply};
use crate::desk::{Hours, Wait};
use crate::gateway::{Answers, Opening, Said};
use crate::store::model::Conversation;

/// Answers out of what the store and the settings say.
#[derive(Debug, Clone)]
pub struct Informed {
    bot: Bot,
    hours: Hours,
    wait: Wait,
}

impl Informed {
    /// Answers of this bot, these hours and this expectation.
    #[must_use]
    pub const fn new(bot: Bot, hours: Hours, wait: Wait) -> Self {
        Self { bot, hours, wait }
    }
}

impl From<Reply> for Said {
    fn from(reply: Reply) -> Self {
        Self {
            text: reply.text,
            links: reply.links,
            quick_replies: reply.quick_replies,
        }
    }
}

impl Answers for Informed {
    fn emergency(&self, text: &str) -> Option<Said> {
        Bot::emergency(text).map(Said::from)
    }

    fn answer(&self, text: &str, _: &Conversation, now: DateTime<Utc>) -> Option<Said> {
        self.bot.answer(text, now).map(Said::from)
    }

    fn greeting(&self, now: DateTime<Utc>) -> Option<Said> {
        self.bot.greeting(now).map(Said::from)
    }

    fn opening(&self, now: DateTime<Utc>) -> Opening {
        let state = self.hours.at(now);
        Opening {
            open: state.open,
            opens_at: if state.open {
                Some(now)
            } else {
                state.opens_at
            },
            closes_at: state.closes_at,
        }
    }

    fn expected_wait_seconds(&self, position: i64) -> Option<u64> {
        self.wait.expected(position)
    }
}
