//! `console:read {conversationId, seq}`: how far the counsellor has read.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};
use crate::store::model::{ConversationId, Seq, Side};

pub(super) const EVENT: Event = Event {
    name: "console:read",
    needs: Needs::Staff,
    run: |call| read(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Read {
    conversation_id: ConversationId,
    seq: Seq,
}

async fn read(mut call: Call) -> Result<Reply, Failure> {
    let Read {
        conversation_id,
        seq,
    } = call.parse()?;
    if seq < 0 {
        return Err(Failure::invalid(Some("seq")));
    }
    let (_, head) = call.held(conversation_id).await?;
    let changed = call.house.store.read(head.id, Side::Staff, seq).await?;
    Ok(Reply::new()
        .with("seq", changed.conversation.staff_read)
        .changed(changed))
}
