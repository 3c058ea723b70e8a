//! What is said.

use std::collections::HashMap;

use super::rows;
use crate::store::engine::{Engine, Span, Which};
use crate::store::model::{
    Changed, Command, Conversation, ConversationId, DeliveryId, Draft, Message, Moment, Note,
    Person, Sealed, Seq, Side, Topic,
};
use crate::store::{ChangeError, Store, StoreError, on};

/// A stretch of messages, and where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replay {
    /// In order of `seq`, without holes.
    pub messages: Vec<Message>,
    /// The first message that retention has left; one after the last where it has left none.
    pub first_seq: Seq,
    /// The last message that was said when this was asked.
    pub last_seq: Seq,
}

impl Store {
    /// The conversation of a person, which begins now where there was none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn open_conversation(
        &self,
        person: Person,
        at: Moment,
    ) -> Result<Conversation, StoreError> {
        let new = Conversation::new(person, at);
        on!(self, engine => engine.open(new).await)
    }

    /// A conversation.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn conversation(
        &self,
        id: ConversationId,
    ) -> Result<Option<Conversation>, StoreError> {
        on!(self, engine => engine.conversation(id).await)
    }

    /// The versions of conversations, at most [`super::super::MOST_ROWS`]; one that isn't there is left out.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn versions(
        &self,
        ids: Vec<ConversationId>,
    ) -> Result<HashMap<ConversationId, i64>, StoreError> {
        on!(self, engine => engine.versions(ids).await)
    }

    /// The conversation of a person.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn conversation_of(
        &self,
        person: &Person,
    ) -> Result<Option<Conversation>, StoreError> {
        let found = on!(self, engine => engine.of_person(person).await)?;
        Ok(found.filter(|head| head.sealed != Some(Sealed::Erased)))
    }

    /// Conversations of one kind, at most [`super::super::MOST_ROWS`].
    ///
    /// # Errors
    /// When the store fails.
    pub async fn conversations(
        &self,
        which: Which,
        limit: i64,
    ) -> Result<Vec<Conversation>, StoreError> {
        on!(self, engine => engine.list(which, rows(limit)).await)
    }

    /// Stores a message; done when it is on disk. With a `client_id` that was there before, the
    /// first message is the answer, marked as `repeated`.
    ///
    /// # Errors
    /// When the author may not speak now, or the store fails: then the same may be tried again.
    pub async fn say(&self, id: ConversationId, draft: Draft) -> Result<Changed, ChangeError> {
        self.step(id, Command::Append(draft)).await
    }

    /// Leaves a message for counsellors, kept until one has answered; Slack is told.
    ///
    /// # Errors
    /// As [`say`](Self::say); while a counsellor is being waited for or there.
    pub async fn leave(
        &self,
        id: ConversationId,
        draft: Draft,
        topic: Option<Topic>,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::Leave(draft, topic, DeliveryId::random()))
            .await
    }

    /// Notes how far a side has read; never back, never beyond the last message.
    ///
    /// # Errors
    /// When the conversation is gone or the store fails.
    pub async fn read(
        &self,
        id: ConversationId,
        side: Side,
        seq: Seq,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::Read(side, seq)).await
    }

    /// Writes a note that only counsellors see; the same `id` again is the same note.
    ///
    /// # Errors
    /// When there are too many, the conversation is gone, or the store fails.
    pub async fn note(&self, id: ConversationId, note: Note) -> Result<Changed, ChangeError> {
        self.step(id, Command::Note(note)).await
    }

    /// The messages after (or the last ones before) a number.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn replay(
        &self,
        conversation: &Conversation,
        span: Span,
        limit: i64,
        now: Moment,
    ) -> Result<Replay, StoreError> {
        let id = conversation.id;
        let limit = rows(limit);
        let first = on!(self, engine => engine.messages(id, Span::After(0), 1, now).await)?;
        let messages = on!(self, engine => engine.messages(id, span, limit, now).await)?;
        let last = messages.last().map_or(0, |message| message.seq);
        let last_seq = conversation.last_seq.max(last);
        Ok(Replay {
            first_seq: first
                .first()
                .map_or(last_seq.saturating_add(1), |message| message.seq),
            messages,
            last_seq,
        })
    }

    pub(in crate::store) async fn step(
        &self,
        id: ConversationId,
        command: Command,
    ) -> Result<Changed, ChangeError> {
        on!(self, engine => engine.change(id, command).await)
    }
}
