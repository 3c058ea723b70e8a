//! `console:close {conversationId}`: ends a counselling.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};
use crate::store::AccessKind;
use crate::store::model::{Closer, ConversationId, Refusal, State};

pub(super) const EVENT: Event = Event {
    name: "console:close",
    needs: Needs::Staff,
    run: |call| close(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    conversation_id: ConversationId,
}

async fn close(mut call: Call) -> Result<Reply, Failure> {
    let Asked { conversation_id } = call.parse()?;
    let (staff, head) = call.found(conversation_id).await?;
    let own = head
        .counsellor
        .as_ref()
        .is_some_and(|one| one.id == staff.id);
    // Closed by him before, or by the visitor meanwhile: it is as he wants it.
    if !own || !matches!(head.state, State::Live | State::Closed) {
        return Err(Refusal::NotYours.into());
    }
    call.record(&staff, AccessKind::Changed, Some(head.id))
        .await?;
    let closer = Closer::Counsellor(staff.id);
    let changed = call.house.store.end(head.id, closer, call.now()).await?;
    Ok(Reply::new().changed(changed))
}
