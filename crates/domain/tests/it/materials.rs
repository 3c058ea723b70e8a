//! Every captured `MATERIAL_NAME`.

use domain::catalogue::{BasisUnit, composition_view};
use domain::mfds::{Material, parse_composition, parse_material};

use crate::files;

/// One line a row: label, basis, counter, name, amount, parts.
fn shown(material: &Material) -> Vec<String> {
    material
        .variants
        .iter()
        .flat_map(|variant| {
            variant.actives.iter().map(|active| {
                let parts: Vec<_> = active
                    .active_as
                    .iter()
                    .map(|part| format!("{} {}", part.name, part.quantity))
                    .collect();
                [
                    variant.label.clone().unwrap_or_default(),
                    variant
                        .basis
                        .count
                        .map(|count| count.to_string())
                        .unwrap_or_default(),
                    variant.basis.unit.label().to_owned(),
                    variant
                        .basis
                        .measure
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    active.name.clone(),
                    active
                        .quantity
                        .as_ref()
                        .map(ToString::to_string)
                        .unwrap_or_default(),
                    active.standard.clone().unwrap_or_default(),
                    parts.join("+"),
                ]
                .join("/")
            })
        })
        .collect()
}

/// Each line of the captures: its beginning, whether it is complete, its rows, what is left over.
type Expected = (
    &'static str,
    bool,
    &'static [&'static str],
    &'static [&'static str],
);
const EXPECTED: &[Expected] = &[
    (
        "195500005\t",
        true,
        &[
            "///1000 mL/포도당/50 g/USP/",
            "///1000 mL/염화나트륨/9 g/KP/",
        ],
        &[],
    ),
    (
        "200906877\t",
        true,
        &[
            "허니앤레몬/1/개/2.6 g/플루르비프로펜/8.75 mg/EP/",
            "오렌지/1/개/2.6 g/플루르비프로펜/8.75 mg/EP/",
        ],
        &[],
    ),
    (
        "202005623\t",
        true,
        &["/1/포/304 mg/아세트아미노펜과립/177.778 mg/별규/"],
        &[],
    ),
    (
        "타이레놀정500mg\t",
        true,
        &["/1/정/615.04 mg/아세트아미노펜/500 mg/USP/"],
        &[],
    ),
    (
        "코미시럽\t",
        true,
        &[
            "1.1 색소2처방///100 mL/페닐레프린염산염/100 mg/KP/",
            "1.1 색소2처방///100 mL/클로르페니라민말레산염/40 mg/KP/",
            "1.2 색소3처방///100 mL/페닐레프린염산염/100 mg/KP/",
        ],
        &[],
    ),
    (
        "맥시부펜시럽\t",
        true,
        &["///100 mL/덱시부프로펜/1.2 g/KP/"],
        &[],
    ),
    (
        "201701391 듀파락시럽\t",
        false,
        &["///100 mL/락툴로오즈액/67 mL//락툴로오즈 66.7 g"],
        &["..."],
    ),
    (
        "195700013 DUR",
        true,
        &["////에페드린염산염/40 mg/KP/"],
        &[],
    ),
    (
        "195500005 older",
        true,
        &[
            "///1000 mL/포도당/50 g/USP/",
            "///1000 mL/염화나트륨/9 g/KP/",
        ],
        &[],
    ),
];

#[test]
fn every_captured_line() {
    let Some(text) = files::read("material_name.tsv") else {
        return;
    };
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.starts_with('#') && line.contains('\t'))
        .collect();
    assert_eq!(lines.len(), EXPECTED.len());
    for (line, (start, complete, rows, unparsed)) in lines.iter().zip(EXPECTED) {
        assert!(line.starts_with(start), "{line}");
        let (_, value) = line.split_once('\t').unwrap();
        let material = parse_material(value);
        assert_eq!(shown(&material), *rows, "{line}");
        assert_eq!(material.complete, *complete, "{line}");
        assert_eq!(material.unparsed, *unparsed, "{line}");
    }
}

#[test]
fn a_chart_of_two_flavours_counts_nothing_twice() {
    let of = |flavour: &str| {
        format!(
            "총량 : 1개(약 2.6g) 중-{flavour}|성분명 : 플루르비프로펜|분량 : 8.75|단위 : 밀리그램|규격 : EP|성분정보 : |비고 : "
        )
    };
    let composition = parse_composition(
        Some(&format!("{};{}", of("레몬"), of("오렌지"))),
        None,
        None,
    );
    let view = composition_view(&composition);
    assert_eq!(view.variants.len(), 2);
    for variant in &view.variants {
        assert_eq!(variant.total_milligrams.unwrap().to_string(), "8.75");
        assert_eq!(
            variant.ingredients[0].share_percent.unwrap().to_string(),
            "100"
        );
        assert!(variant.basis.approximate);
    }
}

#[test]
fn shares_only_where_all_convert() {
    let row = |name: &str, amount: &str, unit: &str, info: &str| {
        format!(
            "총량 : 1정|성분명 : {name}|분량 : {amount}|단위 : {unit}|규격 : |성분정보 : {info}|비고 : "
        )
    };
    let view =
        |rows: &[String]| composition_view(&parse_composition(Some(&rows.join(";")), None, None));
    let whole = view(&[
        row("가", "0.3", "그램", "나로서 100밀리그램"),
        row("다", "100", "밀리그람", ""),
    ]);
    let variant = &whole.variants[0];
    assert_eq!(variant.basis.unit, BasisUnit::Tablet);
    // The active part is shown beside its row and never added to it.
    assert_eq!(variant.total_milligrams.unwrap().to_string(), "400");
    assert_eq!(
        variant.ingredients[0].active_as[0]
            .milligrams
            .unwrap()
            .to_string(),
        "100"
    );
    let shares: Vec<_> = variant
        .ingredients
        .iter()
        .map(|row| row.share_percent.unwrap().to_string())
        .collect();
    assert_eq!(shares, ["75", "25"]);
    for (unit, complete) in [
        ("국제단위", true),
        ("퍼센트", true),
        ("밀리리터", true),
        ("몇", true),
        ("", false),
    ] {
        let mixed = view(&[row("가", "300", "밀리그램", ""), row("나", "5", unit, "")]);
        assert_eq!(mixed.complete, complete, "{unit}");
        let variant = &mixed.variants[0];
        assert!(!variant.complete && variant.total_milligrams.is_none());
        assert_eq!(variant.ingredients[0].share_percent, None);
        assert_eq!(
            variant.ingredients[0].milligrams.unwrap().to_string(),
            "300"
        );
        assert_eq!(variant.ingredients[1].milligrams, None);
    }
}
