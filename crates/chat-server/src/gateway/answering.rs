//! The bot's side of a conversation: what is said to a message, after the visitor has his acknowledgement.
//!
//! An answer's name is made of the message's, so that a message is answered once however often it is sent. A crash
//! between the two is healed when the message is sent again, or when the conversation is opened.

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::mpsc;

use super::House;
use crate::store::model::{
    Author, ClientMessageId, Conversation, ConversationId, Message, Moment, Speaker, State,
};
use crate::store::{ChangeError, Span};

/// Messages of one socket that wait for an answer.
const QUEUE: usize = 64;
/// Messages that are looked at when a conversation is opened.
const LOOK_BACK: i64 = 20;

/// A message that may want an answer, and the conversation right after it.
pub(crate) struct Question {
    pub(crate) head: Box<Conversation>,
    pub(crate) message: Box<Message>,
}

/// Opens a queue of questions, answered one after the other. What is in it is answered even when the socket is gone.
pub(super) fn open(house: &Arc<House>) -> mpsc::Sender<Question> {
    let (questions, mut queue) = mpsc::channel::<Question>(QUEUE);
    let house = Arc::clone(house);
    tokio::spawn(async move {
        while let Some(question) = queue.recv().await {
            if let Err(error) = answer(&house, &question).await {
                // Told by the store's watch, and healed when the conversation is opened.
                tracing::debug!(%error, "the bot's answer can't be stored");
            }
        }
    });
    questions
}

/// Answers a message: an emergency first, in any state, then the bot, where it is its turn.
async fn answer(house: &House, question: &Question) -> Result<(), ChangeError> {
    let (head, message) = (&question.head, &question.message);
    if message.from != Speaker::Visitor {
        return Ok(());
    }
    let text = message.text.as_str();
    let now = house.clock.now();
    let at = Moment::from(now);
    if let (Some(said), Some(id)) = (house.answers.emergency(text), named("sos", message)) {
        let said = house.store.say(head.id, said.by(Author::System, id, at));
        house.hub.changed(&said.await?);
    }
    if head.state != State::Bot {
        return Ok(());
    }
    let turn = head.bot_turn;
    if let (Some(said), Some(id)) = (house.answers.answer(text, head, now), named("re", message)) {
        let said = said.by(Author::Bot { turn }, id, at);
        match house.store.say(head.id, said).await {
            Ok(changed) => house.hub.changed(&changed),
            // A counsellor was asked for or came meanwhile: the bot is silent.
            Err(ChangeError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The name of what is said to a message.
fn named(kind: &str, message: &Message) -> Option<ClientMessageId> {
    format!("{kind}-{}", message.id).parse().ok()
}

/// Messages that were stored and not answered: the server died in between.
pub(super) async fn unanswered(
    house: &House,
    head: &Conversation,
) -> Result<Vec<Message>, ChangeError> {
    let idle = head.last_from != Some(Speaker::Visitor) && head.state != State::Bot;
    let recent = Moment::from(house.clock.now()).plus(-TimeDelta::minutes(10));
    if idle || head.last_at < recent {
        return Ok(Vec::new());
    }
    last_unanswered(house, head.id, head, recent).await
}

async fn last_unanswered(
    house: &House,
    id: ConversationId,
    head: &Conversation,
    recent: Moment,
) -> Result<Vec<Message>, ChangeError> {
    let now = Moment::from(house.clock.now());
    let span = Span::Before(head.last_seq.saturating_add(1));
    let last = house.store.replay(head, span, LOOK_BACK, now).await?;
    tracing::trace!(%id, "looking for messages without an answer");
    let answered = |message: &Message| {
        ["sos", "re"].into_iter().any(|kind| {
            let keys = named(kind, message)
                .map(|id| [format!("b/{}", id.as_str()), format!("s/{}", id.as_str())]);
            keys.is_some_and(|keys| last.messages.iter().any(|one| keys.contains(&one.key)))
        })
    };
    // What a counsellor has answered is answered.
    let by_person = last
        .messages
        .iter()
        .rev()
        .find(|message| message.from == Speaker::Counsellor)
        .map_or(0, |message| message.seq);
    let waits = |message: &&Message| {
        message.from == Speaker::Visitor
            && message.seq > by_person
            && message.sent_at >= recent
            && !answered(message)
    };
    Ok(last.messages.iter().filter(waits).cloned().collect())
}
