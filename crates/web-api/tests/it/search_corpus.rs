//! The 25,040 names of the ministry's pill list, searched as users search.

use std::fs;
use std::sync::atomic::{AtomicUsize, Ordering};

use domain::catalogue::{Dispensing, MedicineId};
use domain::hangul::keys;
use domain::hangul::name::{Name, Part};
use domain::hangul::normalise::Stage;
use domain::hangul::{layout, typed};
use futures_util::{StreamExt as _, stream};

use crate::support::seed::{Seed, SeedMedicine};
use crate::support::{TestApp, names, sample};

/// One name of so many is asked for; each with one slip of every kind.
const STRIDE: usize = 12;

/// The names in the order of the list; `None` where it is absent.
fn pill_list() -> Option<Vec<String>> {
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

fn catalogue(names: &[String]) -> Seed {
    let medicines = (300_000_000..).zip(names).map(|(id, name)| SeedMedicine {
        medicine: sample::medicine(
            MedicineId::new(id).unwrap().get(),
            name,
            "제약",
            Dispensing::Otc,
            ("01140", "해열.진통.소염제", &["해열"]),
            &[],
        ),
        efficacy: None,
        easy_guide: None,
    });
    Seed {
        generation: 1,
        medicines: medicines.collect(),
        ingredients: Vec::new(),
    }
}

/// What stands outside brackets.
fn head(name: &Name) -> String {
    let outside = name
        .tokens()
        .iter()
        .filter(|token| token.part != Part::Aside);
    let text = name.normalised().as_str();
    outside
        .map(|token| text.get(token.range.clone()).unwrap())
        .collect()
}

/// A number that looks random and is the same in every run.
fn below(limit: usize, seed: usize) -> usize {
    let mixed = u64::try_from(seed)
        .unwrap()
        .wrapping_mul(6_364_136_223_846_793_005)
        >> 33;
    usize::try_from(mixed).unwrap() % limit.max(1)
}

/// One slip of each kind in a core: a letter left out, one too many, two in the wrong order, another
/// in its place.
fn slips(core: &[u8], seed: usize) -> Vec<Vec<u8>> {
    let letters: Vec<u8> = ('ㄱ'..='ㅣ').filter_map(keys::key).collect();
    let splice = |from: usize, to: usize, put: &[u8]| [&core[..from], put, &core[to..]].concat();
    let at = below(core.len(), seed);
    let kind = |key: u8| {
        let same = letters
            .iter()
            .filter(|other| keys::is_vowel(**other) == keys::is_vowel(key));
        let same: Vec<u8> = same.copied().filter(|other| *other != key).collect();
        same[below(same.len(), seed + 1)]
    };
    let mut slips = vec![
        splice(at, at + 1, &[]),
        splice(at, at, &[letters[below(letters.len(), seed + 2)]]),
    ];
    // A vowel beside a vowel is half a letter.
    let alone = |at: usize| {
        !keys::is_vowel(core[at])
            || [at.wrapping_sub(1), at + 1]
                .iter()
                .all(|beside| !core.get(*beside).copied().is_some_and(keys::is_vowel))
    };
    if alone(at) {
        slips.push(splice(at, at + 1, &[kind(core[at])]));
    }
    if at + 1 < core.len() && core[at] != core[at + 1] {
        slips.push(splice(at, at + 2, &[core[at + 1], core[at]]));
    }
    slips
}

/// A slip in a name of four syllables or more, as an input method shows it.
fn asked(name: &str, seed: usize) -> Vec<String> {
    let parsed = Name::parse(name, Stage::Complete);
    let head = head(&parsed);
    let syllables = head
        .chars()
        .filter(|c| domain::hangul::jamo::is_syllable(*c));
    let core = parsed
        .tokens()
        .iter()
        .find(|token| token.part == Part::Core);
    let Some(core) = core.filter(|_| syllables.count() >= 4) else {
        return Vec::new();
    };
    let typed = keys::collect(
        parsed
            .normalised()
            .as_str()
            .get(core.range.clone())
            .unwrap(),
    );
    if typed.iter().any(|key| !keys::is_hangul(*key)) {
        return Vec::new();
    }
    let (before, rest) = head.split_at(core.range.start);
    let after = rest.get(core.range.len()..).unwrap();
    let shown = |slip: Vec<u8>| {
        let whole = format!("{before}{}{after}", layout::shown(&slip));
        layout::shown(&keys::collect(&whole))
    };
    slips(&typed, seed).into_iter().map(shown).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn real_names_are_found_whole_by_initials_and_with_a_slip() {
    let Some(list) = pill_list() else {
        eprintln!("skipped: no pill list beside the project");
        return;
    };
    let app = TestApp::with(&catalogue(&list)).await;
    let (slipped, missed) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let (app, slipped, missed) = (&app, &slipped, &missed);
    let one = async |(at, name): (usize, &String)| {
        let itself = app.search(&[("query", name)]).await;
        assert_eq!(itself["items"][0]["match"], "exact", "{name}");
        let parsed = Name::parse(name, Stage::Complete);
        let wanted = head(&parsed);
        let same = |found: &str| head(&Name::parse(found, Stage::Complete)) == wanted;
        assert!(same(names(&itself)[0]), "{name}: {itself}");

        // Up to the first bracket: whoever types initials leaves none out in the middle.
        let begin = parsed
            .tokens()
            .iter()
            .take_while(|token| token.part != Part::Aside);
        let end = begin.last().map_or(0, |token| token.range.end);
        let begin = parsed.normalised().as_str().get(..end).unwrap();
        let initials: Vec<u8> = typed::initials(begin).collect();
        let initials = layout::shown(&initials);
        if typed::asks_initials(&initials) {
            let found = app
                .search(&[("query", &initials), ("pageSize", "100")])
                .await;
            let shown =
                found["total"].as_u64().unwrap() > 100 || names(&found).into_iter().any(same);
            assert!(shown, "{name} by {initials}");
        }
        for query in asked(name, at) {
            slipped.fetch_add(1, Ordering::Relaxed);
            let found = app.search(&[("query", &query), ("pageSize", "5")]).await;
            if !names(&found).into_iter().any(same) {
                missed.fetch_add(1, Ordering::Relaxed);
                eprintln!("missed: {name} <- {query}");
            }
        }
    };
    // A few names of export products are longer than a query may be.
    let askable = |(_, name): &(usize, &String)| name.chars().count() <= 100;
    let asked = list.iter().enumerate().step_by(STRIDE).filter(askable);
    stream::iter(asked).for_each_concurrent(4, one).await;
    let (slipped, missed) = (
        slipped.load(Ordering::Relaxed),
        missed.load(Ordering::Relaxed),
    );
    eprintln!("{missed} of {slipped} slips not among the first five");
    assert!(slipped > 5000, "{slipped}");
    assert!(missed * 100 <= slipped * 5, "{missed} of {slipped}");
}
