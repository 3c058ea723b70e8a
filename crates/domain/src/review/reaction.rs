//! What readers think of a review.

use std::fmt;
use std::str::FromStr;

use crate::account::{UnknownName, named};

/// What a reader thinks of a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Reaction {
    /// It helped him.
    Helpful,
    /// It didn't.
    Unhelpful,
}

named!(
    Reaction,
    "helpful, unhelpful",
    Helpful = "helpful",
    Unhelpful = "unhelpful"
);

/// How many readers think what.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Reactions {
    /// Those whom it helped.
    pub helpful: u32,
    /// Those whom it didn't.
    pub unhelpful: u32,
}

impl Reactions {
    /// The counts after one reader, who thought `before`, thinks `after`. Thinking the same again
    /// changes nothing; nobody counts twice.
    #[must_use]
    pub const fn changed(self, before: Option<Reaction>, after: Option<Reaction>) -> Self {
        self.without(before).with(after)
    }

    const fn with(self, one: Option<Reaction>) -> Self {
        match one {
            None => self,
            Some(Reaction::Helpful) => Self {
                helpful: self.helpful.saturating_add(1),
                ..self
            },
            Some(Reaction::Unhelpful) => Self {
                unhelpful: self.unhelpful.saturating_add(1),
                ..self
            },
        }
    }

    const fn without(self, one: Option<Reaction>) -> Self {
        match one {
            None => self,
            Some(Reaction::Helpful) => Self {
                helpful: self.helpful.saturating_sub(1),
                ..self
            },
            Some(Reaction::Unhelpful) => Self {
                unhelpful: self.unhelpful.saturating_sub(1),
                ..self
            },
        }
    }
}
