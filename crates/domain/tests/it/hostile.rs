//! No input makes the parsers panic, loop or invent an amount.
//!
//! `PROPTEST_CASES` says how many cases each property gets (256 else);
//! `PROPTEST_CASES=1000000 cargo test -p domain --release --test it any_input` runs a million.

use std::hint::black_box;
use std::time::{Duration, Instant};

use domain::catalogue::{
    DocumentKind, Medicine, Quantity, Substance, Unit, canonical_ingredient_name, compare,
    composition_view,
};
use domain::mfds::{
    RawEasyGuide, RawPermitDetail, RawPermitListing, RawPill, parse_class, parse_composition,
    parse_decimal, parse_document, parse_easy_guide, parse_material, parse_permit_detail,
    parse_permit_listing, parse_pill,
};
use proptest::prelude::{
    Just, ProptestConfig, Strategy, any, prop, prop_assert, prop_assert_eq, prop_oneof, proptest,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// What the feed is made of, to be thrown together.
const FRAGMENTS: &[&str] = &[
    "총량 : ",
    "|성분명 : ",
    "|분량 : ",
    "|단위 : ",
    "|규격 : ",
    "|성분정보 : ",
    "|비고 : ",
    ";",
    "|",
    ":",
    ",",
    "1정",
    "1포304.000밀리그램",
    "이 약 100밀리리터 중-",
    "1개(약 2.6g) 중-허니앤레몬",
    "(",
    ")",
    "[",
    "]",
    "아세트아미노펜과립",
    "염화나트륨",
    "페닐레프린염산염",
    "무수",
    "수화물",
    "177.778",
    "1,000",
    "1,5",
    "500~1000",
    "1.0E3",
    "-5",
    "0",
    "9999999999999999999999999999",
    "밀리그램",
    "그램",
    "㎍",
    "µg",
    "μg",
    "국제단위",
    "퍼센트",
    "으로서 ",
    "로서",
    "...",
    "…",
    "[M040702]",
    "[01140]",
    "해열.진통.소염제",
    "<DOC title=\"",
    "\" type=\"EE\">",
    "<SECTION title=\"\">",
    "<ARTICLE title=\"1. 경고\">",
    "<PARAGRAPH tagName=\"table\" marginLeft=\"2\">",
    "<![CDATA[",
    "]]>",
    "</PARAGRAPH>",
    "</ARTICLE>",
    "</SECTION>",
    "</DOC>",
    "<table>",
    "<tr>",
    "<td colspan=\"2\">",
    "</td>",
    "</table>",
    "<sup>",
    "</sup>",
    "<br>",
    "<img alt=\"",
    "\">",
    "&nbsp;",
    "&lt;",
    "&#8901;",
    "&#x",
    "&",
    "<1/10",
    "<",
    ">",
    "<!--",
    "-->",
    "\r\n",
    "\u{A0}",
    "\u{3000}",
    "\u{200B}",
    "가",
    "１２",
    "20200803",
    "1971May6th",
    "2021-01-29 00:00:00",
    "HTTPS://NEDRUG.MFDS.GO.KR/PBP",
    "전문,희귀",
    "마크",
    "분할선",
    "9..5",
    "\u{1112}\u{1161}\u{11AB}",
    "\0",
    "😀",
];

/// Anything at all, and pieces of the feed in any order.
fn input() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => any::<String>(),
        1 => "\\PC{0,60}",
        4 => prop::collection::vec(prop::sample::select(FRAGMENTS), 0..40).prop_map(|pieces| pieces.concat()),
        2 => (prop::collection::vec(prop::sample::select(FRAGMENTS), 0..30), any::<prop::sample::Index>(), any::<char>())
            .prop_map(|(pieces, at, c)| {
                let mut letters: Vec<char> = pieces.concat().chars().collect();
                if !letters.is_empty() {
                    let at = at.index(letters.len());
                    letters[at] = c;
                }
                letters.into_iter().collect()
            }),
    ]
}

/// A well-made row that one mutation has gone over.
fn row() -> impl Strategy<Value = (String, String, String)> {
    let amount = prop_oneof![
        "[0-9]{1,6}(\\.[0-9]{1,4})?",
        "[0-9]{1,3},[0-9]{1,4}",
        "[0-9.,~eE+-]{1,8}",
        Just("적량".to_owned()),
    ];
    let unit = prop::sample::select(
        &[
            "밀리그램",
            "그램",
            "µg",
            "국제단위",
            "퍼센트",
            "mEq",
            "",
            "밀리리터",
        ][..],
    );
    (amount, unit).prop_map(|(amount, unit)| {
        let row = format!(
            "총량 : 1정|성분명 : 가나다|분량 : {amount}|단위 : {unit}|규격 : |성분정보 : |비고 : "
        );
        (row, amount, unit.to_owned())
    })
}

/// A record with one text in every field but its identity.
fn filled<T: Default + Serialize + DeserializeOwned>(text: &str) -> T {
    let Value::Object(mut fields) = serde_json::to_value(T::default()).unwrap() else {
        unreachable!("a record is an object");
    };
    for (key, value) in &mut fields {
        let identity = matches!(key.as_str(), "ITEM_SEQ" | "itemSeq");
        // A name that is empty is refused, and rightly.
        let named = matches!(key.as_str(), "ITEM_NAME" | "ENTP_NAME");
        *value = match (identity, named) {
            (true, _) => "195500005".into(),
            (_, true) => format!("이름{text}").into(),
            _ => text.into(),
        };
    }
    serde_json::from_value(Value::Object(fields)).unwrap()
}

/// Reads one text as everything that it could be.
fn parse_everything(text: &str) -> Medicine {
    black_box(parse_class(Some(text), text));
    let substance = Substance::of(text);
    assert_eq!(
        substance.base.is_empty(),
        canonical_ingredient_name(text).is_empty()
    );
    let pill = parse_pill(&filled::<RawPill>(text)).unwrap();
    let listing = parse_permit_listing(&filled::<RawPermitListing>(text)).unwrap();
    let (_, guide) = parse_easy_guide(&filled::<RawEasyGuide>(text)).unwrap();
    let detail = parse_permit_detail(&filled::<RawPermitDetail>(text)).unwrap();
    for document in [&detail.efficacy, &detail.dosage, &detail.precautions] {
        assert!(
            document
                .as_ref()
                .is_none_or(|document| !document.sections.is_empty())
        );
    }
    Medicine::assemble(detail, Some(&listing), &[pill.pill], Some(&guide))
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_input_is_read_without_harm(text in input(), other in input()) {
        let a = parse_everything(&text);
        let mut b = parse_everything(&other);
        b.id = "195500006".parse().unwrap();
        let view = composition_view(&a.composition);
        for variant in &view.variants {
            let shares = variant.ingredients.iter().filter(|row| row.share_percent.is_some()).count();
            prop_assert!(shares == 0 || (shares == variant.ingredients.len() && view.complete));
        }
        let comparison = compare(&a, &b).unwrap();
        // Turned round it says the same.
        let turned = compare(&b, &a).unwrap();
        prop_assert_eq!(comparison.sameness.verdict, turned.sameness.verdict);
        prop_assert!(compare(&a, &a).is_err());
        let stored = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(serde_json::from_str::<Medicine>(&stored).unwrap(), a);
    }

    /// Every letter of a material that isn't a label or a mark is kept somewhere.
    #[test]
    fn materials_keep_every_letter(text in input()) {
        let composition = parse_composition(Some(&text), None, None);
        let kept = serde_json::to_string(&composition).unwrap();
        digits_are_kept(&text, &kept)?;
    }

    #[test]
    fn an_amount_is_exactly_what_is_written((row, amount, unit) in row()) {
        let material = parse_material(&row);
        let active = &material.variants[0].actives[0];
        prop_assert_eq!(&active.amount_text, &format!("{amount}{unit}"));
        match &active.quantity {
            Some(quantity) => {
                // An independent reading: no commas, then the same number.
                let plain: f64 = amount.replace(',', "").parse().unwrap();
                let read: f64 = quantity.value.to_string().parse().unwrap();
                prop_assert!((plain - read).abs() <= plain.abs() * 1e-12, "{amount} {read}");
                prop_assert_eq!(&quantity.unit, &Unit::parse(&unit));
                prop_assert!(!unit.is_empty() && !amount.contains('~') && !amount.contains("--"));
            }
            None => prop_assert!(!material.complete),
        }
    }

    #[test]
    fn numbers_round_trip_in_canonical_form(whole in 0_u64..1_000_000_000_000, fraction in "[0-9]{0,9}") {
        let text = if fraction.is_empty() { whole.to_string() } else { format!("{whole}.{fraction}") };
        let number = parse_decimal(&text).unwrap();
        let shown = number.to_string();
        prop_assert_eq!(parse_decimal(&shown), Some(number));
        let expected = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        prop_assert_eq!(&shown, expected);
        let quantity = Quantity::new(number, Unit::Gram);
        let stored = serde_json::to_string(&quantity).unwrap();
        let number = format!("\"{expected}\"");
        prop_assert!(stored.contains(&number));
        let thousandfold = quantity.milligrams().unwrap();
        prop_assert_eq!(Quantity::new(thousandfold, Unit::Milligram).milligrams(), Some(thousandfold));
    }
}

/// The Hangul and digits of a material's text stand in what was kept, as often at least.
fn digits_are_kept(text: &str, kept: &str) -> Result<(), proptest::test_runner::TestCaseError> {
    for digit in '1'..='9' {
        let count = |text: &str| text.chars().filter(|c| *c == digit).count();
        // Entities are numbers in disguise.
        if !text.contains("&#") {
            prop_assert!(count(kept) >= count(text), "{digit}: {text}\n{kept}");
        }
    }
    Ok(())
}

#[test]
fn large_inputs_take_time_in_proportion() {
    for piece in [
        "<p a=\"<p b='",
        "&&&&",
        "((((",
        "<sup><td>",
        "총량 :총량",
        "<td><",
        "가로서 1",
        "<!--",
        "<![CDATA[",
        "<tr>",
        "<table>",
        "</DOC>",
        "<DOC title=\"",
        ";",
        "|",
        ",",
        "1,000",
        "[M1]가|",
        "총량 : 1정|성분명 : 가;",
        "수화물",
        " ",
        "\n",
        "-",
        "중-",
        "<br> ",
        "해열.",
    ] {
        let text = piece.repeat(50_000 / piece.len());
        let began = Instant::now();
        black_box(parse_document(DocumentKind::Precautions, &text));
        black_box(parse_composition(Some(&text), Some(&text), Some(&text)));
        black_box(parse_class(None, &text));
        black_box(Substance::of(&text));
        // Quadratic work on 50 kB takes longer.
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{piece:?}: {:?}",
            began.elapsed()
        );
    }
}
