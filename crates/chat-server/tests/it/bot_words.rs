//! What the bot answers to which words: the built-in answers, the way to a counsellor, to the search page, to 119 and 109.

use std::sync::Arc;

use chat_server::bot::{Bot, BotSettings, CONNECT, LEAVE, Operator, Reply, built_in};
use chat_server::desk::Hours;
use chat_server::store::Store;
use chat_server::store::model::{Link, Moment};
use chrono::Utc;
use domain::chat::hours::Week;

use crate::bot::{OPEN, now};
use crate::store_kit::at;

/// The same Monday after the hours.
const CLOSED: &str = "2026-11-23T13:00:00Z";

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
