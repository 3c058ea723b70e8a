//! Emergencies are found, ordinary questions are not.

use domain::chat::emergency::{Emergency, answer, recognise};
use domain::chat::text::{TextError, link, message};
use unicode_normalization::UnicodeNormalization;

#[test]
fn emergencies_are_found() {
    for (text, kind) in [
        ("죽고 싶어요", Emergency::SelfHarm),
        ("그냥 죽고십다..", Emergency::SelfHarm),
        ("ㅈㅅ하고 싶다", Emergency::SelfHarm),
        ("수면제 치사량이 얼마예요", Emergency::SelfHarm),
        ("타이레놀을 한꺼번에 먹었어요", Emergency::Poisoning),
        ("아이가 혈압약을 삼켰어요!!", Emergency::Poisoning),
        ("락스를 마셨어요", Emergency::Poisoning),
        ("숨 이 안 쉬어 져요", Emergency::Body),
        ("약 먹고 숨쉬기가 힘들어요", Emergency::Body),
        ("엄마가 의식이 없어요", Emergency::Body),
    ] {
        assert_eq!(recognise(text), Some(kind), "{text}");
        assert_eq!(
            recognise(&text.nfd().collect::<String>()),
            Some(kind),
            "NFD {text}"
        );
        assert!(answer(kind).contains("119") && answer(kind).contains("109"));
    }
}

#[test]
fn ordinary_questions_are_not() {
    for text in [
        "타이레놀 하루에 몇 번 먹어요?",
        "과다복용하면 어떻게 되나요",
        "아이가 먹어도 되는 해열제 있나요",
        "이 약 다 먹어야 하나요",
        "배고파 밥 먹고 싶어요",
        "천식약 성분 알려주세요",
        "자해석 부탁드려요",
        "상담 연결해 주세요",
        "축구에서 자살골 넣었어요",
        "",
    ] {
        assert_eq!(recognise(text), None, "{text}");
    }
}

#[test]
fn texts_and_links() {
    assert_eq!(message(" 가\r\n나 ").unwrap(), "가\n나");
    assert_eq!(message("\u{200b} "), Err(TextError::Empty));
    assert_eq!(message("a\u{0}"), Err(TextError::Control));
    assert!(message(&"각".repeat(2000).nfd().collect::<String>()).is_ok());
    assert_eq!(message(&"a".repeat(2001)), Err(TextError::Length));
    for good in [
        "https://example.com/a?b=1",
        "mailto:a@example.com",
        "/?query=1",
    ] {
        assert_eq!(link(good), Ok(good));
    }
    for bad in [
        "javascript:alert(1)",
        "//evil.example",
        "http://a.example",
        "https://a@b.example",
        "/\\b",
        "",
        "data:x",
    ] {
        assert_eq!(link(bad), Err(TextError::Link), "{bad}");
    }
}
