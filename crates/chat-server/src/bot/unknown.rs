//! Which words that the bot doesn't know may be counted.
//!
//! Admins see them, so nothing of anybody may be among them: no sentence (it tells of somebody), no digits, no
//! addresses, nothing where somebody says who he is, nothing that looks like a Korean name.

use domain::chat::words::{is_syllable, stem};

/// Words of a text that still is a question for something, not a story.
const MOST_WORDS: usize = 3;
/// Characters of a word.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=12;
/// Somebody says who or where he is, or how he is reached.
const TELLS: &str = "이름 저는 전데 제가 나는 입니다 이에요 예요 라고 씨 님 선생 전화 번호 주소 사는 살아 생일 병원 @ http www";
/// The family names of more than half of all Koreans; with two more syllables a name.
const FAMILY: &str = "김이박최정강조윤장임한오서신권황안송류전홍";
const NAME: usize = 3;

/// The words of a text that may be counted, each once.
pub(super) fn countable(text: &str, said: &[String]) -> Vec<String> {
    let tells = TELLS.split_whitespace().any(|one| text.contains(one));
    if tells || said.len() > MOST_WORDS {
        return Vec::new();
    }
    let mut words: Vec<String> = Vec::new();
    for word in said.iter().map(|word| stem(word)) {
        if is_short(word) && !is_name(word) && !words.iter().any(|one| one == word) {
            words.push(word.to_owned());
        }
    }
    words
}

/// A word of ordinary length out of letters.
pub(super) fn is_short(word: &str) -> bool {
    LENGTH.contains(&word.chars().count())
        && (word.chars().all(is_syllable) || word.bytes().all(|byte| byte.is_ascii_alphabetic()))
}

fn is_name(word: &str) -> bool {
    word.chars().count() == NAME && word.chars().next().is_some_and(|c| FAMILY.contains(c))
}

#[cfg(test)]
mod tests {
    use domain::chat::words::words;

    use super::*;

    #[test]
    fn nothing_of_anybody_is_counted() {
        let counted = |text: &str| countable(text, &words(text));
        assert_eq!(counted("파스를"), ["파스"]);
        assert_eq!(counted("Zyrtec 파스 파스"), ["zyrtec", "파스"]);
        for private in [
            "김철수",
            "박영희입니다",
            "제 이름은 소라",
            "010-1234-5678",
            "850101",
            "me@pillnuts.example",
            "어제 동네 의원에서 진단 받았어요",
            "ㅋㅋㅋ",
            "네",
            "서울 마포구 주소",
            &"각".repeat(13),
        ] {
            assert_eq!(counted(private), Vec::<String>::new(), "{private}");
        }
    }
}
