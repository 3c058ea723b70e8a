//! Which part of a text a query matched, for the few hits that are shown: nothing is stored for it.
//!
//! A match is a range of keys; the text that was normalised knows where each of its characters came
//! from ([`domain::hangul::normalise`]), so that the way back is exact through brackets, spaces,
//! spellings of units and decomposed Hangul. O(n) a text.

use std::ops::Range;

use domain::hangul::name::{self, Name, Part, Token};
use domain::hangul::normalise::Stage;
use domain::hangul::protected::Kind;
use domain::hangul::{keys, typed};

use super::MatchClass;
use super::query::Query;

/// What of a text was matched by a query that found it as `class`, as ranges of bytes, in order; a
/// syllable of which a part was typed is marked whole. Empty where the query doesn't match this text
/// so: another text of the owner did.
pub(crate) fn matched(text: &str, query: &Query, class: MatchClass) -> Vec<Range<usize>> {
    let name = Name::parse(text, Stage::Complete);
    let shown = name.normalised().as_str();
    let stored = keys::collect(shown);
    let run = |keys: Range<usize>| {
        let marked = typed::marked(shown, &keys);
        vec![name.normalised().original(&marked)]
    };
    let as_typed = || typed::find(&stored, &query.keys).map(run);
    let as_initials = || {
        let found = typed::find_initials(&stored, &query.keys);
        found.filter(|_| query.asks_initials).map(run)
    };
    let as_parts = || parts(&name, query);
    let as_words = || words(&name, &stored, query);
    match class {
        MatchClass::Exact | MatchClass::Prefix => as_typed(),
        MatchClass::Contains => as_typed().or_else(as_parts).or_else(as_words),
        MatchClass::Initials => as_initials(),
        MatchClass::Layout => as_typed()
            .or_else(as_parts)
            .or_else(as_initials)
            .or_else(as_words),
        MatchClass::Fuzzy => as_parts(),
    }
    .unwrap_or_default()
}

/// The brand that a loose match understood, as the text writes it; `None` where the query isn't one
/// slip from this text.
pub(crate) fn understood(text: &str, query: &Query) -> Option<String> {
    let name = Name::parse(text, Stage::Complete);
    query.loose.matches(&name.loose_key())?;
    let core = brand(&name).filter_map(|part| text.get(name.normalised().original(&part)));
    Some(core.collect())
}

/// Brand and guards that a loose match is made of.
fn parts(name: &Name, query: &Query) -> Option<Vec<Range<usize>>> {
    query.loose.matches(&name.loose_key())?;
    let text_of = |of: &Name, range: &Range<usize>| {
        let text = of.normalised().as_str().get(range.clone());
        text.unwrap_or_default().to_owned()
    };
    let mut parts: Vec<_> = brand(name).collect();
    let asked = query.name().tokens().iter();
    let mut guards = name.tokens().iter().filter(|token| is_guard(token.part));
    for asked in asked.filter(|token| is_guard(token.part)) {
        let wanted = text_of(query.name(), &asked.range);
        let fits = |guard: &str| match asked.part {
            Part::Word(_) => guard == wanted,
            _ => name::surplus(wanted.as_bytes(), guard.as_bytes()) == Some(0),
        };
        let mut left = guards.clone();
        // A word in another spelling isn't found and isn't marked; what follows still is.
        if let Some(found) = left.find(|token| fits(&text_of(name, &token.range))) {
            parts.push(found.range.clone());
            guards = left;
        }
    }
    parts.sort_unstable_by_key(|range| range.start);
    let original = parts.iter().map(|part| name.normalised().original(part));
    Some(original.collect())
}

/// Where the words of a query stand, those that stand in this text.
fn words(name: &Name, stored: &[u8], query: &Query) -> Option<Vec<Range<usize>>> {
    let shown = name.normalised().as_str();
    let mut found: Vec<Range<usize>> = Vec::new();
    for word in &query.words {
        if word.is_guard || word.is_form {
            let mut tokens = name.tokens().iter();
            let is_it =
                |token: &&Token| is_guard(token.part) && word.is_guarded_by(&name.guards_of(token));
            found.extend(tokens.find(is_it).map(|token| token.range.clone()));
        } else {
            let place = typed::find(stored, &word.keys);
            found.extend(place.map(|keys| typed::marked(shown, &keys)));
        }
    }
    found.sort_unstable_by_key(|range| (range.start, range.end));
    let mut joined: Vec<Range<usize>> = Vec::new();
    for range in found {
        match joined.last_mut() {
            Some(before) if range.start < before.end => before.end = before.end.max(range.end),
            _ => joined.push(range),
        }
    }
    let original = joined.iter().map(|part| name.normalised().original(part));
    Some(original.collect()).filter(|found: &Vec<_>| !found.is_empty())
}

const fn is_guard(part: Part) -> bool {
    !matches!(part, Part::Core | Part::Aside)
}

/// The pieces of the core that [`Name::loose_key`] takes.
fn brand(name: &Name) -> impl Iterator<Item = Range<usize>> {
    let mut begun = false;
    let tokens = name.tokens().iter().take_while(move |token| {
        let closes = begun && matches!(token.part, Part::Aside | Part::Word(Kind::Form));
        begun |= token.part == Part::Core;
        !closes
    });
    tokens
        .filter(|token| token.part == Part::Core)
        .map(|token| token.range.clone())
}

#[cfg(test)]
mod tests {
    use super::{matched, understood};
    use crate::search::MatchClass::{self, Contains, Exact, Fuzzy, Initials, Layout, Prefix};
    use crate::search::query::{Query, other_layout};

    fn marked(text: &str, query: &str, class: MatchClass) -> Vec<String> {
        let query = match class {
            Layout => other_layout(query).unwrap().query,
            _ => Query::new(query).unwrap(),
        };
        let ranges = matched(text, &query, class);
        ranges
            .into_iter()
            .map(|part| text.get(part).unwrap().to_owned())
            .collect()
    }

    #[test]
    fn marks_what_was_typed() {
        const TYLENOL: &str = "타이레놀정 500밀리그람(아세트아미노펜)";
        for (query, class, expected) in [
            ("타이레놀", Prefix, &["타이레놀"][..]),
            ("타일", Prefix, &["타이레"]),
            ("타이ㄹ", Prefix, &["타이레"]),
            ("타이레놀정500mg", Prefix, &["타이레놀정 500밀리그람"]),
            (
                "타이레놀정500mg아세트아미노펜",
                Exact,
                &["타이레놀정 500밀리그람(아세트아미노펜"],
            ),
            ("아미노", Contains, &["아미노"]),
            ("타이레놀500", Contains, &["타이레놀", "500밀리그람"]),
            ("ㅌㅇㄹㄴ", Initials, &["타이레놀"]),
            ("ㅇㄹㄴㅈ", Initials, &["이레놀정"]),
            ("탕ㄹㄴ", Initials, &["타이레놀"]),
            ("xkdlf", Layout, &["타이레"]),
            ("xdfs", Layout, &["타이레놀"]),
            ("타이래놀정500", Fuzzy, &["타이레놀", "정", "500밀리그람"]),
            ("게보린", Prefix, &[]),
        ] {
            assert_eq!(marked(TYLENOL, query, class), expected, "{query}");
        }
        let decomposed = "\u{1110}\u{1161}\u{110B}\u{1175}레놀";
        assert_eq!(marked(decomposed, "타", Prefix), ["\u{1110}\u{1161}"]);
    }

    #[test]
    fn names_the_brand_that_was_understood() {
        let query = Query::new("타이래놀정 500mg").unwrap();
        let brand = |text| understood(text, &query);
        assert_eq!(brand("타이레놀정500밀리그람"), Some("타이레놀".to_owned()));
        assert_eq!(brand("타이레놀정160밀리그람"), None);
        assert_eq!(brand("게보린정"), None);
    }
}
