//! The whole pill identification list of 2023.

use std::collections::{BTreeMap, HashSet};

use domain::catalogue::{Dispensing, FormProfile};
use domain::mfds::{ParsedPill, RawPill, parse_pill};

use crate::files;

/// Rows of a tab-separated file whose fields may stand in quotation marks (five do, and hold a tab).
fn rows(text: &str) -> Vec<Vec<String>> {
    text.lines().map(row).collect()
}

fn row(line: &str) -> Vec<String> {
    let mut fields = Vec::new();
    let mut rest = line.trim_end_matches('\r');
    loop {
        let (field, after) = match rest
            .strip_prefix('"')
            .and_then(|inner| inner.split_once('"'))
        {
            Some((quoted, after)) if after.is_empty() || after.starts_with('\t') => {
                (quoted, after.strip_prefix('\t'))
            }
            _ => match rest.split_once('\t') {
                Some((field, after)) => (field, Some(after)),
                None => (rest, None),
            },
        };
        fields.push(field.to_owned());
        match after {
            Some(after) => rest = after,
            None => return fields,
        }
    }
}

fn raw(header: &[String], fields: &[String]) -> RawPill {
    let field = |name: &str| {
        let place = header.iter().position(|column| column == name).unwrap();
        Some(fields[place].clone())
    };
    RawPill {
        item_seq: field("품목일련번호"),
        item_name: field("품목명"),
        chart: field("성상"),
        item_image: field("큰제품이미지"),
        print_front: field("표시앞"),
        print_back: field("표시뒤"),
        drug_shape: field("의약품제형"),
        color_class1: field("색상앞"),
        color_class2: field("색상뒤"),
        line_front: field("분할선앞"),
        line_back: field("분할선뒤"),
        leng_long: field("크기장축"),
        leng_short: field("크기단축"),
        thick: field("크기두께"),
        class_no: field("분류번호"),
        class_name: field("분류명"),
        etc_otc_name: field("전문일반구분"),
        form_code_name: field("제형코드명"),
    }
}

fn parsed() -> Option<Vec<(RawPill, ParsedPill)>> {
    let text = files::read("pill_identification.tsv")?;
    let rows = rows(&text);
    let (header, rows) = rows.split_first().unwrap();
    assert_eq!(header.len(), 29);
    Some(
        rows.iter()
            .map(|fields| {
                assert_eq!(fields.len(), 29, "{fields:?}");
                let raw = raw(header, fields);
                let parsed = parse_pill(&raw).unwrap();
                (raw, parsed)
            })
            .collect(),
    )
}

#[test]
fn all_rows() {
    let Some(parsed) = parsed() else { return };
    assert_eq!(parsed.len(), 25_040);
    let ids: HashSet<_> = parsed.iter().map(|(_, pill)| pill.id).collect();
    assert_eq!(ids.len(), 25_025);
    let count = |wanted| {
        parsed
            .iter()
            .filter(|(_, pill)| pill.dispensing == wanted)
            .count()
    };
    assert_eq!(count(Dispensing::Unknown), 0);
    assert_eq!(count(Dispensing::PrescriptionOrphan), 93);
    assert_eq!(count(Dispensing::OtcConvenience), 5);
    assert_eq!(count(Dispensing::Otc), 5_672);
    assert_eq!(count(Dispensing::Prescription), 19_270);
    let without_class = parsed.iter().filter(|(_, pill)| pill.class.is_none());
    assert_eq!(without_class.count(), 120);
    for (raw, pill) in &parsed {
        assert!(pill.pill.image_url.is_some(), "{raw:?}");
        if let Some(class) = &pill.class {
            assert!(class.code.is_some() && !class.parts.is_empty(), "{class:?}");
        }
    }
}

#[test]
fn shapes_imprints_and_sizes() {
    let Some(parsed) = parsed() else { return };
    let mut shapes: BTreeMap<&str, usize> = BTreeMap::new();
    for (_, pill) in &parsed {
        *shapes
            .entry(pill.pill.shape.as_deref().unwrap())
            .or_default() += 1;
    }
    assert_eq!(shapes.len(), 11, "{shapes:?}");
    assert_eq!(shapes["타원형"], 6_331);
    let imprint = |text: &str| {
        let of = |(_, pill): &&(RawPill, ParsedPill)| {
            pill.pill
                .imprint_front
                .as_deref()
                .is_some_and(|found| found == text)
        };
        parsed.iter().filter(of).count()
    };
    assert_eq!(imprint("ΛUK"), 47);
    assert_eq!(imprint("마크") + imprint("분할선"), 0);
    let sizes: HashSet<_> = parsed
        .iter()
        .flat_map(|(_, pill)| {
            let pill = &pill.pill;
            [&pill.length_long, &pill.length_short, &pill.thickness]
        })
        .flatten()
        .filter(|size| size.parse::<f64>().is_err())
        .map(String::as_str)
        .collect();
    for odd in ["9..5", "4호", "21.1±0.1mm", "14.2.", "3.2±2"] {
        assert!(sizes.contains(odd), "{odd}: {sizes:?}");
    }
    assert!(sizes.len() <= 20, "{sizes:?}");
}

#[test]
fn forms_are_known() {
    let Some(parsed) = parsed() else { return };
    let unknown: HashSet<_> = parsed
        .iter()
        .filter_map(|(_, pill)| {
            let form = pill.pill.form.clone()?;
            FormProfile::of_form(&form).route.is_none().then_some(form)
        })
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}
