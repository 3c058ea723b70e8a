//! Every quirk of the real feed stands in the sample at least once.

use std::collections::HashMap;

use serde_json::Value;
use simulators::mfds::{Catalogue, Operation};

use crate::support::rows;

/// A quirk: its name, where it is looked for, and whether a field's text shows it.
struct Quirk {
    name: &'static str,
    operation: Operation,
    field: &'static str,
    shows: fn(&str) -> bool,
}

const fn quirk(
    name: &'static str,
    operation: Operation,
    field: &'static str,
    shows: fn(&str) -> bool,
) -> Quirk {
    Quirk {
        name,
        operation,
        field,
        shows,
    }
}

/// 성분정보 of the first group.
fn info(text: &str) -> &str {
    let (_, rest) = text.split_once("성분정보 : ").unwrap_or_default();
    rest.split('|').next().unwrap_or_default()
}

const DETAIL: Operation = Operation::PermitDetail;
const PILL: Operation = Operation::Pill;
const MATERIAL: &str = "MATERIAL_NAME";
const NB: &str = "NB_DOC_DATA";

const QUIRKS: [Quirk; 38] = [
    quirk("variants by suffix", DETAIL, MATERIAL, |t| {
        t.contains("중-허니앤레몬") && t.contains("중-오렌지")
    }),
    quirk("variants by number", DETAIL, MATERIAL, |t| {
        t.contains("중-1.1 색소2처방") && t.contains("중-1.2")
    }),
    quirk("semicolon in 성분정보", DETAIL, MATERIAL, |t| {
        info(t).contains(';')
    }),
    quirk("active amount by 로서", DETAIL, MATERIAL, |t| {
        info(t).contains("로서 ")
    }),
    quirk("several groups", DETAIL, MATERIAL, |t| {
        t.contains("비고 : ;총량")
    }),
    quirk("older pipe form", DETAIL, MATERIAL, |t| {
        t.starts_with("1000밀리리터|포도당|USP|50|그램|;")
    }),
    quirk("그램", DETAIL, MATERIAL, |t| t.contains("단위 : 그램|")),
    quirk("그람", DETAIL, MATERIAL, |t| t.contains("단위 : 그람|")),
    quirk("밀리그람", DETAIL, MATERIAL, |t| {
        t.contains("단위 : 밀리그람|")
    }),
    quirk("마이크로그램", DETAIL, MATERIAL, |t| {
        t.contains("단위 : 마이크로그램|")
    }),
    quirk("밀리리터", DETAIL, MATERIAL, |t| {
        t.contains("단위 : 밀리리터|")
    }),
    quirk("국제단위", DETAIL, MATERIAL, |t| {
        t.contains("단위 : 국제단위|")
    }),
    quirk("trailing zeros", DETAIL, MATERIAL, |t| {
        t.contains("분량 : 20.00|")
    }),
    quirk("amount of a granule", DETAIL, MATERIAL, |t| {
        t.contains("과립|분량 : 177.778|")
    }),
    quirk("empty MATERIAL_NAME", DETAIL, MATERIAL, str::is_empty),
    quirk("additive repeats", DETAIL, "INGR_NAME", |t| {
        t.matches("수산화칼륨").count() == 2
    }),
    quirk(
        "additive with digits and a space",
        DETAIL,
        "INGR_NAME",
        |t| t.contains("레몬향 502904A"),
    ),
    quirk("one name of two products", DETAIL, "ITEM_NAME", |t| {
        t.contains("트로키(플루르비프로펜), ")
    }),
    quirk("URL in capitals", DETAIL, "EE_DOC_ID", |t| {
        t.starts_with("HTTPS://NEDRUG")
    }),
    quirk("VALID_TERM with a space", DETAIL, "VALID_TERM", |t| {
        t.contains("36 개월")
    }),
    quirk("VALID_TERM without a space", DETAIL, "VALID_TERM", |t| {
        t.contains("36개월")
    }),
    quirk("VALID_TERM twice", DETAIL, "VALID_TERM", |t| {
        t.contains("개월,")
    }),
    quirk("withdrawn", DETAIL, "CANCEL_NAME", |t| t == "취하"),
    quirk("expired", DETAIL, "CANCEL_NAME", |t| t == "유효기간만료"),
    quirk("text in a title only", DETAIL, "EE_DOC_DATA", |t| {
        !t.contains("PARAGRAPH") && t.contains("ARTICLE title=\"열")
    }),
    quirk("table without <table>", DETAIL, "UD_DOC_DATA", |t| {
        t.contains("<tbody>") && !t.contains("<table")
    }),
    quirk("doubled entities", DETAIL, NB, |t| {
        t.contains("&amp;nbsp;") && t.contains("&#xff65;") && t.contains("&lt;1/10")
    }),
    quirk("CRLF", DETAIL, NB, |t| t.contains("\r\n")),
    quirk("empty document", DETAIL, NB, str::is_empty),
    quirk("stray space in a name", PILL, "ITEM_NAME", |t| {
        t.ends_with(' ')
    }),
    quirk("ideographic space", PILL, "PRINT_BACK", |t| {
        t.contains('\u{3000}')
    }),
    quirk("untidy size", PILL, "THICK", |t| t.contains("..")),
    quirk("capsule number as size", PILL, "LENG_LONG", |t| t == "4호"),
    quirk("odd letters in an imprint", PILL, "PRINT_FRONT", |t| {
        t.contains('½') || t.contains('Λ')
    }),
    quirk("placeholders in an imprint", PILL, "PRINT_FRONT", |t| {
        t.contains("마크") && t.contains("분할선")
    }),
    quirk("orphan prescription medicine", PILL, "ETC_OTC_NAME", |t| {
        t == "전문,희귀"
    }),
    quirk(
        "medicine of convenience stores",
        PILL,
        "ETC_OTC_NAME",
        |t| t == "일반(안전상비)",
    ),
    quirk("no-break space", Operation::EasyDrug, "efcyQesitm", |t| {
        t.contains('\u{a0}') && t.ends_with('\n')
    }),
];

#[test]
fn every_quirk_stands_in_the_sample() {
    let sample = Catalogue::sample();
    let feed: HashMap<_, _> = Operation::ALL
        .into_iter()
        .map(|operation| (operation, rows(&sample, operation)))
        .collect();
    let missing: Vec<_> = QUIRKS
        .iter()
        .filter(|quirk| {
            let mut texts = feed[&quirk.operation]
                .iter()
                .filter_map(|row| row[quirk.field].as_str());
            !texts.any(quirk.shows)
        })
        .map(|quirk| quirk.name)
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn nulls_and_dates_mix() {
    let sample = Catalogue::sample();
    let detail = rows(&sample, DETAIL);
    for field in [MATERIAL, "UD_DOC_DATA", NB, "INGR_NAME", "ATC_CODE"] {
        assert!(
            detail.iter().any(|row| row[field] == Value::Null),
            "{field} is never null"
        );
    }
    assert!(detail.iter().any(|row| row["EE_DOC_DATA"] == ""));
    assert!(
        detail
            .iter()
            .all(|row| row["NEWDRUG_CLASS_NAME"] == "" && row["EDI_CODE"] != "")
    );
    let easy = rows(&sample, Operation::EasyDrug);
    for (field, form) in [
        ("openDe", "20250331"),
        ("openDe", "2021-01-29 00:00:00"),
        ("updateDe", "2025-03-24"),
    ] {
        assert!(easy.iter().any(|row| row[field] == form), "{field} {form}");
    }
    let list = rows(&sample, Operation::PermitList);
    assert!(list.iter().any(|row| row["BIG_PRDT_IMG_URL"] == ""));
}

#[test]
fn a_product_has_a_pill_row_a_strength() {
    let sample = Catalogue::sample();
    let mut count = HashMap::<String, usize>::new();
    for seq in sample.item_seqs(PILL) {
        *count.entry(seq).or_default() += 1;
    }
    assert_eq!(count["200209641"], 3);
}

#[test]
fn no_quirk_makes_the_feed_invalid() {
    for row in rows(&Catalogue::sample(), DETAIL) {
        let seq = row["ITEM_SEQ"].as_str().unwrap();
        assert!(
            seq.len() == 9 && seq.chars().all(|digit| digit.is_ascii_digit()),
            "{seq}"
        );
        assert_ne!(row["ITEM_NAME"], "");
    }
}
