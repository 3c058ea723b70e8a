//! What clients are shown, as the chat protocol writes it.

use chrono::SecondsFormat;
use serde_json::{Map, Value, json};

use crate::store::Place;
use crate::store::model::{Conversation, Message, Moment, Speaker, State};

/// A moment as clients read it (RFC 3339, UTC, milliseconds).
pub(crate) fn time(at: Moment) -> String {
    at.date_time().to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A message.
pub(crate) fn message(message: &Message) -> Value {
    let mut view = Map::new();
    view.insert("seq".to_owned(), message.seq.into());
    view.insert("id".to_owned(), message.id.to_string().into());
    view.insert("from".to_owned(), json!(message.from));
    view.insert("text".to_owned(), message.text.as_str().into());
    if !message.links.is_empty() {
        view.insert("links".to_owned(), json!(message.links));
    }
    if !message.quick_replies.is_empty() {
        view.insert("quickReplies".to_owned(), json!(message.quick_replies));
    }
    view.insert("sentAt".to_owned(), time(message.sent_at).into());
    // So that a page recognises what it sent before it lost the answer.
    let own = message.key.strip_prefix("v/");
    if let Some(own) = own.filter(|_| message.from == Speaker::Visitor) {
        view.insert("clientMessageId".to_owned(), own.into());
    }
    Value::Object(view)
}

/// Where somebody stands in the queue.
pub(crate) fn place(place: Place, wait: Option<u64>) -> Map<String, Value> {
    let mut view = Map::new();
    view.insert("position".to_owned(), place.position.into());
    view.insert("expectedWaitSeconds".to_owned(), json!(wait));
    view
}

/// The state of a conversation as its visitor sees it; `place` while he waits.
pub(crate) fn state(
    head: &Conversation,
    place: Option<(Place, Option<u64>)>,
) -> Map<String, Value> {
    let mut view = Map::new();
    view.insert("state".to_owned(), head.state.as_str().into());
    let shown = matches!(head.state, State::Live | State::Closed);
    if let Some(counsellor) = head.counsellor.as_ref().filter(|_| shown) {
        let counsellor = json!({"name": counsellor.name, "pharmacist": counsellor.pharmacist});
        view.insert("counsellor".to_owned(), counsellor);
    }
    if let Some(ended) = head.ended.filter(|_| head.state == State::Closed) {
        view.insert("ended".to_owned(), json!(ended));
    }
    if let Some((place, wait)) = place.filter(|_| head.state == State::Waiting) {
        view.extend(self::place(place, wait));
    }
    view
}
