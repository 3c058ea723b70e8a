//! Texts and links.

use domain::chat::text::{TextError, link, written};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

#[test]
fn texts_are_taken_as_they_should_be() {
    let message = |text: &str| written(text, 2_000);
    assert_eq!(message(" 가\r\n나\u{2028}다 ").unwrap(), "가\n나\n다");
    assert_eq!(message("\u{202a}010\u{202c}").unwrap(), "010");
    assert_eq!(message("\u{200b} "), Err(TextError::Empty));
    assert_eq!(message("a\u{0}"), Err(TextError::Control));
    assert_eq!(message("a\u{1b}[31m"), Err(TextError::Control));
    let family = "👨‍👩‍👧";
    assert_eq!(message(family).unwrap(), family);
    let apart: String = "각".repeat(2_000).nfd().collect();
    assert_eq!(message(&apart).unwrap(), "각".repeat(2_000));
    assert_eq!(message(&"a".repeat(2_001)), Err(TextError::Long(2_000)));
}

#[test]
fn links_lead_where_they_may() {
    for good in [
        "https://example.com/a?b=1",
        "mailto:a@example.com",
        "tel:119",
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
        "tel:",
        "tel:1;ext=2",
        "https://a.example/\u{202e}gpj",
    ] {
        assert_eq!(link(bad), Err(TextError::Link), "{bad}");
    }
}

proptest! {
    #[test]
    fn what_was_taken_is_taken_again(text in "\\PC{0,80}|[\\x00-\\x{2ff}가-힣\\u{1100}-\\u{11ff}\\u{2000}-\\u{206f}]{0,80}") {
        if let Ok(once) = written(&text, 50) {
            prop_assert!(once.chars().count() <= 50);
            prop_assert_eq!(written(&once, 50), Ok(once.clone()));
        }
    }
}
