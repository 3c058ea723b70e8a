//! Brands, and what must stand beside them.
//!
//! Each text is a core (the brand) and guards (numbers, form, release and the like; see
//! [`domain::hangul::name`]). The distinct cores are sorted, so that a brand is found by binary
//! search, and lie in a [`NearIndex`], so that those one slip away are found without looking at all.
//! A text answers only where its guards cover those of the query, byte for byte.
//!
//! A query: O(log cores + candidates). Memory: the keys of the cores, 16 bytes a core, 8 bytes and
//! the guards a text.

use std::collections::BTreeMap;

use domain::hangul::name::{self, Loose, LooseKey};
use domain::hangul::near::NearIndex;

use super::index_of;
use super::texts::range;

/// The cores of one field.
#[derive(Debug)]
pub(super) struct Cores {
    /// Numbers are in the order of the keys.
    near: NearIndex,
    /// All numbers, to search among.
    numbers: Box<[u32]>,
    /// Where the texts of each core begin in `texts`; one more entry than cores.
    starts: Box<[u32]>,
    texts: Box<[u32]>,
    guards: Box<[u8]>,
    /// Where the guards of each text begin; one more entry than texts.
    guard_starts: Box<[u32]>,
}

/// Collects the loose keys of texts, in their order.
#[derive(Debug, Default)]
pub(super) struct CoresBuilder {
    texts: BTreeMap<Vec<u8>, Vec<u32>>,
    guards: Vec<u8>,
    ends: Vec<u32>,
}

impl CoresBuilder {
    /// Adds the next text.
    pub(super) fn add(&mut self, key: LooseKey) {
        let text = u32::try_from(self.ends.len()).unwrap_or(u32::MAX);
        self.guards.extend_from_slice(&key.guards);
        let end = u32::try_from(self.guards.len()).unwrap_or(u32::MAX);
        self.ends.push(end);
        if !key.core.is_empty() {
            self.texts.entry(key.core).or_default().push(text);
        }
    }

    /// Makes a core known that no text has.
    pub(super) fn add_known(&mut self, core: Vec<u8>) {
        if !core.is_empty() {
            self.texts.entry(core).or_default();
        }
    }

    /// The finished index.
    pub(super) fn build(self) -> Cores {
        let mut starts = vec![0];
        let mut texts = Vec::with_capacity(self.ends.len());
        for of_core in self.texts.values() {
            texts.extend_from_slice(of_core);
            starts.push(u32::try_from(texts.len()).unwrap_or(u32::MAX));
        }
        Cores {
            numbers: (0..).take(self.texts.len()).collect(),
            near: NearIndex::new(self.texts.keys()),
            starts: starts.into(),
            texts: texts.into(),
            guards: self.guards.into(),
            guard_starts: std::iter::once(0).chain(self.ends).collect(),
        }
    }
}

impl Cores {
    /// Whether a core is one of these.
    pub(super) fn knows(&self, core: &[u8]) -> bool {
        self.number(core).is_some()
    }

    /// Calls `found` with each text of the query's core whose guards cover those of the query.
    pub(super) fn parts(&self, query: &LooseKey, mut found: impl FnMut(u32)) {
        let Some(number) = self.number(&query.core) else {
            return;
        };
        for &text in self.texts_of(number) {
            if name::surplus(&query.guards, self.guards_of(text)).is_some() {
                found(text);
            }
        }
    }

    /// The same for every core that is one slip from the query's.
    pub(super) fn near(&self, query: &LooseKey, mut found: impl FnMut(u32, Loose)) {
        for (number, slip) in self.near.within_one(&query.core) {
            for &text in self.texts_of(number) {
                if let Some(surplus) = name::surplus(&query.guards, self.guards_of(text)) {
                    found(text, Loose { slip, surplus });
                }
            }
        }
    }

    fn number(&self, core: &[u8]) -> Option<u32> {
        let found = range(&self.numbers, |number| self.near.core(*number).cmp(core));
        self.numbers
            .get(found.start)
            .copied()
            .filter(|_| !found.is_empty())
    }

    fn texts_of(&self, number: u32) -> &[u32] {
        let at = index_of(number);
        match (self.starts.get(at), self.starts.get(at + 1)) {
            (Some(&from), Some(&to)) => self
                .texts
                .get(index_of(from)..index_of(to))
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// The guards of a text.
    pub(super) fn guards_of(&self, text: u32) -> &[u8] {
        let at = index_of(text);
        match (self.guard_starts.get(at), self.guard_starts.get(at + 1)) {
            (Some(&from), Some(&to)) => self
                .guards
                .get(index_of(from)..index_of(to))
                .unwrap_or_default(),
            _ => &[],
        }
    }

    /// Bytes of the index on the heap.
    #[cfg(test)]
    pub(super) fn heap_bytes(&self) -> usize {
        self.near.heap_bytes()
            + self.guards.len()
            + size_of_val(&*self.numbers)
            + size_of_val(&*self.starts)
            + size_of_val(&*self.texts)
            + size_of_val(&*self.guard_starts)
    }
}
