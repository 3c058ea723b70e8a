//! Conversations and messages as documents.

use mongodb::bson::{self, Bson, DateTime, Document, doc};

use crate::store::error::StoreError;
use crate::store::model::{Conversation, ConversationId, Message, Moment, Sealed, Seq};

type Result<T> = std::result::Result<T, StoreError>;

fn unreadable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::Unreadable(error.into())
}

/// A moment that MongoDB's own clock can be compared with.
pub(super) fn date(at: Option<Moment>) -> Bson {
    at.map_or(Bson::Null, |at| {
        Bson::DateTime(DateTime::from_millis(at.millis()))
    })
}

/// What isn't over at a moment, by a field that holds its end or nothing.
pub(super) fn not_over(field: &str, now: Moment) -> Bson {
    Bson::Array(vec![
        Bson::Document(doc! {field: Bson::Null}),
        Bson::Document(doc! {field: {"$gt": date(Some(now))}}),
    ])
}

/// A conversation, and the messages that aren't copied yet.
pub(super) fn conversation(head: &Conversation, tail: &[Message]) -> Result<Document> {
    let keys = head.keys();
    let tail = tail
        .iter()
        .map(|one| bson::serialize_to_document(one).map(Bson::Document))
        .collect::<std::result::Result<Vec<_>, _>>()
        .map_err(unreadable)?;
    let millis = |at: Option<Moment>| at.map(Moment::millis);
    Ok(doc! {
        "_id": head.id.to_string(),
        "version": head.version,
        "person": keys.person,
        "state": keys.state,
        "queueKey": keys.queue_key,
        "counsellor": keys.counsellor,
        "leaseUntil": millis(keys.lease_until),
        "closedAt": millis(keys.closed_at),
        "unanswered": keys.unanswered,
        "outboxDue": millis(keys.outbox_due),
        "outboxDead": keys.outbox_dead,
        "pendingPurge": keys.pending_purge,
        "lastAt": keys.last_at.millis(),
        "erased": head.sealed == Some(Sealed::Erased),
        "body": bson::serialize_to_document(head).map_err(unreadable)?,
        "tail": tail,
    })
}

/// The other way round.
pub(super) fn read_conversation(mut document: Document) -> Result<(Conversation, Vec<Message>)> {
    let tail = read_tail(&mut document)?;
    match document.remove("body") {
        Some(Bson::Document(body)) => {
            let head = bson::deserialize_from_document(body).map_err(unreadable)?;
            Ok((head, tail))
        }
        _ => Err(unreadable("a conversation has no body")),
    }
}

/// The messages of a conversation that may not be copied yet.
pub(super) fn read_tail(document: &mut Document) -> Result<Vec<Message>> {
    let Some(Bson::Array(tail)) = document.remove("tail") else {
        return Ok(Vec::new());
    };
    tail.into_iter()
        .map(|one| match one {
            Bson::Document(body) => bson::deserialize_from_document(body).map_err(unreadable),
            _ => Err(unreadable("a message is no document")),
        })
        .collect()
}

/// The name of a message: copying it twice is copying it once.
fn message_id(id: ConversationId, seq: Seq) -> String {
    format!("{id}:{seq}")
}

pub(super) fn message(id: ConversationId, message: &Message) -> Result<Document> {
    Ok(doc! {
        "_id": message_id(id, message.seq),
        "conversation": id.to_string(),
        "seq": message.seq,
        "key": &message.key,
        "purgeAt": date(message.purge_at),
        "body": bson::serialize_to_document(message).map_err(unreadable)?,
    })
}

pub(super) fn read_message(mut document: Document) -> Result<Message> {
    // The field is what retention moves.
    let purge_at = match document.get("purgeAt") {
        Some(Bson::DateTime(at)) => Some(Moment::from_millis(at.timestamp_millis())),
        _ => None,
    };
    match document.remove("body") {
        Some(Bson::Document(body)) => {
            let mut message: Message = bson::deserialize_from_document(body).map_err(unreadable)?;
            message.purge_at = purge_at;
            Ok(message)
        }
        _ => Err(unreadable("a message has no body")),
    }
}
