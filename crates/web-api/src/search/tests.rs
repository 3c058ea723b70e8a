//! The index against plain looking at everything, and what people may rely on.

mod words;

use domain::hangul::{keys, layout, typed};
use proptest::prelude::*;

use super::{FieldIndex, FieldIndexBuilder, Found, MatchClass, Owners, Query, Window};

fn index(names: &[impl AsRef<str>]) -> FieldIndex {
    let mut builder = FieldIndexBuilder::default();
    for (owner, name) in (0..).zip(names) {
        builder.add(name.as_ref(), owner);
    }
    builder.build()
}

fn look(index: &FieldIndex, owners: usize, query: &str) -> Found {
    let asked = Query::new(query).unwrap();
    index.search(query, &asked, &alone(owners, &|_, _| false))
}

fn alone(count: usize, agrees: &dyn Fn(u32, &[u8]) -> bool) -> Owners<'_> {
    Owners {
        count,
        agrees,
        beside: &[],
        ingredients: &[],
    }
}

fn found(names: &[impl AsRef<str>], query: &str) -> Vec<(u32, MatchClass)> {
    let all = Window {
        skip: 0,
        take: 1000,
    };
    look(&index(names), names.len(), query)
        .hits
        .select(|owner| owner, all)
}

fn classes(names: &[&'static str], query: &str) -> Vec<(&'static str, MatchClass)> {
    let hits = found(names, query).into_iter();
    hits.map(|(owner, class)| (names[usize::try_from(owner).unwrap()], class))
        .collect()
}

/// Names as the feed has them: brand, form, strength, brackets.
fn name_like() -> impl Strategy<Value = String> {
    "[가-낗타이레놀]{1,4}(정|캡슐)?([1-9]0{0,2}(mg|밀리그람))?(\\([가나다]{1,3}\\))?"
}

proptest! {
    #[test]
    fn finds_what_looking_at_all_finds(
        names in prop::collection::vec("[가각나달다리ab]{1,5}(1|10)?", 1..30),
        query in "[가각나달다리ㄱㄴㄷㄹa]{1,3}",
    ) {
        let asked = Query::new(&query).unwrap();
        let naive = |name: &str| {
            let stored = keys::collect(name);
            let place = typed::find(&stored, &asked.keys);
            let ends_whole = place.as_ref().is_some_and(|found| typed::ends_whole(&stored, found));
            match place {
                Some(found) if found == (0..stored.len()) => Some(MatchClass::Exact),
                Some(found) if found.start == 0 => Some(MatchClass::Prefix),
                Some(_) => Some(MatchClass::Contains),
                None if asked.asks_initials && typed::find_initials(&stored, &asked.keys).is_some() => {
                    Some(MatchClass::Initials)
                }
                None => None,
            }
            .map(|class| (class, !ends_whole))
        };
        let mut expected: Vec<_> = (0..)
            .zip(&names)
            .filter_map(|(owner, name)| Some((naive(name)?.0, owner)))
            .collect();
        let mut hits: Vec<_> = found(&names, &query)
            .into_iter()
            // These don't speak of brands, layouts and slips.
            .filter(|(_, class)| *class <= MatchClass::Initials)
            .map(|(owner, class)| (class, owner))
            .collect();
        let parts = |owner: &u32| {
            let name = &names[usize::try_from(*owner).unwrap()];
            naive(name).is_none() && asked.loose.matches(&Query::new(name).unwrap().loose).is_some()
        };
        hits.retain(|(class, owner)| *class != MatchClass::Contains || !parts(owner));
        expected.sort_unstable();
        hits.sort_unstable();
        // A brand with all its guards is "contains" where it would only be 초성 otherwise.
        for ((class, owner), (wanted, other)) in hits.iter().zip(&expected) {
            prop_assert_eq!(owner, other, "{:?}", names);
            prop_assert!(class <= wanted);
        }
        prop_assert_eq!(hits.len(), expected.len());
    }

    #[test]
    fn every_name_finds_itself_first(
        names in prop::collection::vec(name_like(), 1..20),
        which in any::<prop::sample::Index>(),
    ) {
        let name = which.get(&names);
        let hits = found(&names, name);
        prop_assert_eq!(hits[0].1, MatchClass::Exact);
        let same = keys::collect(Query::new(name).unwrap().name().normalised().as_str());
        for (owner, class) in hits {
            let other = Query::new(&names[usize::try_from(owner).unwrap()]).unwrap();
            prop_assert!(other.keys != same || class == MatchClass::Exact);
        }
    }

    #[test]
    fn every_name_is_found_while_it_is_typed(name in "[가-힣]{2,6}", more in "[가-힣]{1,3}") {
        let names = [format!("{name}정"), more];
        let typed = keys::collect(&name);
        for length in 1..=typed.len() {
            let shown = layout::shown(&typed[..length]);
            let hits = found(&names, &shown);
            prop_assert!(hits.iter().any(|(owner, class)| {
                *owner == 0 && *class <= MatchClass::Prefix
            }), "{}", shown);
        }
    }

    #[test]
    fn every_name_is_found_by_initials_and_in_the_wrong_layout(
        name in "[가-힣]{3,6}",
        before in "[가-힣]{0,2}",
    ) {
        let names = [format!("{before}{name}정500mg")];
        let initials: String = typed::initials(&name).filter_map(keys::letter).collect();
        let hits = found(&names, &initials);
        prop_assert_eq!(hits, [(0, MatchClass::Initials)]);
        let latin = layout::to_latin(&name);
        let searched = look(&index(&names), 1, &latin);
        let all = Window { skip: 0, take: 9 };
        prop_assert_eq!(searched.hits.select(|owner| owner, all), [(0, MatchClass::Layout)]);
        prop_assert_eq!(searched.reading.unwrap().text, name);
    }
}

#[test]
fn better_matches_come_first() {
    use MatchClass::{Contains, Exact, Initials, Layout, Prefix};
    const NAMES: &[&str] = &[
        "다리정",
        "달",
        "달(수출용)",
        "달맞이정",
        "반달정",
        "타이레놀정500밀리그람(아세트아미노펜)",
        "어린이타이레놀산160밀리그램",
        "타이레놀콜드정",
        "Tylenol Tab. 500mg",
    ];
    assert_eq!(
        classes(NAMES, "달"),
        [
            ("달", Exact),
            ("달(수출용)", Exact),
            ("다리정", Prefix),
            ("달맞이정", Prefix),
            ("반달정", Contains),
        ],
        "whole or half-typed, inside a class the order is another"
    );
    assert_eq!(
        classes(NAMES, "타이레놀500"),
        [("타이레놀정500밀리그람(아세트아미노펜)", Contains)]
    );
    assert_eq!(
        classes(NAMES, "ㅌㅇㄹㄴ")[0],
        ("타이레놀정500밀리그람(아세트아미노펜)", Initials)
    );
    assert_eq!(classes(NAMES, "ㅌㅇㄹㄴ").len(), 3);
    for query in ["쇼ㅣ두ㅐㅣ", "쇼ㅣ두ㅐㅣ 500"] {
        let hits = classes(NAMES, query);
        assert_eq!(hits.len(), 1, "{query}");
        assert!(hits.iter().all(|(_, class)| *class == Layout));
    }
}

#[test]
fn slips_are_understood_only_where_nothing_else_is_found() {
    use MatchClass::{Fuzzy, Prefix};
    const NAMES: &[&str] = &[
        "타이레놀정500밀리그람",
        "타이레놀서방정650밀리그람",
        "타이래놀라정",
        "클로비드정75밀리그램(클로피도그렐베실산염)",
        "클로피드정75밀리그램(클로피도그렐황산염)",
        "아스펜에스정",
    ];
    assert_eq!(classes(NAMES, "타이래놀"), [("타이래놀라정", Prefix)]);
    assert_eq!(
        classes(NAMES, "타이레롤정500"),
        [("타이레놀정500밀리그람", Fuzzy)]
    );
    for none in [
        "타이레롤정50",
        "타이레롤캡슐",
        "타이레롤서방정500",
        "아스펜에프정",
        // A brand that exists is never taken for its neighbour.
        "클로비드캡슐",
        "클로비드정100밀리그람",
        // Another ingredient, in brackets or without them.
        "클로빈드정(황산염)",
        "클로빋드정(클로피도그렐황산염)",
        "클로빋드정75mg 클로피도그렐황산염",
    ] {
        let hits = classes(NAMES, none);
        let wrong = hits
            .iter()
            .any(|(name, _)| none.contains("황산염") && name.contains("베실산염"));
        assert!(!wrong, "{none}: {hits:?}");
        assert!(
            none.contains("황산염") || hits.is_empty(),
            "{none}: {hits:?}"
        );
    }
    let asked = Query::new("클로빋드정(클로피도그렐)").unwrap();
    let names = ["클로비드정"];
    let search = |holds| {
        let index = index(&names);
        let agrees = |_: u32, _: &[u8]| holds;
        let found = index.search("클로빋드정(클로피도그렐)", &asked, &alone(1, &agrees));
        found.hits.total()
    };
    assert_eq!((search(true), search(false)), (1, 0));
}

#[test]
fn the_index_stays_small() {
    let names: Vec<String> = (0..2000)
        .map(|number| format!("타이레놀{number}정500밀리그람(아세트아미노펜)"))
        .collect();
    let bytes = index(&names).heap_bytes() / names.len();
    assert!(bytes < 400, "{bytes} bytes a name");
}
