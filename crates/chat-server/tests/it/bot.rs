//! The bot's answers as data, over both stores.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chat_server::bot::{Bot, BotSettings, Operator, built_in};
use chat_server::desk::Hours;
use chat_server::store::{KeywordAnswer, Store};
use chrono::{DateTime, Utc};
use domain::chat::hours::Week;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::store_kit::{Kept, at, key, on_both_stores};

/// Monday, in the hours.
pub(crate) const OPEN: &str = "2026-11-23T06:00:00Z";
/// Only failures wait so long.
const DEADLINE: Duration = Duration::from_secs(60);

on_both_stores!(
    built_in_answers_are_written_once,
    changes_are_answered_without_a_restart,
    unknown_words_are_counted_and_nothing_private,
);

struct Running {
    bot: Bot,
    stop: CancellationToken,
    task: JoinHandle<()>,
}

impl Running {
    fn start(store: &Store) -> Self {
        let hours = Hours::new(Week::default());
        let clock = Arc::new(|| at(0).date_time());
        let (bot, keeper) = Bot::new(&BotSettings::default(), hours, store.clone(), clock);
        let stop = CancellationToken::new();
        let task = tokio::spawn(keeper.run(stop.clone()));
        Self { bot, stop, task }
    }

    async fn end(self) {
        self.stop.cancel();
        tokio::time::timeout(DEADLINE, self.task)
            .await
            .unwrap()
            .unwrap();
    }

    fn says(&self, text: &str) -> String {
        let reply = self.bot.answer(text, now(OPEN)).unwrap();
        reply.text.as_str().to_owned()
    }
}

pub(crate) fn now(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !holds().await {
        assert!(start.elapsed() < DEADLINE, "{what}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

fn answer(id: &str, keyword: &str, text: &str, rank: i64) -> KeywordAnswer {
    KeywordAnswer {
        id: key(id),
        keywords: vec![keyword.to_owned()],
        text: text.parse().unwrap(),
        links: Vec::new(),
        quick_replies: Vec::new(),
        rank,
    }
}

async fn built_in_answers_are_written_once(kept: Kept) {
    let store = &kept.store;
    let own = answer("email", "이메일", "관리자가 쓴 답", 0);
    store.put_keyword(&own, at(0)).await.unwrap();
    let first = Running::start(store);
    let count = built_in(&Operator::default()).len();
    eventually("seeded", async || {
        store.keywords(at(0)).await.unwrap().len() == count
    })
    .await;
    eventually("an admin's answer stays", async || {
        first.says("이메일") == "관리자가 쓴 답"
    })
    .await;
    // The mark comes after the last answer.
    eventually("marked", async || {
        !store.seed_keywords(&[], at(0)).await.unwrap()
    })
    .await;
    assert!(store.remove_keyword(&key("event")).await.unwrap());
    first.end().await;
    let other = kept.another().await;
    let again = Running::start(&other);
    eventually("what was removed stays so", async || {
        !again.says("이벤트").contains("공지")
    })
    .await;
    assert_eq!(other.keywords(at(0)).await.unwrap().len(), count - 1);
    again.end().await;
    other.close().await;
}

async fn changes_are_answered_without_a_restart(kept: Kept) {
    let store = &kept.store;
    let other = kept.another().await;
    let (here, there) = (Running::start(store), Running::start(&other));
    eventually("seeded", async || {
        !store.seed_keywords(&[], at(0)).await.unwrap()
    })
    .await;
    let new = answer("parking", "주차", "주차장은 없어요", 0);
    store.put_keyword(&new, at(0)).await.unwrap();
    for running in [&here, &there] {
        eventually("the new answer", async || {
            running.says("주차는요?") == "주차장은 없어요"
        })
        .await;
    }
    let high = answer("high", "이벤트", "높은 답", 9);
    other.put_keyword(&high, at(0)).await.unwrap();
    for running in [&here, &there] {
        eventually("the higher rank first", async || {
            running.says("주차 이벤트").starts_with("높은 답")
        })
        .await;
    }
    assert!(other.remove_keyword(&key("parking")).await.unwrap());
    eventually("removed", async || {
        here.says("주차는요?") != "주차장은 없어요"
    })
    .await;
    here.end().await;
    there.end().await;
    other.close().await;
}

async fn unknown_words_are_counted_and_nothing_private(kept: Kept) {
    let store = &kept.store;
    let running = Running::start(store);
    let answered = [
        "파스를",
        "파스",
        "김철수",
        "me@pillnuts.example",
        "010-1234-5678",
        "저는 마포에 사는 사람인데 어제 진단을 받았어요",
        "죽고 싶어요",
        "타이레놀",
        "이벤트",
        "끝말",
    ]
    .map(|text| running.bot.answer(text, now(OPEN)).is_some());
    assert_eq!(
        answered.iter().filter(|one| **one).count(),
        9,
        "all but one"
    );
    eventually("the last one is counted", async || {
        let words = store.unknown_words(99, at(0)).await.unwrap();
        words.iter().any(|one| one.word == "끝말")
    })
    .await;
    let words = store.unknown_words(99, at(0)).await.unwrap();
    let words: Vec<_> = words
        .iter()
        .map(|one| (one.word.as_str(), one.times))
        .collect();
    assert_eq!(words, [("파스", 2), ("끝말", 1)]);
    running.end().await;
}
