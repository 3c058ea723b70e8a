//! Keywords as people type them.

use domain::chat::keywords::Matcher;
use proptest::prelude::*;
use unicode_normalization::UnicodeNormalization;

const KEYS: [&[&str]; 9] = [
    &["이메일", "메일", "email", "e메일"],
    &["개발자"],
    &["설문조사", "설문"],
    &["인스타", "인스타그램", "instagram"],
    &["이벤트"],
    &["구글", "google"],
    &["키워드"],
    &["채팅"],
    &["상담"],
];

fn matcher(ranks: impl Fn(usize) -> i64) -> Matcher {
    let owned = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect::<Vec<_>>();
    let answers: Vec<_> = KEYS.iter().map(|keys| owned(keys)).collect();
    Matcher::new(answers.iter().enumerate().map(|(n, keys)| (ranks(n), keys)))
}

fn found(text: &str) -> Vec<&'static str> {
    let places = matcher(|_| 0).find(text);
    places.into_iter().map(|place| KEYS[place][0]).collect()
}

#[test]
fn keywords_are_found_as_people_type_them() {
    for (text, key) in [
        ("이메일", "이메일"),
        ("이메일은요?", "이메일"),
        ("이메일로 보내도 되나요", "이메일"),
        ("e-mail 주소", "이메일"),
        ("E-MAIL!!", "이메일"),
        ("ＥＭＡＩＬ", "이메일"),
        ("개발자에게 연락", "개발자"),
        ("개발자랑 얘기할래요", "개발자"),
        ("설문 조사 어디서 해요", "설문조사"),
        ("설문조사참여", "설문조사"),
        ("인스타그램 있어요?", "인스타"),
        ("인스타는", "인스타"),
        ("이벤트당첨 언제", "이벤트"),
        ("이 벤 트", "이벤트"),
        ("GOOGLE로 로그인", "구글"),
        ("구글로그인", "구글"),
        ("키워드가 뭐예요", "키워드"),
        ("채팅하고 싶어요", "채팅"),
        ("채 팅", "채팅"),
        ("상담받을 수 있나요", "상담"),
        ("상담원 연결", "상담"),
        ("상\u{200b}담", "상담"),
        ("「상담」", "상담"),
    ] {
        assert_eq!(found(text).first(), Some(&key), "{text}");
        let apart: String = text.nfd().collect();
        assert_eq!(found(&apart).first(), Some(&key), "NFD {text}");
    }
    for text in [
        "구글링",
        "안녕하세요",
        "",
        "googley",
        "메일리지",
        "?!",
        "타이레놀",
        "상의",
        "mailbox",
    ] {
        assert_eq!(found(text), Vec::<&str>::new(), "{text}");
    }
}

#[test]
fn several_hits_have_an_order() {
    assert_eq!(found("인스타 상담"), ["인스타", "상담"], "the longer first");
    assert_eq!(found("상담이나 채팅"), ["상담", "채팅"], "as said");
    assert_eq!(found("채팅이나 상담"), ["채팅", "상담"]);
    assert_eq!(found("채팅상담"), ["채팅", "상담"], "glued");
    assert_eq!(
        found("설문조사 이메일 이벤트"),
        ["설문조사", "이메일", "이벤트"]
    );
    let ranked = matcher(|place| i64::from(place == 8)).find("설문조사 상담");
    assert_eq!(ranked, [8, 2], "admins' rank goes first");
}

proptest! {
    #[test]
    fn any_text_is_searched_without_harm(text in "\\PC{0,200}") {
        let places = matcher(|_| 0).find(&text);
        prop_assert!(places.len() <= KEYS.len());
        prop_assert!(places.iter().all(|&place| place < KEYS.len()));
    }

    #[test]
    fn particles_and_punctuation_change_nothing(
        key in 0..KEYS.len(),
        particle in prop::sample::select(vec!["", "은", "를", "이요", "에서는", "도", "까지만"]),
        around in "[ .,!?~…「」\n]{0,4}",
    ) {
        let text = format!("{around}{}{particle}{around}", KEYS[key][0]);
        let places = matcher(|_| 0).find(&text);
        prop_assert_eq!(places.first(), Some(&key), "{}", text);
    }
}
