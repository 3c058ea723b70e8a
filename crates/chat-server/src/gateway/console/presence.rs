//! `console:presence {available}`: whether the counsellor takes conversations.

use futures_util::FutureExt;
use serde::Deserialize;

use super::{Call, Event, Failure, Needs, Reply};

pub(super) const EVENT: Event = Event {
    name: "console:presence",
    needs: Needs::Staff,
    run: |call| presence(call).boxed(),
};

#[derive(Deserialize)]
struct Said {
    available: bool,
}

async fn presence(mut call: Call) -> Result<Reply, Failure> {
    let Said { available } = call.parse()?;
    let staff = call.staff()?;
    call.stay(&staff).await?;
    let console = &call.house.console;
    let own = console.set_available(&staff.id, available, call.now());
    let own = own.ok_or_else(Failure::internal)?;
    console.beat(&call.house.store, &own, call.now()).await?;
    console.moved();
    Ok(Reply::new().with("available", own.available))
}
