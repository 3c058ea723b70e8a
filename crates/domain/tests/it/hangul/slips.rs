//! One slip in a real name finds it, and strengths and forms are never swapped.

use std::collections::BTreeMap;

use domain::hangul::keys;
use domain::hangul::name::{Name, Part};
use domain::hangul::normalise::Stage;
use domain::hangul::slip;

use super::corpus::{self, Numbers};
use super::reference::{self, Class};

/// Names of which slips are asked, one of so many, and slips a name.
const STRIDE: usize = 60;
const SLIPS: usize = 4;
/// What the search promises: this share is among the first five.
const PROMISED_PERCENT: usize = 95;

#[test]
fn every_slip_of_a_core_is_one_slip() {
    let Some(names) = corpus::names() else {
        return eprintln!("skipped: no pill list beside the project");
    };
    for name in names.iter().step_by(40) {
        let core = Name::parse(name, Stage::Complete).loose_key().core;
        for slipped in corpus::slips(&core) {
            assert!(
                slip::between(&slipped, &core).is_some(),
                "{name}: {}",
                corpus::shown(&slipped)
            );
        }
    }
}

#[test]
fn a_slip_finds_the_name_among_the_first_five() {
    let Some(search) = reference::of_corpus() else {
        return eprintln!("skipped: no pill list beside the project");
    };
    let names = search.products.iter().map(|product| product.name.as_str());
    let mut numbers = Numbers(1);
    let (mut asked, mut found) = (0, 0);
    let mut misses: BTreeMap<Option<Class>, Vec<String>> = BTreeMap::new();
    for name in names.step_by(STRIDE) {
        let parsed = Name::parse(name, Stage::Complete);
        let head: String = head(&parsed);
        let core = parsed
            .tokens()
            .iter()
            .find(|token| token.part == Part::Core);
        let Some(core) = core.filter(|_| syllables(&head) >= 4) else {
            continue;
        };
        let text = parsed.normalised().as_str();
        let slips = corpus::slips(&keys::collect(&text[core.range.clone()]));
        for _ in 0..SLIPS.min(slips.len()) {
            let slipped = corpus::shown(&slips[numbers.below(slips.len())]);
            let query = format!(
                "{}{slipped}{}",
                &head[..core.range.start],
                &head[core.range.end..]
            );
            let query = corpus::shown(&keys::collect(&query));
            let hits = search.search(&query);
            let is_it = |at: usize| {
                let found = &search.products[at].name;
                found == name || self::head(&Name::parse(found, Stage::Complete)) == head
            };
            asked += 1;
            if hits.iter().take(5).any(|hit| is_it(hit.product)) {
                found += 1;
            } else {
                let class = hits.first().map(|hit| hit.class);
                misses
                    .entry(class)
                    .or_default()
                    .push(format!("{name} <- {query}"));
            }
        }
    }
    eprintln!("{found} of {asked} slips found among the first five; the others: {misses:#?}");
    assert!(asked > 1_000);
    assert!(
        found * 100 >= asked * PROMISED_PERCENT,
        "{found} of {asked}"
    );
}

/// A loose hit shares every number, latin letter and protected word of the query.
#[test]
fn loose_hits_keep_numbers_and_words() {
    let Some(search) = reference::of_corpus() else {
        return eprintln!("skipped: no pill list beside the project");
    };
    let names = search.products.iter().map(|product| product.name.as_str());
    let mut numbers = Numbers(2);
    let mut looked = 0;
    for name in names.step_by(211) {
        let key = Name::parse(name, Stage::Complete).loose_key();
        let slips = corpus::slips(&key.core);
        if slips.is_empty() {
            continue;
        }
        let slipped = corpus::shown(&slips[numbers.below(slips.len())]);
        for end in [
            "정5밀리그램",
            "서방정",
            "에스정",
            "이알서방정10mg",
            "콜드",
            "CR정",
        ] {
            for hit in search.search(&format!("{slipped}{end}")) {
                if hit.class == Class::Fuzzy {
                    let wanted = Name::parse(&format!("가나{end}"), Stage::Complete).loose_key();
                    let guards = &search.products[hit.product].loose.guards;
                    assert!(is_subsequence(&wanted.guards, guards), "{slipped}{end}");
                    looked += 1;
                }
            }
        }
    }
    assert!(looked > 20, "{looked}");
}

fn is_subsequence(wanted: &[u8], given: &[u8]) -> bool {
    let mut given = given.iter();
    wanted.iter().all(|byte| given.any(|other| other == byte))
}

/// What stands outside brackets.
fn head(name: &Name) -> String {
    let text = name.normalised().as_str();
    let outside = name
        .tokens()
        .iter()
        .filter(|token| token.part != Part::Aside);
    outside.map(|token| &text[token.range.clone()]).collect()
}

fn syllables(text: &str) -> usize {
    text.chars()
        .filter(|c| domain::hangul::jamo::is_syllable(*c))
        .count()
}
