//! Names that a member could be believed under, and not for what he is.

use crate::hangul::keys;

/// Refused wherever they stand. Titles of health professions are among them because people here ask
/// about drugs and would follow the answer.
const ANYWHERE: [&str; 29] = [
    "운영자",
    "운영진",
    "운영팀",
    "관리자",
    "관리팀",
    "상담사",
    "상담원",
    "상담팀",
    "고객센터",
    "고객지원",
    "고객상담",
    "필넛츠",
    "식약처",
    "식품의약품안전처",
    "약사",
    "의사",
    "간호사",
    "공식계정",
    "탈퇴한",
    "알수없음",
    "admin",
    "operator",
    "moderator",
    "manager",
    "counsel",
    "pharmacist",
    "pillnuts",
    "official",
    "webmaster",
];

/// Refused as the whole name only: they stand in harmless words.
const WHOLE: [&str; 13] = [
    "공식",
    "직원",
    "스태프",
    "매니저",
    "챗봇",
    "시스템",
    "system",
    "staff",
    "support",
    "root",
    "mfds",
    "gm",
    "bot",
];

/// Compares what would be typed for the names: loose letters make the same keys as the syllables that
/// they make up, so writing a title in them hides nothing.
pub(super) fn looks_reserved(name: &str) -> bool {
    let plain = keys::collect(&skeleton(name));
    let stands_in = |word: &&str| {
        let word = keys::collect(&skeleton(word));
        plain.windows(word.len()).any(|part| part == word)
    };
    ANYWHERE.iter().any(stands_in)
        || WHOLE
            .iter()
            .any(|word| keys::collect(&skeleton(word)) == plain)
}

/// Without separators, in lower case, digits and `l` as the letters that they stand for.
fn skeleton(name: &str) -> String {
    name.chars()
        .filter(|c| !super::is_separator(*c))
        .map(|c| match c.to_ascii_lowercase() {
            '0' => 'o',
            '1' | 'l' => 'i',
            '3' => 'e',
            '4' => 'a',
            '5' => 's',
            '7' => 't',
            other => other,
        })
        .collect()
}
