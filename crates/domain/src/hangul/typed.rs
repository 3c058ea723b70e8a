//! Matching of what people type while they type it: half-typed names, 초성, and both mixed.
//!
//! All functions work on key strings (see [`keys`]), in one pass, without allocation.
//! A prefix index needs only the half-typed rule: sort the names' key strings, and the matches of
//! a query are one contiguous range.

use std::ops::Range;

use super::{jamo, keys};

/// Whether a half-typed query stands at a place of a name: at a border, and the query is what has
/// been typed of the name so far. O(query).
#[must_use]
pub fn matches_at(name: &[u8], query: &[u8], at: usize) -> bool {
    // In this order: at most places the first key already differs.
    name.get(at..).is_some_and(|rest| rest.starts_with(query)) && keys::is_border(name, at)
}

/// The first place of a half-typed query in a name, as a range of keys; an empty query is at the
/// beginning. O(name × query) at worst, O(name) in practice (names hold few equal beginnings).
#[must_use]
pub fn find(name: &[u8], query: &[u8]) -> Option<Range<usize>> {
    (0..=name.len().checked_sub(query.len())?)
        .find(|at| matches_at(name, query, *at))
        .map(|at| at..at + query.len())
}

/// Whether a match ends where a syllable, a number or a letter ends: a whole match, which ranks
/// before a half-typed one (`달` in 달맞이 before `달` in 다리).
#[must_use]
pub fn ends_whole(name: &[u8], found: &Range<usize>) -> bool {
    keys::is_border(name, found.end)
}

/// Whether a query, as it is shown, asks to be read as initials: it holds a lone consonant before
/// its end, or one at its end after a syllable that may have swallowed another (`탕ㄹ` for `타ㅇㄹ`).
/// A single consonant at the end is only half-typed, and without a lone consonant there is nothing
/// to read: names in whole syllables never cost this second look. O(n).
#[must_use]
pub fn asks_initials(query: &str) -> bool {
    let lone = |c: char| jamo::is_letter(c) && !jamo::is_vowel(c);
    let mut before = None;
    for c in query.chars() {
        let double = lone(c) && jamo::split(c).is_some();
        let closed = before
            .and_then(jamo::decompose)
            .is_some_and(|whole| whole.last.is_some());
        if double || lone(c) && closed || before.is_some_and(lone) {
            return true;
        }
        before = Some(c);
    }
    false
}

/// Where a query of initials, mixed with whole syllables, numbers and latin letters, ends that
/// stands at a border of a name; `None` where it doesn't stand there.
///
/// Each consonant that no vowel follows stands for a syllable that begins with it; what a vowel
/// follows is a whole syllable, or at the query's end a half-typed one. Which of both a consonant
/// is can be read from the next key alone, so there is nothing to try and take back: O(name's keys
/// up to the end). Since the query is read as keys, it may be as an input method shows it: `타ㅇㄹㄴ`
/// typed without pause is shown as `탕ㄹㄴ`, and `ㄱㅅ` as `ㄳ`.
#[must_use]
pub fn initials_at(name: &[u8], query: &[u8], at: usize) -> Option<usize> {
    let begins = query.is_empty() || name.get(at) == query.first();
    if !begins || !keys::is_border(name, at) {
        return None;
    }
    let mut at = at;
    let mut rest = query;
    while let Some(asked) = rest.first().copied() {
        let end = next_border(name, at);
        let unit = name.get(at..end).filter(|unit| !unit.is_empty())?;
        let alone = keys::is_consonant(asked) && !rest.get(1).copied().is_some_and(keys::is_vowel);
        if alone {
            if unit.first().copied() != Some(asked) {
                return None;
            }
            rest = rest.get(1..)?;
        } else if let Some(after) = rest.strip_prefix(unit) {
            rest = after;
        } else {
            return unit.starts_with(rest).then_some(end);
        }
        at = end;
    }
    Some(at)
}

/// The first place of a query of initials in a name, as a range of keys. O(name × query) at worst.
#[must_use]
pub fn find_initials(name: &[u8], query: &[u8]) -> Option<Range<usize>> {
    (0..name.len()).find_map(|at| initials_at(name, query, at).map(|end| at..end))
}

/// The initials of a text as a key string: one key a syllable (`타이레놀` → `ㅌㅇㄹㄴ`), everything
/// else as it is. A query of initials alone ([`keys::of_text`] of it) is a prefix or a part of it,
/// so a second sorted array answers `ㅌㅇㄹ` like a half-typed name. O(n), lazy, no allocation.
pub fn initials(text: &str) -> impl Iterator<Item = u8> {
    text.chars().flat_map(|c| {
        let whole = jamo::decompose(c);
        keys::of_char(c)
            .into_iter()
            .take(if whole.is_some() { 1 } else { usize::MAX })
    })
}

/// The piece of a text whose keys a range touches, as a range of bytes: what to mark in a hit. A
/// half-typed syllable is marked whole. O(n), for the few hits that are shown; nothing has to be
/// stored for it.
#[must_use]
pub fn marked(text: &str, found: &Range<usize>) -> Range<usize> {
    let mut key = 0;
    let mut marked: Option<Range<usize>> = None;
    for (at, c) in text.char_indices() {
        let end = key + keys::of_char(c).as_slice().len();
        if key < found.end && end > found.start {
            let start = marked.map_or(at, |range| range.start);
            marked = Some(start..at + c.len_utf8());
        }
        key = end;
    }
    marked.unwrap_or(0..0)
}

fn next_border(name: &[u8], at: usize) -> usize {
    (at + 1..name.len())
        .find(|next| keys::is_border(name, *next))
        .unwrap_or(name.len())
}

#[cfg(test)]
mod tests {
    use super::{asks_initials, ends_whole, find, find_initials, initials, marked};
    use crate::hangul::keys;

    fn typed<'a>(name: &'a str, query: &str) -> Option<&'a str> {
        let found = find(&keys::collect(name), &keys::collect(query))?;
        name.get(marked(name, &found))
    }

    fn by_initials<'a>(name: &'a str, query: &str) -> Option<&'a str> {
        let found = find_initials(&keys::collect(name), &keys::collect(query))?;
        name.get(marked(name, &found))
    }

    #[test]
    fn half_typed() {
        assert_eq!(typed("타이레놀", "타이ㄹ"), Some("타이레"));
        assert_eq!(typed("타이레놀", "타일"), Some("타이레"));
        assert_eq!(typed("타이레놀", "타이레노"), Some("타이레놀"));
        assert_eq!(typed("달걀", "닭"), Some("달걀"));
        assert_eq!(typed("아스피린", "아ㅅ"), Some("아스"));
        assert_eq!(typed("사과", "고"), Some("과"));
        assert_eq!(typed("사괴", "고"), Some("괴"));
        assert_eq!(typed("의사", "으"), Some("의"));
        assert_eq!(typed("가", "각"), None);
        assert_eq!(typed("가까", "각"), None, "ㄲ is a key of its own");
        assert_eq!(typed("어린이타이레놀", "타일"), Some("타이레"));
        assert_eq!(typed("타이레놀", "ㅏ이"), None, "never inside a syllable");
        assert_eq!(typed("정500", "00"), None, "never inside a number");
    }

    #[test]
    fn whole_matches_are_told() {
        let query = keys::collect("달");
        for (name, whole) in [("달맞이", true), ("다리", false)] {
            let name = keys::collect(name);
            assert_eq!(ends_whole(&name, &find(&name, &query).unwrap()), whole);
        }
    }

    #[test]
    fn initials_alone_and_mixed() {
        for query in [
            "ㅌㅇㄹㄴ",
            "ㅌㅇ레놀",
            "타ㅇㄹㄴ",
            "탕ㄹㄴ",
            "ㅌㅇㄹ노",
            "타이레놀",
            "ㅌ",
        ] {
            assert!(by_initials("타이레놀", query).is_some(), "{query}");
        }
        assert_eq!(by_initials("어린이타이레놀", "ㅌㅇㄹ"), Some("타이레"));
        assert_eq!(by_initials("타이레놀", "ㅌㄹ"), None);
        assert_eq!(by_initials("감사", "ㄳ"), Some("감사"));
        assert_eq!(
            by_initials("타이레놀정500mg", "ㅌㅇㄹㄴㅈ50"),
            Some("타이레놀정500")
        );
        assert_eq!(by_initials("알정0.5mg", "ㅇㅈ5"), None);
        let letters: String = initials("닭과a1").filter_map(keys::letter).collect();
        assert_eq!(letters, "ㄷㄱ");
        for query in ["탕ㄹ", "ㅌㅇ", "ㄳ", "ㅌㅇ레", "타ㅇ레놀"] {
            assert!(asks_initials(query), "{query}");
        }
        for query in ["타이ㄹ", "ㅌ", "타이레놀정", "", "a1ㅏ"] {
            assert!(!asks_initials(query), "{query}");
        }
    }
}
