//! One slip of the finger or the ear: `타이래놀` for 타이레놀.
//!
//! # The idea
//! At most *one* slip is allowed, so no table of distances is needed: the band of the dynamic
//! programme (Ukkonen 1985) shrinks to a comparison from both ends. Take away the longest common
//! beginning and the longest common end; what is left is the slip itself, and it must be one of
//! the shapes below. O(n) with an exit as soon as the lengths differ by more than one slip can
//! explain, no allocation; a name that isn't alike is left after a few bytes.
//!
//! | left of the query | left of the name | slip |
//! |---|---|---|
//! | one key | nothing | a letter too many |
//! | nothing | one key | a letter missing |
//! | one key | one key | another letter, a missing or wrong shift |
//! | two keys | the same, turned round | two letters in the wrong order (Damerau 1964) |
//! | one or two vowel keys | one or two vowel keys | another vowel, compound ones included (`ㅚ` for `ㅞ`) |
//!
//! The last row makes a compound vowel *one* letter, though it takes two keys. Of double finals
//! each half is a letter: `ㄺ` for `ㄱ` is one slip, `ㄺ` for `ㅂ` is two.
//!
//! The last syllable of one brand may be the name of a letter (놀바덱스디 for "D"); another letter there
//! is another product, not a slip.
//!
//! Only Hangul keys can slip. A digit or a latin letter is below 0x80, so that "a slip never touches
//! a strength" is one comparison of bytes. Words of form and release are Hangul: they are cut out of
//! the name beforehand ([`name`](super::name)).

use super::keys;

/// A kind of slip, the likelier first: candidates are ranked in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Slip {
    /// No slip: the texts are the same.
    None,
    /// Another letter that sounds the same or nearly so (`ㅐ`/`ㅔ`, `ㅚ`/`ㅙ`/`ㅞ`, `ㄱ`/`ㄲ`/`ㅋ`).
    SoundsAlike,
    /// Two neighbouring letters in the wrong order.
    Swapped,
    /// The query lacks a letter of the name.
    Missing,
    /// The query has a letter that the name hasn't.
    Extra,
    /// Another letter.
    Other,
}

/// The slip by which a query differs from a name, both as key strings; `None` where more than one
/// slip, or one in anything but Hangul, lies between them. O(n).
#[must_use]
pub fn between(query: &[u8], name: &[u8]) -> Option<Slip> {
    if query.len().abs_diff(name.len()) > 1 {
        return None;
    }
    let begin = query.iter().zip(name).take_while(|(a, b)| a == b).count();
    let (query_rest, name_rest) = (query.get(begin..)?, name.get(begin..)?);
    let end = query_rest
        .iter()
        .rev()
        .zip(name_rest.iter().rev())
        .take_while(|(a, b)| a == b)
        .count();
    let left = query_rest.get(..query_rest.len() - end)?;
    let right = name_rest.get(..name_rest.len() - end)?;
    if !left.iter().chain(right).copied().all(keys::is_hangul) || are_two_letters(query, name) {
        return None;
    }
    Some(match (left, right) {
        ([], []) => Slip::None,
        ([_], []) => Slip::Extra,
        ([], [_]) => Slip::Missing,
        ([a, b], [c, d]) if a == d && b == c => Slip::Swapped,
        ([_] | [_, _], [_] | [_, _]) => another_letter(query.get(..begin)?, left, right)?,
        _ => return None,
    })
}

/// Names of latin letters that end brands, in keys: 비 디 티 피 지 이 오 유. The others are protected
/// words, which never stand here.
const LETTERS: [&[u8]; 8] = [b"ql", b"el", b"xl", b"vl", b"wl", b"dl", b"dh", b"db"];

/// Whether two texts end with the names of two letters.
fn are_two_letters(query: &[u8], name: &[u8]) -> bool {
    matches!((letter_at_end(query), letter_at_end(name)), (Some(one), Some(other)) if one != other)
}

/// Which letter's name the last syllable is, where one stands before it.
fn letter_at_end(text: &[u8]) -> Option<usize> {
    let start = text.len().checked_sub(2).filter(|start| *start > 0)?;
    let last = text.get(start..)?;
    let is = |letter: &&[u8]| {
        last.iter().all(|key| keys::is_hangul(*key))
            && last
                .iter()
                .map(|key| key & !keys::HANGUL_BIT)
                .eq(letter.iter().copied())
    };
    LETTERS.iter().position(is)
}

/// Judges the replacement of a letter, given what stands before it (the first half of a compound
/// vowel may be common to both).
fn another_letter(before: &[u8], left: &[u8], right: &[u8]) -> Option<Slip> {
    let single = left.len() == 1 && right.len() == 1;
    let vowels = left.iter().chain(right).copied().all(keys::is_vowel);
    if !single && !vowels {
        return None;
    }
    let half = before
        .last()
        .copied()
        .filter(|key| vowels && keys::is_vowel(*key));
    let alike = match (sound(half, left), sound(half, right)) {
        (Some(a), Some(b)) => a == b,
        _ => false,
    };
    Some(if alike {
        Slip::SoundsAlike
    } else {
        Slip::Other
    })
}

/// A class of letters that today's speakers tell apart badly or not at all; `None` where a letter
/// is alone. Vowels after the standard pronunciation (표준 발음법 4–5항: ㅚ/ㅙ/ㅞ, ㅔ/ㅖ) and
/// the merged ㅐ/ㅔ (ㅢ/ㅣ is a letter missing or too many); consonants by their plain, tense and aspirated series, which loan words mix
/// (`까스`, `가스`).
fn sound(half: Option<u8>, letter: &[u8]) -> Option<u8> {
    let plain = |byte: &u8| byte & !keys::HANGUL_BIT;
    let keys = (
        half.as_ref().map(plain),
        letter.first().map(plain),
        letter.get(1).map(plain),
    );
    let (first, second) = match keys {
        (Some(half), Some(only), None) => (half, Some(only)),
        (_, Some(first), second) => (first, second),
        _ => return None,
    };
    Some(match (first, second) {
        (b'o' | b'O' | b'p' | b'P', None) => 0,
        (b'h', Some(b'l' | b'o')) | (b'n', Some(b'p')) => 1,
        (b'r' | b'R' | b'z', None) => 2,
        (b'e' | b'E' | b'x', None) => 3,
        (b'q' | b'Q' | b'v', None) => 4,
        (b't' | b'T', None) => 5,
        (b'w' | b'W' | b'c', None) => 6,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{Slip, between};
    use crate::hangul::keys::collect;

    fn slip(query: &str, name: &str) -> Option<Slip> {
        between(&collect(query), &collect(name))
    }

    #[test]
    fn one_letter() {
        assert_eq!(slip("타이레놀", "타이레놀"), Some(Slip::None));
        assert_eq!(slip("타이래놀", "타이레놀"), Some(Slip::SoundsAlike));
        assert_eq!(slip("타이레롤", "타이레놀"), Some(Slip::Other));
        assert_eq!(slip("타이레노", "타이레놀"), Some(Slip::Missing));
        assert_eq!(slip("타잉레놀", "타이레놀"), Some(Slip::Extra));
        assert_eq!(slip("티아레놀", "타이레놀"), None, "two vowels");
        assert_eq!(slip("ㅏ타이레놀", "타이레놀"), Some(Slip::Extra));
        assert_eq!(slip("카이레롤", "타이레놀"), None, "two slips");
        assert_eq!(slip("", "타"), None);
        assert_eq!(slip("까스", "가스"), Some(Slip::SoundsAlike));
    }

    #[test]
    fn compound_vowels_are_one_letter() {
        for (query, name) in [("괴", "괘"), ("괴", "궤"), ("괘", "궤"), ("걔", "계")] {
            assert_eq!(slip(query, name), Some(Slip::SoundsAlike), "{query}");
            assert_eq!(slip(name, query), Some(Slip::SoundsAlike), "{name}");
        }
        assert_eq!(slip("과", "거"), Some(Slip::Other));
        assert_eq!(slip("과", "고"), Some(Slip::Extra));
        assert_eq!(slip("고", "과"), Some(Slip::Missing));
    }

    #[test]
    fn order_of_letters() {
        assert_eq!(
            slip("이부로프펜", "이부프로펜"),
            None,
            "two consonants, not neighbours"
        );
        assert_eq!(slip("ㅏ타이", "타ㅏ이"), Some(Slip::Swapped));
        assert_eq!(slip("고나", "관"), Some(Slip::Swapped));
    }

    #[test]
    fn one_letter_of_the_alphabet_is_never_another() {
        for (query, name) in [
            ("놀바덱스비", "놀바덱스디"),
            ("놀바덱스티", "놀바덱스디"),
            ("아로나민유", "아로나민오"),
        ] {
            assert_eq!(slip(query, name), None, "{query}");
        }
        assert_eq!(slip("놀바댁스디", "놀바덱스디"), Some(Slip::SoundsAlike));
        assert_eq!(slip("놀바덱스미", "놀바덱스디"), Some(Slip::Other));
        assert_eq!(slip("가스딛", "가스딥"), Some(Slip::Other));
    }

    #[test]
    fn strengths_never_slip() {
        assert_eq!(slip("정50mg", "정500mg"), None);
        assert_eq!(slip("정10mg", "정16mg"), None);
        assert_eq!(slip("정SR", "정CR"), None);
        assert_eq!(slip("정5", "정ㅏ"), None);
    }
}
