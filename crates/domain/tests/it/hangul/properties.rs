//! What holds for any text.

use std::collections::BTreeSet;

use domain::hangul::layout::Plausibility;
use domain::hangul::name::Name;
use domain::hangul::near::NearIndex;
use domain::hangul::normalise::{Stage, normalise};
use domain::hangul::{jamo, keys, layout, slip, typed};
use proptest::prelude::*;

use super::corpus;

/// Whole syllables, digits, and latin letters: what a name is made of.
fn name_like() -> impl Strategy<Value = String> {
    "[가-힣]{1,6}([0-9]{1,3}(mg|밀리그람|%)?)?[가-힣]{0,3}"
}

proptest! {
    #[test]
    fn nothing_panics_and_origins_stay_inside(text in any::<String>(), query in any::<String>()) {
        for stage in [Stage::Complete, Stage::Typing] {
            let name = Name::parse(&text, stage);
            let normalised = name.normalised();
            prop_assert_eq!(normalised.as_str().chars().count(), normalised.origins().len());
            let mut end = 0;
            for token in name.tokens() {
                prop_assert_eq!(token.range.start, end);
                end = token.range.end;
                let original = normalised.original(&token.range);
                prop_assert!(text.get(original).is_some());
            }
            prop_assert_eq!(end, normalised.as_str().len());
        }
        let (name, asked) = (keys::collect(&text), keys::collect(&query));
        if let Some(found) = typed::find(&name, &asked) {
            prop_assert!(text.get(typed::marked(&text, &found)).is_some());
        }
        if let Some(found) = typed::find_initials(&name, &asked) {
            prop_assert!(text.get(typed::marked(&text, &found)).is_some());
        }
        let hangul = layout::to_hangul(&text);
        let units = text.contains(|c: char| c.is_ascii_digit());
        prop_assert!(units || !hangul.contains(|c: char| c.is_ascii_alphabetic()));
        prop_assert!(!layout::to_latin(&text).contains(jamo::is_syllable));
        prop_assert_eq!(
            layout::plausibility(&text) == Plausibility::None,
            !text.contains(|c| jamo::is_syllable(c) || jamo::is_letter(c))
        );
        prop_assert_eq!(
            slip::between(&name, &asked).is_some(),
            slip::between(&asked, &name).is_some()
        );
        prop_assert!(!typed::asks_initials(&text) || text.contains(jamo::is_letter));
    }

    #[test]
    fn letters_survive_nfd_and_back(syllable in proptest::char::range('가', '힣')) {
        let letters = jamo::decompose(syllable).unwrap();
        let conjoining: String = [
            jamo::to_conjoining(letters.initial, jamo::Place::Initial),
            jamo::to_conjoining(letters.vowel, jamo::Place::Vowel),
            letters.last.and_then(|last| jamo::to_conjoining(last, jamo::Place::Last)),
        ]
        .into_iter()
        .flatten()
        .collect();
        let composed = normalise(&conjoining, Stage::Complete);
        prop_assert_eq!(composed.as_str(), syllable.to_string());
        prop_assert_eq!(keys::collect(&conjoining), keys::collect(&syllable.to_string()));
    }

    #[test]
    fn keys_tell_texts_apart(one in name_like(), other in name_like()) {
        prop_assert_eq!(keys::collect(&one) == keys::collect(&other), one == other);
        prop_assert_eq!(layout::shown(&keys::collect(&one)), one);
    }

    #[test]
    fn borders_are_where_characters_begin(text in "[가-힣a-z]{0,8}") {
        let keys = keys::collect(&text);
        let borders = (0..keys.len()).filter(|at| keys::is_border(&keys, *at)).count();
        prop_assert_eq!(borders, text.chars().count());
    }

    #[test]
    fn an_input_method_loses_no_key(pressed in "[a-zA-Z]{0,12}") {
        let shown = layout::to_hangul(&pressed);
        let kept = keys::collect(&shown).len();
        prop_assert_eq!(kept, pressed.len());
    }

    #[test]
    fn normalising_twice_changes_nothing(name in name_like()) {
        let once = normalise(&name, Stage::Complete);
        let twice = normalise(once.as_str(), Stage::Complete);
        prop_assert_eq!(once.as_str(), twice.as_str());
    }

    #[test]
    fn a_slip_is_one_both_ways(name in "[가-힣]{2,5}", which in any::<proptest::sample::Index>()) {
        let name = keys::collect(&name);
        let slips = corpus::slips(&name);
        let slipped = which.get(&slips);
        prop_assert!(slip::between(slipped, &name).is_some());
        prop_assert!(slip::between(&name, slipped).is_some());
    }

    #[test]
    fn the_index_finds_what_a_scan_finds(
        cores in proptest::collection::btree_set("[가-다]{0,2}[거-더]{0,2}", 0..40),
        query in "[가-다]{0,2}[거-더]{0,2}",
    ) {
        let cores: Vec<_> = cores.iter().map(|core| keys::collect(core)).collect();
        let query = keys::collect(&query);
        let index = NearIndex::new(&cores);
        let found: Vec<_> = index.within_one(&query).collect();
        let unique: BTreeSet<_> = found.iter().copied().collect();
        prop_assert_eq!(unique.len(), found.len());
        let all = (0..).zip(&cores);
        let all = all.filter_map(|(at, core)| Some((at, slip::between(&query, core)?)));
        prop_assert_eq!(unique, all.collect::<BTreeSet<_>>());
    }
}
