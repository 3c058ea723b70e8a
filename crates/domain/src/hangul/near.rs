//! All cores that are one slip from a query, without looking at all of them.
//!
//! # The idea
//! One slip touches at most two neighbouring keys of the query. Cut the query in the middle: the
//! slip is in one half, so the *other* half stands unchanged in the core, as its beginning or as its
//! end (the pigeonhole filter, Wu and Manber 1992). Sort the cores once by their keys and once by
//! their keys read backwards: the candidates of either half are one range, found by two binary
//! searches, and [`slip::between`] decides about each.
//!
//! # The cost
//! A query: O(log n) comparisons and one check a candidate. Memory: the keys and twelve bytes a
//! core. The other design is the deletion neighbourhood (Garbe's `SymSpell`, 2012): a hash of every core
//! and of every core with one letter left out. On the 17,158 distinct cores of the pill list (25,040
//! names, 154,633 keys), asked with 5,410 slips of real cores:
//!
//! | | bytes | candidates: mean, median, p99 | median time of a query |
//! |---|---|---|---|
//! | halves | 361,000 (keys included) | 41, 14, 438 | 1.8 µs |
//! | deletions, 8 bytes an entry | 1,361,000 for 170,149 entries, without keys | 1.1, 1, 3 | 2.5 µs |
//!
//! A check costs some nanoseconds, so fewer candidates buy nothing: halves take a quarter of the
//! memory (about 0.6 MB against 2.3 MB for 43,000 names), are built by two sorts, and share their
//! first order with a prefix index.

use std::cmp::Ordering;
use std::ops::Range;

use super::slip::{self, Slip};

/// An index of key strings that finds those one slip away. A core is known by its number, counted
/// from zero in the order in which they were given.
#[derive(Debug, Clone, Default)]
pub struct NearIndex {
    arena: Vec<u8>,
    /// Where each core ends in the arena.
    ends: Vec<u32>,
    /// Numbers in the order of the keys.
    forward: Vec<u32>,
    /// Numbers in the order of the keys read backwards.
    backward: Vec<u32>,
}

impl NearIndex {
    /// Builds the index; equal cores should be given once. O(n log n). What lies beyond 4 GiB of keys
    /// is left out.
    pub fn new<T: AsRef<[u8]>>(cores: impl IntoIterator<Item = T>) -> Self {
        let mut index = Self::default();
        for core in cores {
            let core = core.as_ref();
            let Ok(end) = u32::try_from(index.arena.len() + core.len()) else {
                break;
            };
            index.arena.extend_from_slice(core);
            index.ends.push(end);
        }
        index.arena.shrink_to_fit();
        index.ends.shrink_to_fit();
        index.forward = (0..).take(index.ends.len()).collect();
        index.backward.clone_from(&index.forward);
        let mut forward = std::mem::take(&mut index.forward);
        forward.sort_unstable_by(|a, b| index.core(*a).cmp(index.core(*b)));
        let mut backward = std::mem::take(&mut index.backward);
        backward
            .sort_unstable_by(|a, b| index.core(*a).iter().rev().cmp(index.core(*b).iter().rev()));
        index.forward = forward;
        index.backward = backward;
        index
    }

    /// The key string of a core; empty for an unknown number. O(1).
    #[must_use]
    pub fn core(&self, number: u32) -> &[u8] {
        let Ok(at) = usize::try_from(number) else {
            return &[];
        };
        let start = at
            .checked_sub(1)
            .map_or(Some(&0), |before| self.ends.get(before));
        let (Some(start), Some(end)) = (start, self.ends.get(at)) else {
            return &[];
        };
        let range = usize::try_from(*start).unwrap_or(0)..usize::try_from(*end).unwrap_or(0);
        self.arena.get(range).unwrap_or_default()
    }

    /// Every core at most one slip from a query, with its slip, each once, in no order. Lazy, no
    /// allocation.
    ///
    /// A query of fewer than four keys looks at most cores: ask only what
    /// [`Name::is_long_enough`](super::name::Name::is_long_enough) lets pass.
    pub fn within_one<'a>(&'a self, query: &'a [u8]) -> impl Iterator<Item = (u32, Slip)> + 'a {
        self.candidates(query)
            .filter_map(move |number| Some((number, slip::between(query, self.core(number))?)))
    }

    /// The cores that share a half with a query: what [`NearIndex::within_one`] looks at.
    pub fn candidates<'a>(&'a self, query: &'a [u8]) -> impl Iterator<Item = u32> + 'a {
        let half = query.len() / 2;
        let begin = query.get(..half).unwrap_or_default();
        let end = query.get(half + 1..).unwrap_or_default();
        let forward = range(&self.forward, |number| {
            let core = self.core(number);
            core.get(..begin.len()).unwrap_or(core).cmp(begin)
        });
        let backward = range(&self.backward, |number| {
            let core = self.core(number);
            core.iter().rev().take(end.len()).cmp(end.iter().rev())
        });
        let forward = self.forward.get(forward).unwrap_or_default();
        let backward = self.backward.get(backward).unwrap_or_default();
        let seen = move |number: &&u32| !self.core(**number).starts_with(begin);
        forward.iter().chain(backward.iter().filter(seen)).copied()
    }

    /// Bytes of the index on the heap.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.arena.capacity()
            + size_of::<u32>()
                * (self.ends.capacity() + self.forward.capacity() + self.backward.capacity())
    }
}

/// The range of sorted numbers that compare equal.
fn range(sorted: &[u32], compare: impl Fn(u32) -> Ordering) -> Range<usize> {
    let start = sorted.partition_point(|number| compare(*number) == Ordering::Less);
    let end = sorted.partition_point(|number| compare(*number) != Ordering::Greater);
    start..end
}

#[cfg(test)]
mod tests {
    use super::NearIndex;
    use crate::hangul::keys::collect;
    use crate::hangul::slip;

    #[test]
    fn finds_what_looking_at_all_finds() {
        let cores = [
            "타이레놀",
            "타이레롤",
            "다이레놀",
            "게보린",
            "괴보린",
            "궤보린",
            "펜잘",
            "",
            "가",
        ];
        let cores: Vec<_> = cores.into_iter().map(collect).collect();
        let index = NearIndex::new(&cores);
        for query in [
            "타이래놀",
            "이타레놀",
            "괘보린",
            "개보린",
            "펜졀",
            "",
            "ㅏ",
            "가",
            "타이레놀",
        ] {
            let query = collect(query);
            let mut found: Vec<_> = index.within_one(&query).collect();
            found.sort_unstable();
            let all: Vec<_> = (0..)
                .zip(&cores)
                .filter_map(|(number, core)| Some((number, slip::between(&query, core)?)))
                .collect();
            assert_eq!(found, all);
        }
        assert_eq!(index.core(3), cores[3]);
        assert!(index.core(99).is_empty());
    }
}
