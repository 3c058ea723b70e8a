//! One slip in a real name finds it, and strengths and forms are never swapped.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use domain::hangul::keys;
use domain::hangul::name::{Name, Part};
use domain::hangul::normalise::Stage;
use domain::hangul::slip;

use super::corpus::{self, Numbers};
use super::reference::{self, Class, Reference};

/// Names of which slips are asked, one of so many; each with one slip of every kind.
const STRIDE: usize = 60;
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
            let (typed, meant) = (corpus::shown(&slipped), corpus::shown(&core));
            let letters = ends_with_a_letter(&typed) && ends_with_a_letter(&meant);
            let is_other_letter = letters && typed.chars().last() != meant.chars().last();
            let is_slip = slip::between(&slipped, &core).is_some();
            assert_eq!(is_slip, !is_other_letter, "{name}: {typed}");
        }
    }
}

/// Whether a brand ends with what may be the name of a latin letter (놀바덱스디).
fn ends_with_a_letter(brand: &str) -> bool {
    let last = brand.chars().last();
    brand.chars().nth(1).is_some() && last.is_some_and(|last| "비디티피지이오유".contains(last))
}

/// Kinds of slips apart, since there are many more letters to add than to leave out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Missing,
    Swapped,
    Other,
    Extra,
}

impl Kind {
    const ALL: [Self; 4] = [Self::Missing, Self::Swapped, Self::Other, Self::Extra];

    fn of(slipped: &[u8], core: &[u8]) -> Self {
        let sorted = |keys: &[u8]| {
            let mut keys = keys.to_vec();
            keys.sort_unstable();
            keys
        };
        match slipped.len().cmp(&core.len()) {
            Ordering::Less => Self::Missing,
            Ordering::Greater => Self::Extra,
            Ordering::Equal if sorted(slipped) == sorted(core) => Self::Swapped,
            Ordering::Equal => Self::Other,
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
    let mut misses: BTreeMap<Kind, (usize, Vec<String>)> = BTreeMap::new();
    for name in names.step_by(STRIDE) {
        let parsed = Name::parse(name, Stage::Complete);
        let head = head(&parsed);
        let core = parsed
            .tokens()
            .iter()
            .find(|token| token.part == Part::Core);
        let Some(core) = core.filter(|_| syllables(&head) >= 4) else {
            continue;
        };
        let core_keys = keys::collect(&parsed.normalised().as_str()[core.range.clone()]);
        let slips = corpus::slips(&core_keys);
        for kind in Kind::ALL {
            let of_kind = slips
                .iter()
                .filter(|slipped| Kind::of(slipped, &core_keys) == kind);
            let of_kind: Vec<_> = of_kind.collect();
            let Some(slipped) = of_kind.get(numbers.below(of_kind.len())) else {
                continue;
            };
            let (before, after) = (&head[..core.range.start], &head[core.range.end..]);
            let query = format!("{before}{}{after}", corpus::shown(slipped));
            let query = corpus::shown(&keys::collect(&query));
            let tally = misses.entry(kind).or_default();
            tally.0 += 1;
            if !is_among_first_five(search, &query, name, &head) {
                tally.1.push(format!("{name} <- {query}"));
            }
        }
    }
    for (kind, (asked, misses)) in &misses {
        let found = asked - misses.len();
        eprintln!("{kind:?}: {found} of {asked} among the first five, not {misses:#?}");
        assert!(*asked > 300);
        assert!(
            found * 100 >= asked * PROMISED_PERCENT,
            "{kind:?}: {found} of {asked}"
        );
    }
    assert_eq!(misses.len(), Kind::ALL.len());
}

/// The name itself, or another product of which all outside brackets is the same.
fn is_among_first_five(search: &Reference, query: &str, name: &str, wanted: &str) -> bool {
    search.search(query).iter().take(5).any(|hit| {
        let found = &search.products[hit.product].name;
        found == name || head(&Name::parse(found, Stage::Complete)) == wanted
    })
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
