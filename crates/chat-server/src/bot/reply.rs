//! What the bot says, within the limits of a message.

use crate::store::KeywordAnswer;
use crate::store::model::{Link, MOST_LINKS, MOST_QUICK_REPLIES, MessageText};

/// Something to be said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// What.
    pub text: MessageText,
    /// Links under it.
    pub links: Vec<Link>,
    /// Answers to choose from.
    pub quick_replies: Vec<String>,
}

impl Reply {
    /// Plain words; `None` for what can't be a message.
    pub(super) fn new(text: &str) -> Option<Self> {
        Some(Self {
            text: text.parse().ok()?,
            links: Vec::new(),
            quick_replies: Vec::new(),
        })
    }

    /// Several answers as one: texts below each other, links and choices once each. What doesn't fit into a
    /// message is left out. `None` where there is none.
    pub(super) fn of(answers: &[&KeywordAnswer]) -> Option<Self> {
        let mut whole: Option<Self> = None;
        for answer in answers {
            let reply = match whole {
                None => Self {
                    text: answer.text.clone(),
                    links: Vec::new(),
                    quick_replies: Vec::new(),
                },
                Some(reply) => reply.more(answer.text.as_str()),
            };
            let linked = answer
                .links
                .iter()
                .fold(reply, |reply, link| reply.link(&link.title, &link.url));
            whole = Some(linked.choices(&answer.quick_replies));
        }
        whole
    }

    /// With a paragraph more, where it fits.
    pub(super) fn more(mut self, text: &str) -> Self {
        if let Ok(text) = format!("{}\n\n{text}", self.text.as_str()).parse() {
            self.text = text;
        }
        self
    }

    /// With a link more.
    pub(super) fn link(mut self, title: &str, url: &str) -> Self {
        let known = self.links.iter().any(|link| link.url == url);
        if !known && self.links.len() < MOST_LINKS {
            self.links.push(Link {
                title: title.to_owned(),
                url: url.to_owned(),
            });
        }
        self
    }

    /// With choices more.
    pub(super) fn choices<T: AsRef<str>>(mut self, choices: impl IntoIterator<Item = T>) -> Self {
        for choice in choices {
            let choice = choice.as_ref();
            let known = self.quick_replies.iter().any(|one| one == choice);
            if !known && self.quick_replies.len() < MOST_QUICK_REPLIES {
                self.quick_replies.push(choice.to_owned());
            }
        }
        self
    }

    /// With a choice before all others, in the place of some.
    pub(super) fn first_choice(mut self, choice: &str, instead_of: &[&str]) -> Self {
        self.quick_replies
            .retain(|one| !instead_of.contains(&one.as_str()));
        self.quick_replies.truncate(MOST_QUICK_REPLIES - 1);
        self.quick_replies.insert(0, choice.to_owned());
        self
    }
}
