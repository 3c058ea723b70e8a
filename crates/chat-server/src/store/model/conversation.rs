//! A conversation without its messages: what decides what may happen next.

use serde::{Deserialize, Serialize};

use super::{Comment, ConversationId, Delivery, Moment, Person, StaffId, Topic};

/// Number of a message in its conversation, from 1 on, without holes.
pub type Seq = i64;

/// Added to (that is, taken from) the queue key of those whose counsellor was lost: before all
/// who wait for their first one. More milliseconds than any clock shows.
const HEAD: i64 = 1 << 52;

/// Who answers (chat.md, “Rules”).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// The bot.
    Bot,
    /// Nobody yet: in the queue for a counsellor.
    Waiting,
    /// A counsellor.
    Live,
    /// The counselling has ended; the next word goes to the bot.
    Closed,
}

impl State {
    /// As it is stored and told.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bot => "bot",
            Self::Waiting => "waiting",
            Self::Live => "live",
            Self::Closed => "closed",
        }
    }
}

/// A counsellor as the visitor sees him.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Counsellor {
    /// Who.
    pub id: StaffId,
    /// The name to show.
    pub name: String,
    /// Whether he is a pharmacist, which visitors are told.
    pub pharmacist: bool,
}

/// Why the counselling ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Ended {
    /// The visitor ended it.
    Visitor,
    /// The counsellor closed it.
    Counsellor,
    /// The visitor said nothing for too long.
    Idle,
}

/// What a visitor says of an episode.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rating {
    /// Which episode.
    pub episode: i64,
    /// 1 to 5.
    pub score: u8,
    /// In words.
    pub comment: Option<Comment>,
    /// When.
    pub at: Moment,
}

/// What counsellors tell each other. The visitor never sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Made by whoever writes it, so that it is written once.
    pub id: super::ClientMessageId,
    /// Who.
    pub by: StaffId,
    /// What.
    pub text: Comment,
    /// When.
    pub at: Moment,
}

/// Why nothing can be said here any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sealed {
    /// Its messages move, or have moved, to another conversation of the same person.
    Merged(ConversationId),
    /// Its person was erased. What is left holds nothing of him.
    Erased,
}

/// The head of a conversation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conversation {
    /// Its name.
    pub id: ConversationId,
    /// Whose it is; `None` once he was erased or moved.
    pub person: Option<Person>,
    /// Counts changes; a change is written only over the version that it was made from.
    pub version: i64,
    /// Who answers.
    pub state: State,
    /// `seq` of the last message; never goes back, whatever retention deletes.
    pub last_seq: Seq,
    /// Counts counsellings.
    pub episode: i64,
    /// The bot may speak only while this is what it was when the visitor spoke: each change of
    /// state moves it, and with it die the bot's pending answers.
    pub bot_turn: i64,
    /// What the present or last counselling is about.
    pub topic: Option<Topic>,
    /// Since when in the queue.
    pub queued_at: Option<Moment>,
    /// Whether its counsellor was lost: then it is at the head of the queue.
    pub returned: bool,
    /// Since when a counsellor has been there, in this or the last counselling.
    #[serde(default)]
    pub claimed_at: Option<Moment>,
    /// Who counsels, or counselled last.
    pub counsellor: Option<Counsellor>,
    /// Until when the counsellor holds it without a sign of life.
    pub lease_until: Option<Moment>,
    /// When the last counselling ended.
    pub closed_at: Option<Moment>,
    /// How.
    pub ended: Option<Ended>,
    /// Something was left out of hours and no counsellor has answered.
    pub unanswered: bool,
    /// Whether somebody was called about this episode's waiting.
    pub escalated: bool,
    /// When the last message came.
    pub last_at: Moment,
    /// From whom.
    pub last_from: Option<super::Speaker>,
    /// How far the visitor has read.
    pub visitor_read: Seq,
    /// How far the counsellors have read.
    pub staff_read: Seq,
    /// What visitors said of their counsellings, the newest last.
    pub ratings: Vec<Rating>,
    /// Among counsellors.
    pub notes: Vec<Note>,
    /// Messages to Slack that aren't delivered.
    pub outbox: Vec<Delivery>,
    /// From when on all that was said may be deleted: not carried out yet.
    pub purge_at: Option<Moment>,
    /// Up to which message that goes.
    pub purge_to: Seq,
    /// Guests' conversations that were taken over, the newest last.
    #[serde(default)]
    pub adopted: Vec<ConversationId>,
    /// Set when nothing can be said here any more.
    pub sealed: Option<Sealed>,
    /// When it began.
    pub created_at: Moment,
}

impl Conversation {
    /// A new one, in which nothing was said.
    #[must_use]
    pub fn new(person: Person, at: Moment) -> Self {
        Self {
            id: ConversationId::random(),
            person: Some(person),
            version: 0,
            state: State::Bot,
            last_seq: 0,
            episode: 0,
            bot_turn: 0,
            topic: None,
            queued_at: None,
            returned: false,
            claimed_at: None,
            counsellor: None,
            lease_until: None,
            closed_at: None,
            ended: None,
            unanswered: false,
            escalated: false,
            last_at: at,
            last_from: None,
            visitor_read: 0,
            staff_read: 0,
            ratings: Vec::new(),
            notes: Vec::new(),
            outbox: Vec::new(),
            purge_at: None,
            purge_to: 0,
            adopted: Vec::new(),
            sealed: None,
            created_at: at,
        }
    }

    /// What stores find it by.
    #[must_use]
    pub fn keys(&self) -> Keys {
        let open = self.sealed.is_none();
        let live = open && self.state == State::Live;
        Keys {
            person: self
                .person
                .as_ref()
                .map_or_else(|| format!("x:{}", self.id), Person::key),
            state: if open { self.state.as_str() } else { "sealed" },
            queue_key: self.queue_key(),
            counsellor: self
                .counsellor
                .as_ref()
                .filter(|_| live)
                .map(|one| one.id.as_str().to_owned()),
            lease_until: self.lease_until.filter(|_| live),
            closed_at: self
                .closed_at
                .filter(|_| open && self.state == State::Closed),
            unanswered: open && self.unanswered,
            outbox_due: self.outbox.iter().filter_map(Delivery::due).min(),
            outbox_dead: self.outbox.iter().any(|one| one.due().is_none()),
            pending_purge: self.purge_at.is_some(),
            last_at: self.last_at,
        }
    }

    /// Whether this counsellor counsels here now.
    #[must_use]
    pub fn is_held_by(&self, staff: &StaffId) -> bool {
        let holder = self.counsellor.as_ref().map(|one| &one.id);
        self.sealed.is_none() && self.state == State::Live && holder == Some(staff)
    }

    /// Its place among those who wait: the smaller, the earlier. `None`: it doesn't wait.
    #[must_use]
    pub fn queue_key(&self) -> Option<i64> {
        let waits = self.sealed.is_none() && self.state == State::Waiting;
        let since = self.queued_at.filter(|_| waits)?.millis();
        Some(if self.returned {
            since.saturating_sub(HEAD)
        } else {
            since
        })
    }
}

/// What stores have indexes over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    /// [`Person::key`], or a name of its own for a sealed one.
    pub person: String,
    /// [`State::as_str`], or `sealed`.
    pub state: &'static str,
    /// [`Conversation::queue_key`].
    pub queue_key: Option<i64>,
    /// Who counsels now.
    pub counsellor: Option<String>,
    /// Until when, while somebody counsels.
    pub lease_until: Option<Moment>,
    /// When, while it is closed.
    pub closed_at: Option<Moment>,
    /// [`Conversation::unanswered`].
    pub unanswered: bool,
    /// When the first delivery is due.
    pub outbox_due: Option<Moment>,
    /// Whether a delivery was given up.
    pub outbox_dead: bool,
    /// Whether [`Conversation::purge_at`] waits to be carried out.
    pub pending_purge: bool,
    /// [`Conversation::last_at`].
    pub last_at: Moment,
}
