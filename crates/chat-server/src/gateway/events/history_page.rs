//! `history:page {before, limit}`: older messages.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Event, Failure, Needs, Reply};
use crate::hub;
use crate::store::Span;
use crate::store::model::Seq;

const USUAL: i64 = 50;
const MOST: i64 = 100;

pub(super) const EVENT: Event = Event {
    name: "history:page",
    needs: Needs::Visitor,
    run: |call| page(call).boxed(),
};

#[derive(Deserialize)]
struct Asked {
    before: Seq,
    limit: Option<i64>,
}

async fn page(mut call: Call) -> Result<Reply, Failure> {
    let Asked { before, limit } = call.parse()?;
    let limit = limit.unwrap_or(USUAL);
    if before < 1 {
        return Err(Failure::invalid(Some("before")));
    }
    if !(1..=MOST).contains(&limit) {
        return Err(Failure::invalid(Some("limit")));
    }
    let head = call.head().await?;
    let store = &call.house.store;
    let replay = store.replay(&head, Span::Before(before), limit, call.now());
    let replay = replay.await?;
    let messages: Vec<Value> = replay.messages.iter().map(hub::message_view).collect();
    Ok(Reply::new()
        .with("messages", messages)
        .with("firstSeq", replay.first_seq))
}
