//! `message:send {clientMessageId, text}`: stored, then acknowledged, then told to the others and answered.

use futures_util::FutureExt;

use super::{Call, Event, Failure, Needs, Reply, Then, Written};
use crate::gateway::answering::Question;
use crate::hub;
use crate::store::model::Changed;

pub(super) const EVENT: Event = Event {
    name: "message:send",
    needs: Needs::Visitor,
    run: |call| send(call).boxed(),
};

async fn send(mut call: Call) -> Result<Reply, Failure> {
    let written: Written = call.parse()?;
    let draft = written.draft(call.now())?;
    call.count_message()?;
    let id = call.conversation().await?;
    call.session.set_sending(Some(draft.key()));
    let changed = call.house.store.say(id, draft).await?;
    Ok(told(changed))
}

/// The answer to a stored message, and what follows.
pub(super) fn told(changed: Changed) -> Reply {
    let Some(message) = changed.message.clone() else {
        return Reply::new().changed(changed);
    };
    // The same again: only a message that nothing follows may still lack its answer.
    let asks = !changed.repeated || message.seq == changed.conversation.last_seq;
    let head = Box::new(changed.conversation.clone());
    let reply = Reply::new()
        .with("message", hub::message_view(&message))
        .changed(changed);
    if !asks {
        return reply;
    }
    reply.then(Then::Ask(Question {
        head,
        message: Box::new(message),
    }))
}
