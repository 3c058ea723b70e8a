//! `conversation:open {after?}`: the conversation as it is, and what the client lacks of it.

use futures_util::FutureExt;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{Call, Event, Failure, Needs, Reply, Then};
use crate::gateway::answering::{self, Question};
use crate::hub;
use crate::store::Span;
use crate::store::model::{Author, Conversation, Person, Refusal, Seq, State};

/// Messages of one answer; a client that lacks more asks again.
const PAGE: i64 = 100;
/// Messages that a client gets which has none.
const LAST: i64 = 50;

pub(super) const EVENT: Event = Event {
    name: "conversation:open",
    needs: Needs::Visitor,
    run: |call| open(call).boxed(),
};

#[derive(Deserialize)]
struct Asked {
    after: Option<Seq>,
}

async fn open(mut call: Call) -> Result<Reply, Failure> {
    let Asked { after } = call.parse()?;
    if after.is_some_and(|after| after < 0) {
        return Err(Failure::invalid(Some("after")));
    }
    let token = keep_guest(&mut call).await?;
    let person = call.person()?;
    let head = call.house.store.open_conversation(person, call.now());
    let head = head.await?;
    if head.sealed.is_some() {
        return Err(Refusal::NoConversation.into());
    }
    call.session.set_conversation(Some(head.id));
    greet(&call, &head).await?;
    // First it follows, then it is read: what is said in between waits for the answer.
    call.house.hub.join(call.session.key, head.id);
    match answer(&call, &head, after).await {
        Ok(reply) => Ok(match token {
            Some(token) => reply.with("guestToken", token),
            None => reply,
        }),
        Err(failure) => {
            call.house.hub.leave(call.session.key, head.id);
            Err(failure)
        }
    }
}

async fn answer(call: &Call, head: &Conversation, after: Option<Seq>) -> Result<Reply, Failure> {
    let store = &call.house.store;
    let head = store.conversation(head.id).await?;
    let head = head.ok_or(Refusal::NoConversation)?;
    let (span, limit) = match after {
        Some(after) => (Span::After(after), PAGE),
        None => (Span::Before(head.last_seq.saturating_add(1)), LAST),
    };
    let replay = store.replay(&head, span, limit, call.now()).await?;
    let last = replay.messages.last().map(|message| message.seq);
    let full = i64::try_from(replay.messages.len()).unwrap_or(i64::MAX) >= limit;
    let has_more = after.is_some() && full && last < Some(replay.last_seq);
    // What was said while it was read is in the answer already, unless it is on a later page.
    let told = if has_more {
        head.last_seq
    } else {
        replay.last_seq
    };
    let place = match store.place(&head).await? {
        Some(place) => {
            let wait = call.house.answers.expected_wait_seconds(place.position);
            Some((place, wait))
        }
        None => None,
    };
    let mut view = hub::state_view(&head, place);
    view.insert("id".to_owned(), json!(head.id));
    view.insert("canRate".to_owned(), can_rate(&head).into());
    view.insert("readByCounsellor".to_owned(), head.staff_read.into());
    let messages: Vec<Value> = replay.messages.iter().map(hub::message_view).collect();
    let mut reply = Reply::new()
        .with("conversation", Value::Object(view))
        .with("messages", messages)
        .with("firstSeq", replay.first_seq)
        .with("lastSeq", replay.last_seq)
        .with("hasMore", has_more)
        .with("hours", Value::Object(hours(call)));
    let unanswered = answering::unanswered(&call.house, &head).await?;
    reply = reply.then(Then::Release(Box::new(head.clone()), told));
    for message in unanswered {
        reply = reply.then(Then::Ask(Question {
            head: Box::new(head.clone()),
            message: Box::new(message),
        }));
    }
    Ok(reply)
}

/// The token for a new guest to keep, or for one whose token gets old; a token of this socket is given out once.
async fn keep_guest(call: &mut Call) -> Result<Option<String>, Failure> {
    let Some(Person::Guest(guest)) = call.who.person else {
        return Ok(None);
    };
    let door = &call.house.door;
    if !call.who.new_guest && !door.is_old(call.who.until) {
        return Ok(None);
    }
    if call.who.new_guest {
        let counted = call.house.rates.guest(call.session.address);
        counted.map_err(|wait| {
            let text = "새 대화를 너무 많이 열었어요. 잠시 후 다시 시도해 주세요.";
            Failure::new("too_many_guests", text).retry_after(wait)
        })?;
    }
    let (token, until) = door.issue(guest).await?;
    call.who.new_guest = false;
    call.who.until = until;
    call.session.renew(call.who.clone());
    Ok(Some(token.expose().to_owned()))
}

/// What the bot says first of all, once.
async fn greet(call: &Call, head: &Conversation) -> Result<(), Failure> {
    if head.last_seq > 0 || head.state != State::Bot {
        return Ok(());
    }
    let Some(said) = call.house.answers.greeting(call.house.clock.now()) else {
        return Ok(());
    };
    let id = "greeting".parse();
    let id = id.map_err(|_| Failure::internal())?;
    let turn = head.bot_turn;
    let draft = said.by(Author::Bot { turn }, id, call.now());
    match call.house.store.say(head.id, draft).await {
        Ok(changed) => call.house.hub.changed(&changed),
        Err(error) if error.refusal().is_some() => {}
        Err(error) => return Err(error.into()),
    }
    Ok(())
}

fn can_rate(head: &Conversation) -> bool {
    let rated = head.ratings.iter().any(|one| one.episode == head.episode);
    let over = matches!(head.state, State::Closed | State::Bot) && head.closed_at.is_some();
    over && !rated
}

/// Whether counsellors are there.
pub(super) fn hours(call: &Call) -> Map<String, Value> {
    let opening = call.house.answers.opening(call.house.clock.now());
    let time = |at: chrono::DateTime<chrono::Utc>| hub::time(at.into());
    let mut view = Map::new();
    view.insert("open".to_owned(), opening.open.into());
    view.insert("opensAt".to_owned(), json!(opening.opens_at.map(time)));
    view.insert("closesAt".to_owned(), json!(opening.closes_at.map(time)));
    view
}
