//! What counsellors are shown. No name or account of a visitor is: a conversation has an opaque number.

use serde_json::{Map, Value, json};

use super::views;
use crate::store::Colleague;
use crate::store::model::{Conversation, Message, Moment, Person, Speaker, State, Topic};

/// A conversation in a list: everything but what was said.
pub(crate) fn summary(head: &Conversation) -> Map<String, Value> {
    let mut view = views::state(head, None);
    let visitor = match &head.person {
        Some(Person::Member(_)) => Some("member"),
        Some(Person::Guest(_)) => Some("guest"),
        None => None,
    };
    let waits = head.state == State::Waiting;
    let live = head.state == State::Live;
    for (name, value) in [
        ("conversationId", json!(head.id)),
        ("number", json!(head.id.number())),
        ("visitor", json!(visitor)),
        ("topic", json!(head.topic.as_ref().map(Topic::as_str))),
        ("lastSeq", json!(head.last_seq)),
        ("lastFrom", json!(head.last_from)),
        ("lastAt", json!(views::time(head.last_at))),
        ("readByVisitor", json!(head.visitor_read)),
        ("readByCounsellor", json!(head.staff_read)),
        ("unanswered", json!(head.unanswered)),
    ] {
        view.insert(name.to_owned(), value);
    }
    let times = [
        ("waitingSince", head.queued_at.filter(|_| waits || live)),
        ("closedAt", head.closed_at),
    ];
    for (name, at) in times {
        if let Some(at) = at {
            view.insert(name.to_owned(), views::time(at).into());
        }
    }
    if waits {
        view.insert("returned".to_owned(), head.returned.into());
    }
    view
}

/// Who waits, and what was left and isn't answered.
pub(super) fn queue(waiting: &[Conversation], length: i64, left: &[Conversation]) -> Value {
    let waiting: Vec<Value> = (1_i64..)
        .zip(waiting)
        .map(|(position, head)| {
            let mut view = summary(head);
            view.insert("position".to_owned(), position.into());
            Value::Object(view)
        })
        .collect();
    let idle = |head: &&Conversation| matches!(head.state, State::Bot | State::Closed);
    let left: Vec<Value> = left
        .iter()
        .filter(idle)
        .map(|head| Value::Object(summary(head)))
        .collect();
    json!({"queue": waiting, "waiting": length, "unanswered": left})
}

/// Who is connected.
pub(super) fn colleagues(all: &[Colleague]) -> Value {
    let all: Vec<Value> = all
        .iter()
        .map(|one| {
            let Colleague {
                counsellor,
                available,
                ..
            } = one;
            json!({
                "id": counsellor.id,
                "name": counsellor.name,
                "pharmacist": counsellor.pharmacist,
                "available": available,
            })
        })
        .collect();
    json!({"counsellors": all})
}

/// A message with what counsellors need: which of them spoke, and what his page called the message.
pub(crate) fn message(message: &Message) -> Value {
    let mut view = views::message(message);
    let (Some(fields), Some(staff)) = (view.as_object_mut(), &message.staff) else {
        return view;
    };
    fields.insert("counsellorId".to_owned(), json!(staff));
    let own = message.key.strip_prefix("c/");
    let own = own.and_then(|key| key.strip_prefix(staff.as_str()));
    let own = own.and_then(|key| key.strip_prefix('/'));
    if let Some(own) = own.filter(|_| message.from == Speaker::Counsellor) {
        fields.insert("clientMessageId".to_owned(), own.into());
    }
    view
}

/// What counsellors have told each other.
pub(crate) fn notes(head: &Conversation) -> Vec<Value> {
    let time = |at: Moment| views::time(at);
    head.notes
        .iter()
        .map(|note| {
            json!({
                "id": note.id,
                "by": note.by,
                "text": note.text.as_str(),
                "at": time(note.at),
            })
        })
        .collect()
}
