//! Salts of one substance, and substances of their own.

use super::Substance;

#[test]
fn salts_have_one_base() {
    for (base, names) in [
        (
            "아세트아미노펜",
            &[
                "아세트아미노펜",
                "아세트아미노펜과립",
                "아세트아미노펜제피세립",
            ][..],
        ),
        ("페닐레프린", &["페닐레프린염산염", "염산페닐레프린"]),
        (
            "클로르페니라민",
            &["클로르페니라민말레산염", "말레산클로르페니라민"],
        ),
        ("에페드린", &["에페드린염산염"]),
        (
            "카페인",
            &[
                "카페인",
                "무수카페인",
                "카페인무수물",
                "카페인일수화물",
                "카페인수화물",
            ],
        ),
        (
            "아토르바스타틴",
            &["아토르바스타틴칼슘삼수화물", "아토르바스타틴칼슘"],
        ),
        (
            "에스암로디핀",
            &[
                "에스암로디핀베실산염2.5수화물",
                "에스암로디핀베실산염이수화물",
            ],
        ),
        ("클라불란산", &["클라불란산칼륨"]),
        ("티아민", &["티아민염산염", "티아민질산염"]),
        ("디클로페낙", &["디클로페낙나트륨", "디클로페낙칼륨"]),
        ("판토프라졸", &["판토프라졸나트륨세스키히드레이트"]),
        ("데쿠알리늄", &["데쿠알리늄염화물"]),
    ] {
        for name in names {
            assert_eq!(Substance::of(name).base, base, "{name}");
        }
    }
}

#[test]
fn minerals_and_acids_are_their_own() {
    for name in [
        "염화나트륨",
        "탄산칼슘",
        "탄산수소나트륨",
        "글루콘산칼슘",
        "시트르산",
        "시트르산나트륨",
        "황산마그네슘",
        "인산수소칼슘",
        "아스파르트산칼륨",
        "수산화알루미늄",
        "산화마그네슘",
        "스테아르산마그네슘",
        "비스무트시트르산염칼륨",
        "칼륨",
        "나트륨",
        "염산",
        "수화물",
        "무수",
        "과립",
        "황산아연",
        "구연산칼륨",
        "메타규산알루민산마그네슘",
        "요오드화칼륨",
        "글리세로인산칼슘",
        "L-아스파르트산칼륨",
        "L-아스파르트산마그네슘",
        "이소소르비드질산염",
        "L-리신염산염",
        "인산",
        "무수물",
        "",
    ] {
        let substance = Substance::of(name);
        assert_eq!(substance.base, name);
        assert!(substance.salts.is_empty(), "{name}");
    }
    assert_eq!(Substance::of("염화칼슘수화물").base, "염화칼슘");
}

#[test]
fn names_its_parts() {
    let substance = Substance::of("판토프라졸나트륨세스키히드레이트");
    assert_eq!(substance.salts, ["나트륨"]);
    assert_eq!(substance.hydrate.as_deref(), Some("세스키히드레이트"));
    assert_eq!(
        Substance::of("아토르바스타틴칼슘삼수화물")
            .hydrate
            .as_deref(),
        Some("삼수화물")
    );
    assert_eq!(
        Substance::of("아세트아미노펜과립").form.as_deref(),
        Some("과립")
    );
}
