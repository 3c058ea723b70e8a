//! What is one substance, and what isn't.

use proptest::prelude::*;

use super::substances_of;
use super::words::{ISOMERS, SYNONYMS};

/// What the whole name means; parts stand after it.
fn one(name: &str) -> String {
    substances_of(name).remove(0)
}

#[test]
fn one_substance_under_many_names() {
    for names in [
        &[
            "아세트아미노펜",
            "아세트아미노펜과립",
            "아세트아미노펜제피세립",
            "아세트아미노펜(미분화)",
            "미분화아세트아미노펜",
            "파라세타몰",
        ][..],
        &[
            "아스피린",
            "아스피린장용과립",
            "아세틸살리실산",
            "아스피린리신",
        ],
        &[
            "클라불란산칼륨",
            "묽은클라불란산칼륨",
            "희석클라불란산칼륨[7:1]",
        ],
        &[
            "클로르페니라민말레산염",
            "말레인산클로르페니라민",
            "덱스클로르페니라민말레산염",
        ],
        &["세푸록심악세틸", "세푸록심나트륨"],
        &["세티리진염산염", "레보세티리진염산염", "염산세티리진"],
        &[
            "덱사메타손",
            "덱사메타손인산나트륨",
            "덱사메타손아세트산염",
            "덱사메타손팔미테이트",
        ],
        &[
            "히드로코르티손",
            "히드로코르티손숙신산에스테르나트륨",
            "초산히드로코르티손",
        ],
        &["데쿠알리늄염화물", "염화데쿠알리늄"],
        &["유당", "유당수화물", "무수유당", "락토오스수화물"],
        &["마크로골400", "마크로골6000", "폴리에틸렌글리콜4000"],
        &["포비돈", "포비돈K-30", "포비돈케이30"],
        &[
            "황색5호",
            "식용색소황색5호",
            "황색5호알루미늄레이크",
            "식용색소황색5호알루미늄레이크",
        ],
        &["에탄올", "무수에탄올", "에틸알코올"],
        &["락툴로오즈", "락툴로오즈액"],
        &["은행엽엑스", "은행엽건조엑스"],
        &["피록시캄", "피록시캄베타-싸이클로덱스트린"],
        &["미결정셀룰로오스", "결정셀룰로오스"],
        &["바레니클린", "바레니클린살리실산염"],
    ] {
        let first = one(names[0]);
        for name in names {
            assert_eq!(one(name), first, "{name}");
        }
    }
}

#[test]
fn alike_only_to_the_eye() {
    for (name, other) in [
        ("에탄올", "메탄올"),
        ("나트륨", "디클로페낙나트륨"),
        ("염화나트륨", "염화칼륨"),
        ("염화나트륨", "나트륨"),
        ("칼슘", "아토르바스타틴칼슘"),
        ("말레산", "클로르페니라민말레산염"),
        ("살리실산", "바레니클린살리실산염"),
        ("벤조산", "데스벤라팍신벤조산염"),
        ("페니실라민", "벤질페니실린"),
        ("프로게스테론", "메드록시프로게스테론아세테이트"),
        ("세틸알코올", "벤질알코올"),
        ("수산화마그네슘", "산화마그네슘"),
        ("염화알루미늄", "염화암모늄"),
        ("아세트산칼슘", "글루콘산칼슘"),
        ("이소소르비드", "이소소르비드질산염"),
        ("메틸프레드니솔론", "프레드니솔론"),
        ("황색4호", "황색5호"),
        ("천연베리향 624691", "천연베리향 624692"),
        ("포비돈", "크로스포비돈"),
        ("정제수", "주사용수"),
        ("리보플라빈", "리보플라빈부티르"),
    ] {
        assert_ne!(one(name), one(other), "{name} {other}");
    }
}

#[test]
fn a_name_may_join_several() {
    let all = substances_of("아목시실린수화물·묽은클라불란산칼륨(4:1)");
    assert!(all.iter().any(|one| one == "아목시실린"), "{all:?}");
    assert!(all.iter().any(|one| one == "클라불란산"), "{all:?}");
    assert_eq!(substances_of("이부프로펜디.씨."), ["이부프로펜"]);
    assert_eq!(substances_of(" \u{3000}"), [""; 0]);
}

/// Else one of the names would be found by another key than the rest.
#[test]
fn the_lists_hold_what_the_rules_leave() {
    let synonyms = SYNONYMS.iter().map(|row| (row[0], *row));
    for (main, row) in synonyms {
        for name in row {
            assert_eq!(one(name), main, "{name}");
        }
    }
    for (isomer, mixture) in ISOMERS {
        assert_eq!(one(isomer), one(mixture), "{isomer}");
    }
    let mut all: Vec<_> = SYNONYMS.iter().copied().flatten().collect();
    let count = all.len();
    all.sort_unstable();
    all.dedup();
    assert_eq!(all.len(), count, "a name stands in one row only");
}

proptest! {
    /// What was shortened is not shortened again, and nothing becomes nothing.
    #[test]
    fn it_ends(name in "(묽은|미분화|염산|말레산|무수|L-|식용색소)?[가-힣]{1,6}(나트륨|염산염|인산|칼슘)?(이나트륨|삼수화물|과립|악세틸|액|엑스)?(\\([0-9:]{0,3}\\))?") {
        for one in substances_of(&name) {
            prop_assert!(!one.is_empty());
            prop_assert!(one.chars().count() > 1 || name.chars().count() == 1);
            let again = substances_of(&one);
            prop_assert_eq!(again, vec![one]);
        }
    }

    #[test]
    fn no_text_panics(name in "\\PC{0,20}") {
        drop(substances_of(&name));
    }
}
