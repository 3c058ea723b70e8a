//! Words in any order, and slips in the other layout.

use super::{alone, found, index, look};
use crate::search::{FieldIndexBuilder, MatchClass, Owners, Query, Window};

#[test]
fn words_stand_in_any_order() {
    use MatchClass::{Contains, Initials, Prefix};
    const NAMES: &[&str] = &[
        "타이레놀정500밀리그람(아세트아미노펜)",
        "타이레놀정50밀리그람(아세트아미노펜)",
        "타이레놀8시간이알서방정650밀리그람",
        "Tylenol Tab. 500mg",
        "게보린정",
    ];
    for (query, class, expected) in [
        ("500 타이레놀", Contains, &[0][..]),
        ("500밀리그람 타이레놀", Contains, &[0]),
        ("500 mg 타이레놀", Contains, &[0]),
        ("아세트아미노펜 타이레놀", Contains, &[0, 1]),
        ("아세트아미노펜, 50 타이레놀", Contains, &[1]),
        ("er 타이레놀", Contains, &[2]),
        ("서방 타이레놀 650", Contains, &[2]),
        ("아세트아미노펜 타이ㄹ", Contains, &[0, 1]),
        ("아세트아미노펜 타일", Contains, &[0, 1]),
        ("500 tylenol", Contains, &[3]),
        ("타이레놀 정", Prefix, &[0, 1]),
        ("ㅌㅇㄹㄴ", Initials, &[0, 1, 2]),
        // Only the last word may be half-typed, and no word may be wrong by a letter.
        ("타이ㄹ 아세트아미노펜", Contains, &[]),
        ("타이래놀 아세트아미노펜", Contains, &[]),
        ("50 타이레롤", Contains, &[]),
        // No part of a number, no number of another.
        ("5 타이레놀", Contains, &[]),
        ("00 타이레놀", Contains, &[]),
        ("160 타이레놀", Contains, &[]),
        ("게보린 타이레놀", Contains, &[]),
        ("500 게보린", Contains, &[]),
    ] {
        let hits: Vec<_> = found(NAMES, query)
            .into_iter()
            .filter(|(_, found)| *found == class)
            .map(|(owner, _)| owner)
            .collect();
        assert_eq!(hits, expected, "{query}");
    }
    assert!(found(NAMES, "160 타이레놀").is_empty());
}

#[test]
fn a_form_is_asked_of_the_name_itself() {
    const NAMES: &[&str] = &[
        "경동아스피린장용정",
        "아스트릭스캡슐100밀리그람(아스피린)",
        "뉴스피린정(아스피린마그네슘산염)",
        "케토락주사액30밀리그램",
    ];
    let (names, mut makers) = (index(NAMES), FieldIndexBuilder::default());
    for owner in 0..4 {
        makers.add("(주)산도스환인", owner);
    }
    let makers = makers.build();
    let hits = |query: &str| {
        let asked = Query::new(query).unwrap();
        let whose = Owners {
            beside: &[&makers],
            ..alone(NAMES.len(), &|_, _| false)
        };
        let found = names.search(query, &asked, &whose).hits;
        let all = found.select(|owner| owner, Window { skip: 0, take: 9 });
        all.into_iter().map(|(owner, _)| owner).collect::<Vec<_>>()
    };
    for (query, expected) in [
        ("아스피린 정", &[0, 2][..]),
        ("정 아스피린", &[0, 2]),
        ("아스피린 캅셀", &[1]),
        ("산도스 아스피린 캡슐", &[1]),
        // Neither the maker's (주), nor the salt's 산, nor another form.
        ("아스피린 주", &[]),
        ("주 아스피린", &[]),
        ("아스피린 산", &[]),
        ("아스피린 환", &[]),
        ("케토락 정", &[]),
        ("케토락 주사", &[3]),
        ("정 주", &[]),
        // In brackets it is the maker's.
        ("(주)산도스 케토락", &[3]),
        ("케토락 산도스", &[3]),
    ] {
        assert_eq!(hits(query), expected, "{query}");
    }
}

#[test]
fn a_slip_is_understood_in_the_other_layout_too() {
    use MatchClass::Fuzzy;
    const NAMES: &[&str] = &[
        "타이레놀정500밀리그람",
        "타이레놀서방정650밀리그람",
        "게보린정",
    ];
    for (typed, meant, expected) in [
        ("xkdlfoshf", "타이래놀", &[0, 1][..]),
        ("XKDLFOSHF", "타이래놀", &[0, 1]),
        ("xkdlfoshfwjd500mg", "타이래놀정500mg", &[0]),
        ("roqhfls", "개보린", &[2]),
    ] {
        let searched = look(&index(NAMES), NAMES.len(), typed);
        let all = Window { skip: 0, take: 9 };
        let hits = searched.hits.select(|owner| owner, all);
        let expected: Vec<_> = expected.iter().map(|owner| (*owner, Fuzzy)).collect();
        assert_eq!(hits, expected, "{typed}");
        assert_eq!(searched.reading.unwrap().text, meant);
    }
    for none in ["xkdlfoshf50mg", "xkdlfoshfzoqtbf", "xkdlfoshfdldkf"] {
        // Another strength, another form, another release.
        assert!(found(NAMES, none).is_empty(), "{none}");
    }
    let known = ["타이레놀정", "타이래놀정"];
    let hits = found(&known, "xkdlfoshf");
    assert_eq!(
        hits,
        [(1, MatchClass::Layout)],
        "a brand that exists is never its neighbour"
    );
}
