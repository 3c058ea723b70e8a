//! `guest:erase`: forgets a guest and all that he said.

use futures_util::FutureExt;

use super::{Call, Event, Failure, Needs, Reply, Then};
use crate::hub::End;
use crate::store::model::Person;

pub(super) const EVENT: Event = Event {
    name: "guest:erase",
    needs: Needs::Visitor,
    run: |call| erase(call).boxed(),
};

async fn erase(call: Call) -> Result<Reply, Failure> {
    let person = call.person()?;
    if !matches!(person, Person::Guest(_)) {
        // A member's conversation goes with the account, at web-api.
        return Err(Failure::forbidden());
    }
    call.house.store.erase(&person, call.now()).await?;
    Ok(Reply::new().then(Then::EndPerson(person, End::Forgotten)))
}
