//! What people ask, made from the names of the catalogue that is measured.

use std::collections::HashSet;

use serde::Deserialize;

use super::words::{brand, encoded, half_typed, initials, slip};
use super::zipf::Zipf;

/// Of a product, what people know of it.
#[derive(Debug, Clone, Deserialize)]
pub(in crate::bench) struct Product {
    pub(in crate::bench) id: String,
    pub(super) name: String,
    maker: String,
    ingredients: Vec<String>,
}

/// A way of asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Brand,
    /// Syllables, the last one often half typed.
    Prefix,
    /// 초성.
    Initials,
    /// The brand with its strength.
    Strength,
    Ingredient,
    Maker,
    /// One letter off.
    Slip,
}

/// How often each is asked, in percent of all requests: a quarter are prefixes and 초성.
const SHARES: [(Kind, f64); 7] = [
    (Kind::Brand, 38.0),
    (Kind::Prefix, 13.0),
    (Kind::Initials, 12.0),
    (Kind::Strength, 10.0),
    (Kind::Ingredient, 15.0),
    (Kind::Maker, 8.0),
    (Kind::Slip, 4.0),
];
/// How many tries there are for each query that is wanted: short ones repeat.
const TRIES: usize = 200;

/// A search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::bench) struct Query {
    text: String,
    by: &'static str,
    more: &'static str,
    page: u32,
}

impl Query {
    /// By name, the first page.
    pub(super) fn name(text: String) -> Self {
        Self {
            text,
            by: "",
            more: "",
            page: 1,
        }
    }

    /// Its address. Each `spelling` is another one of the same search.
    pub(in crate::bench) fn path(&self, spelling: u32) -> String {
        let (text, left) = encoded(&self.text, spelling);
        let (by, more, page) = (self.by, self.more, self.page);
        let begin = format!("/api/v1/medicines?query={text}{by}{more}");
        if spelling == 0 && page == 1 {
            return begin;
        }
        if spelling == 0 {
            return format!("{begin}&page={page}");
        }
        let zeros = |count: u32| "0".repeat(usize::try_from(count % 60).unwrap_or_default());
        let (page_zeros, size_zeros) = (zeros(left), zeros(left / 60));
        format!("{begin}&page={page_zeros}{page}&pageSize={size_zeros}20")
    }
}

/// Different searches with the shares above, the most frequent first.
pub(in crate::bench) fn searches(
    products: &[Product],
    count: usize,
    random: &mut fastrand::Rng,
) -> Vec<Query> {
    let mixed = mixed(products, count, random).into_iter();
    mixed.map(|(_, query)| query).collect()
}

fn mixed(products: &[Product], count: usize, random: &mut fastrand::Rng) -> Vec<(Kind, Query)> {
    let popularity = Zipf::new(products.len());
    let mut seen = HashSet::new();
    let mut given = SHARES.map(|(kind, _)| (kind, 0.0));
    let shares = Zipf::new(count);
    let mut queries = Vec::with_capacity(count);
    for share in shares.shares() {
        let Some(slot) = furthest_behind(&mut given) else {
            break;
        };
        let fresh = (0..TRIES).find_map(|_| {
            let product = products.get(popularity.draw(random))?;
            let query = query(slot.0, product, random)?;
            seen.insert(query.path(0)).then_some(query)
        });
        if let Some(query) = fresh {
            slot.1 += share;
            queries.push((slot.0, query));
        }
    }
    queries
}

/// The kind that has least of what it should have.
fn furthest_behind(given: &mut [(Kind, f64); 7]) -> Option<&mut (Kind, f64)> {
    let all: f64 = given.iter().map(|(_, share)| share).sum();
    let mut worst: Option<(f64, &mut (Kind, f64))> = None;
    for (slot, (_, wanted)) in given.iter_mut().zip(SHARES) {
        let behind = wanted / 100.0 * all.max(f64::MIN_POSITIVE) - slot.1;
        if worst.as_ref().is_none_or(|(most, _)| behind > *most) {
            worst = Some((behind, slot));
        }
    }
    worst.map(|(_, slot)| slot)
}

fn query(kind: Kind, product: &Product, random: &mut fastrand::Rng) -> Option<Query> {
    let brand = brand(&product.name);
    let length = brand.chars().count();
    let some =
        |from: usize, to: usize, random: &mut fastrand::Rng| random.usize(from..=to.max(from));
    let (text, by) = match kind {
        Kind::Brand => (brand, ""),
        Kind::Prefix => {
            let whole = some(1, length.saturating_sub(1), random);
            let half = random.bool();
            let text = if half {
                half_typed(&brand, whole)
            } else {
                brand.chars().take(whole).collect()
            };
            (text, "")
        }
        Kind::Initials => (
            initials(&brand)
                .chars()
                .take(some(2, length, random))
                .collect(),
            "",
        ),
        Kind::Strength => (product.name.split('(').next()?.to_owned(), ""),
        Kind::Ingredient => (product.ingredients.first()?.clone(), "&by=ingredient"),
        Kind::Maker => (product.maker.clone(), "&by=maker"),
        Kind::Slip => (slip(&brand, some(0, length.saturating_sub(1), random)), ""),
    };
    let more = match random.u8(0..20) {
        0..=2 => "&class=otc",
        3..=5 => "&facets=class,type",
        _ => "",
    };
    // Few look further than the first page.
    let page = if random.u8(0..100) < 6 {
        random.u32(2..=3)
    } else {
        1
    };
    (text.chars().count() > 1).then_some(Query {
        text,
        by,
        more,
        page,
    })
}

/// Different beginnings of brands, as an input sends them while somebody types; the most frequent first.
pub(super) fn suggestions(
    products: &[Product],
    count: usize,
    random: &mut fastrand::Rng,
) -> Vec<String> {
    let popularity = Zipf::new(products.len());
    let mut seen = HashSet::new();
    let tries = (0..count * TRIES).filter_map(|_| {
        let brand = brand(&products.get(popularity.draw(random))?.name);
        let whole = random.usize(0..=brand.chars().count());
        let typed = if random.bool() {
            half_typed(&brand, whole)
        } else {
            brand.chars().take(whole).collect()
        };
        let fresh = !typed.is_empty() && seen.insert(typed.clone());
        fresh.then(|| format!("/api/v1/medicines/suggest?query={}", encoded(&typed, 0).0))
    });
    tries.take(count).collect()
}

/// Details of different products, the most wished first.
pub(super) fn details(products: &[Product], count: usize) -> Vec<String> {
    let ids = products.iter().take(count).map(|one| &one.id);
    ids.map(|id| format!("/api/v1/medicines/{id}")).collect()
}

/// Comparisons between the most wished products, each pair another one.
pub(super) fn comparisons(products: &[Product], count: usize) -> Vec<String> {
    let (a, b) = (
        products.iter().take(count),
        products.iter().take(count).skip(1),
    );
    a.zip(b)
        .map(|(a, b)| format!("/api/v1/medicines/compare?ids={},{}", a.id, b.id))
        .collect()
}

/// The pairs of syllables that most names hold, with how many hold each; at least `least`.
pub(super) fn common_pairs(products: &[Product], least: u32) -> Vec<(String, u32)> {
    let mut counts = std::collections::HashMap::<String, u32>::new();
    for product in products {
        let characters: Vec<char> = product.name.chars().collect();
        let pairs: HashSet<String> = characters
            .windows(2)
            .filter(|pair| pair.iter().all(|&c| super::words::is_syllable(c)))
            .map(|pair| pair.iter().collect())
            .collect();
        for pair in pairs {
            *counts.entry(pair).or_default() += 1;
        }
    }
    let mut pairs: Vec<(String, u32)> = counts
        .into_iter()
        .filter(|(_, count)| *count >= least)
        .collect();
    pairs.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    pairs
}

#[cfg(test)]
#[path = "mix_tests.rs"]
mod tests;
