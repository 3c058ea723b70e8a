//! `guest:merge {guestToken, agree}`: what was said as a guest joins the member's conversation.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::Value;

use super::{Call, Event, Failure, Needs, Reply, Then};
use crate::hub::End;
use crate::identity::{DoorError, GuestToken};
use crate::store::ChangeError;
use crate::store::model::{Changed, Person};

pub(super) const EVENT: Event = Event {
    name: "guest:merge",
    needs: Needs::Visitor,
    run: |call| merge(call).boxed(),
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Brought {
    guest_token: String,
    agree: bool,
}

async fn merge(mut call: Call) -> Result<Reply, Failure> {
    let Brought { guest_token, agree } = call.parse()?;
    let Person::Member(member) = call.person()? else {
        return Err(Failure::forbidden());
    };
    if !agree {
        return Err(Failure::new(
            "not_agreed",
            "비회원 대화를 옮기려면 동의가 필요해요.",
        ));
    }
    let invalid = || super::auth_renew::refused(DoorError::Invalid);
    let token: GuestToken = guest_token.parse().map_err(|_| invalid())?;
    let (store, now, hash) = (&call.house.store, call.now(), token.hash());
    let Some(guest) = store.guest(hash, now).await? else {
        if !store.was_joined(hash, &member, now).await? {
            return Err(invalid());
        }
        // Done, and the answer was lost: the same once more.
        let own = store.conversation_of(&Person::Member(member)).await?;
        let last_seq = own.map_or(Value::Null, |own| own.last_seq.into());
        return Ok(Reply::new().with("lastSeq", last_seq));
    };
    // Before the token becomes useless.
    store.note_joined(hash, &member, now).await?;
    let merged = match store.merge(guest.id, member.clone(), now).await {
        Err(ChangeError::Refused(refusal)) => {
            store.forget_joined(hash, &member).await?;
            return Err(refusal.into());
        }
        merged => merged?,
    };
    let ended = Then::EndPerson(Person::Guest(guest.id), End::Forgotten);
    let Some(conversation) = merged else {
        return Ok(Reply::new().with("lastSeq", Value::Null).then(ended));
    };
    let last_seq = conversation.last_seq;
    // Its new messages are a hole to those who follow, and are read for them.
    let changed = Changed {
        conversation,
        message: None,
        repeated: false,
        delivery: None,
    };
    Ok(Reply::new()
        .with("lastSeq", last_seq)
        .changed(changed)
        .then(ended))
}
