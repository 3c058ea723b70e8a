//! The bot: keyword answers that admins edit, the way to the search page, the way to a counsellor, and what
//! is said first in an emergency.
//!
//! Nothing here waits: what the bot knows is in memory. [`Keeper`] keeps it as the store has it.

mod built_in;
mod informed;
mod keeper;
mod reply;
mod settings;
mod unknown;

use std::sync::{Arc, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use domain::chat::drugs::{self, DrugQuestion};
use domain::chat::keywords::Matcher;
use domain::chat::{emergency, words};
use domain::clock::Clock;
use tokio::sync::mpsc;

use crate::desk::{Hours, opening_text};
use crate::store::{KeywordAnswer, Store};

pub use built_in::built_in;
pub use informed::Informed;
pub use keeper::Keeper;
pub use reply::Reply;
pub use settings::{BotSettings, Operator};

/// Quick reply that asks for a counsellor: clients send `counselling:request` for it.
pub const CONNECT: &str = "상담 연결하기";
/// Quick reply that leaves a message out of hours: clients send `message:leave` for it.
pub const LEAVE: &str = "메시지 남기기";
/// Quick reply that shows what the bot understands.
const HELP: &str = "키워드";
/// Most answers of one reply.
const AT_ONCE: usize = 2;
/// Words that wait to be counted; what comes beyond isn't counted.
const UNCOUNTED: usize = 256;

const GREETING: &str = "안녕하세요, 필넛츠예요. 약 이름을 적어 주시면 찾아보는 곳을 알려 드리고, 「상담」이라고 적어 \
    주시면 상담사와 연결해 드려요. 숨쉬기 힘들거나 약을 너무 많이 먹은 응급 상황에는 119에 먼저 전화해 주세요.";
const DRUG: &str =
    "약에 대한 정보는 검색 페이지에서 볼 수 있어요. 드시는 약이 걱정되면 상담사에게 물어봐 주세요.";
const OFFER: &str = "상담사와 이야기하시겠어요?";
const UNKNOWN: &str = "무슨 말씀인지 잘 이해하지 못했어요. 약 이름이나 키워드로 다시 적어 주시거나, 상담사에게 물어봐 주세요.";

/// The bot; a cheap handle.
#[derive(Debug, Clone)]
pub struct Bot {
    /// The words that lead to a counsellor whatever admins have written.
    offers: Arc<Matcher>,
    known: Arc<RwLock<Arc<Known>>>,
    hours: Hours,
    web: Option<String>,
    unknown: mpsc::Sender<String>,
}

/// Answers, ready to be looked for.
#[derive(Debug, Default)]
struct Known {
    answers: Vec<KeywordAnswer>,
    matcher: Matcher,
}

impl Known {
    fn new(answers: Vec<KeywordAnswer>) -> Self {
        let matcher = Matcher::new(answers.iter().map(|one| (one.rank, &one.keywords)));
        Self { answers, matcher }
    }
}

impl Bot {
    /// A bot that knows the built-in answers until its keeper has read the store's.
    #[must_use]
    pub fn new(
        settings: &BotSettings,
        hours: Hours,
        store: Store,
        clock: Arc<dyn Clock>,
    ) -> (Self, Keeper) {
        let answers = built_in(&settings.operator);
        let (unknown, uncounted) = mpsc::channel(UNCOUNTED);
        let offers: [Vec<String>; 1] = [vec!["채팅".to_owned(), "상담".to_owned()]];
        let bot = Self {
            offers: Arc::new(Matcher::new(offers.iter().map(|keys| (0, keys)))),
            known: Arc::default(),
            hours,
            web: settings.web_url.clone(),
            unknown,
        };
        bot.learn(answers.clone());
        let keeper = Keeper::new(bot.clone(), store, clock, answers, uncounted);
        (bot, keeper)
    }

    /// What is said first to somebody in danger, at any hour and in any state, as the server itself.
    #[must_use]
    pub fn emergency(text: &str) -> Option<Reply> {
        let reply = Reply::new(emergency::answer(emergency::recognise(text)?))?;
        Some(
            reply
                .link("119 전화하기", "tel:119")
                .link("109 전화하기", "tel:109"),
        )
    }

    /// What the bot says to somebody who comes for the first time.
    #[must_use]
    pub fn greeting(&self, now: DateTime<Utc>) -> Option<Reply> {
        let text = format!("{GREETING}\n{}", opening_text(self.hours.at(now)));
        Some(self.with_offer(Reply::new(&text)?.choices([HELP]), now, false))
    }

    /// What the bot says to a message; `None` to what has no words, and to an emergency, which
    /// [`emergency`](Self::emergency) answers alone.
    #[must_use]
    pub fn answer(&self, text: &str, now: DateTime<Utc>) -> Option<Reply> {
        let said = words::words(text);
        if said.is_empty() || emergency::recognise(text).is_some() {
            return None;
        }
        let known = Arc::clone(&self.known.read().unwrap_or_else(PoisonError::into_inner));
        let hits = known.matcher.find(text);
        let answers = hits.iter().filter_map(|&hit| known.answers.get(hit));
        let answers: Vec<_> = answers.take(AT_ONCE).collect();
        let question = drugs::question(text);
        let offered = !self.offers.find(text).is_empty();
        let reply = match Reply::of(&answers) {
            Some(reply) => self.with_search(reply, question.as_ref()),
            None if offered => self.with_search(Reply::new(OFFER)?, question.as_ref()),
            None if question.is_some() => {
                let reply = Reply::new(DRUG)?.choices([CONNECT]);
                self.with_search(reply, question.as_ref())
            }
            None => self.unknown(text, &said)?,
        };
        let asks = reply.quick_replies.iter().any(|one| one == CONNECT);
        Some(if offered || asks {
            self.with_offer(reply, now, offered)
        } else {
            reply
        })
    }

    /// The bot doesn't know: the word may be a drug's name, and admins see what was asked.
    fn unknown(&self, text: &str, said: &[String]) -> Option<Reply> {
        for word in unknown::countable(text, said) {
            // Full: better a word not counted than a visitor who waits.
            if self.unknown.try_send(word).is_err() {
                break;
            }
        }
        let reply = Reply::new(UNKNOWN)?.choices([HELP, CONNECT]);
        let name = match said {
            [word] if unknown::is_short(word) => DrugQuestion::About(words::stem(word).to_owned()),
            _ => DrugQuestion::Unnamed,
        };
        Some(self.with_search(reply, Some(&name)))
    }

    fn with_search(&self, reply: Reply, question: Option<&DrugQuestion>) -> Reply {
        let Some(question) = question else {
            return reply;
        };
        let title = match question {
            DrugQuestion::About(name) => format!("「{name}」 찾아보기"),
            DrugQuestion::Unnamed => "약 찾아보기".to_owned(),
        };
        let web = self.web.as_deref().unwrap_or_default();
        reply.link(&title, &format!("{web}{}", question.path()))
    }

    /// Offers a counsellor in the hours, and out of them to leave a message; `tells`: says when they open.
    fn with_offer(&self, reply: Reply, now: DateTime<Utc>, tells: bool) -> Reply {
        let state = self.hours.at(now);
        let offer = if state.open { CONNECT } else { LEAVE };
        let reply = reply.first_choice(offer, &[CONNECT, LEAVE]);
        if state.open || !tells {
            return reply;
        }
        reply.more(&format!(
            "{} 「{LEAVE}」를 누르고 글을 남겨 주시면 상담사가 읽고 답해 드려요.",
            opening_text(state)
        ))
    }

    fn learn(&self, answers: Vec<KeywordAnswer>) {
        let known = Arc::new(Known::new(answers));
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
    }
}
