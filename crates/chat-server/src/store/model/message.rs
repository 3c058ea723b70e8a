//! A message.

use serde::{Deserialize, Serialize};

use super::{ClientMessageId, MessageId, MessageText, Moment, Seq, StaffId};

/// Most links of a message.
pub const MOST_LINKS: usize = 10;
/// Most quick replies of a message.
pub const MOST_QUICK_REPLIES: usize = 10;

/// Who spoke, as both sides see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Speaker {
    /// The visitor.
    Visitor,
    /// The bot.
    Bot,
    /// A counsellor.
    Counsellor,
    /// The server itself.
    System,
}

/// Who speaks, with what entitles him.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Author {
    /// The visitor.
    Visitor,
    /// The bot, in the turn ([`super::Conversation::bot_turn`]) in which it began to think.
    Bot {
        /// The turn.
        turn: i64,
    },
    /// The counsellor who holds the conversation.
    Counsellor(StaffId),
    /// The server itself.
    System,
}

impl Author {
    /// As both sides see it.
    #[must_use]
    pub const fn speaker(&self) -> Speaker {
        match self {
            Self::Visitor => Speaker::Visitor,
            Self::Bot { .. } => Speaker::Bot,
            Self::Counsellor(_) => Speaker::Counsellor,
            Self::System => Speaker::System,
        }
    }

    /// Whose names of messages these are: nobody can take away another's.
    #[must_use]
    pub fn key(&self, id: &ClientMessageId) -> String {
        let id = id.as_str();
        match self {
            Self::Visitor => format!("v/{id}"),
            Self::Bot { .. } => format!("b/{id}"),
            Self::Counsellor(staff) => format!("c/{}/{id}", staff.as_str()),
            Self::System => format!("s/{id}"),
        }
    }
}

/// A link under a message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// What it says.
    pub title: String,
    /// Where it leads.
    pub url: String,
}

/// A message to be stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Draft {
    /// Who speaks.
    pub author: Author,
    /// The same again is the same message.
    pub client_id: ClientMessageId,
    /// What.
    pub text: MessageText,
    /// Links.
    pub links: Vec<Link>,
    /// Answers to choose from.
    pub quick_replies: Vec<String>,
    /// Only where this is still the last message: for what is said about a silence.
    pub if_last_seq: Option<Seq>,
    /// When.
    pub at: Moment,
}

impl Draft {
    /// Plain words.
    #[must_use]
    pub const fn new(
        author: Author,
        client_id: ClientMessageId,
        text: MessageText,
        at: Moment,
    ) -> Self {
        Self {
            author,
            client_id,
            text,
            links: Vec::new(),
            quick_replies: Vec::new(),
            if_last_seq: None,
            at,
        }
    }

    /// What makes it the same message again.
    #[must_use]
    pub fn key(&self) -> String {
        self.author.key(&self.client_id)
    }
}

/// A stored message.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Its number in the conversation.
    pub seq: Seq,
    /// Its name.
    pub id: MessageId,
    /// What makes it the same message again; one a conversation.
    pub key: String,
    /// Who spoke.
    pub from: Speaker,
    /// Which counsellor.
    pub staff: Option<StaffId>,
    /// What.
    pub text: MessageText,
    /// Links.
    pub links: Vec<Link>,
    /// Answers to choose from.
    pub quick_replies: Vec<String>,
    /// When.
    pub sent_at: Moment,
    /// From when on it is deleted; `None`: not before the counselling has closed.
    pub purge_at: Option<Moment>,
}
