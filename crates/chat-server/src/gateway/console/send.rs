//! `console:send {conversationId, clientMessageId, text}`: stored, then acknowledged, then told to the visitor.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};
use crate::gateway::events;
use crate::hub;
use crate::store::model::{Author, ClientMessageId, ConversationId, Draft};

pub(super) const EVENT: Event = Event {
    name: "console:send",
    needs: Needs::Staff,
    run: |call| send(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    conversation_id: ConversationId,
    client_message_id: String,
    text: String,
}

async fn send(mut call: Call) -> Result<Reply, Failure> {
    let written: Written = call.parse()?;
    let name = written.client_message_id.parse::<ClientMessageId>();
    let name = name.map_err(|_| Failure::invalid(Some("clientMessageId")))?;
    let text = events::text(&written.text)?;
    let id = written.conversation_id;
    // Not `held`: what he sent before he gave it away is answered as it was. The store lets nobody else speak.
    let (staff, _) = call.found(id).await?;
    call.count_message_in(id)?;
    let draft = Draft::new(Author::Counsellor(staff.id), name, text, call.now());
    call.session.set_sending(Some(draft.key()));
    let changed = call.house.store.say(id, draft).await?;
    let message = changed.message.as_ref().map(hub::staff_message_view);
    let message = message.ok_or_else(Failure::internal)?;
    Ok(Reply::new().with("message", message).changed(changed))
}
