//! `message:leave {clientMessageId, text, topic?}`: kept for the counsellors until one has answered.

use futures_util::FutureExt;

use super::{Call, Event, Failure, Needs, Reply, Then, Written};
use crate::gateway::answering::Question;
use crate::hub;

pub(super) const EVENT: Event = Event {
    name: "message:leave",
    needs: Needs::Visitor,
    run: |call| leave(call).boxed(),
};

async fn leave(mut call: Call) -> Result<Reply, Failure> {
    let written: Written = call.parse()?;
    let draft = written.draft(call.now())?;
    let topic = written.topic()?;
    call.count_message()?;
    let id = call.conversation().await?;
    call.session.set_sending(Some(draft.key()));
    let changed = call.house.store.leave(id, draft, topic).await?;
    let Some(message) = changed.message.clone() else {
        return Ok(Reply::new().changed(changed));
    };
    // It is for people: the bot says nothing to it, but an emergency is never left for later.
    let mut head = changed.conversation.clone();
    head.state = crate::store::model::State::Waiting;
    let question = Question {
        head: Box::new(head),
        message: Box::new(message.clone()),
    };
    Ok(Reply::new()
        .with("message", hub::message_view(&message))
        .with("hours", super::conversation_open::hours(&call))
        .changed(changed)
        .then(Then::Ask(question)))
}
