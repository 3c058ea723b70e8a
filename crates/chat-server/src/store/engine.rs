//! What a database has to be able to do. Everything else is built on it, once, in `life`.

use std::collections::HashMap;
use std::future::Future;

use super::error::{ChangeError, StoreError};
use super::model::{
    Changed, Command, Conversation, ConversationId, Message, Moment, Person, Seq, StaffId,
};

/// Most things that one question answers with.
pub const MOST_ROWS: i64 = 500;

/// Conversations to be listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// In the queue, the first first.
    Waiting,
    /// Held by a counsellor, the one that was quiet longest first.
    HeldBy(StaffId),
    /// Closed, the latest first.
    Closed,
    /// Something was left and not answered, the oldest first.
    Unanswered,
    /// Whose counsellor's lease has run out at a moment.
    LeaseOut(Moment),
    /// Live, a counsellor said the last word, and nothing was said since a moment: those where the visitor's
    /// turn has lasted longest first.
    QuietSince(Moment),
    /// With a delivery that is due at a moment.
    DeliveryDue(Moment),
    /// With a delivery that was given up.
    DeadLetters,
    /// Sealed: moving, moved or erased, the oldest first.
    Sealed,
    /// Whose messages' deletion isn't noted at them yet.
    PendingPurge,
}

/// A stretch of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Span {
    /// The first ones after a number.
    After(Seq),
    /// The last ones before a number.
    Before(Seq),
}

/// Kinds of small things that are no conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Guest,
    Keyword,
    /// What was done once and isn't done again.
    Mark,
    /// Counsellors who are there.
    Presence,
    /// How long counsellings took.
    Handled,
    Holiday,
    Canned,
    Word,
    Statement,
    Access,
    Colleague,
    Slack,
    Revocation,
    Standing,
    Staff,
    StaffSession,
    SignInFailure,
}

impl Kind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Guest => "guest",
            Self::Keyword => "keyword",
            Self::Mark => "mark",
            Self::Presence => "presence",
            Self::Handled => "handled",
            Self::Holiday => "holiday",
            Self::Canned => "canned",
            Self::Word => "word",
            Self::Statement => "statement",
            Self::Access => "access",
            Self::Colleague => "colleague",
            Self::Slack => "slack",
            Self::Revocation => "revocation",
            Self::Standing => "standing",
            Self::Staff => "staff",
            Self::StaffSession => "staffSession",
            Self::SignInFailure => "signInFailure",
        }
    }
}

/// A small thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Record {
    pub(crate) kind: Kind,
    /// One a kind.
    pub(crate) id: String,
    /// What it belongs to; may be empty.
    pub(crate) owner: String,
    /// What lists are ordered by.
    pub(crate) sort: i64,
    /// From when on it isn't there any more.
    pub(crate) expires_at: Option<Moment>,
    /// The rest, as JSON.
    pub(crate) body: String,
}

/// A page of records, the largest `sort` first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) kind: Kind,
    /// Only of this owner.
    pub(crate) owner: Option<String>,
    /// Only with a `sort` below this one.
    pub(crate) below: Option<i64>,
    pub(crate) limit: i64,
    pub(crate) now: Moment,
}

type Result<T> = std::result::Result<T, StoreError>;

/// A database. Every call has a time limit; every write may be repeated.
pub(crate) trait Engine {
    /// Takes a step in a conversation, wholly or not at all; done when it is on disk.
    fn change(
        &self,
        id: ConversationId,
        command: Command,
    ) -> impl Future<Output = std::result::Result<Changed, ChangeError>> + Send;

    /// The conversation of a person; this new one where there was none.
    fn open(&self, new: Conversation) -> impl Future<Output = Result<Conversation>> + Send;

    fn conversation(
        &self,
        id: ConversationId,
    ) -> impl Future<Output = Result<Option<Conversation>>> + Send;

    /// The versions of those that are there.
    fn versions(
        &self,
        ids: Vec<ConversationId>,
    ) -> impl Future<Output = Result<HashMap<ConversationId, i64>>> + Send;

    fn of_person(
        &self,
        person: &Person,
    ) -> impl Future<Output = Result<Option<Conversation>>> + Send;

    fn list(
        &self,
        which: Which,
        limit: i64,
    ) -> impl Future<Output = Result<Vec<Conversation>>> + Send;

    /// How many wait before this place in the queue, and how many wait at all.
    fn queue(
        &self,
        place: Option<(i64, ConversationId)>,
    ) -> impl Future<Output = Result<(i64, i64)>> + Send;

    /// Messages in order of their numbers, without those that have expired.
    fn messages(
        &self,
        id: ConversationId,
        span: Span,
        limit: i64,
        now: Moment,
    ) -> impl Future<Output = Result<Vec<Message>>> + Send;

    /// Deletes the messages of an erased conversation, then what was left of it.
    fn bury(&self, id: ConversationId) -> impl Future<Output = Result<()>> + Send;

    /// Notes at each message when it is deleted, where [`Conversation::purge_at`] asks for it.
    fn settle(&self, id: ConversationId) -> impl Future<Output = Result<()>> + Send;

    /// Writes a record, whether it was there or not.
    fn put(&self, record: Record) -> impl Future<Output = Result<()>> + Send;

    /// Writes a record unless one of its name is there; whether it wrote.
    fn add(&self, record: Record) -> impl Future<Output = Result<bool>> + Send;

    /// Writes a record unless one of its name is there whose `sort` is as large or larger; whether
    /// it wrote. So the newest wins whatever the order, and of two who change the same version one.
    fn raise(&self, record: Record) -> impl Future<Output = Result<bool>> + Send;

    fn record(
        &self,
        kind: Kind,
        id: &str,
        now: Moment,
    ) -> impl Future<Output = Result<Option<Record>>> + Send;

    fn records(&self, page: Page) -> impl Future<Output = Result<Vec<Record>>> + Send;

    /// Removes a record; whether it was there.
    fn remove(&self, kind: Kind, id: &str) -> impl Future<Output = Result<bool>> + Send;

    /// Removes all records of an owner.
    fn remove_owned(&self, kind: Kind, owner: &str) -> impl Future<Output = Result<()>> + Send;

    /// Adds one to a record's `sort`, which is made at 1; its expiry moves on.
    fn count(&self, record: Record) -> impl Future<Output = Result<()>> + Send;

    /// Deletes what has expired, as far as the database doesn't by itself; how much.
    fn sweep(&self, now: Moment) -> impl Future<Output = Result<usize>> + Send;
}
