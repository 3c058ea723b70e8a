//! `console:open`: everything that a console begins with; from now on its changes are pushed.

use futures_util::FutureExt;
use serde_json::Value;

use super::{Call, Event, Failure, Needs, Reply, Then};
use crate::hub;
use crate::identity::Staff;
use crate::store::{AccessKind, MOST_ROWS, Which};

/// Most counsellings that are shown as recently closed.
const CLOSED: usize = 50;

pub(super) const EVENT: Event = Event {
    name: "console:open",
    needs: Needs::Staff,
    run: |call| open(call).boxed(),
};

async fn open(call: Call) -> Result<Reply, Failure> {
    let staff = call.staff()?;
    call.record(&staff, AccessKind::Searched, None).await?;
    call.enter(&staff).await?;
    let store = &call.house.store;
    let looked = call.house.console.look(store, &staff.id, call.now());
    let (shown, mine) = looked.await?;
    let mine: Vec<Value> = mine
        .iter()
        .map(|head| Value::Object(hub::summary_view(head)))
        .collect();
    let you = serde_json::json!({
        "id": staff.id,
        "name": staff.name,
        "pharmacist": staff.pharmacist,
        "admin": staff.admin,
    });
    let mut reply = Reply::new()
        .with("you", you)
        .with("mine", mine)
        .with("closed", closed(&call, &staff).await?)
        .with("canned", super::canned::replies(&call).await?);
    for part in [&shown.queue, &shown.colleagues] {
        if let Value::Object(fields) = part {
            reply = reply.with_all(fields.clone());
        }
    }
    Ok(reply.then(Then::Console(Box::new(shown))))
}

/// What this counsellor (an admin: anybody) has counselled last, the latest first.
async fn closed(call: &Call, staff: &Staff) -> Result<Vec<Value>, Failure> {
    let closed = call.house.store.conversations(Which::Closed, MOST_ROWS);
    let closed = closed.await?;
    let readable = closed.iter().filter(|head| super::may_read(head, staff));
    let views = readable.map(|head| Value::Object(hub::summary_view(head)));
    Ok(views.take(CLOSED).collect())
}
