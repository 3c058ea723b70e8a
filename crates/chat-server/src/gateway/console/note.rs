//! `console:note {conversationId, id, text}`: a note among counsellors, written once. No visitor ever gets it.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::json;

use super::{Call, Event, Failure, Needs, Reply};
use crate::gateway::events;
use crate::hub;
use crate::store::AccessKind;
use crate::store::model::{ClientMessageId, Comment, ConversationId, Note};

pub(super) const EVENT: Event = Event {
    name: "console:note",
    needs: Needs::Staff,
    run: |call| note(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    conversation_id: ConversationId,
    id: String,
    text: String,
}

async fn note(mut call: Call) -> Result<Reply, Failure> {
    let written: Written = call.parse()?;
    let id = written.id.parse::<ClientMessageId>();
    let id = id.map_err(|_| Failure::invalid(Some("id")))?;
    let text = events::text(&written.text)?;
    let text = text.as_str().parse::<Comment>();
    let text =
        text.map_err(|_| Failure::new("text_too_long", "메모는 1,000자까지 쓸 수 있어요."))?;
    let (staff, head) = call.readable(written.conversation_id).await?;
    call.record(&staff, AccessKind::Changed, Some(head.id))
        .await?;
    let note = Note {
        id: id.clone(),
        by: staff.id.clone(),
        text,
        at: call.now(),
    };
    let changed = call.house.store.note(head.id, note).await?;
    let notes = &changed.conversation.notes;
    let stored = notes.iter().find(|one| one.id == id && one.by == staff.id);
    let stored = stored.ok_or_else(Failure::internal)?;
    let view = json!({
        "id": stored.id,
        "by": stored.by,
        "text": stored.text.as_str(),
        "at": hub::time(stored.at),
    });
    Ok(Reply::new().with("note", view).changed(changed))
}
