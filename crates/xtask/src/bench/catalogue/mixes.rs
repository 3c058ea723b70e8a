//! Everything that is asked, for one catalogue.

use super::mix::{Product, Query, comparisons, details, searches, suggestions};
use super::zipf::Zipf;

const SEARCHES: usize = 2_000;
const SUGGESTIONS: usize = 2_000;
/// Few enough for the server's document cache (32 MB) to hold them all.
const DETAILS: usize = 400;
/// Requests until an order begins again.
const ORDER: usize = 50_000;

/// Paths, and the order in which they are asked.
pub(super) struct Asked {
    pub(super) paths: Vec<String>,
    pub(super) order: Vec<usize>,
}

impl Asked {
    fn new(paths: Vec<String>, random: &mut fastrand::Rng) -> Self {
        let order = Zipf::new(paths.len()).draws(ORDER, random);
        Self { paths, order }
    }
}

/// By route.
pub(super) struct Mixes {
    pub(super) search: Asked,
    /// The same searches in the same order, every one at an address of its own: no answer is remembered.
    pub(super) unremembered: Asked,
    pub(super) suggest: Asked,
    pub(super) detail: Asked,
    pub(super) compare: Asked,
}

impl Mixes {
    pub(super) fn new(products: &[Product], random: &mut fastrand::Rng) -> Self {
        let queries = searches(products, SEARCHES, random);
        let paths = queries.iter().map(|query| query.path(0)).collect();
        let search = Asked::new(paths, random);
        let unremembered = unremembered(&queries, &search.order);
        Self {
            search,
            unremembered,
            suggest: Asked::new(suggestions(products, SUGGESTIONS, random), random),
            detail: Asked::new(details(products, DETAILS), random),
            compare: Asked::new(comparisons(products, DETAILS), random),
        }
    }

    /// What many people ask at a time: seven searches in ten, two suggestions, now and then a detail or a comparison.
    pub(super) fn together(&self, random: &mut fastrand::Rng) -> Asked {
        let parts = [&self.search, &self.suggest, &self.detail, &self.compare];
        let paths = parts.iter().flat_map(|part| part.paths.clone()).collect();
        let order = (0..ORDER).filter_map(|at| {
            let chosen = match random.u8(0..20) {
                0..=13 => 0,
                14..=17 => 1,
                18 => 2,
                _ => 3,
            };
            let before = parts.iter().take(chosen).map(|part| part.paths.len());
            Some(before.sum::<usize>() + parts.get(chosen)?.order.get(at)?)
        });
        Asked {
            order: order.collect(),
            paths,
        }
    }

    /// All of it.
    pub(super) fn all(&self) -> impl Iterator<Item = (&[String], &[usize])> {
        let all = [
            &self.search,
            &self.unremembered,
            &self.suggest,
            &self.detail,
            &self.compare,
        ];
        all.into_iter().map(|one| (&*one.paths, &*one.order))
    }
}

fn unremembered(queries: &[Query], order: &[usize]) -> Asked {
    let mut spellings = vec![0_u32; queries.len()];
    let paths = order.iter().filter_map(|&rank| {
        let spelling = spellings.get_mut(rank)?;
        *spelling += 1;
        Some(queries.get(rank)?.path(*spelling))
    });
    let paths: Vec<String> = paths.collect();
    Asked {
        order: (0..paths.len()).collect(),
        paths,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn what_is_not_remembered_is_asked_at_ever_new_addresses() {
        let queries: Vec<Query> = ["가나", "다라"]
            .map(|text| Query::name(text.to_owned()))
            .into();
        let order = Zipf::new(2).draws(5_000, &mut fastrand::Rng::with_seed(1));
        let asked = unremembered(&queries, &order);
        assert_eq!(asked.paths.iter().collect::<HashSet<_>>().len(), 5_000);
        let first = &queries[order[0]];
        assert_eq!(asked.paths[0], first.path(1));
        assert_ne!(asked.paths[0], first.path(0));
    }
}
