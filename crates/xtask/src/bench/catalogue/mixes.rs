//! Everything that is asked, for one catalogue.

use super::mix::{Product, comparisons, details, searches, suggestions};
use super::zipf::Zipf;

const SEARCHES: usize = 2_000;
const SUGGESTIONS: usize = 2_000;
/// Few enough for the server's document cache (8 MB) to hold them all.
const DETAILS: usize = 400;
/// What no spelling changes.
const PREFIX: &str = "/api/v1/";
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

    /// The same at addresses that are ever new: no answer is remembered.
    fn unremembered(&self) -> Self {
        ever_new(&self.order, |rank, spelling| {
            respelt(self.paths.get(rank)?, spelling)
        })
    }
}

/// By route.
pub(super) struct Mixes {
    pub(super) search: Asked,
    /// The same searches in the same order, every one at an address of its own: no answer is remembered.
    pub(super) unremembered: Asked,
    pub(super) suggest: Asked,
    pub(super) detail: Asked,
    pub(super) unremembered_detail: Asked,
    pub(super) compare: Asked,
    pub(super) unremembered_compare: Asked,
}

impl Mixes {
    pub(super) fn new(products: &[Product], random: &mut fastrand::Rng) -> Self {
        let queries = searches(products, SEARCHES, random);
        let paths = queries.iter().map(|query| query.path(0)).collect();
        let search = Asked::new(paths, random);
        let unremembered = ever_new(&search.order, |rank, spelling| {
            Some(queries.get(rank)?.path(spelling))
        });
        let suggest = Asked::new(suggestions(products, SUGGESTIONS, random), random);
        let detail = Asked::new(details(products, DETAILS), random);
        let compare = Asked::new(comparisons(products, DETAILS), random);
        Self {
            search,
            unremembered,
            suggest,
            unremembered_detail: detail.unremembered(),
            detail,
            unremembered_compare: compare.unremembered(),
            compare,
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

/// The same requests in the same order, each at an address of its own.
fn ever_new(order: &[usize], path: impl Fn(usize, u32) -> Option<String>) -> Asked {
    let mut spellings = std::collections::HashMap::<usize, u32>::new();
    let paths = order.iter().filter_map(|&rank| {
        let spelling = spellings.entry(rank).or_default();
        *spelling += 1;
        path(rank, *spelling)
    });
    let paths: Vec<String> = paths.collect();
    Asked {
        order: (0..paths.len()).collect(),
        paths,
    }
}

/// Another spelling of an address behind the API's beginning: characters are escaped where `spelling` has a bit.
fn respelt(path: &str, spelling: u32) -> Option<String> {
    let (begin, rest) = path.split_at_checked(PREFIX.len())?;
    let mut left = spelling;
    let mut respelt = begin.to_owned();
    for character in rest.chars() {
        if character.is_ascii_alphanumeric() {
            if left & 1 == 1 {
                respelt.push_str(&format!("%{:02X}", u32::from(character)));
            } else {
                respelt.push(character);
            }
            left >>= 1;
        } else {
            respelt.push(character);
        }
    }
    (left == 0).then_some(respelt)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::mix::Query;
    use super::*;

    #[test]
    fn what_is_not_remembered_is_asked_at_ever_new_addresses() {
        let queries: Vec<Query> = ["가나", "다라"]
            .map(|text| Query::name(text.to_owned()))
            .into();
        let order = Zipf::new(2).draws(5_000, &mut fastrand::Rng::with_seed(1));
        let asked = ever_new(&order, |rank, spelling| Some(queries[rank].path(spelling)));
        assert_eq!(asked.paths.iter().collect::<HashSet<_>>().len(), 5_000);
        let first = &queries[order[0]];
        assert_eq!(asked.paths[0], first.path(1));
        assert_ne!(asked.paths[0], first.path(0));
    }

    #[test]
    fn an_address_has_as_many_spellings_as_its_mix_asks() {
        let paths = vec!["/api/v1/medicines/195500005".to_owned()];
        let asked = Asked {
            order: vec![0; ORDER],
            paths,
        };
        let asked = asked.unremembered();
        assert_eq!(asked.paths.iter().collect::<HashSet<_>>().len(), ORDER);
        assert_eq!(asked.paths[0], "/api/v1/%6Dedicines/195500005");
    }
}
