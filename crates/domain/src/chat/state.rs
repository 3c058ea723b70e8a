//! Whose turn a conversation is: `bot → waiting → live → closed → bot`, as one pure function.
//!
//! A counsellor is named by a number that the server gives; times are given, none is read.

use chrono::{DateTime, TimeDelta, Utc};

use crate::clock::later;

/// Number of a counsellor.
pub type Counsellor = u64;

/// Who speaks with the visitor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// The bot.
    Bot,
    /// The bot still, until a counsellor claims it. Those returned go before those who came later.
    Waiting {
        /// Since when, which a return doesn't change.
        since: DateTime<Utc>,
        /// Whether a counsellor was lost: then it stands at the head of the queue.
        returned: bool,
    },
    /// A counsellor.
    Live {
        /// Who.
        by: Counsellor,
        /// When the visitor began to wait.
        since: DateTime<Utc>,
        /// Since when the visitor is expected to answer; `None` when it's the counsellor's turn.
        visitor_since: Option<DateTime<Utc>>,
        /// When the visitor was warned of the close.
        warned: Option<DateTime<Utc>>,
    },
    /// The episode is over and may be rated.
    Closed {
        /// Whether a score was given.
        rated: bool,
    },
}

/// What happens to a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Event {
    /// The visitor asks for a counsellor; the server has checked the opening hours.
    Request,
    /// The visitor leaves the queue.
    Cancel,
    /// A counsellor takes it.
    Claim(Counsellor),
    /// Its counsellor hands it on.
    Transfer {
        /// Who has it.
        from: Counsellor,
        /// Who gets it.
        to: Counsellor,
    },
    /// The lease of its counsellor ran out.
    LeaseLost(Counsellor),
    /// The counsellor said something.
    CounsellorSaid(Counsellor),
    /// The visitor said something.
    VisitorSaid,
    /// The visitor is warned.
    IdleWarn,
    /// The warning went unanswered.
    IdleClose,
    /// The visitor ends it, or its counsellor.
    End(Option<Counsellor>),
    /// The visitor gives 1 to 5 stars.
    Rate(u8),
    /// The visitor leaves a message out of hours; it changes no state.
    LeaveMessage,
}

/// Why an event can't happen now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Illegal {
    /// It waits, or is spoken with, already.
    #[error("the counselling was asked for already")]
    AlreadyRequested,
    /// It isn't in the queue.
    #[error("the conversation is not waiting")]
    NotWaiting,
    /// Somebody has it.
    #[error("counsellor {0} has it already")]
    AlreadyClaimed(Counsellor),
    /// No counsellor has it.
    #[error("the conversation is not live")]
    NotLive,
    /// Another counsellor has it.
    #[error("another counsellor has the conversation")]
    NotYours,
    /// A transfer to oneself.
    #[error("the conversation is this counsellor's already")]
    SameCounsellor,
    /// The visitor isn't idle, or not for long enough.
    #[error("the visitor is not idle")]
    NotIdle,
    /// There's nothing to rate.
    #[error("only a closed counselling is rated, once")]
    NotRatable,
    /// A score out of its range.
    #[error("a score is 1 to 5")]
    Score,
}

/// How long a silence of the visitor may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Idle {
    /// Until the warning.
    pub warn: TimeDelta,
    /// From the warning to the close.
    pub close: TimeDelta,
}

impl Default for Idle {
    /// A minute each.
    fn default() -> Self {
        Self {
            warn: TimeDelta::seconds(60),
            close: TimeDelta::seconds(60),
        }
    }
}

impl State {
    /// The state after an event at a time.
    ///
    /// # Errors
    /// The [`Illegal`] that says why it can't happen now; nothing has changed then.
    pub fn after(self, event: Event, at: DateTime<Utc>, idle: Idle) -> Result<Self, Illegal> {
        match event {
            Event::Request => match self {
                Self::Bot | Self::Closed { .. } => Ok(Self::Waiting {
                    since: at,
                    returned: false,
                }),
                Self::Waiting { .. } | Self::Live { .. } => Err(Illegal::AlreadyRequested),
            },
            Event::Cancel => self.waiting().map(|_| Self::Bot),
            Event::Claim(by) => match self {
                Self::Live { by: other, .. } => Err(Illegal::AlreadyClaimed(other)),
                Self::Bot | Self::Closed { .. } | Self::Waiting { .. } => {
                    self.waiting().map(|since| live(by, since, None))
                }
            },
            Event::Transfer { from, to } if from == to => {
                self.owned(from).and(Err(Illegal::SameCounsellor))
            }
            Event::Transfer { from, to } => self.owned(from).map(|since| live(to, since, None)),
            Event::LeaseLost(by) => self.owned(by).map(|since| Self::Waiting {
                since,
                returned: true,
            }),
            Event::CounsellorSaid(by) => self.owned(by).map(|since| live(by, since, Some(at))),
            Event::VisitorSaid => Ok(self.heard()),
            Event::IdleWarn | Event::IdleClose => self.idle(event, at, idle),
            Event::End(who) => self.ended(who),
            Event::Rate(score) if !(1..=5).contains(&score) => Err(Illegal::Score),
            Event::Rate(_) if self == (Self::Closed { rated: false }) => {
                Ok(Self::Closed { rated: true })
            }
            Event::Rate(_) => Err(Illegal::NotRatable),
            Event::LeaveMessage => match self {
                Self::Bot | Self::Closed { .. } => Ok(self),
                Self::Waiting { .. } | Self::Live { .. } => Err(Illegal::AlreadyRequested),
            },
        }
    }

    /// When the visitor is warned or, once warned, the conversation closed, if nothing is said.
    #[must_use]
    pub fn due(self, idle: Idle) -> Option<(Event, DateTime<Utc>)> {
        match self {
            Self::Live {
                warned: Some(at), ..
            } => Some((Event::IdleClose, later(at, idle.close))),
            Self::Live {
                visitor_since: Some(at),
                ..
            } => Some((Event::IdleWarn, later(at, idle.warn))),
            Self::Live { .. } | Self::Bot | Self::Waiting { .. } | Self::Closed { .. } => None,
        }
    }

    /// Whether the bot may answer: an answer that it prepared before a claim is dropped by this.
    #[must_use]
    pub fn bot_speaks(self) -> bool {
        !matches!(self, Self::Live { .. })
    }

    fn waiting(self) -> Result<DateTime<Utc>, Illegal> {
        match self {
            Self::Waiting { since, .. } => Ok(since),
            Self::Bot | Self::Live { .. } | Self::Closed { .. } => Err(Illegal::NotWaiting),
        }
    }

    fn owned(self, who: Counsellor) -> Result<DateTime<Utc>, Illegal> {
        match self {
            Self::Live { by, since, .. } if by == who => Ok(since),
            Self::Live { .. } => Err(Illegal::NotYours),
            Self::Bot | Self::Waiting { .. } | Self::Closed { .. } => Err(Illegal::NotLive),
        }
    }

    /// A closed conversation is the bot's again with the visitor's next word.
    fn heard(self) -> Self {
        match self {
            Self::Live { by, since, .. } => live(by, since, None),
            Self::Closed { .. } => Self::Bot,
            Self::Bot | Self::Waiting { .. } => self,
        }
    }

    fn idle(self, event: Event, at: DateTime<Utc>, idle: Idle) -> Result<Self, Illegal> {
        let Self::Live {
            by,
            since,
            visitor_since,
            ..
        } = self
        else {
            return Err(Illegal::NotLive);
        };
        match self.due(idle) {
            Some((due, when)) if due == event && when <= at => Ok(match event {
                Event::IdleWarn => Self::Live {
                    by,
                    since,
                    visitor_since,
                    warned: Some(at),
                },
                _ => Self::Closed { rated: false },
            }),
            _ => Err(Illegal::NotIdle),
        }
    }

    fn ended(self, who: Option<Counsellor>) -> Result<Self, Illegal> {
        match (self, who) {
            (Self::Live { by, .. }, Some(who)) if by != who => Err(Illegal::NotYours),
            (Self::Live { .. }, _) => Ok(Self::Closed { rated: false }),
            (Self::Bot | Self::Waiting { .. } | Self::Closed { .. }, _) => Err(Illegal::NotLive),
        }
    }
}

fn live(by: Counsellor, since: DateTime<Utc>, visitor_since: Option<DateTime<Utc>>) -> State {
    State::Live {
        by,
        since,
        visitor_since,
        warned: None,
    }
}

/// What orders the queue: those returned first, then by the time they began to wait.
#[must_use]
pub fn queue_key(state: State) -> Option<(bool, DateTime<Utc>)> {
    match state {
        State::Waiting { since, returned } => Some((!returned, since)),
        State::Bot | State::Live { .. } | State::Closed { .. } => None,
    }
}

/// The place in the queue, from 1; `None` for a state that isn't in it. Equals share a place.
#[must_use]
pub fn position(queue: &[State], own: State) -> Option<usize> {
    let key = queue_key(own)?;
    let before = queue
        .iter()
        .filter_map(|&state| queue_key(state))
        .filter(|&other| other < key);
    Some(before.count().saturating_add(1))
}

/// How long somebody will wait, in seconds: the median of the last handling times (at most 50 are looked
/// at, each held to 30 s–1 h; 5 min without any) by the place and over the counsellors available, held to
/// 30 s–2 h. `None` when nobody is available: then no figure would be honest.
#[must_use]
pub fn expected_wait(position: usize, recent: &[u32], counsellors: usize) -> Option<u32> {
    let mut times: Vec<u32> = recent
        .iter()
        .rev()
        .take(50)
        .map(|&t| t.clamp(30, 3_600))
        .collect();
    times.sort_unstable();
    let median = times.get(times.len() / 2).copied().unwrap_or(300);
    let turns = u32::try_from(position.checked_div(counsellors)?)
        .unwrap_or(u32::MAX)
        .max(1);
    Some(median.saturating_mul(turns).clamp(30, 7_200))
}
