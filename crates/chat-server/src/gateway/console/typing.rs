//! `console:typing {conversationId, on}`: shown to the visitor, stored nowhere.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::json;

use super::{Call, Event, Failure, Needs, Reply};
use crate::store::model::ConversationId;

pub(super) const EVENT: Event = Event {
    name: "console:typing",
    needs: Needs::Staff,
    run: |call| typing(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Typing {
    conversation_id: ConversationId,
    on: bool,
}

async fn typing(mut call: Call) -> Result<Reply, Failure> {
    let Typing {
        conversation_id,
        on,
    } = call.parse()?;
    let (_, head) = call.held(conversation_id).await?;
    let data = json!({"from": "counsellor", "on": on});
    call.house
        .hub
        .show(head.id, call.session.key, "typing", &data);
    Ok(Reply::new())
}
