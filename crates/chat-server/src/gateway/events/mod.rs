//! Every event that a client may send, one file each.
//!
//! To add one: a file with its `EVENT`, and a line here. Who may send it stands in it ([`super::call::Needs`]).

mod auth_renew;
mod conversation_open;
mod counselling_cancel;
mod counselling_end;
mod counselling_rate;
mod counselling_request;
mod guest_erase;
mod guest_merge;
mod history_page;
mod message_leave;
mod message_send;
mod read;
mod typing;

use serde::Deserialize;

use super::call::{Call, Event, Needs, Reply, Then};
use super::console;
use super::failure::Failure;
use crate::store::model::{Author, ClientMessageId, Draft, MessageText, Moment, Topic};

/// All of them.
const EVENTS: &[&Event] = &[
    &auth_renew::EVENT,
    &conversation_open::EVENT,
    &counselling_cancel::EVENT,
    &counselling_end::EVENT,
    &counselling_rate::EVENT,
    &counselling_request::EVENT,
    &guest_erase::EVENT,
    &guest_merge::EVENT,
    &history_page::EVENT,
    &message_leave::EVENT,
    &message_send::EVENT,
    &read::EVENT,
    &typing::EVENT,
];

/// The event of a name.
pub(super) fn find(name: &str) -> Option<&'static Event> {
    let mut all = EVENTS.iter().chain(console::EVENTS);
    all.find(|event| event.name == name).copied()
}

/// What a message to be sent is made of.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Written {
    client_message_id: String,
    text: String,
    #[serde(default)]
    topic: Option<String>,
}

impl Written {
    /// As a visitor's message.
    fn draft(&self, at: Moment) -> Result<Draft, Failure> {
        let id = self.client_message_id.parse::<ClientMessageId>();
        let id = id.map_err(|_| Failure::invalid(Some("clientMessageId")))?;
        Ok(Draft::new(Author::Visitor, id, text(&self.text)?, at))
    }

    fn topic(&self) -> Result<Option<Topic>, Failure> {
        topic(self.topic.as_deref())
    }
}

/// A text as it is stored.
pub(super) fn text(raw: &str) -> Result<MessageText, Failure> {
    use domain::chat::text::TextError;
    let failure = |error| match error {
        TextError::Empty => Failure::new("text_empty", "메시지를 입력해 주세요."),
        TextError::Long(_) => Failure::new("text_too_long", "메시지는 2,000자까지 보낼 수 있어요."),
        TextError::Control | TextError::Link => {
            Failure::new("text_invalid", "메시지에 쓸 수 없는 문자가 있어요.")
        }
    };
    raw.parse::<MessageText>().map_err(failure)
}

fn topic(raw: Option<&str>) -> Result<Option<Topic>, Failure> {
    let raw = raw.map(str::trim).filter(|topic| !topic.is_empty());
    let topic = raw.map(str::parse::<Topic>).transpose();
    topic.map_err(|_| Failure::invalid(Some("topic")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_different() {
        let all = || EVENTS.iter().chain(console::EVENTS);
        for event in all() {
            let same = all().filter(|other| other.name == event.name);
            assert_eq!(same.count(), 1, "{}", event.name);
        }
        assert!(find("message:send").is_some() && find("no:such").is_none());
    }

    #[test]
    fn texts_have_their_own_refusals() {
        assert!(text(&"가".repeat(2_000)).is_ok());
        for (bad, code) in [
            ("", "text_empty"),
            (" \n\u{200b}", "text_empty"),
            ("a\u{0}b", "text_invalid"),
        ] {
            assert_eq!(text(bad).expect_err("refused").code(), code);
        }
        let long = text(&"가".repeat(2_001)).expect_err("too long");
        assert_eq!(long.code(), "text_too_long");
    }
}
