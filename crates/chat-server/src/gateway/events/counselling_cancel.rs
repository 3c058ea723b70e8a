//! `counselling:cancel`: leaves the queue.

use futures_util::FutureExt;

use super::{Call, Event, Failure, Needs, Reply};

pub(super) const EVENT: Event = Event {
    name: "counselling:cancel",
    needs: Needs::Visitor,
    run: |call| cancel(call).boxed(),
};

async fn cancel(call: Call) -> Result<Reply, Failure> {
    let id = call.conversation().await?;
    let changed = call.house.store.cancel(id, call.now()).await?;
    Ok(Reply::new()
        .with("state", changed.conversation.state.as_str())
        .changed(changed))
}
