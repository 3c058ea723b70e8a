//! Words in any order: `500 타이레놀`, `아세트아미노펜 타이레놀`, `한미 타미플루`.
//!
//! Every word must stand in something of one owner, exactly as the whole query must: the first
//! words whole, the last one perhaps half-typed. A slip in a word is never understood here. A number
//! or a short run of latin letters says strength or release, so it must be one of the text's own
//! ([`name::surplus`]): 50 is not found in 500, and `er` not in the middle of an English name. So must
//! a form or a release among names: `아스피린 주` asks for an injection, not for a tablet of (주)보령.
//!
//! O(query) to cut; O(found) over all words to answer, with a byte an owner and a byte a text.

use std::ops::Range;

use domain::hangul::keys;
use domain::hangul::name::{self, Name, Part};
use domain::hangul::normalise::Stage;

/// Most words of a query: their marks are bits of a byte. Longer queries are taken as they stand.
const MOST: usize = 8;
/// Latin letters of a word that may be looked for anywhere.
const LATIN: usize = 3;

/// A word of a query.
#[derive(Debug)]
pub(super) struct Word {
    /// Its keys.
    pub(super) keys: Vec<u8>,
    /// What its numbers and protected words are compared by.
    pub(super) guards: Vec<u8>,
    /// Nothing but guards: not looked for, but asked of whatever is found.
    pub(super) is_guard: bool,
    /// A form or a release: a guard among names, a word like others elsewhere.
    pub(super) is_form: bool,
    /// It may be half-typed.
    pub(super) is_last: bool,
}

impl Word {
    /// Whether the guards of a text hold those of this word.
    pub(super) fn is_guarded_by(&self, guards: &[u8]) -> bool {
        name::surplus(&self.guards, guards).is_some()
    }
}

/// The words of a query; none where it is a single one, or where nothing could be looked for. A
/// number and its unit are one word, however they are spaced.
pub(super) fn split(text: &str, whole: &Name) -> Vec<Word> {
    let is_number = |part| matches!(part, Part::Strength | Part::Number);
    let tokens = whole.tokens().iter().filter(|token| is_number(token.part));
    let numbers: Vec<_> = tokens
        .map(|token| whole.normalised().original(&token.range))
        .collect();
    let inside = |at: usize| numbers.iter().any(|one| one.start < at && at < one.end);
    let mut begin = 0;
    let piece = |range: Range<usize>| {
        let (before, after) = (text.get(..range.start), text.get(range.end..));
        let is_aside = before.is_some_and(|before| before.ends_with(['(', '[', '（', '［']))
            && after.is_some_and(|after| after.starts_with([')', ']', '）', '］']));
        (text.get(range).unwrap_or_default(), is_aside)
    };
    let ends = text
        .char_indices()
        .filter(|&(at, c)| separates(c) && !inside(at));
    let mut pieces = Vec::new();
    for (at, c) in ends {
        pieces.push(piece(begin..at));
        begin = at + c.len_utf8();
    }
    pieces.push(piece(begin..text.len()));
    pieces.retain(|(piece, _)| piece.contains(char::is_alphanumeric));
    let last = pieces.len().saturating_sub(1);
    let mut words: Vec<Word> = pieces
        .into_iter()
        .take(MOST + 1)
        .enumerate()
        .filter_map(|(at, (piece, is_aside))| word(piece, is_aside, at == last))
        .collect();
    if !(2..=MOST).contains(&words.len()) || words.iter().all(|word| word.is_guard) {
        words.clear();
    }
    words
}

/// What stands between words: spaces, brackets, commas and the like. A hyphen or a dot belongs to
/// the word.
fn separates(c: char) -> bool {
    c.is_whitespace()
        || matches!(
            c,
            '(' | ')' | '[' | ']' | '（' | '）' | '［' | '］' | ',' | '+' | '·' | '/'
        )
}

/// One word. What stands in brackets alone is no form: `(주)` is part of a maker's name.
fn word(piece: &str, is_aside: bool, is_last: bool) -> Option<Word> {
    let stage = if is_last {
        Stage::Typing
    } else {
        Stage::Complete
    };
    let name = Name::parse(piece, stage);
    let shown = name.normalised().as_str();
    if shown.is_empty() {
        return None;
    }
    let names = |part: Part, length: usize| match part {
        Part::Core => true,
        Part::Latin => length >= LATIN,
        _ => false,
    };
    let mut tokens = name.tokens().iter();
    let form = name.form_alone().filter(|_| !is_aside);
    Some(Word {
        keys: keys::collect(shown),
        guards: form.map_or_else(|| name.loose_key().guards, |form| vec![form]),
        is_form: form.is_some(),
        is_guard: !tokens.any(|token| names(token.part, token.range.len())),
        is_last,
    })
}

#[cfg(test)]
mod tests {
    use domain::hangul::keys::collect;

    use crate::search::Query;

    #[test]
    fn words_are_cut_at_spaces_and_brackets() {
        for (query, expected) in [
            ("500 타이레놀", vec![("500", true), ("타이레놀", false)]),
            (
                "타이레놀 500 mg",
                vec![("타이레놀", false), ("500mg", true)],
            ),
            (
                "타이레놀 500 밀리그람",
                vec![("타이레놀", false), ("500mg", true)],
            ),
            (
                "타이레놀(아세트",
                vec![("타이레놀", false), ("아세트", false)],
            ),
            ("tylenol er", vec![("tylenol", false), ("er", true)]),
            (
                "암로 5/20 정",
                vec![("암로", false), ("5/20", true), ("정", false)],
            ),
            ("타이레놀 500밀리", vec![("타이레놀", false), ("500", true)]),
            ("타이레놀", vec![]),
            (" 타이레놀 ( ) ", vec![]),
            ("500 mg", vec![]),
            ("가 나 다 라 마 바 사 아 자", vec![]),
        ] {
            let words = Query::new(query).unwrap().words;
            let words: Vec<_> = words
                .into_iter()
                .map(|one| (one.keys, one.is_guard))
                .collect();
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(text, guard)| (collect(text), guard))
                .collect();
            assert_eq!(words, expected, "{query}");
        }
    }
}
