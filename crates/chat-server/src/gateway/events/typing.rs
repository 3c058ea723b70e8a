//! `typing {on}`: shown to the other side, stored nowhere.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::json;

use super::{Call, Event, Failure, Needs, Reply};

pub(super) const EVENT: Event = Event {
    name: "typing",
    needs: Needs::Visitor,
    run: |call| typing(call).boxed(),
};

#[derive(Deserialize)]
struct Typing {
    on: bool,
}

async fn typing(mut call: Call) -> Result<Reply, Failure> {
    let Typing { on } = call.parse()?;
    let id = call.conversation().await?;
    let data = json!({"from": "visitor", "on": on});
    call.house.hub.show(id, call.session.key, "typing", &data);
    Ok(Reply::new())
}
