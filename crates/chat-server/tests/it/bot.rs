//! The bot over both stores: answers as data, the way to a counsellor, to the search page, to 119 and 109.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chat_server::bot::{Bot, BotSettings, CONNECT, LEAVE, Operator, Reply, built_in};
use chat_server::desk::Hours;
use chat_server::store::model::{Link, Moment};
use chat_server::store::{KeywordAnswer, Store};
use chrono::{DateTime, Utc};
use domain::chat::hours::Week;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::store_kit::{Kept, at, key, on_both_stores};

/// Monday, in the hours and after them.
const OPEN: &str = "2026-11-23T06:00:00Z";
const CLOSED: &str = "2026-11-23T13:00:00Z";
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

fn now(text: &str) -> DateTime<Utc> {
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

/// A bot that knows the built-in answers alone.
async fn alone() -> (Bot, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    let settings = chat_server::settings::StoreSettings::Sqlite(url.parse().unwrap());
    let store = Store::open(&settings, Default::default()).await.unwrap();
    let settings = BotSettings {
        web_url: Some("https://pillnuts.example".to_owned()),
        operator: Operator {
            email: Some("help@pillnuts.example".to_owned()),
            ..Operator::default()
        },
    };
    let hours = Hours::new(Week::default());
    let (bot, _) = Bot::new(&settings, hours, store, Arc::new(Utc::now));
    (bot, folder)
}

#[tokio::test]
async fn built_in_answers_can_be_kept() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite://{}/chat.db", folder.path().display());
    let settings = chat_server::settings::StoreSettings::Sqlite(url.parse().unwrap());
    let store = Store::open(&settings, Default::default()).await.unwrap();
    let operator = Operator {
        email: Some("help@pillnuts.example".to_owned()),
        survey: Some("https://forms.example/s".to_owned()),
        instagram: Some("https://www.instagram.com/pillnuts".to_owned()),
    };
    let answers = built_in(&operator);
    assert_eq!(answers.len(), 10);
    for answer in &answers {
        store.put_keyword(answer, at(0)).await.unwrap();
    }
    let link = |url: &str| {
        answers
            .iter()
            .any(|one| one.links.iter().any(|l| l.url == url))
    };
    assert!(link("mailto:help@pillnuts.example") && link("https://forms.example/s"));
    assert!(
        built_in(&Operator::default())
            .iter()
            .all(|one| one.links.is_empty())
    );
}

#[tokio::test]
async fn every_keyword_of_the_start_has_its_answer() {
    let (bot, _folder) = alone().await;
    let says = |text: &str| bot.answer(text, now(OPEN)).unwrap();
    for (text, part) in [
        ("이메일 알려 주세요", "이메일로 문의"),
        ("개발자에게 할 말", "개발자에게는"),
        ("설문 조사는요?", "준비 중"),
        ("인스타그램", "준비 중"),
        ("이벤트 있어요?", "이벤트는"),
        ("구글로 로그인", "구글 계정"),
        ("키워드", "이런 말을"),
    ] {
        let reply = says(text);
        assert!(
            reply.text.as_str().contains(part),
            "{text}: {:?}",
            reply.text.as_str()
        );
    }
    let mail = says("이메일").links;
    assert_eq!(mail[0].url, "mailto:help@pillnuts.example");
    let both = says("이벤트랑 구글");
    assert!(both.text.as_str().contains("공지") && both.text.as_str().contains("구글 계정"));
}

#[tokio::test]
async fn a_counsellor_is_offered_in_the_hours_and_a_message_out_of_them() {
    let (bot, _folder) = alone().await;
    for text in [
        "채팅",
        "상담",
        "상담하고 싶어요",
        "채 팅!",
        "이메일 말고 상담원이요",
    ] {
        let open = bot.answer(text, now(OPEN)).unwrap();
        assert_eq!(open.quick_replies[0], CONNECT, "{text}");
        assert!(!open.quick_replies.iter().any(|one| one == LEAVE));
        let closed = bot.answer(text, now(CLOSED)).unwrap();
        assert_eq!(closed.quick_replies[0], LEAVE, "{text}");
        assert!(!closed.quick_replies.iter().any(|one| one == CONNECT));
        let told = closed.text.as_str();
        assert!(told.contains("11월 24일(화) 오후 2시"), "{told}");
    }
    let greeting = bot.greeting(now(OPEN)).unwrap();
    assert_eq!(greeting.quick_replies[0], CONNECT);
    assert!(greeting.text.as_str().contains("119") && greeting.text.as_str().contains("오후 9시"));
    assert_eq!(bot.greeting(now(CLOSED)).unwrap().quick_replies[0], LEAVE);
}

#[tokio::test]
async fn drug_questions_lead_to_the_search_page() {
    let (bot, _folder) = alone().await;
    let links = |text: &str| bot.answer(text, now(OPEN)).unwrap().links;
    let tylenol = "https://pillnuts.example/?query=%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80";
    for text in [
        "타이레놀",
        "타이레놀이랑 술 같이 먹어도 돼요?",
        "타이레놀 때문에 상담하고 싶어요",
    ] {
        assert_eq!(links(text)[0].url, tylenol, "{text}");
    }
    assert_eq!(
        links("이 약 부작용이요")[0].url,
        "https://pillnuts.example/"
    );
    // A word that nobody knows may be a drug.
    assert_eq!(
        links("xyzal")[0].url,
        "https://pillnuts.example/?query=xyzal"
    );
}

#[tokio::test]
async fn an_emergency_is_answered_alone_and_first() {
    let (bot, _folder) = alone().await;
    for text in [
        "죽고 싶어요",
        "약을 한 통 다 먹었어요",
        "숨이 안 쉬어져요 상담",
    ] {
        let Reply {
            text: said, links, ..
        } = Bot::emergency(text).unwrap();
        assert!(said.as_str().contains("119") && said.as_str().contains("109"));
        let urls: Vec<_> = links.iter().map(|link: &Link| link.url.as_str()).collect();
        assert_eq!(urls, ["tel:119", "tel:109"]);
        assert_eq!(
            bot.answer(text, now(OPEN)),
            None,
            "no keyword beside it: {text}"
        );
    }
    for text in ["죽 먹어도 되나요", "숨은 그림", "자살골"] {
        assert_eq!(Bot::emergency(text), None, "{text}");
        assert!(bot.answer(text, now(OPEN)).is_some());
    }
    assert_eq!(bot.answer("?!", Moment::from_millis(0).date_time()), None);
}
