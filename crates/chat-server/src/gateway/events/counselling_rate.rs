//! `counselling:rate {score, comment?}`: what the visitor says of the last counselling, once.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};
use crate::store::model::{Comment, Rating};

pub(super) const EVENT: Event = Event {
    name: "counselling:rate",
    needs: Needs::Visitor,
    run: |call| rate(call).boxed(),
};

#[derive(Deserialize)]
struct Said {
    score: u8,
    comment: Option<String>,
}

async fn rate(mut call: Call) -> Result<Reply, Failure> {
    let said: Said = call.parse()?;
    let comment = said.comment.as_deref().map(str::trim);
    let comment = comment.filter(|comment| !comment.is_empty());
    let comment = comment.map(str::parse::<Comment>).transpose();
    let comment = comment.map_err(|_| Failure::invalid(Some("comment")))?;
    let head = call.head().await?;
    let rating = Rating {
        episode: head.episode,
        score: said.score,
        comment,
        at: call.now(),
    };
    let changed = call.house.store.rate(head.id, rating).await?;
    Ok(Reply::new().changed(changed))
}
