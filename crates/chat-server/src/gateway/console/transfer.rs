//! `console:transfer {conversationId, to}`: hands a conversation to a counsellor who is there and takes some.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::json;

use super::{Call, Event, Failure, Needs, Reply};
use crate::store::model::{ConversationId, Person, StaffId};
use crate::store::{AccessKind, Colleague};

pub(super) const EVENT: Event = Event {
    name: "console:transfer",
    needs: Needs::Staff,
    run: |call| transfer(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Asked {
    conversation_id: ConversationId,
    to: StaffId,
}

async fn transfer(mut call: Call) -> Result<Reply, Failure> {
    let Asked {
        conversation_id,
        to,
    } = call.parse()?;
    let (staff, head) = call.held(conversation_id).await?;
    if to == staff.id {
        return Err(Failure::invalid(Some("to")));
    }
    let store = &call.house.store;
    let all = store.colleagues(call.now()).await?;
    let is_there = |one: &Colleague| one.counsellor.id == to && one.available;
    let colleague = all.into_iter().find(is_there).ok_or_else(|| {
        let text = "지금 자리에 있는 상담사에게만 넘길 수 있어요.";
        Failure::new("not_present", text)
    })?;
    let himself = match &head.person {
        Some(Person::Member(user)) => to.as_str().strip_prefix("u:") == Some(user.as_str()),
        Some(Person::Guest(_)) | None => false,
    };
    if himself {
        let text = "상담을 받는 분에게는 넘길 수 없어요.";
        return Err(Failure::new("own_conversation", text));
    }
    call.record(&staff, AccessKind::Changed, Some(head.id))
        .await?;
    let to = colleague.counsellor;
    let told = json!({"id": to.id, "name": to.name, "pharmacist": to.pharmacist});
    let lease = call.house.console.lease();
    let changed = store.transfer(head.id, staff.id, to, lease, call.now());
    Ok(Reply::new().with("to", told).changed(changed.await?))
}
