//! The stand-in against captures of the real service.

use std::{
    collections::{HashMap, HashSet},
    fs,
};

use serde_json::Value;
use simulators::mfds::{Catalogue, Operation};

use crate::support::{captures, field_names, rows};

/// Field names of the first row of an operation, in the order of the wire.
fn ours(catalogue: &Catalogue, operation: Operation) -> Vec<String> {
    let row = catalogue.raw_rows(operation).next().unwrap();
    field_names(&String::from_utf8(row).unwrap())
}

#[test]
fn field_names_and_their_order_equal_the_captures() {
    let Some(folder) = captures() else { return };
    let catalogues = [Catalogue::sample(), Catalogue::generated(20, 1)];
    let jsonl = |name: &str| fs::read_to_string(folder.join("items").join(name)).unwrap();
    for (operation, file) in [
        (Operation::PermitDetail, "permit_detail.jsonl"),
        (Operation::PermitList, "permit_list.jsonl"),
        (Operation::EasyDrug, "easydrug.jsonl"),
    ] {
        let text = jsonl(file);
        for catalogue in &catalogues {
            let ours = ours(catalogue, operation);
            let first = text.lines().next().unwrap();
            assert_eq!(field_names(first), ours, "{operation}");
            // One capture has its fields sorted by name; the names are the same.
            let sorted: HashSet<_> = ours.into_iter().collect();
            for line in text.lines() {
                assert_eq!(
                    field_names(line).into_iter().collect::<HashSet<_>>(),
                    sorted
                );
            }
        }
    }
    let pill = folder.join("other/drug-pill-identification-response.json");
    let pill: Value = serde_json::from_str(&fs::read_to_string(pill).unwrap()).unwrap();
    let names: HashSet<_> = pill["body"]["items"][0]
        .as_object()
        .unwrap()
        .keys()
        .cloned()
        .collect();
    for catalogue in &catalogues {
        let ours: HashSet<_> = ours(catalogue, Operation::Pill).into_iter().collect();
        assert_eq!(ours, names);
    }
}

#[test]
fn facts_of_captured_products_equal_the_captures() {
    let Some(folder) = captures() else { return };
    let sample = Catalogue::sample();
    let compare = |operation: Operation, file: &str, fields: &[&str]| {
        let ours: HashMap<String, Value> = rows(&sample, operation)
            .into_iter()
            .map(|row| {
                (
                    row[operation.item_seq_field()].as_str().unwrap().to_owned(),
                    row,
                )
            })
            .collect();
        let text = fs::read_to_string(folder.join("items").join(file)).unwrap();
        let mut compared = 0;
        for line in text.lines() {
            let real: Value = serde_json::from_str(line).unwrap();
            let seq = real[operation.item_seq_field()].as_str().unwrap();
            let Some(ours) = ours.get(seq) else { continue };
            compared += 1;
            for field in fields {
                assert_eq!(ours[*field], real[*field], "{seq} {field}");
            }
        }
        assert!(compared >= 3, "{operation}: {compared}");
    };
    let detail = [
        "ITEM_NAME",
        "MATERIAL_NAME",
        "BAR_CODE",
        "INGR_NAME",
        "MAIN_ITEM_INGR",
        "ATC_CODE",
    ];
    compare(Operation::PermitDetail, "permit_detail.jsonl", &detail);
    let list = [
        "ITEM_NAME",
        "PRDUCT_TYPE",
        "SPCLTY_PBLC",
        "ENTP_SEQ",
        "CANCEL_NAME",
        "EDI_CODE",
    ];
    compare(Operation::PermitList, "permit_list.jsonl", &list);
    compare(
        Operation::EasyDrug,
        "easydrug.jsonl",
        &["itemName", "entpName", "openDe", "updateDe"],
    );
}

/// Rows of the pill list by product: one row a strength.
type PillRows<'a> = HashMap<&'a str, Vec<Vec<&'a str>>>;

/// The columns of the pill list by name, and its rows by product.
fn pill_list(text: &str) -> (HashMap<&str, usize>, PillRows<'_>) {
    let mut lines = text.lines();
    let header = lines.next().unwrap().trim_end().split('\t');
    let columns = header
        .enumerate()
        .map(|(index, name)| (name, index))
        .collect();
    let mut real = HashMap::<&str, Vec<Vec<&str>>>::new();
    for line in lines {
        let cells: Vec<_> = line.trim_end_matches(['\r', '\n']).split('\t').collect();
        real.entry(cells[0]).or_default().push(cells);
    }
    (columns, real)
}

/// Fields of the wire, and the columns of the pill list that hold the same fact.
const FACTS: [(&str, &str); 15] = [
    ("ITEM_NAME", "품목명"),
    ("ENTP_NAME", "업소명"),
    ("CLASS_NO", "분류번호"),
    ("CLASS_NAME", "분류명"),
    ("ETC_OTC_NAME", "전문일반구분"),
    ("DRUG_SHAPE", "의약품제형"),
    ("COLOR_CLASS1", "색상앞"),
    ("COLOR_CLASS2", "색상뒤"),
    ("PRINT_FRONT", "표시앞"),
    ("PRINT_BACK", "표시뒤"),
    ("LENG_LONG", "크기장축"),
    ("LENG_SHORT", "크기단축"),
    ("THICK", "크기두께"),
    ("ITEM_PERMIT_DATE", "품목허가일자"),
    ("FORM_CODE_NAME", "제형코드명"),
];

#[test]
fn each_product_of_the_pill_list_has_its_facts() {
    let Some(folder) = captures() else { return };
    let text = fs::read_to_string(folder.join("pill_identification.tsv")).unwrap();
    let (columns, real) = pill_list(&text);
    let mut compared = 0;
    for row in rows(&Catalogue::sample(), Operation::Pill) {
        let seq = row["ITEM_SEQ"].as_str().unwrap();
        let of = |cells: &Vec<&str>| {
            FACTS.map(|(_, name)| {
                cells
                    .get(columns[name])
                    .copied()
                    .unwrap_or_default()
                    .to_owned()
            })
        };
        let ours = FACTS.map(|(field, _)| row[field].as_str().unwrap_or_default().to_owned());
        let candidates: Vec<_> = real[seq].iter().map(of).collect();
        assert!(
            candidates.contains(&ours),
            "{seq}: {ours:?}\n{candidates:?}"
        );
        compared += 1;
    }
    assert!(compared >= 150, "{compared}");
}

#[test]
fn permits_agree_with_the_pill_list() {
    let Some(folder) = captures() else { return };
    let text = fs::read_to_string(folder.join("pill_identification.tsv")).unwrap();
    let (columns, real) = pill_list(&text);
    let mut compared = 0;
    for row in rows(&Catalogue::sample(), Operation::PermitList) {
        let Some(known) = real.get(row["ITEM_SEQ"].as_str().unwrap()) else {
            continue;
        };
        let cell = |name: &str| known[0][columns[name]];
        let class = format!("[{}]{}", cell("분류번호"), cell("분류명"));
        assert_eq!(row["PRDUCT_TYPE"], class);
        assert_eq!(row["ITEM_NAME"], cell("품목명"));
        assert_eq!(row["ENTP_NAME"], cell("업소명"));
        let otc = row["SPCLTY_PBLC"].as_str().unwrap();
        assert_eq!(
            otc.starts_with("일반"),
            cell("전문일반구분").starts_with("일반")
        );
        compared += 1;
    }
    assert!(compared >= 150, "{compared}");
}

#[test]
fn error_bodies_equal_the_captures() {
    let Some(folder) = captures() else { return };
    let real = fs::read_to_string(folder.join("errors/code11_numOfRows_over_100.json")).unwrap();
    let real: Value = serde_json::from_str(&real).unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ours = runtime.block_on(async {
        let running = crate::support::sample_with(simulators::mfds::Faults::none()).await;
        crate::support::ask(&running, Operation::Pill, "numOfRows=1000")
            .await
            .unwrap()
    });
    assert_eq!(ours.json(), real);
}
