//! What is one substance, and what isn't.

use proptest::prelude::*;

use super::substances_of;
use super::synonyms::{ISOMERS, SYNONYMS};

/// What the whole name means; parts stand after it.
fn one(name: &str) -> String {
    substances_of(name).remove(0)
}

fn all_one(names: &[&str]) {
    let first = one(names[0]);
    for name in names {
        assert_eq!(one(name), first, "{name}");
    }
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
        all_one(names);
    }
}

#[test]
fn one_substance_in_older_spellings_and_rarer_salts() {
    for names in [
        &[
            "디클로페낙나트륨",
            "디클로페낙디에틸아민",
            "디클로페낙에폴라민",
            "디클로페낙베타-디메틸아미노에탄올",
            "디클로페낙β-디메틸아미노에탄올",
        ][..],
        &["벤질페니실린", "벤자틴페니실린G", "프로카인페니실린지"],
        &[
            "아스피린",
            "아스피린DL-리신",
            "아스피린디엘-리신",
            "카르바살레이트칼슘",
        ],
        &[
            "세프타지딤",
            "건조탄산나트륨함유세프타지딤수화물",
            "무균세프타지딤",
        ],
        &["세파만돌나페이트", "세파만돌나포산나트륨"],
        &[
            "아세트아미노펜",
            "아세트아미노펜90%과립",
            "과립아세트아미노펜",
        ],
        &[
            "발라시클로버염산염",
            "발라시클로비르염산염수화물",
            "아시클로버",
        ],
        &[
            "클로르페니라민말레산염",
            "클로르페니라민말레인산염",
            "크로르페니라민말레산염",
        ],
        &[
            "히드로클로로티아지드",
            "히드로클로로치아짓",
            "하이드로클로로티아지드",
        ],
        &["클래리트로마이신", "클래리스로마이신"],
        &["메틸프레드니솔론", "메칠프레드니솔론"],
        &["살리실산메틸", "살리실산메칠", "메틸살리실레이트"],
        &["L-멘톨", "dl-멘톨", "멘톨"],
    ] {
        all_one(names);
    }
}

#[test]
fn one_additive_under_many_names() {
    for names in [
        &[
            "황색4호",
            "황색 4호",
            "식용색소 황색 제4호",
            "식용색소황색제4호(타르트라진)",
        ][..],
        &["벤질알코올", "벤질 알코올", "벤질알코홀"],
        &["유당", "유당혼합물", "과립유당", "분무건조유당", "락토오즈"],
        &["대두유", "경화대두유", "정제대두유", "콩기름"],
        &["젤라틴", "숙신산젤라틴", "석신화젤라틴"],
        &["카르멜로오스나트륨", "카르복시메틸셀룰로오스나트륨"],
        &["메타중아황산나트륨", "피로아황산나트륨"],
        &["레보세티리진염산염", "레보세티리진 염산염"],
    ] {
        all_one(names);
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
        ("피마자유", "대두유"),
        ("황색4호", "황색203호"),
        ("아세틸콜린", "아세틸시스테인"),
        ("살리실산", "살리실산메틸"),
        ("발라시클로비르", "발간시클로비르"),
        ("아황산나트륨", "메타중아황산나트륨"),
        ("트로메타민", "케토롤락트로메타민"),
    ] {
        assert_ne!(one(name), one(other), "{name} {other}");
    }
}

#[test]
fn a_name_may_join_several() {
    let all = substances_of("아목시실린수화물·묽은클라불란산칼륨(4:1)");
    assert!(all.iter().any(|one| one == "아목시실린"), "{all:?}");
    assert!(all.iter().any(|one| one == "클라불란산"), "{all:?}");
    for (mixture, part) in [
        ("아목시실린·클라불란산칼륨혼합물(4:1)", "클라불란산"),
        ("아이비엽30%에탄올건조엑스(5~7.5→1)·유당혼합물", "유당"),
    ] {
        let all = substances_of(mixture);
        assert!(all.iter().any(|one| one == part), "{all:?}");
    }
    assert_eq!(substances_of("이부프로펜디.씨."), ["이부프로펜"]);
    // Water and carriers that they have in common relate no two of them.
    for (name, only) in [
        ("발라시클로비르염산염1.5수화물", "아시클로비르"),
        ("에스암로디핀베실산염2.5수화물", "암로디핀"),
        ("다파글리플로진비스L-프롤린", "다파글리플로진"),
        ("이프라글리플로진L-프롤린", "이프라글리플로진"),
        ("세페핌L-아르기닌", "세페핌"),
        ("S-아데노실-L-메티오닌", "아데노실-L-메티오닌"),
        ("자보플록사신D-아스파르트산염수화물", "자보플록사신"),
    ] {
        assert_eq!(substances_of(name), [only]);
    }
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
