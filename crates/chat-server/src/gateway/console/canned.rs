//! `console:canned`: replies to choose from. The page puts them into its text; nothing is sent.

use futures_util::FutureExt;
use serde_json::{Value, json};

use super::{Call, Event, Failure, Needs, Reply};

pub(super) const EVENT: Event = Event {
    name: "console:canned",
    needs: Needs::Staff,
    run: |call| canned(call).boxed(),
};

async fn canned(call: Call) -> Result<Reply, Failure> {
    Ok(Reply::new().with("replies", replies(&call).await?))
}

/// All of them, by name.
pub(super) async fn replies(call: &Call) -> Result<Vec<Value>, Failure> {
    let replies = call.house.store.canned(call.now()).await?;
    let view = |one: &crate::store::CannedReply| json!({"id": one.id, "title": one.title, "text": one.text.as_str()});
    Ok(replies.iter().map(view).collect())
}
