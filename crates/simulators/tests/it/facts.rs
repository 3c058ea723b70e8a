//! What the sample says of real products is sure, and what isn't is openly made up.

use std::{collections::HashSet, fs, path::Path};

use serde_json::Value;
use simulators::mfds::{Catalogue, Operation};

use crate::support::{captures, rows};

/// Numbers from here on belong to no product.
const MADE_UP: &str = "900000000";

fn text<'a>(row: &'a Value, field: &str) -> &'a str {
    row[field].as_str().unwrap_or_default()
}

#[test]
fn made_up_products_say_so_and_nothing_else_is_made_up() {
    let (mut real, mut made_up) = (0, 0);
    for operation in Operation::ALL {
        let (name, maker) = match operation {
            Operation::EasyDrug => ("itemName", "entpName"),
            _ => ("ITEM_NAME", "ENTP_NAME"),
        };
        for row in rows(&Catalogue::sample(), operation) {
            let number = text(&row, operation.item_seq_field());
            let fictitious = number > MADE_UP;
            assert_eq!(text(&row, name).starts_with("예시"), fictitious, "{number}");
            assert_eq!(text(&row, maker) == "예시제약", fictitious, "{number}");
            if operation == Operation::PermitDetail {
                *(if fictitious { &mut made_up } else { &mut real }) += 1;
                // A date that nobody published is no fact.
                assert!(fictitious || row["CANCEL_DATE"].is_null(), "{number}");
            }
        }
    }
    assert!(real >= 150 && made_up <= 20, "{real} {made_up}");
}

/// Every text of the captures.
fn read_all(folder: &Path, all: &mut String) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, all);
        } else if path.file_name().is_none_or(|name| name != "README.md") {
            all.push_str(&String::from_utf8_lossy(&fs::read(&path).unwrap()));
        }
    }
}

#[test]
fn numbers_of_real_products_stand_in_the_captures() {
    let Some(folder) = captures() else { return };
    let mut published = String::new();
    read_all(&folder, &mut published);
    let known: HashSet<_> = published
        .split(|c: char| !c.is_ascii_digit())
        .filter(|digits| digits.len() == 9)
        .collect();
    for row in rows(&Catalogue::sample(), Operation::PermitDetail) {
        let number = text(&row, "ITEM_SEQ");
        assert!(number > MADE_UP || known.contains(number), "{number}");
    }
}

#[test]
fn additives_come_from_captures_only() {
    const CAPTURED: [&str; 3] = ["195500005", "200906877", "202005623"];
    let mut listed = 0;
    for row in rows(&Catalogue::sample(), Operation::PermitDetail) {
        let number = text(&row, "ITEM_SEQ");
        if !row["INGR_NAME"].is_null() {
            assert!(number > MADE_UP || CAPTURED.contains(&number), "{number}");
            listed += 1;
        }
    }
    assert!(listed >= 6, "{listed}");
}

/// Weight of a mole of what is weighed, and of the active part in it.
const MOLES: [(&str, &str, f64, f64); 21] = [
    ("아목시실린수화물", "아목시실린", 419.45, 365.40),
    ("클라불란산칼륨", "클라불란산", 237.25, 199.16),
    ("오셀타미비르인산염", "오셀타미비르", 410.40, 312.40),
    // Two molecules of the drug share one magnesium.
    (
        "에스오메프라졸마그네슘삼수화물",
        "에스오메프라졸",
        767.17,
        690.84,
    ),
    ("몬테루카스트나트륨", "몬테루카스트", 608.17, 586.18),
    ("로수바스타틴칼슘", "로수바스타틴", 1001.14, 963.08),
    ("암로디핀캄실산염", "암로디핀", 641.17, 408.88),
    ("암로디핀베실산염", "암로디핀", 567.05, 408.88),
    ("플루옥세틴염산염", "플루옥세틴", 345.79, 309.33),
    ("실데나필시트르산염", "실데나필", 666.70, 474.58),
    (
        "아토르바스타틴칼슘삼수화물",
        "아토르바스타틴",
        1209.4,
        1117.3,
    ),
    ("에스시탈로프람옥살산염", "에스시탈로프람", 414.43, 324.39),
    ("설트랄린염산염", "설트랄린", 342.69, 306.23),
    ("레보플록사신수화물", "레보플록사신", 370.38, 361.37),
    ("이매티닙메실산염", "이매티닙", 589.71, 493.60),
    ("클로피도그렐황산염", "클로피도그렐", 419.90, 321.82),
    ("시타글립틴인산염수화물", "시타글립틴", 523.32, 407.31),
    ("알렌드론산나트륨수화물", "알렌드론산", 325.12, 249.10),
    ("엘트롬보팍올라민", "엘트롬보팍", 564.65, 442.47),
    (
        "판토프라졸나트륨세스키히드레이트",
        "판토프라졸",
        432.37,
        383.37,
    ),
    (
        "다파글리플로진프로판디올수화물",
        "다파글리플로진",
        502.98,
        408.87,
    ),
];

/// Fields of the groups of a `MATERIAL_NAME`: name, amount, info.
fn groups(material: &str) -> impl Iterator<Item = (&str, &str, &str)> {
    material.split("총량 : ").skip(1).map(|group| {
        let field = |label: &str| {
            let (_, rest) = group.split_once(label).unwrap_or_default();
            rest.split('|').next().unwrap_or_default().trim()
        };
        (
            field("|성분명 : "),
            field("|분량 : "),
            field("|성분정보 : "),
        )
    })
}

#[test]
fn amounts_of_salts_agree_with_their_moles() {
    let mut seen = HashSet::new();
    for row in rows(&Catalogue::sample(), Operation::PermitDetail) {
        for (name, amount, info) in groups(text(&row, "MATERIAL_NAME")) {
            let Some((part, active)) = info.split_once("로서 ") else {
                continue;
            };
            let part = part.strip_suffix('으').unwrap_or(part);
            // A dilution and a liquid are no salts.
            if matches!(name, "미소프로스톨100배산" | "락툴로오즈액") {
                continue;
            }
            let (_, _, whole, base) = MOLES
                .iter()
                .find(|(salt, base, ..)| *salt == name && *base == part)
                .unwrap_or_else(|| panic!("{name}: {info}"));
            let end = active
                .find(|c: char| !c.is_ascii_digit() && c != '.')
                .unwrap();
            let active: f64 = active[..end].parse().unwrap();
            let amount: f64 = amount.parse().unwrap();
            // Makers round, never by more than half a percent.
            let ratio = amount / active / (whole / base);
            assert!(
                (0.995..=1.005).contains(&ratio),
                "{name} {amount} {active} {ratio}"
            );
            seen.insert(name.to_owned());
        }
    }
    assert_eq!(seen.len(), MOLES.len());
}
