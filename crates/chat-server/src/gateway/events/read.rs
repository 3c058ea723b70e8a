//! `read {seq}`: how far the visitor has read.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};
use crate::store::model::{Seq, Side};

pub(super) const EVENT: Event = Event {
    name: "read",
    needs: Needs::Visitor,
    run: |call| read(call).boxed(),
};

#[derive(Deserialize)]
struct Read {
    seq: Seq,
}

async fn read(mut call: Call) -> Result<Reply, Failure> {
    let Read { seq } = call.parse()?;
    if seq < 0 {
        return Err(Failure::invalid(Some("seq")));
    }
    let id = call.conversation().await?;
    let changed = call.house.store.read(id, Side::Visitor, seq).await?;
    Ok(Reply::new()
        .with("seq", changed.conversation.visitor_read)
        .changed(changed))
}
