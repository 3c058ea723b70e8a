//! A text as words, and what Korean hangs onto a word.

use unicode_normalization::UnicodeNormalization;

use super::text;

/// Most words of a text that are looked at: no message has more that say anything.
const MOST_WORDS: usize = 400;

/// What may follow a noun, whole; several may follow each other.
const PARTICLES: &str = "은 는 이 가 을 를 에 에서 에게 로 으로 와 과 랑 이랑 하고 도 만 의 부터 까지 요 이요 \
    인가요 이에요 예요 이야 야 이란 란 좀 들 한테 처럼 보다 은요 는요 인데 인지 나 이나 이나요 입니다 이라도 라도 \
    이라고 라고 이라는 라는 이랑은 말고 마다 밖에 뿐";

/// The words of a text: NFKC, lower case, without punctuation and characters that nobody sees.
#[must_use]
pub fn words(text: &str) -> Vec<String> {
    let text: String = text
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|&c| !text::is_unseen(c))
        .nfc()
        .collect();
    let split = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    split.take(MOST_WORDS).map(str::to_owned).collect()
}

/// A text as one word: what keywords are compared by.
#[must_use]
pub fn plain(text: &str) -> String {
    words(text).concat()
}

/// Whether a text is up to three particles and nothing else. Tails are short, or aren't particles.
#[must_use]
pub fn is_particles(tail: &str) -> bool {
    fn some(tail: &str, left: u8) -> bool {
        tail.is_empty()
            || (left > 0
                && PARTICLES.split_whitespace().any(|one| {
                    tail.strip_prefix(one)
                        .is_some_and(|rest| some(rest, left - 1))
                }))
    }
    some(tail, 3)
}

/// A word without its longest particle, unless less than two syllables would be left.
#[must_use]
pub fn stem(word: &str) -> &str {
    PARTICLES
        .split_whitespace()
        .filter_map(|one| word.strip_suffix(one))
        .filter(|stem| stem.chars().nth(1).is_some())
        .min_by_key(|stem| stem.len())
        .unwrap_or(word)
}

/// Whether a character is a whole syllable of Hangul.
#[must_use]
pub fn is_syllable(c: char) -> bool {
    ('가'..='힣').contains(&c)
}
