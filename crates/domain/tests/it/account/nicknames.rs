//! Nicknames.

use domain::account::{Nickname, NicknameError};
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

fn error(text: &str) -> Option<NicknameError> {
    text.parse::<Nickname>().err()
}

#[test]
fn good_ones_are_kept_as_they_are() {
    for good in [
        "하늘",
        "건강지킴이",
        "haneul 7",
        "약먹는 곰",
        "ㅋㅋㅋ",
        "A.B_C-D",
        "12",
        "감기몸살두통기침콧물",
        "비타민C매니아",
        "열두글자가되는별명입니다",
        "minus",
        "의자사랑",
    ] {
        assert_eq!(good.parse::<Nickname>().unwrap().as_str(), good, "{good}");
    }
    assert_eq!("  하늘 ".parse::<Nickname>().unwrap().as_str(), "하늘");
}

#[test]
fn length_is_counted_after_composing() {
    let twelve: String = "각".repeat(12).nfd().collect();
    assert_eq!(twelve.chars().count(), 36);
    let name: Nickname = twelve.parse().unwrap();
    assert_eq!(name.as_str(), "각".repeat(12));
    for bad in [
        "",
        "가",
        " ",
        " 가 ",
        "열세글자가되는별명이랍니다",
        &"가".repeat(100_000),
    ] {
        assert_eq!(error(bad), Some(NicknameError::Length));
    }
}

#[test]
fn what_cannot_be_seen_or_told_apart_is_refused() {
    for bad in [
        "하\u{200B}늘",
        "하\u{200D}늘",
        "\u{202E}늘하",
        "하늘\u{2066}",
        "하\u{3164}늘",
        "\u{115F}\u{1160}가",
        "하\0늘",
        "하\n늘",
        "하\u{A0}늘",
        "하\u{3000}늘",
        "하늘\u{FE0F}",
        "раypal",
        "e\u{301}e\u{302}e\u{303}",
        "q\u{301}\u{301}\u{301}",
        "하늘😀",
        "<b>하늘",
        "하늘'--",
        "ｈａｎｅｕｌ",
        "ᄒ\u{1161}\u{11AB}\u{11AB}",
        "a/b",
    ] {
        assert_eq!(error(bad), Some(NicknameError::Character), "{bad:?}");
    }
    for bad in ["_하늘", "하늘.", "하  늘", "하 -늘", "--", "...", "하늘-"] {
        assert_eq!(error(bad), Some(NicknameError::Separator), "{bad:?}");
    }
}

#[test]
fn nobody_can_be_imitated() {
    for bad in [
        "운영자",
        "운영자님",
        "필넛츠운영자",
        "관리자",
        "관.리.자",
        "상담사 김하늘",
        "상 담 사",
        "ㅇㅜㄴ영자",
        "ㅇㅑㄱㅅㅏ",
        "약사김",
        "현직의사",
        "간호사언니",
        "식약처",
        "고객센터",
        "탈퇴한 회원",
        "알 수 없음",
        "admin",
        "Admin",
        "ADMIN1",
        "adm1n",
        "4dm1n",
        "a_d_m_i_n",
        "administrat",
        "Pillnuts",
        "pi11nuts",
        "P1LLNUTS",
        "0perator",
        "moderat0r",
        "pharmacist",
        "c0unsellor",
        "official",
        "공식",
        "시스템",
        "Bot",
        "b0t",
        "GM",
        "Staff",
        "챗봇",
    ] {
        assert_eq!(error(bad), Some(NicknameError::Reserved), "{bad:?}");
    }
}

#[test]
fn a_title_sent_decomposed_is_the_title() {
    let decomposed: String = "관리자".nfd().collect();
    assert_eq!(error(&decomposed), Some(NicknameError::Reserved));
}

#[test]
fn one_key_for_names_that_read_alike() {
    let key = |text: &str| text.parse::<Nickname>().unwrap().key();
    assert_eq!(key("Haneul_7"), key("haneul 7"));
    assert_eq!(key("하 늘"), key("하늘"));
    assert_ne!(key("하늘"), key("하눌"));
}

proptest! {
    #[test]
    fn every_nickname_is_what_it_looks_like(text in any::<String>()) {
        if let Ok(name) = text.parse::<Nickname>() {
            check(&name)?;
        }
    }

    #[test]
    fn likely_texts_too(text in "[가-힣ㄱ-ㅣa-zA-Z0-9 ._-]{0,14}") {
        if let Ok(name) = text.parse::<Nickname>() {
            check(&name)?;
        }
    }

    #[test]
    fn a_title_is_refused_wherever_it_stands(
        title in proptest::sample::select(vec!["운영자", "관리자", "상담사", "약사", "admin"]),
        before in "[가-힣a-z]{0,3}",
        after in "[가-힣a-z]{0,3}",
        separator in proptest::sample::select(vec!["", ".", "_", "-", " "]),
    ) {
        let middle: Vec<String> = title.chars().map(String::from).collect();
        let text = format!("{before}{}{after}", middle.join(separator));
        prop_assume!(text.chars().count() <= 12);
        prop_assert_eq!(error(&text), Some(NicknameError::Reserved));
    }
}

/// What the type promises.
fn check(name: &Nickname) -> Result<(), TestCaseError> {
    let text = name.as_str();
    prop_assert!((2..=12).contains(&text.chars().count()));
    prop_assert_eq!(text.nfc().collect::<String>(), text);
    prop_assert!(!text.chars().any(char::is_control));
    prop_assert_eq!(text.trim(), text);
    prop_assert_eq!(&text.parse::<Nickname>().unwrap(), name);
    prop_assert!(!name.key().is_empty());
    Ok(())
}
