//! `counselling:request {topic?}`: joins the queue for a counsellor, in opening hours.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};
use crate::hub;
use crate::store::model::State;

pub(super) const EVENT: Event = Event {
    name: "counselling:request",
    needs: Needs::Visitor,
    run: |call| request(call).boxed(),
};

#[derive(Deserialize)]
struct Asked {
    topic: Option<String>,
}

async fn request(mut call: Call) -> Result<Reply, Failure> {
    let Asked { topic } = call.parse()?;
    let topic = super::topic(topic.as_deref())?;
    let head = call.head().await?;
    let opening = call.house.answers.opening(call.house.clock.now());
    // Who waits already keeps his place when the day ends.
    if !opening.open && head.state != State::Waiting {
        let hours = super::conversation_open::hours(&call);
        let text = "지금은 상담 시간이 아니에요. 메시지를 남겨 주시면 상담사가 확인해요.";
        return Err(Failure::new("closed", text).with("hours", hours));
    }
    let store = &call.house.store;
    let changed = store.request(head.id, topic, call.now()).await?;
    let mut reply = Reply::new().with("state", changed.conversation.state.as_str());
    if let Some(place) = store.place(&changed.conversation).await? {
        let wait = call.house.answers.expected_wait_seconds(place.position);
        reply = reply.with_all(hub::place_view(place, wait));
    }
    Ok(reply.changed(changed))
}
