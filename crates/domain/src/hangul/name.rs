//! The parts of a product's name: brand, strength, form, and what must never match loosely.
//!
//! `타이레놀정500밀리그람(아세트아미노펜)` is 타이레놀 (the core), 정 (form), 500mg (strength) and, in
//! brackets, 아세트아미노펜. Loose matching is for the core alone; every other part is a *guard*: what
//! the query names must stand in the name, exactly and in the same order. So a slip can neither
//! change a number nor turn 에스 into 에프, and whoever types `타이래놀500` still finds the tablet,
//! though 정 stands between.
//!
//! O(n × protected words) a name, done once when an index is built and once a query.

use std::ops::Range;

use super::normalise::{Normalised, Stage, normalise};
use super::protected::{self, Kind, Word};
use super::slip::{self, Slip};
use super::tokens::Tokeniser;
use super::{jamo, keys};

/// What a part of a name is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Part {
    /// The brand, or a generic name: the only part in which a slip is understood.
    Core,
    /// A number with its unit (`500mg`, `5/20mg`, `2%`).
    Strength,
    /// A number without a unit.
    Number,
    /// Latin letters.
    Latin,
    /// A protected word.
    Word(Kind),
    /// What stands in brackets: ingredient, remarks.
    Aside,
}

/// A part and where it stands in the normalised text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub part: Part,
    /// Range of bytes in [`Normalised::as_str`].
    pub range: Range<usize>,
    /// The mark of a protected word.
    pub(super) mark: Option<u8>,
}

/// A name taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    normalised: Normalised,
    tokens: Vec<Token>,
}

/// What a loose match compares: one key string and one string of guards a name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct LooseKey {
    /// Key string of the core (see [`keys`]).
    pub core: Vec<u8>,
    /// Guards in order: a byte of 0x80 or above for a word, ASCII closed by a zero for numbers and
    /// latin letters. Which byte means which word may change with every build: never store them.
    pub guards: Vec<u8>,
}

/// How a name matches loosely.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Loose {
    /// The slip in the core.
    pub slip: Slip,
    /// Guards of the name that the query doesn't have: the fewer, the nearer. Strengths and forms
    /// count once, for every medicine has them; what says another formula, release or user counts
    /// more (타이레놀정500mg before 우먼스타이레놀정).
    pub surplus: usize,
}

impl Name {
    /// Takes a name, or a query, apart.
    #[must_use]
    pub fn parse(text: &str, stage: Stage) -> Self {
        let normalised = normalise(text, stage);
        let tokens = Tokeniser::new(&normalised).run();
        Self { normalised, tokens }
    }

    /// The normalised text.
    #[must_use]
    pub const fn normalised(&self) -> &Normalised {
        &self.normalised
    }

    /// The parts, in order, without gaps.
    #[must_use]
    pub fn tokens(&self) -> &[Token] {
        &self.tokens
    }

    /// The text of one part kind, pieces joined (a core may have several: 알보펜덱시300…).
    #[must_use]
    pub fn text_of(&self, part: Part) -> String {
        let pieces = self.tokens.iter().filter(|token| token.part == part);
        pieces
            .filter_map(|token| self.normalised.as_str().get(token.range.clone()))
            .collect()
    }

    /// Whether a query says enough for a loose match: three syllables of the core, or two and words
    /// beside it that make four together, or two that may have been three before a vowel was lost
    /// (`록플정` for 록프로정). Of the 1,062 cores of two syllables in the pill list 795 have a real
    /// neighbour one slip away, of the 5,996 of four syllables 1,824 have one.
    #[must_use]
    pub fn is_long_enough(&self) -> bool {
        let (mut core, mut core_keys, mut words) = (0, 0, 0);
        for token in &self.tokens {
            let text = self
                .normalised
                .as_str()
                .get(token.range.clone())
                .unwrap_or_default();
            // Slips break syllables: what is left of one counts like a whole one.
            let syllable = |c: &char| jamo::is_syllable(*c) || jamo::is_letter(*c);
            let syllables = text.chars().filter(syllable).count();
            match token.part {
                Part::Core => {
                    core += syllables;
                    core_keys += keys::of_text(text).count();
                }
                Part::Word(_) => words += syllables,
                _ => {}
            }
        }
        core >= 3 || core == 2 && (core + words >= 4 || words > 0 && core_keys >= 5)
    }

    /// The guard of a form or a release where that is all there is (`주`, `서방`): a name that is
    /// nothing else reads it as a brand.
    #[must_use]
    pub fn form_alone(&self) -> Option<u8> {
        let word = protected::whole(self.normalised.as_str());
        let form = word.filter(|word| matches!(word.kind, Kind::Form | Kind::Release));
        form.map(Word::mark)
    }

    /// The guards of one of its parts, as [`LooseKey::guards`] holds them.
    #[must_use]
    pub fn guards_of(&self, token: &Token) -> Vec<u8> {
        let text = self.normalised.as_str().get(token.range.clone());
        let mut guards = Vec::new();
        push_guard(&mut guards, token, text.unwrap_or_default());
        guards
    }

    /// What a loose match compares. A name may hold two products (`…정50mg, …정150mg`) or an export
    /// name after its form or its brackets: the core is the first product's, the guards are all.
    #[must_use]
    pub fn loose_key(&self) -> LooseKey {
        let mut key = LooseKey::default();
        let mut closed = false;
        for token in &self.tokens {
            let text = self
                .normalised
                .as_str()
                .get(token.range.clone())
                .unwrap_or_default();
            closed |=
                !key.core.is_empty() && matches!(token.part, Part::Aside | Part::Word(Kind::Form));
            match token.part {
                Part::Core if closed => {}
                Part::Core => keys::append(text, &mut key.core),
                Part::Aside => {}
                _ => push_guard(&mut key.guards, token, text),
            }
        }
        key
    }
}

impl LooseKey {
    /// How this query matches a name with at most one slip in the core; `None` where it doesn't,
    /// or where a guard of the query isn't one of the name. O(n).
    #[must_use]
    pub fn matches(&self, name: &Self) -> Option<Loose> {
        if self.core.is_empty() {
            return None;
        }
        let slip = slip::between(&self.core, &name.core)?;
        Some(Loose {
            slip,
            surplus: surplus(&self.guards, &name.guards)?,
        })
    }
}

fn push_guard(guards: &mut Vec<u8>, token: &Token, text: &str) {
    match (token.part, token.mark) {
        (Part::Core | Part::Aside, _) => {}
        (_, Some(mark)) => guards.push(mark),
        (_, None) => {
            guards.extend(text.bytes().filter(|byte| byte.is_ascii() && *byte != 0));
            guards.push(0);
        }
    }
}

/// What a word of another formula, release or user counts in [`surplus`].
const FORMULA: usize = 4;

/// What the guards count that a name has beyond those of a query; `None` where one of the query is missing. A
/// number may be the beginning of the name's (`500` of `500mg`, `5` of `5/20mg`), never of a longer
/// number. O(n).
#[must_use]
pub fn surplus(query: &[u8], name: &[u8]) -> Option<usize> {
    let mut names = split_guards(name);
    let mut surplus = 0;
    for asked in split_guards(query) {
        let mut guard = names.next()?;
        while !guard_fits(asked, guard) {
            surplus += weight(guard);
            guard = names.next()?;
        }
    }
    Some(surplus + names.map(weight).sum::<usize>())
}

fn weight(guard: &[u8]) -> usize {
    match guard {
        [mark] if *mark >= 0x80 && !protected::is_form(*mark) => FORMULA,
        _ => 1,
    }
}

fn guard_fits(asked: &[u8], guard: &[u8]) -> bool {
    let number = asked.first().is_some_and(u8::is_ascii_digit);
    match guard.strip_prefix(asked) {
        Some([]) => true,
        Some([next, ..]) => {
            number
                && !(asked.last().is_some_and(u8::is_ascii_digit)
                    && (next.is_ascii_digit() || *next == b'.'))
                && !asked.last().is_some_and(u8::is_ascii_alphabetic)
        }
        None => false,
    }
}

fn split_guards(guards: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut rest = guards;
    std::iter::from_fn(move || {
        let first = *rest.first()?;
        let (guard, after) = if first >= 0x80 {
            rest.split_at_checked(1)?
        } else {
            let end = rest
                .iter()
                .position(|byte| *byte == 0)
                .unwrap_or(rest.len());
            (rest.get(..end)?, rest.get(end + 1..).unwrap_or_default())
        };
        rest = after;
        Some(guard)
    })
}

#[cfg(test)]
mod tests {
    use super::Name;
    use crate::hangul::normalise::Stage;
    use crate::hangul::slip::Slip;

    fn loose(query: &str, name: &str) -> Option<(Slip, usize)> {
        let query = Name::parse(query, Stage::Typing).loose_key();
        let loose = query.matches(&Name::parse(name, Stage::Complete).loose_key())?;
        Some((loose.slip, loose.surplus))
    }

    #[test]
    fn bundles_go_by_their_first_name() {
        let bundle = "피크레이정50밀리그램(알펠리십), 피크레이정150밀리그램(알펠리십)";
        assert_eq!(
            loose("피그레이정150mg", bundle),
            Some((Slip::SoundsAlike, 2))
        );
        assert_eq!(loose("피그레이정200mg", bundle), None);
    }

    #[test]
    fn slips_in_the_core_only() {
        assert_eq!(
            loose("타이래놀", "타이레놀정500밀리그람"),
            Some((Slip::SoundsAlike, 2))
        );
        assert_eq!(
            loose("타이래놀500", "타이레놀정500밀리그람"),
            Some((Slip::SoundsAlike, 1))
        );
        assert_eq!(
            loose("타이래놀 500mg", "타이레놀정500밀리그람"),
            Some((Slip::SoundsAlike, 1))
        );
        assert_eq!(
            loose("타이래놀ER", "타이레놀8시간이알서방정"),
            Some((Slip::SoundsAlike, 10))
        );
        for (query, name) in [
            ("타이래놀160", "타이레놀정500밀리그람"),
            ("타이래놀50", "타이레놀정500밀리그람"),
            ("타이래놀정5mg", "타이레놀정500밀리그람"),
            ("아스펜에프정", "아스펜에스정"),
            ("타이레놀서방정", "타이레놀정"),
            ("타이레놀캡슐", "타이레놀정"),
            ("이지콜두", "이지콜드연질캡슐"),
            ("가스디알", "가스이알정"),
            ("정", "정"),
            ("500", "타이레놀정500밀리그람"),
        ] {
            let found = loose(query, name);
            assert!(found.is_none() || query == name, "{query} {name} {found:?}");
        }
        assert_eq!(loose("이지", "이지콜드연질캡슐"), Some((Slip::None, 6)));
        let surplus = |name| loose("타이래놀", name).unwrap().1;
        assert!(surplus("타이레놀정500밀리그람") < surplus("우먼스타이레놀정"));
        assert!(surplus("타이레놀정500밀리그람") < surplus("타이레놀콜드"));
    }
}
