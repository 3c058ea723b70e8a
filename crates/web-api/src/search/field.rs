//! The texts of one field, who owns them, and in which order a query is understood.
//!
//! 1. As typed: exact, prefix, contains ([`TextTable::typed`]), all parts ([`Cores::parts`]), all
//!    words in any order ([`words`](super::words)), and as 초성 where the query holds lone consonants
//!    ([`TextTable::initials`]).
//! 2. In the other keyboard layout, where nothing was found, or nothing better than "contains" and
//!    the reading can't have come about by chance.
//! 3. One slip away ([`Cores::near`]), only where nothing at all was found in the whole field, the
//!    query says enough, and its brand is none that exists, for sale or not: whoever types a real
//!    name is never shown a look-alike in its place. Where the brand is an ingredient's name (글리피지드),
//!    only what holds that ingredient is found, never 글리피리드정 with another. At last the same of a sure reading in the other
//!    layout (`xkdlfoshf`, 타이래놀, for 타이레놀).
//!
//! Loose matching (parts, slips) doesn't compare what stands in brackets: what a query names there
//! must stand in the text, or its owner must agree with it.

use std::collections::HashMap;

use domain::hangul::name::Name;
use domain::hangul::normalise::Stage;
use domain::hangul::typed;

use super::cores::{Cores, CoresBuilder};
use super::query::{Query, Reading, other_layout};
use super::texts::{TextTable, TextTableBuilder};
use super::words::Word;
use super::{Hits, MatchClass, Rank, index_of};

/// What can be searched in one field: each different text once, with its owners.
#[derive(Debug)]
pub(crate) struct FieldIndex {
    texts: TextTable,
    cores: Cores,
    /// Where the owners of each text begin in `owners`; one more entry than texts.
    starts: Box<[u32]>,
    owners: Box<[u32]>,
}

/// What a search knows of those who own texts.
pub(crate) struct Owners<'o> {
    /// How many there are.
    pub(crate) count: usize,
    /// Whether one holds an ingredient, given as keys; asked only about loose matches of queries
    /// that name one.
    pub(crate) agrees: &'o dyn Fn(u32, &[u8]) -> bool,
    /// Other fields of theirs, in which a word of several may stand.
    pub(crate) beside: &'o [&'o FieldIndex],
    /// Names of ingredients, also of those that nothing for sale holds: one of them is never taken
    /// for a brand that is spelt nearly so.
    pub(crate) ingredients: &'o [&'o FieldIndex],
}

/// What a search found.
#[derive(Debug)]
pub(crate) struct Found {
    /// Who answers, and how.
    pub(crate) hits: Hits,
    /// What hits of [`MatchClass::Layout`] answer, or those of [`MatchClass::Fuzzy`] where nothing
    /// else was found in that layout.
    pub(crate) reading: Option<Reading>,
}

impl FieldIndex {
    /// Looks for a query.
    pub(crate) fn search(&self, text: &str, query: &Query, whose: &Owners<'_>) -> Found {
        let mut hits = Hits::none(whose.count);
        self.as_typed(query, whose, |owner, rank| hits.mark(owner, rank));
        let best = hits.best_class();
        if best.is_some_and(|class| class <= MatchClass::Prefix) {
            return Found {
                hits,
                reading: None,
            };
        }
        let reading = other_layout(text).filter(|read| best.is_none() || read.is_sure);
        if let Some(read) = &reading {
            self.as_typed(&read.query, whose, |owner, _| {
                hits.mark(owner, Rank::of(MatchClass::Layout));
            });
        }
        let mut is_read = hits.is_marked(MatchClass::Layout);
        if hits.total() == 0 {
            self.one_slip_away(query, whose, &mut hits);
        }
        if hits.total() == 0
            && let Some(read) = reading.as_ref().filter(|read| read.is_sure)
        {
            self.one_slip_away(&read.query, whose, &mut hits);
            is_read = hits.total() > 0;
        }
        Found {
            hits,
            reading: reading.filter(|_| is_read),
        }
    }

    fn as_typed(&self, query: &Query, whose: &Owners<'_>, mut mark: impl FnMut(u32, Rank)) {
        let mut mark_all = |text: u32, rank: Rank| {
            let owners = self.owners_of(text).iter();
            owners.for_each(|&owner| mark(owner, rank));
        };
        self.texts.typed(&query.keys, &mut mark_all);
        if query.asks_initials {
            self.texts.initials(&query.keys, &mut mark_all);
        }
        self.cores.parts(&query.loose, |text| {
            for owner in self.agreeing(text, query, whose) {
                mark(owner, Rank::of(MatchClass::Contains));
            }
        });
        self.all_words(&query.words, whose, |owner| {
            mark(owner, Rank::of(MatchClass::Contains));
        });
    }

    /// Calls `found` with each owner of a text that holds a word, where its texts here and beside
    /// hold all the others, and that text the guards. O(found).
    fn all_words(&self, words: &[Word], whose: &Owners<'_>, mut found: impl FnMut(u32)) {
        if words.is_empty() {
            return;
        }
        let mut held = vec![0_u8; whose.count];
        let mut is_touched = vec![false; self.starts.len()];
        let (mut touched, mut wanted) = (Vec::new(), 0_u8);
        let among_names = !whose.beside.is_empty();
        let is_guard = |word: &Word| word.is_guard || word.is_form && among_names;
        let words_of = |guard| words.iter().filter(move |word| is_guard(word) == guard);
        for (word, bit) in words_of(false).zip((0..u8::BITS).map(|at| 1_u8 << at)) {
            wanted |= bit;
            let mut is_held = false;
            let mut hold = |owners: &[u32]| {
                is_held = true;
                for &owner in owners {
                    if let Some(held) = held.get_mut(index_of(owner)) {
                        *held |= bit;
                    }
                }
            };
            self.texts.word(&word.keys, word.is_last, |text| {
                hold(self.owners_of(text));
                if let Some(known @ false) = is_touched.get_mut(index_of(text)) {
                    *known = true;
                    touched.push(text);
                }
            });
            for field in whose.beside {
                field
                    .texts
                    .word(&word.keys, word.is_last, |text| hold(field.owners_of(text)));
            }
            if !is_held {
                return;
            }
        }
        for text in touched {
            let guards = self.cores.guards_of(text);
            if words_of(true).all(|word| word.is_guarded_by(guards)) {
                let owners = self.owners_of(text).iter().copied();
                owners
                    .filter(|owner| held.get(index_of(*owner)) == Some(&wanted))
                    .for_each(&mut found);
            }
        }
    }

    fn one_slip_away(&self, query: &Query, whose: &Owners<'_>, hits: &mut Hits) {
        if !query.is_long_enough() || self.cores.knows(&query.loose.core) {
            return;
        }
        let core = query.loose.core.as_slice();
        let is_ingredient = whose
            .ingredients
            .iter()
            .any(|names| names.texts.holds(core));
        self.cores.near(&query.loose, |text, loose| {
            let owners = self.agreeing(text, query, whose);
            owners
                .filter(|&owner| !is_ingredient || (whose.agrees)(owner, core))
                .for_each(|owner| hits.mark(owner, Rank::fuzzy(loose)));
        });
    }

    /// The owners of a text that hold everything that a query names beside brand and guards.
    fn agreeing(&self, text: u32, query: &Query, whose: &Owners<'_>) -> impl Iterator<Item = u32> {
        let keys = self.texts.keys(text);
        let stands = |named: &&Vec<u8>| typed::find(keys, named).is_none();
        let missing = query.named.iter().filter(stands);
        let owners = self.owners_of(text).iter().copied();
        owners.filter(move |&owner| missing.clone().all(|named| (whose.agrees)(owner, named)))
    }

    fn owners_of(&self, text: u32) -> &[u32] {
        let text = index_of(text);
        match (self.starts.get(text), self.starts.get(text + 1)) {
            (Some(&from), Some(&to)) => self
                .owners
                .get(index_of(from)..index_of(to))
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// Bytes of the index on the heap.
    #[cfg(test)]
    pub(super) fn heap_bytes(&self) -> usize {
        self.texts.heap_bytes()
            + self.cores.heap_bytes()
            + size_of_val(&*self.starts)
            + size_of_val(&*self.owners)
    }
}

/// Collects texts and owners in any order.
#[derive(Debug, Default)]
pub(crate) struct FieldIndexBuilder {
    numbers: HashMap<Box<str>, usize>,
    texts: TextTableBuilder,
    cores: CoresBuilder,
    owners: Vec<Vec<u32>>,
}

impl FieldIndexBuilder {
    /// Makes `owner` findable by `text`. A text of which nothing is left is not added.
    pub(crate) fn add(&mut self, text: &str, owner: u32) {
        let number = match self.numbers.get(text) {
            Some(&number) => number,
            None => {
                let name = Name::parse(text, Stage::Complete);
                if name.normalised().as_str().is_empty() || !self.texts.add(&name) {
                    return;
                }
                self.cores.add(name.loose_key());
                self.owners.push(Vec::new());
                self.numbers.insert(text.into(), self.owners.len() - 1);
                self.owners.len() - 1
            }
        };
        if let Some(owners) = self.owners.get_mut(number)
            && owners.last() != Some(&owner)
        {
            owners.push(owner);
        }
    }

    /// Makes the brand of `text` known without making it findable: whoever asks for it is not shown
    /// its neighbour.
    pub(crate) fn add_known(&mut self, text: &str) {
        let name = Name::parse(text, Stage::Complete);
        self.cores.add_known(name.loose_key().core);
    }

    /// The finished index.
    pub(crate) fn build(self) -> FieldIndex {
        let mut starts = vec![0];
        let mut owners = Vec::new();
        for list in &self.owners {
            owners.extend_from_slice(list);
            starts.push(u32::try_from(owners.len()).unwrap_or(u32::MAX));
        }
        FieldIndex {
            texts: self.texts.build(),
            cores: self.cores.build(),
            starts: starts.into(),
            owners: owners.into(),
        }
    }
}
