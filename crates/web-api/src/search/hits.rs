//! What a search found, and the page of it that was asked for.

use super::{MatchClass, index_of};

/// No match.
const NONE: u8 = u8::MAX;

/// The best class of each owner: one byte an owner, so that marking never allocates.
#[derive(Debug)]
pub(crate) struct Hits {
    best: Vec<u8>,
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
            best: vec![NONE; owners],
        }
    }

    /// Notes that `owner` was found, unless a better class was noted before.
    pub(crate) fn mark(&mut self, owner: u32, class: MatchClass) {
        if let Some(best) = self.best.get_mut(index_of(owner)) {
            *best = (*best).min(rank(class));
        }
    }

    /// Takes back every hit that `keep` refuses.
    pub(crate) fn retain(&mut self, mut keep: impl FnMut(u32) -> bool) {
        for (owner, best) in (0..).zip(&mut self.best) {
            if *best != NONE && !keep(owner) {
                *best = NONE;
            }
        }
    }

    /// Every hit, in the order of the owners.
    pub(crate) fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        (0..)
            .zip(&self.best)
            .filter(|&(_, &best)| best != NONE)
            .map(|(owner, _)| owner)
    }

    /// How many hits there are.
    pub(crate) fn total(&self) -> usize {
        self.best.iter().filter(|&&best| best != NONE).count()
    }

    /// The hits of `window`: by class, and inside a class as `order` (all owners, best first) says.
    ///
    /// The order is known beforehand, so nothing is sorted: the cost is one walk over `order` for
    /// each class that the window touches, whatever the number of hits.
    pub(crate) fn select(
        &self,
        order: &(impl Iterator<Item = u32> + Clone),
        window: Window,
    ) -> Vec<(u32, MatchClass)> {
        let mut skip = window.skip;
        let mut selected = Vec::with_capacity(window.take.min(self.best.len()));
        for class in MatchClass::ALL {
            let wanted = rank(class);
            let count = self.best.iter().filter(|&&best| best == wanted).count();
            if count <= skip {
                skip -= count;
                continue;
            }
            let left = window.take - selected.len();
            selected.extend(
                order
                    .clone()
                    .filter(|&owner| self.best.get(index_of(owner)) == Some(&wanted))
                    .skip(skip)
                    .take(left)
                    .map(|owner| (owner, class)),
            );
            skip = 0;
            if selected.len() == window.take {
                break;
            }
        }
        selected
    }
}

fn rank(class: MatchClass) -> u8 {
    match class {
        MatchClass::Exact => 0,
        MatchClass::Prefix => 1,
        MatchClass::Contains => 2,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Hits, Window};
    use crate::search::{FieldIndexBuilder, MatchClass, matchers::Literal, normalise};

    fn naive(names: &[String], query: &str) -> Vec<(u32, MatchClass)> {
        let query = normalise(query);
        let mut found: Vec<_> = (0_u32..)
            .zip(names)
            .filter_map(|(owner, name)| {
                let name = normalise(name);
                let class = if name == query {
                    MatchClass::Exact
                } else if name.starts_with(&query) {
                    MatchClass::Prefix
                } else if name.contains(&query) {
                    MatchClass::Contains
                } else {
                    return None;
                };
                Some((owner, class))
            })
            .collect();
        found.sort_by_key(|&(owner, class)| (class, owner));
        found
    }

    fn search(names: &[String], query: &str) -> Hits {
        let mut builder = FieldIndexBuilder::default();
        for (owner, name) in (0..).zip(names) {
            builder.add(name, owner);
        }
        let mut hits = Hits::none(names.len());
        builder
            .build()
            .search(&Literal::new(&normalise(query)), &mut hits);
        hits
    }

    proptest! {
        #[test]
        fn pages_are_the_slices_of_a_naive_search(
            names in prop::collection::vec("[가나다AB] ?[가나다ab()]{0,4}", 1..40),
            query in "[가나다aB]{1,2}",
            skip in 0_usize..45,
            take in 1_usize..10,
        ) {
            let expected = naive(&names, &query);
            let hits = search(&names, &query);
            prop_assert_eq!(hits.total(), expected.len());
            let order = (0..).zip(&names).map(|(owner, _)| owner);
            let page: Vec<_> = expected.into_iter().skip(skip).take(take).collect();
            prop_assert_eq!(hits.select(&order, Window { skip, take }), page);
        }

        #[test]
        fn every_name_finds_itself_as_exact(
            names in prop::collection::vec(any::<String>(), 1..20),
            which in any::<prop::sample::Index>(),
        ) {
            let at = which.index(names.len());
            prop_assume!(!normalise(&names[at]).is_empty());
            let hits = search(&names, &names[at]);
            let owner = u32::try_from(at).unwrap();
            let order = std::iter::once(owner);
            let window = Window { skip: 0, take: 1 };
            prop_assert_eq!(hits.select(&order, window), [(owner, MatchClass::Exact)]);
        }
    }

    #[test]
    fn a_worse_class_never_replaces_a_better_one() {
        let only = |hits: &Hits| hits.select(&(0..1), Window { skip: 0, take: 1 });
        let mut hits = Hits::none(1);
        hits.mark(0, MatchClass::Prefix);
        hits.mark(0, MatchClass::Contains);
        assert_eq!(only(&hits), [(0, MatchClass::Prefix)]);
        hits.mark(0, MatchClass::Exact);
        assert_eq!(only(&hits), [(0, MatchClass::Exact)]);
        hits.retain(|_| false);
        assert_eq!((hits.total(), only(&hits)), (0, Vec::new()));
    }
}
