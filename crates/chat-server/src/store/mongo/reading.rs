//! Conversations and messages, read.

use std::collections::{BTreeMap, HashMap};

use mongodb::bson::{Bson, Document, doc};

use super::Connection;
use super::conversations::by_id;
use super::documents::{not_over, read_conversation, read_message, read_tail};
use crate::store::engine::{Span, Which};
use crate::store::error::StoreError;
use crate::store::model::{Conversation, ConversationId, Message, Moment};

type Result<T> = std::result::Result<T, StoreError>;

impl Connection {
    pub(super) async fn find(&self, filter: Document) -> Result<Option<Conversation>> {
        let found = self.conversations.find_one(filter).await?;
        Ok(found
            .map(read_conversation)
            .transpose()?
            .map(|(head, _)| head))
    }

    pub(super) async fn versions(
        &self,
        ids: &[ConversationId],
    ) -> Result<HashMap<ConversationId, i64>> {
        let names: Vec<String> = ids.iter().map(ToString::to_string).collect();
        let query = self.conversations.find(doc! {"_id": {"$in": names}});
        let mut cursor = query.projection(doc! {"version": 1}).await?;
        let mut known = HashMap::with_capacity(ids.len());
        while cursor.advance().await? {
            let found = cursor.deserialize_current()?;
            let unreadable = |error| StoreError::Unreadable(Box::new(error));
            let id = found.get_str("_id").map_err(unreadable)?;
            let version = found.get_i64("version").map_err(unreadable)?;
            if let Ok(id) = id.parse() {
                known.insert(id, version);
            }
        }
        Ok(known)
    }

    pub(super) async fn list(&self, which: Which, limit: i64) -> Result<Vec<Conversation>> {
        let until = |at: Moment| doc! {"$lte": at.millis(), "$ne": Bson::Null};
        let (filter, order) = match which {
            Which::Waiting => (
                doc! {"queueKey": {"$ne": Bson::Null}},
                doc! {"queueKey": 1, "_id": 1},
            ),
            Which::HeldBy(staff) => (
                doc! {"counsellor": String::from(staff)},
                doc! {"lastAt": 1, "_id": 1},
            ),
            Which::Closed => (
                doc! {"closedAt": {"$ne": Bson::Null}},
                doc! {"closedAt": -1, "_id": 1},
            ),
            Which::Unanswered => (doc! {"unanswered": true}, doc! {"lastAt": 1, "_id": 1}),
            Which::LeaseOut(at) => (
                doc! {"leaseUntil": until(at)},
                doc! {"leaseUntil": 1, "_id": 1},
            ),
            Which::QuietSince(at) => (
                doc! {"state": "live", "lastAt": {"$lte": at.millis()}, "body.last_from": "counsellor"},
                doc! {"lastAt": 1, "_id": 1},
            ),
            Which::DeliveryDue(at) => (
                doc! {"outboxDue": until(at)},
                doc! {"outboxDue": 1, "_id": 1},
            ),
            Which::DeadLetters => (doc! {"outboxDead": true}, doc! {"lastAt": 1, "_id": 1}),
            Which::Sealed => (doc! {"state": "sealed"}, doc! {"lastAt": 1, "_id": 1}),
            Which::PendingPurge => (doc! {"pendingPurge": true}, doc! {"lastAt": 1, "_id": 1}),
        };
        let found = self.conversations.find(filter).sort(order).limit(limit);
        let mut cursor = found.await?;
        let mut heads = Vec::new();
        while cursor.advance().await? {
            heads.push(read_conversation(cursor.deserialize_current()?)?.0);
        }
        Ok(heads)
    }

    pub(super) async fn queue(&self, place: Option<(i64, ConversationId)>) -> Result<(i64, i64)> {
        let count = async |filter: Document| -> Result<i64> {
            let count = self.conversations.count_documents(filter).await?;
            Ok(i64::try_from(count).unwrap_or(i64::MAX))
        };
        let before = match place {
            None => 0,
            Some((key, id)) => {
                let earlier = doc! {"queueKey": {"$lt": key, "$ne": Bson::Null}};
                let beside = doc! {"queueKey": key, "_id": {"$lt": id.to_string()}};
                count(earlier).await?.saturating_add(count(beside).await?)
            }
        };
        Ok((before, count(doc! {"queueKey": {"$ne": Bson::Null}}).await?))
    }

    pub(super) async fn messages(
        &self,
        id: ConversationId,
        span: Span,
        limit: i64,
        now: Moment,
    ) -> Result<Vec<Message>> {
        // The conversation first: what is copied after that is found in the collection.
        let head = self.conversations.find_one(by_id(id)).await?;
        let Some(mut head) = head else {
            return Ok(Vec::new());
        };
        let tail = read_tail(&mut head)?;
        let (range, order) = match span {
            Span::After(seq) => (doc! {"$gt": seq}, 1),
            Span::Before(seq) => (doc! {"$lt": seq}, -1),
        };
        let filter = doc! {
            "conversation": id.to_string(),
            "seq": range,
            "$or": not_over("purgeAt", now),
        };
        let query = self.messages.find(filter).sort(doc! {"seq": order});
        let mut cursor = query.limit(limit).await?;
        let mut found = BTreeMap::new();
        while cursor.advance().await? {
            let message = read_message(cursor.deserialize_current()?)?;
            found.insert(message.seq, message);
        }
        for message in tail {
            let asked = match span {
                Span::After(seq) => message.seq > seq,
                Span::Before(seq) => message.seq < seq,
            };
            if asked && message.purge_at.is_none_or(|at| at > now) {
                found.entry(message.seq).or_insert(message);
            }
        }
        Ok(cut(found, span, limit))
    }
}

/// The first, or the last, of what was found.
fn cut(found: BTreeMap<i64, Message>, span: Span, limit: i64) -> Vec<Message> {
    let limit = usize::try_from(limit).unwrap_or(0);
    let skip = match span {
        Span::After(_) => 0,
        Span::Before(_) => found.len().saturating_sub(limit),
    };
    found.into_values().skip(skip).take(limit).collect()
}
