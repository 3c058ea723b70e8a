//! Answers out of the rules alone: the built-in keywords, the usual hours, the words of emergency.

use chrono::{DateTime, TimeDelta, Utc};
use domain::chat::answers::{self, KeywordAnswer, Operator};
use domain::chat::{emergency, hours::Hours};
use domain::clock::later;

use super::answers::{Answers, Opening, Said};
use crate::store::model::{Conversation, Link};

/// What is said to what no keyword fits.
const UNKNOWN: &str = "잘 이해하지 못했어요. 상담사와 이야기하려면 「상담」이라고 적어 주세요.";
const GREETING: &str = "안녕하세요. 약에 대해 궁금한 점을 적어 주세요. 상담사와 이야기하려면 「상담」이라고 적어 주세요.";
/// How far ahead the end of the opening is looked for.
const DAY_MINUTES: i64 = 24 * 60;

/// The rules as they come with the program.
#[derive(Debug, Clone)]
pub struct BuiltIn {
    answers: Vec<KeywordAnswer>,
    hours: Hours,
}

impl Default for BuiltIn {
    fn default() -> Self {
        let operator = Operator {
            email: None,
            survey: None,
            instagram: None,
        };
        Self {
            answers: answers::built_in(&operator),
            hours: Hours::default(),
        }
    }
}

fn said(text: &str) -> Option<Said> {
    Some(Said {
        text: text.parse().ok()?,
        links: Vec::new(),
        quick_replies: Vec::new(),
    })
}

impl Answers for BuiltIn {
    fn emergency(&self, text: &str) -> Option<Said> {
        emergency::recognise(text).and_then(|found| said(emergency::answer(found)))
    }

    fn answer(&self, text: &str, _: &Conversation, _: DateTime<Utc>) -> Option<Said> {
        let Some(found) = answers::find(&self.answers, text).into_iter().next() else {
            return said(UNKNOWN);
        };
        let links = found.links.iter().map(|link| Link {
            title: link.label.clone(),
            url: link.url.clone(),
        });
        Some(Said {
            text: found.text.parse().ok()?,
            links: links.collect(),
            quick_replies: found.quick_replies.clone(),
        })
    }

    fn greeting(&self, _: DateTime<Utc>) -> Option<Said> {
        said(GREETING)
    }

    fn opening(&self, now: DateTime<Utc>) -> Opening {
        let open = self.hours.is_open(now);
        let minute = |ahead| later(now, TimeDelta::minutes(ahead));
        let closes = || {
            (1..=DAY_MINUTES)
                .map(minute)
                .find(|at| !self.hours.is_open(*at))
        };
        Opening {
            open,
            opens_at: self.hours.next_opening(now),
            closes_at: open.then(closes).flatten(),
        }
    }

    fn expected_wait_seconds(&self, _: i64) -> Option<u64> {
        None
    }
}
