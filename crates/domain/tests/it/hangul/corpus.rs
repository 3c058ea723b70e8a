//! The names of the pill list, and the slips that people make in them.

use std::fs;

use domain::hangul::keys::{self, HANGUL_BIT};
use domain::hangul::layout;

/// The pill list's names without surrounding space; `None` where the list is absent, which the
/// caller prints.
pub(crate) fn names() -> Option<Vec<String>> {
    let path = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/mfds/pill_identification.tsv"
    );
    let list = fs::read_to_string(path).ok()?;
    let names = list
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').nth(1));
    Some(names.map(|name| name.trim().to_owned()).collect())
}

/// The keys of every consonant or vowel that has one.
pub(crate) fn all_keys() -> Vec<u8> {
    ('ㄱ'..='ㅣ').filter_map(keys::key).collect()
}

/// Every key string that one slip makes of a core: a letter left out, two in the wrong order,
/// another one of its kind in its place (compound vowels as one), one too many.
pub(crate) fn slips(core: &[u8]) -> Vec<Vec<u8>> {
    let mut slips = Vec::new();
    let mut splice = |from: usize, to: usize, put: &[u8]| {
        slips.push([&core[..from], put, &core[to..]].concat());
    };
    let hangul = |at: usize| core.get(at).is_some_and(|byte| keys::is_hangul(*byte));
    let kinds = all_keys();
    let vowels: Vec<_> = ('ㅏ'..='ㅣ').map(keys::of_char).collect();
    for at in 0..=core.len() {
        if hangul(at) || at > 0 && hangul(at - 1) {
            kinds.iter().for_each(|key| splice(at, at, &[*key]));
        }
        if !hangul(at) {
            continue;
        }
        splice(at, at + 1, &[]);
        if hangul(at + 1) && core[at] != core[at + 1] {
            splice(at, at + 2, &[core[at + 1], core[at]]);
        }
        if keys::is_consonant(core[at]) {
            let others = kinds
                .iter()
                .filter(|key| keys::is_consonant(**key) && **key != core[at]);
            others.for_each(|key| splice(at, at + 1, &[*key]));
        } else if at > 0 && !keys::is_vowel(core[at - 1]) {
            let end = at + 1 + usize::from(core.get(at + 1).copied().is_some_and(keys::is_vowel));
            let others = vowels
                .iter()
                .filter(|vowel| vowel.as_slice() != &core[at..end]);
            others.for_each(|vowel| splice(at, end, vowel.as_slice()));
        }
    }
    slips
}

/// What an input method shows for keys that include latin letters and digits.
pub(crate) fn shown(typed: &[u8]) -> String {
    debug_assert!(
        typed
            .iter()
            .all(|byte| byte.is_ascii() || *byte > HANGUL_BIT)
    );
    layout::shown(typed)
}

/// Numbers that look random and are the same in every run (Knuth's constants).
pub(crate) struct Numbers(pub(crate) u64);

impl Numbers {
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit.max(1)
    }
}
