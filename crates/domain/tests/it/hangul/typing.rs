//! Every real name is found by itself, by its initials, and by everything shown while it is typed.

use domain::hangul::layout::{self, Plausibility};
use domain::hangul::name::Name;
use domain::hangul::normalise::{self, Stage, normalise};
use domain::hangul::slip::Slip;
use domain::hangul::{jamo, keys, typed};

use super::corpus;

#[test]
fn every_name_finds_itself_and_its_initials() {
    let Some(names) = corpus::names() else {
        return eprintln!("skipped: no pill list beside the project");
    };
    for name in &names {
        let keys = normalise::name_keys(name);
        assert_eq!(
            typed::find(&keys, &normalise::query_keys(name)),
            Some(0..keys.len()),
            "{name}"
        );
        let normalised = normalise(name, Stage::Complete);
        let initials: Vec<u8> = typed::initials(normalised.as_str()).collect();
        assert_eq!(
            typed::initials_at(&keys, &initials, 0),
            Some(keys.len()),
            "{name}"
        );
        let loose = Name::parse(name, Stage::Complete).loose_key();
        let found = loose.matches(&loose);
        assert!(
            loose.core.is_empty()
                || found.is_some_and(|found| found.slip == Slip::None && found.surplus == 0),
            "{name}"
        );
    }
}

#[test]
fn every_name_survives_the_wrong_layout() {
    let Some(names) = corpus::names() else {
        return eprintln!("skipped: no pill list beside the project");
    };
    for name in &names {
        let hangul: String = name.chars().filter(|c| !c.is_ascii_alphabetic()).collect();
        let latin = layout::to_latin(&hangul);
        assert!(!latin.chars().any(jamo::is_syllable));
        assert_eq!(layout::to_hangul(&latin), hangul);
        assert_eq!(
            layout::plausibility(&layout::to_hangul(&latin)),
            Plausibility::Whole,
            "{name}"
        );
    }
}

/// Types names key by key and looks at what an input method shows after each.
#[test]
fn every_name_is_found_while_it_is_typed() {
    let Some(names) = corpus::names() else {
        return eprintln!("skipped: no pill list beside the project");
    };
    let mut looked = 0;
    for name in names.iter().step_by(11) {
        // `1,0` on the way to `1,000` can't be told from `5,10`.
        if name
            .chars()
            .zip(name.chars().skip(1))
            .any(|(a, b)| a.is_ascii_digit() && b == ',')
        {
            continue;
        }
        let stored = normalise::name_keys(name);
        let mut done = String::new();
        for c in name.chars() {
            let strokes = keys::of_char(c);
            let hangul = strokes
                .as_slice()
                .first()
                .copied()
                .is_some_and(keys::is_hangul);
            // What is no key of either alphabet comes whole.
            let steps = if hangul { strokes.as_slice().len() } else { 1 };
            for step in 1..=steps {
                let mut pressed = keys::collect(&done);
                pressed.extend(strokes.into_iter().take(step));
                let shown = if hangul {
                    layout::shown(&pressed)
                } else {
                    format!("{done}{c}")
                };
                let query = normalise::query_keys(&shown);
                assert!(stored.starts_with(&query), "{name}: {shown}");
                looked += 1;
            }
            done.push(c);
            if !done.chars().all(|c| c.is_ascii() || jamo::is_syllable(c)) {
                // `shown` leaves other characters out.
                break;
            }
        }
    }
    assert!(looked > 10_000);
}
