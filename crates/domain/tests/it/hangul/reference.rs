//! A plain search over the corpus, built from the algorithms under test: what an index must find.

use std::collections::HashMap;
use std::sync::LazyLock;

use domain::hangul::name::{self, LooseKey, Name};
use domain::hangul::near::NearIndex;
use domain::hangul::normalise::{self, Stage};
use domain::hangul::slip::Slip;
use domain::hangul::{keys, typed};

use super::corpus;

/// How a hit was found; the order of the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Class {
    Exact,
    Prefix,
    /// Brand and guards, in spite of what stands between them (`타이레놀500`).
    Parts,
    Contains,
    Initials,
    Fuzzy,
}

pub(crate) struct Product {
    pub(crate) name: String,
    pub(crate) loose: LooseKey,
    keys: Vec<u8>,
    head: usize,
}

pub(crate) struct Reference {
    /// In the order of their names.
    pub(crate) products: Vec<Product>,
    pub(crate) cores: NearIndex,
    by_core: HashMap<Vec<u8>, Vec<usize>>,
    numbers: Vec<Vec<usize>>,
    /// Every border of every name, by the first keys from there on: quicker to build in a debug
    /// build than the sorted array that a server would search.
    borders: HashMap<[u8; 3], Vec<(usize, usize)>>,
}

pub(crate) struct Hit {
    pub(crate) product: usize,
    pub(crate) class: Class,
    pub(crate) rank: (Slip, usize),
}

/// The search over the pill list, built once for all tests; `None` where the list is absent.
pub(crate) fn of_corpus() -> Option<&'static Reference> {
    static SEARCH: LazyLock<Option<Reference>> =
        LazyLock::new(|| corpus::names().map(|names| Reference::new(&names)));
    SEARCH.as_ref()
}

impl Reference {
    pub(crate) fn new(names: &[String]) -> Self {
        let mut products: Vec<_> = names.iter().map(|name| product(name)).collect();
        products.sort_by(|a, b| a.name.cmp(&b.name));
        let mut by_core: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (at, product) in products.iter().enumerate() {
            by_core
                .entry(product.loose.core.clone())
                .or_default()
                .push(at);
        }
        let mut cores: Vec<_> = by_core
            .keys()
            .filter(|core| !core.is_empty())
            .cloned()
            .collect();
        cores.sort();
        let numbers = cores.iter().map(|core| by_core[core].clone()).collect();
        let mut borders: HashMap<[u8; 3], Vec<(usize, usize)>> = HashMap::new();
        for (at, product) in products.iter().enumerate() {
            for place in 0..product.keys.len() {
                if keys::is_border(&product.keys, place) {
                    borders
                        .entry(first(&product.keys[place..]))
                        .or_default()
                        .push((at, place));
                }
            }
        }
        Self {
            cores: NearIndex::new(&cores),
            products,
            by_core,
            numbers,
            borders,
        }
    }

    /// All hits, best first; loose ones only where there is nothing else.
    pub(crate) fn search(&self, text: &str) -> Vec<Hit> {
        let query = Name::parse(text, Stage::Typing);
        let typed = keys::collect(query.normalised().as_str());
        if typed.is_empty() {
            return Vec::new();
        }
        let mut best = Best::default();
        for (at, place) in self.borders_of(&typed) {
            let product = &self.products[at];
            let class = match place {
                0 if product.keys == typed || product.head == typed.len() => Class::Exact,
                0 => Class::Prefix,
                _ => Class::Contains,
            };
            best.add(at, class, (Slip::None, 0));
        }
        let asked = query.loose_key();
        for at in self.by_core.get(&asked.core).into_iter().flatten() {
            if let Some(surplus) = name::surplus(&asked.guards, &self.products[*at].loose.guards) {
                best.add(*at, Class::Parts, (Slip::None, surplus));
            }
        }
        if typed::asks_initials(query.normalised().as_str()) {
            // A whole syllable at the beginning narrows the places more than an initial.
            let begin = 1 + usize::from(typed.get(1).copied().is_some_and(keys::is_vowel));
            for (at, place) in self.borders_of(&typed[..begin]) {
                if typed::initials_at(&self.products[at].keys, &typed, place).is_some() {
                    best.add(at, Class::Initials, (Slip::None, place));
                }
            }
        }
        if best.0.is_empty() && query.is_long_enough() {
            for (number, slip) in self.cores.within_one(&asked.core) {
                for at in &self.numbers[usize::try_from(number).unwrap()] {
                    let guards = &self.products[*at].loose.guards;
                    if let Some(surplus) = name::surplus(&asked.guards, guards) {
                        best.add(*at, Class::Fuzzy, (slip, surplus));
                    }
                }
            }
        }
        let mut hits: Vec<_> = best
            .0
            .into_iter()
            .map(|(product, (class, rank))| Hit {
                product,
                class,
                rank,
            })
            .collect();
        // Products stand in the order of their names, so that their numbers are the last resort.
        hits.sort_by_key(|hit| (hit.class, hit.rank, hit.product));
        hits
    }

    /// The borders at which a half-typed query stands, as product and place.
    fn borders_of<'a>(&'a self, typed: &'a [u8]) -> impl Iterator<Item = (usize, usize)> + 'a {
        let buckets: Vec<_> = if typed.len() < 3 {
            let begins = |(begin, _): &(&[u8; 3], _)| begin.starts_with(typed);
            self.borders
                .iter()
                .filter(begins)
                .map(|(_, borders)| borders)
                .collect()
        } else {
            self.borders.get(&first(typed)).into_iter().collect()
        };
        let stands =
            |(at, place): &(usize, usize)| self.products[*at].keys[*place..].starts_with(typed);
        buckets.into_iter().flatten().copied().filter(stands)
    }
}

fn first(keys: &[u8]) -> [u8; 3] {
    let key = |at: usize| keys.get(at).copied().unwrap_or_default();
    [key(0), key(1), key(2)]
}

/// The best way in which each product was found.
#[derive(Default)]
struct Best(HashMap<usize, (Class, (Slip, usize))>);

impl Best {
    fn add(&mut self, product: usize, class: Class, rank: (Slip, usize)) {
        let hit = self.0.entry(product).or_insert((class, rank));
        *hit = (*hit).min((class, rank));
    }
}

fn product(name: &str) -> Product {
    let parsed = Name::parse(name, Stage::Complete);
    let normalised = parsed.normalised();
    let head = normalised
        .origins()
        .iter()
        .take_while(|origin| origin.depth == 0)
        .count();
    let head: String = normalised.as_str().chars().take(head).collect();
    Product {
        name: name.to_owned(),
        loose: parsed.loose_key(),
        keys: normalise::name_keys(name),
        head: keys::collect(&head).len(),
    }
}
