//! `console:claim {conversationId}`: takes a conversation that waits, or to which something was left. One wins; the
//! others are told who. The bot is silent from this step on.

use futures_util::FutureExt;
use serde::Deserialize;

use super::history::{self, Wanted};
use super::{Call, Event, Failure, Needs, Reply};
use crate::store::AccessKind;
use crate::store::model::ConversationId;

pub(super) const EVENT: Event = Event {
    name: "console:claim",
    needs: Needs::Staff,
    run: |call| claim(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    conversation_id: ConversationId,
}

async fn claim(mut call: Call) -> Result<Reply, Failure> {
    let Asked { conversation_id } = call.parse()?;
    let (staff, head) = call.found(conversation_id).await?;
    call.record(&staff, AccessKind::Changed, Some(head.id))
        .await?;
    call.stay(&staff).await?;
    let lease = call.house.console.lease();
    let store = &call.house.store;
    let claimed = store.claim(head.id, staff.counsellor(), lease, call.now());
    let changed = claimed.await?;
    // It is his from here on, whatever becomes of the answer: who asks again gets one.
    match history::answer(&call, &staff, head.id, Wanted::Last).await {
        Ok(reply) => Ok(reply.changed(changed)),
        Err(failure) => {
            call.house.hub.changed(&changed);
            Err(failure)
        }
    }
}
