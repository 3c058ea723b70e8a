//! Bases of the feed, and what is none.

use super::parse_basis;
use crate::catalogue::BasisUnit;

/// Text, count, counter, measure, about, label.
type Case = (
    &'static str,
    &'static str,
    BasisUnit,
    &'static str,
    bool,
    Option<&'static str>,
);
const CASES: &[Case] = &[
    (
        "1정615.04밀리그램",
        "1",
        BasisUnit::Tablet,
        "615.04 mg",
        false,
        None,
    ),
    (
        "1포304.000밀리그램",
        "1",
        BasisUnit::Sachet,
        "304 mg",
        false,
        None,
    ),
    (
        "1개(약 2.6g) 중-허니앤레몬",
        "1",
        BasisUnit::Piece,
        "2.6 g",
        true,
        Some("허니앤레몬"),
    ),
    (
        "이 약 100밀리리터 중-1.1 색소2처방",
        "",
        BasisUnit::Measure,
        "100 mL",
        false,
        Some("1.1 색소2처방"),
    ),
    (
        "이 약 100mL 중",
        "",
        BasisUnit::Measure,
        "100 mL",
        false,
        None,
    ),
    (
        "1,000밀리리터",
        "",
        BasisUnit::Measure,
        "1000 mL",
        false,
        None,
    ),
    ("100그람", "", BasisUnit::Measure, "100 g", false, None),
    ("약 5㎖ 중", "", BasisUnit::Measure, "5 mL", true, None),
    ("1캡슐", "1", BasisUnit::Capsule, "", false, None),
    (
        "1 바이알 10밀리리터",
        "1",
        BasisUnit::Vial,
        "10 mL",
        false,
        None,
    ),
    ("1바이알(동결건조)", "1", BasisUnit::Vial, "", false, None),
    (
        "1정(500mg) 중",
        "1",
        BasisUnit::Tablet,
        "500 mg",
        false,
        None,
    ),
    (
        "1정당 - 백색",
        "1",
        BasisUnit::Tablet,
        "",
        false,
        Some("백색"),
    ),
    ("2관 (5mL)", "2", BasisUnit::Ampoule, "5 mL", false, None),
];

#[test]
fn reads_counts_measures_and_labels() {
    for &(text, count, ref unit, amount, about, label) in CASES {
        let read = parse_basis(text);
        let show = |text: Option<String>| text.unwrap_or_default();
        assert_eq!(
            show(read.basis.count.map(|n| n.to_string())),
            count,
            "{text}"
        );
        assert_eq!(read.basis.unit, *unit, "{text}");
        assert_eq!(
            show(read.basis.measure.map(|q| q.to_string())),
            amount,
            "{text}"
        );
        assert_eq!(read.basis.approximate, about, "{text}");
        assert_eq!(read.label.as_deref(), label, "{text}");
    }
}

#[test]
fn keeps_a_counter_that_has_no_name_here() {
    assert_eq!(
        parse_basis("1카트리지(3mL)").basis.unit,
        BasisUnit::Other("카트리지".to_owned())
    );
}

#[test]
fn what_is_not_a_whole_basis_is_unknown() {
    for text in [
        "",
        "1",
        "정",
        "1정 2캡슐",
        "0정",
        "100%",
        "1000단위",
        "1정~2정",
        "1,5정",
        "약 1정",
        "1바이알(A)+1관(B)",
        "1정500",
        "100mL/5mL",
        "1정 500밀리그램 300밀리그램",
        "1...",
    ] {
        let read = parse_basis(text);
        assert_eq!(read.basis.unit, BasisUnit::Unknown, "{text}");
        assert_eq!(read.basis.text, text);
        assert_eq!((read.basis.count, read.basis.measure), (None, None));
    }
}
