//! `console:history {conversationId, before?|after?, limit?}`: what was said. In a conversation of his own the
//! counsellor's socket follows from then on, as a visitor's does after `conversation:open`.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Event, Failure, Needs, Reply, Then};
use crate::hub;
use crate::identity::Staff;
use crate::store::model::{Conversation, ConversationId, Refusal, Seq};
use crate::store::{AccessKind, Span};

const USUAL: i64 = 50;
const MOST: i64 = 100;

pub(super) const EVENT: Event = Event {
    name: "console:history",
    needs: Needs::Staff,
    run: |call| page(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    conversation_id: ConversationId,
    before: Option<Seq>,
    after: Option<Seq>,
    limit: Option<i64>,
}

/// Which messages.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// The last ones.
    Last,
    /// So many of a stretch.
    Some(Span, i64),
}

async fn page(mut call: Call) -> Result<Reply, Failure> {
    let asked: Asked = call.parse()?;
    let limit = asked.limit.unwrap_or(USUAL);
    if !(1..=MOST).contains(&limit) {
        return Err(Failure::invalid(Some("limit")));
    }
    let (wanted, kind) = match (asked.before, asked.after) {
        (None, None) => (Wanted::Last, AccessKind::Opened),
        (None, Some(after)) if after >= 0 => {
            (Wanted::Some(Span::After(after), limit), AccessKind::Opened)
        }
        (Some(before), None) if before >= 1 => {
            (Wanted::Some(Span::Before(before), limit), AccessKind::Read)
        }
        (None, Some(_)) => return Err(Failure::invalid(Some("after"))),
        (Some(_), _) => return Err(Failure::invalid(Some("before"))),
    };
    let (staff, head) = call.readable(asked.conversation_id).await?;
    let follows = head.is_held_by(&staff.id) && asked.before.is_none();
    if follows {
        call.stay(&staff).await?;
        return answer(&call, &staff, head.id, wanted).await;
    }
    call.record(&staff, kind, Some(head.id)).await?;
    let (reply, _) = read(&call, &head, wanted).await?;
    Ok(reply.with("following", false))
}

/// The messages of a conversation that the counsellor holds, and what comes after them as pushes.
pub(super) async fn answer(
    call: &Call,
    staff: &Staff,
    id: ConversationId,
    wanted: Wanted,
) -> Result<Reply, Failure> {
    call.record(staff, AccessKind::Opened, Some(id)).await?;
    // First it follows, then it is read: what is said in between waits for the answer.
    let (hub, key) = (&call.house.hub, call.session.key);
    hub.join(key, id);
    match follow(call, staff, id, wanted).await {
        Ok(reply) => Ok(reply),
        Err(failure) => {
            hub.leave(key, id);
            Err(failure)
        }
    }
}

async fn follow(
    call: &Call,
    staff: &Staff,
    id: ConversationId,
    wanted: Wanted,
) -> Result<Reply, Failure> {
    let head = call.house.store.conversation(id).await?;
    let head = head.ok_or(Refusal::NoConversation)?;
    // Given away before it followed.
    if !head.is_held_by(&staff.id) {
        return Err(Refusal::NotYours.into());
    }
    let (reply, told) = read(call, &head, wanted).await?;
    call.house.console.follows(call.session.key, id);
    Ok(reply
        .with("following", true)
        .then(Then::Release(Box::new(head), told)))
}

/// The answer, and up to which message it tells.
async fn read(call: &Call, head: &Conversation, wanted: Wanted) -> Result<(Reply, Seq), Failure> {
    let (span, limit) = match wanted {
        Wanted::Last => (Span::Before(head.last_seq.saturating_add(1)), USUAL),
        Wanted::Some(span, limit) => (span, limit),
    };
    let store = &call.house.store;
    let replay = store.replay(head, span, limit, call.now()).await?;
    let last = replay.messages.last().map(|message| message.seq);
    let full = i64::try_from(replay.messages.len()).unwrap_or(i64::MAX) >= limit;
    let on = matches!(span, Span::After(_));
    let has_more = on && full && last < Some(replay.last_seq);
    let told = if has_more {
        head.last_seq
    } else {
        replay.last_seq
    };
    let messages: Vec<Value> = replay
        .messages
        .iter()
        .map(hub::staff_message_view)
        .collect();
    let reply = Reply::new()
        .with("conversation", Value::Object(hub::summary_view(head)))
        .with("messages", messages)
        .with("notes", hub::notes_view(head))
        .with("firstSeq", replay.first_seq)
        .with("lastSeq", replay.last_seq)
        .with("hasMore", has_more);
    Ok((reply, told))
}
