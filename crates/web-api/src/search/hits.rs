//! What a search found, and the page of it that was asked for.

use super::{MatchClass, Rank, index_of};

/// The best rank of each owner: two bytes an owner and four a hit, so that marking never allocates
/// for a candidate.
#[derive(Debug, Clone)]
pub(crate) struct Hits {
    best: Vec<Option<Rank>>,
    /// Each owner that was found, once, in no order.
    found: Vec<u32>,
    best_class: Option<MatchClass>,
}

/// The part of the answer that is shown.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Window {
    /// How many hits come before it.
    pub(crate) skip: usize,
    /// How many it holds at most.
    pub(crate) take: usize,
}

impl Hits {
    /// No hit among `owners`.
    pub(crate) fn none(owners: usize) -> Self {
        Self {
            best: vec![None; owners],
            found: Vec::new(),
            best_class: None,
        }
    }

    /// Notes that `owner` was found, unless a better rank was noted before. O(1).
    pub(crate) fn mark(&mut self, owner: u32, rank: Rank) {
        let class = rank.class();
        self.best_class = Some(self.best_class.map_or(class, |best| best.min(class)));
        match self.best.get_mut(index_of(owner)) {
            Some(Some(best)) => *best = rank.min(*best),
            Some(best) => {
                *best = Some(rank);
                self.found.push(owner);
            }
            None => {}
        }
    }

    /// Takes back every hit that `keep` refuses.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        let best = &mut self.best;
        self.found.retain(|&owner| {
            let kept = keep(owner);
            if !kept && let Some(best) = best.get_mut(index_of(owner)) {
                *best = None;
            }
            kept
        });
    }

    /// How many hits there are.
    pub(crate) fn total(&self) -> usize {
        self.found.len()
    }

    /// Whether any hit is of a class. O(hits) at worst.
    pub(super) fn is_marked(&self, class: MatchClass) -> bool {
        let ranks = self.found.iter().filter_map(|&owner| self.rank(owner));
        self.best_class == Some(class) || ranks.map(Rank::class).any(|one| one == class)
    }

    /// The best class that was marked. O(1).
    pub(super) fn best_class(&self) -> Option<MatchClass> {
        self.best_class
    }

    fn rank(&self, owner: u32) -> Option<Rank> {
        self.best.get(index_of(owner)).copied().flatten()
    }

    /// The hits of `window`: by the turn of their ranks, then by what `order` says of an owner (each
    /// another number, smaller first).
    ///
    /// One look at each hit: a buffer of twice the hits up to the window's end is cut in half by a
    /// selection (Hoare's quickselect, as introselect) whenever it is full, and what comes after the
    /// last that was kept never enters it. O(hits) for any window; nearly every hit of a big answer
    /// costs one comparison. Which hits a window holds depends on turns and numbers alone, so that
    /// pages never overlap and leave nothing out.
    pub(crate) fn select(
        &self,
        order: impl Fn(u32) -> u32,
        window: Window,
    ) -> Vec<(u32, MatchClass)> {
        let end = window.skip.saturating_add(window.take);
        let end = end.min(self.found.len());
        if window.skip >= end {
            return Vec::new();
        }
        let mut first: Vec<(u64, u32)> = Vec::new();
        let mut beyond = u64::MAX;
        for &owner in &self.found {
            let turn = self.rank(owner).map_or(u16::MAX, Rank::turn);
            let key = u64::from(turn) << 32 | u64::from(order(owner));
            if key >= beyond {
                continue;
            }
            first.push((key, owner));
            if first.len() >= 2 * end {
                beyond = first.select_nth_unstable(end).1.0;
                first.truncate(end);
            }
        }
        if end < first.len() {
            first.select_nth_unstable(end);
            first.truncate(end);
        }
        if window.skip > 0 {
            first.select_nth_unstable(window.skip);
        }
        let shown = first.get_mut(window.skip..).unwrap_or_default();
        shown.sort_unstable();
        let class = |owner| Some((owner, self.rank(owner)?.class()));
        shown
            .iter()
            .filter_map(|&(_, owner)| class(owner))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hits, Window};
    use crate::search::{MatchClass, Rank};

    proptest! {
        #[test]
        fn pages_are_the_slices_of_a_full_sort(
            marks in prop::collection::vec((0_u32..60, 0_usize..4), 0..180),
            skip in 0_usize..70,
            take in 1_usize..20,
        ) {
            let ranks = [
                Rank::of(MatchClass::Exact),
                Rank::of(MatchClass::Initials),
                Rank::of(MatchClass::Layout),
                Rank::of(MatchClass::Fuzzy),
            ];
            let mut hits = Hits::none(60);
            let mut best = std::collections::BTreeMap::new();
            for (owner, rank) in marks {
                hits.mark(owner, ranks[rank]);
                let known = best.entry(owner).or_insert(ranks[rank]);
                *known = ranks[rank].min(*known);
            }
            let order = |owner: u32| (owner * 7) % 61;
            let mut sorted: Vec<_> = best.into_iter().collect();
            sorted.sort_by_key(|&(owner, rank)| (rank.turn(), order(owner)));
            prop_assert_eq!(hits.total(), sorted.len());
            let page = sorted.into_iter().skip(skip).take(take);
            let page: Vec<_> = page.map(|(owner, rank)| (owner, rank.class())).collect();
            prop_assert_eq!(hits.select(order, Window { skip, take }), page);
        }
    }

    #[test]
    fn a_worse_rank_never_replaces_a_better_one() {
        let only = |hits: &Hits| hits.select(|owner| owner, Window { skip: 0, take: 1 });
        let mut hits = Hits::none(1);
        hits.mark(0, Rank::of(MatchClass::Prefix));
        hits.mark(0, Rank::of(MatchClass::Contains));
        hits.mark(7, Rank::of(MatchClass::Exact));
        assert_eq!(only(&hits), [(0, MatchClass::Prefix)]);
        hits.mark(0, Rank::of(MatchClass::Exact));
        assert_eq!(only(&hits), [(0, MatchClass::Exact)]);
        assert_eq!(hits.total(), 1);
        hits.retain(|_| false);
        assert_eq!((hits.total(), only(&hits)), (0, Vec::new()));
    }
}
