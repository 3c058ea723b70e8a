//! Many short texts, found from any syllable on.
//!
//! # The idea
//! The key strings (see [`domain::hangul::keys`]) of all texts lie in one arena, each closed by a
//! zero. Every place where a syllable, a number or a letter begins is a *border*; the borders are
//! sorted by the keys that follow, as in a suffix array (Manber and Myers 1990), but only where
//! a match may begin. So what begins with a query, anywhere in any text, whole or half-typed, is one
//! range, found by two binary searches. The same borders, sorted by the first keys of the syllables
//! that follow, answer 초성: the query's lone consonants give a range, and what is mixed with them is
//! checked border by border.
//!
//! # The cost
//! A query: O(log borders) and O(1) a border found. Building: O(borders · log borders), by eight
//! keys at once. Memory: the keys, and twelve bytes a border.

use std::cmp::Ordering;
use std::ops::Range;

use domain::hangul::name::{Name, Part};
use domain::hangul::{keys, typed};

use super::{MatchClass, Rank, index_of};

/// Closes a text in the arena; no key is zero.
const END: u8 = 0;
/// How many syllables a code of initials has.
const CODE: usize = 8;

/// The texts of one field.
#[derive(Debug)]
pub(crate) struct TextTable {
    arena: Box<[u8]>,
    /// Where each text begins; one more entry than texts.
    starts: Box<[u32]>,
    /// How long each text is without the brackets at its end.
    heads: Box<[u16]>,
    /// Sorted by the keys from there on.
    borders: Box<[Border]>,
    /// Places in `borders`, sorted by the initials from there on.
    initials: Box<[u32]>,
}

#[derive(Debug, Clone, Copy)]
struct Border {
    /// Where in the arena.
    at: u32,
    /// Which text, and whether it begins here ([`BEGINS`]): nearly every match of a short query is
    /// one inside a text, and is known from these eight bytes alone.
    text: u32,
}

/// Set in a border with which its text begins.
const BEGINS: u32 = 1 << 31;

impl Border {
    const fn text(self) -> u32 {
        self.text & !BEGINS
    }

    const fn begins(self) -> bool {
        self.text & BEGINS != 0
    }
}

/// Collects texts.
#[derive(Debug)]
pub(super) struct TextTableBuilder {
    arena: Vec<u8>,
    starts: Vec<u32>,
    heads: Vec<u16>,
}

impl Default for TextTableBuilder {
    fn default() -> Self {
        Self {
            arena: Vec::new(),
            starts: vec![0],
            heads: Vec::new(),
        }
    }
}

impl TextTableBuilder {
    /// Adds a text, numbered from 0 on. Whether there was room: the feed never fills 4 GiB.
    pub(super) fn add(&mut self, name: &Name) -> bool {
        let before = self.arena.len();
        keys::append(name.normalised().as_str(), &mut self.arena);
        self.arena.push(END);
        let room = u32::try_from(self.arena.len()).ok();
        let Some(next) = room.filter(|_| self.heads.len() < index_of(BEGINS)) else {
            self.arena.truncate(before);
            return false;
        };
        self.starts.push(next);
        self.heads.push(head(name));
        true
    }

    /// Sorts the borders.
    pub(super) fn build(self) -> TextTable {
        let mut borders = Vec::new();
        let ranges = self.starts.iter().zip(self.starts.iter().skip(1));
        for (text, (&start, &next)) in (0..).zip(ranges) {
            let keys = slice(&self.arena, start, next - 1);
            for (place, at) in (start..next - 1).enumerate() {
                if keys::is_border(keys, place) {
                    let code = code(slice(&self.arena, at, next).iter().copied());
                    let begins = if place == 0 { BEGINS } else { 0 };
                    let text = text | begins;
                    borders.push((code, Border { at, text }));
                }
            }
        }
        let rest = |border: &Border| self.arena.get(index_of(border.at) + CODE..);
        borders.sort_unstable_by(|(a, one), (b, other)| {
            // Where eight keys are equal and none is an end, eight more follow in both.
            a.cmp(b)
                .then_with(|| rest(one).cmp(&rest(other)))
                .then_with(|| one.at.cmp(&other.at))
        });
        let borders: Box<[Border]> = borders.into_iter().map(|(_, border)| border).collect();
        let mut initials: Vec<(u64, u32)> = borders
            .iter()
            .map(|border| initials_from(&self.arena, border.at))
            .zip(0..)
            .collect();
        initials.sort_unstable();
        TextTable {
            initials: initials.into_iter().map(|(_, place)| place).collect(),
            arena: self.arena.into(),
            starts: self.starts.into(),
            heads: self.heads.into(),
            borders,
        }
    }
}

impl TextTable {
    /// The keys of a text.
    pub(super) fn keys(&self, text: u32) -> &[u8] {
        let at = index_of(text);
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&start), Some(&next)) => slice(&self.arena, start, next.saturating_sub(1)),
            _ => &[],
        }
    }

    /// Calls `found` with each text that a query, whole or half-typed, stands in, and how; with the
    /// same text again where it stands there twice. O(log n + found).
    pub(super) fn typed(&self, query: &[u8], mut found: impl FnMut(u32, Rank)) {
        for border in self.standing(query) {
            let class = if !border.begins() {
                MatchClass::Contains
            } else if self.is_all(*border, query.len()) {
                MatchClass::Exact
            } else {
                MatchClass::Prefix
            };
            found(border.text(), Rank::of(class));
        }
    }

    /// Whether the first keys of a text are all of it, or all but the brackets at its end.
    fn is_all(&self, beginning: Border, length: usize) -> bool {
        let end = index_of(beginning.at) + length;
        let head = self.heads.get(index_of(beginning.text())).copied();
        self.arena.get(end) == Some(&END)
            || head.map(usize::from) == Some(length) && keys::is_border(&self.arena, end)
    }

    /// Calls `found` with each text in which a word stands, whole or, where it is the `last` one of
    /// a query, half-typed; with the same text again where it stands there twice. O(log n + found).
    pub(super) fn word(&self, word: &[u8], last: bool, mut found: impl FnMut(u32)) {
        for border in self.standing(word) {
            if last || keys::is_border(&self.arena, index_of(border.at) + word.len()) {
                found(border.text());
            }
        }
    }

    /// Calls `found` with each text in which a query stands that holds initials, and how. O(log n +
    /// candidates): borders that share the query's leading lone consonants, at most eight, or else
    /// its first consonant and vowel.
    pub(super) fn initials(&self, query: &[u8], mut found: impl FnMut(u32, Rank)) {
        let vowel = |at: usize| query.get(at).copied().is_some_and(keys::is_vowel);
        let lead = (0..query.len())
            .take_while(|&at| {
                query.get(at).copied().is_some_and(keys::is_consonant) && !vowel(at + 1)
            })
            .count();
        // Of initials alone, few enough for a code, the range says everything.
        let sure = lead == query.len() && lead <= CODE;
        let mut check = |border: Border| {
            let text = index_of(border.text());
            let place = || index_of(border.at - self.starts.get(text).copied().unwrap_or(0));
            if sure || typed::initials_at(self.keys(border.text()), query, place()).is_some() {
                found(border.text(), Rank::of(MatchClass::Initials));
            }
        };
        if lead == 0 {
            let begin = query.get(..1 + usize::from(vowel(1)));
            let borders = self.standing(begin.unwrap_or(query));
            borders.iter().copied().for_each(check);
            return;
        }
        // What follows the lone consonants begins a syllable of the text, too.
        let known = query.get(..(lead + 1).min(CODE)).unwrap_or(query);
        let wanted = code(known.iter().copied());
        let mask = !(u64::MAX.checked_shr(8 * small(known.len())).unwrap_or(0));
        let begins = |place: &u32| {
            let border = self.borders.get(index_of(*place));
            border.map_or(0, |border| initials_from(&self.arena, border.at)) & mask
        };
        let range = range(&self.initials, |place| begins(place).cmp(&wanted));
        for place in self.initials.get(range).unwrap_or_default() {
            if let Some(border) = self.borders.get(index_of(*place)) {
                check(*border);
            }
        }
    }

    /// Whether a query, whole or half-typed, stands in any text. O(log n).
    pub(super) fn holds(&self, query: &[u8]) -> bool {
        !self.standing(query).is_empty()
    }

    /// The borders at which a query stands.
    fn standing(&self, query: &[u8]) -> &[Border] {
        let range = range(&self.borders, |border| {
            let rest = self.arena.get(index_of(border.at)..).unwrap_or_default();
            rest.get(..query.len()).unwrap_or(rest).cmp(query)
        });
        self.borders.get(range).unwrap_or_default()
    }

    /// Bytes of the table on the heap.
    #[cfg(test)]
    pub(super) fn heap_bytes(&self) -> usize {
        self.arena.len()
            + size_of_val(&*self.starts)
            + size_of_val(&*self.heads)
            + size_of_val(&*self.borders)
            + size_of_val(&*self.initials)
    }
}

/// How many keys stand before the brackets that end a name; zero where other things follow them.
fn head(name: &Name) -> u16 {
    let tokens = name.tokens();
    let outside = tokens
        .iter()
        .take_while(|token| token.part != Part::Aside)
        .last();
    let end = outside.map_or(0, |token| token.range.end);
    let brackets = tokens.iter().filter(|token| token.range.start >= end);
    if !brackets.clone().all(|token| token.part == Part::Aside) {
        return 0;
    }
    let text = name.normalised().as_str().get(..end).unwrap_or_default();
    u16::try_from(keys::of_text(text).count()).unwrap_or(0)
}

/// The first keys as a number that sorts like them.
fn code(keys: impl Iterator<Item = u8>) -> u64 {
    let mut bytes = [END; CODE];
    for (byte, key) in bytes.iter_mut().zip(keys) {
        *byte = key;
    }
    u64::from_be_bytes(bytes)
}

/// The first keys of the syllables from a border on, to the end of the text, as such a number.
fn initials_from(arena: &[u8], at: u32) -> u64 {
    let at = index_of(at);
    let rest = arena.get(at..).unwrap_or_default();
    let keys = rest.iter().copied().take_while(|key| *key != END);
    let places = keys
        .enumerate()
        .filter(|(place, _)| *place == 0 || keys::is_border(arena, at + place));
    code(places.map(|(_, key)| key))
}

fn slice(arena: &[u8], from: u32, to: u32) -> &[u8] {
    arena.get(index_of(from)..index_of(to)).unwrap_or_default()
}

fn small(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The range of a sorted list that compares equal.
pub(super) fn range<T>(sorted: &[T], compare: impl Fn(&T) -> Ordering) -> Range<usize> {
    let start = sorted.partition_point(|one| compare(one) == Ordering::Less);
    let rest = sorted.get(start..).unwrap_or_default();
    start..start + rest.partition_point(|one| compare(one) == Ordering::Equal)
}
