//! Random numbers that are the same on every machine: integers only, never floats.

use rand_chacha::{
    ChaCha8Rng,
    rand_core::{Rng, SeedableRng},
};

/// A stream of numbers that belongs to one product (or one pool) of one catalogue.
#[derive(Debug)]
pub(crate) struct Random {
    numbers: ChaCha8Rng,
}

impl Random {
    /// The stream `stream` of the catalogue with this seed.
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut numbers = ChaCha8Rng::seed_from_u64(seed);
        numbers.set_stream(stream);
        Self { numbers }
    }

    /// A number below `limit`, each as likely as the others; 0 for a limit of 0.
    pub(crate) fn below(&mut self, limit: u32) -> u32 {
        let product = u64::from(self.numbers.next_u32()) * u64::from(limit);
        u32::try_from(product >> 32).unwrap_or_default()
    }

    /// A number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below((high - low).saturating_add(1))
    }

    /// True in `percent` of 100 cases.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// A number below `limit`, small ones far more likely: few makers have most products.
    pub(crate) fn skewed(&mut self, limit: u32) -> u32 {
        let first = u64::from(self.numbers.next_u32());
        let second = u64::from(self.numbers.next_u32());
        let product = ((first * second) >> 32) * u64::from(limit);
        u32::try_from(product >> 32).unwrap_or_default()
    }

    /// One of `items`, each as likely as the others.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> Option<&'a T> {
        let index = self.below(u32::try_from(items.len()).unwrap_or(u32::MAX));
        items.get(usize::try_from(index).ok()?)
    }

    /// One of `words`.
    pub(crate) fn word(&mut self, words: &[&'static str]) -> &'static str {
        self.pick(words).copied().unwrap_or_default()
    }
}
