//! `counselling:end`: the visitor ends the counselling.

use futures_util::FutureExt;

use super::{Call, Event, Failure, Needs, Reply};
use crate::store::model::Closer;

pub(super) const EVENT: Event = Event {
    name: "counselling:end",
    needs: Needs::Visitor,
    run: |call| end(call).boxed(),
};

async fn end(call: Call) -> Result<Reply, Failure> {
    let id = call.conversation().await?;
    let ended = call.house.store.end(id, Closer::Visitor, call.now()).await;
    let changed = ended?;
    Ok(Reply::new()
        .with("state", changed.conversation.state.as_str())
        .changed(changed))
}
