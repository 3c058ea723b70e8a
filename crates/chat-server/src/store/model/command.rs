//! What can be done to a conversation, and what comes of it.

use chrono::TimeDelta;

use super::{
    Attempt, Conversation, ConversationId, Counsellor, Delivery, DeliveryId, Draft, Message,
    Moment, Note, Rating, Seq, StaffId, State, Topic,
};

/// What the house has decided: how long things are kept, and whether anybody is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// Messages, after the counselling has closed, or after they were said to the bot.
    pub keep_messages: TimeDelta,
    /// What staff did. The law asks for at least a year (개인정보의 안전성 확보조치 기준, 제8조).
    pub keep_access: TimeDelta,
    /// Whether deliveries to Slack are written at all. Where nobody takes them they would only pile
    /// up, and come years later.
    pub notify: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            keep_messages: TimeDelta::days(5),
            keep_access: TimeDelta::days(366),
            notify: true,
        }
    }
}

/// Which side has read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Side {
    /// The visitor.
    Visitor,
    /// The counsellors.
    Staff,
}

/// Who ends a counselling.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Closer {
    /// The visitor.
    Visitor,
    /// The counsellor who holds it.
    Counsellor(StaffId),
    /// The server, because nothing came after this message.
    Idle(Seq),
}

/// The place of an episode that moves with its messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Episode {
    /// The conversation that it was in.
    pub of: Box<Conversation>,
    /// When it moves.
    pub at: Moment,
}

/// One step in the life of a conversation: it happens wholly or not at all.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Says something.
    Append(Draft),
    /// Leaves something for counsellors, and tells Slack. The id is kept when it is repeated.
    Leave(Draft, Option<Topic>, DeliveryId),
    /// Joins the queue, and tells Slack.
    Request(Option<Topic>, DeliveryId, Moment),
    /// Leaves the queue.
    Cancel(Moment),
    /// Takes a waiting conversation, or one with something left, until the lease runs out.
    Claim(Counsellor, Moment, Moment),
    /// Prolongs the lease to a moment.
    Renew(StaffId, Moment),
    /// Puts it at the head of the queue if the lease has run out at this moment.
    Return(Moment),
    /// The counsellor gives it up at once: to the head of the queue.
    GiveUp(StaffId, Moment),
    /// Hands it to another counsellor, with a lease and at a moment.
    Transfer(StaffId, Counsellor, Moment, Moment),
    /// Ends the counselling.
    Close(Closer, Moment),
    /// Rates the last counselling.
    Rate(Rating),
    /// Notes how far a side has read.
    Read(Side, Seq),
    /// Writes a note for counsellors.
    Note(Note),
    /// Calls somebody: it has waited at least so long at this moment. Once an episode.
    Escalate(DeliveryId, TimeDelta, Moment),
    /// Takes the delivery that is due first at this moment; another may after the lease.
    TakeDelivery(Moment, Moment),
    /// Says what became of a delivery.
    Report(DeliveryId, Attempt, Moment),
    /// Tries a dead delivery again.
    Resend(DeliveryId, Moment),
    /// Nothing more is said here: its messages move to another one.
    SealFor(ConversationId),
    /// Takes messages of a sealed one in, in order. Repeating takes in what isn't there yet.
    Adopt(ConversationId, Vec<Message>, Moment),
    /// Takes over the place in the queue, or the counsellor, of a sealed one.
    AdoptEpisode(Episode),
    /// Empties what is left of it.
    Erase(Moment),
    /// The deletion that was due up to this moment is written down at each message.
    PurgeNoted(Moment),
}

impl Command {
    /// The keys of messages that it would write: they may be there already.
    #[must_use]
    pub fn keys(&self) -> Vec<String> {
        match self {
            Self::Append(draft) | Self::Leave(draft, ..) => vec![draft.key()],
            Self::Adopt(from, messages, _) => messages
                .iter()
                .map(|message| adopted_key(*from, message.seq))
                .collect(),
            _ => Vec::new(),
        }
    }
}

/// Key of a message that came from another conversation.
pub(crate) fn adopted_key(from: ConversationId, seq: Seq) -> String {
    format!("m/{from}/{seq}")
}

/// Why a step isn't taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// There is no such conversation (any more).
    #[error("no such conversation")]
    NoConversation,
    /// It has moved to another one.
    #[error("the conversation has moved")]
    Moved(ConversationId),
    /// The bot was silenced while it thought.
    #[error("it is not the bot's turn any more")]
    BotSilenced,
    /// Somebody else was quicker.
    #[error("another counsellor has claimed it")]
    AlreadyClaimed(Counsellor),
    /// It isn't this counsellor's.
    #[error("the conversation is not this counsellor's")]
    NotYours,
    /// It can't be done in this state.
    #[error("not possible in this state")]
    State(State),
    /// Something was said meanwhile.
    #[error("something was said meanwhile")]
    Overtaken,
    /// The lease has not run out.
    #[error("the lease still runs")]
    LeaseRuns,
    /// The episode is rated otherwise.
    #[error("the counselling was rated already")]
    AlreadyRated,
    /// No counselling, delivery, or message of that number.
    #[error("nothing of that kind is there")]
    NothingThere,
    /// A score that isn't 1 to 5.
    #[error("a score is 1 to 5")]
    Score,
    /// Too many of them.
    #[error("too many")]
    TooMany,
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The conversation afterwards.
    pub conversation: Conversation,
    /// The message that it is about.
    pub message: Option<Message>,
    /// Nothing was done: it had been done before.
    pub repeated: bool,
    /// The delivery that was taken.
    pub delivery: Option<Delivery>,
}
