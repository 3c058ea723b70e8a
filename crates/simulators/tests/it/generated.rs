//! The made-up catalogue.

use std::collections::HashSet;

use simulators::mfds::{Catalogue, CatalogueSpec, Faults, Operation, Simulator};

use crate::support::{ask, rows};

#[test]
fn equal_seeds_give_equal_rows_and_others_do_not() {
    for operation in Operation::ALL {
        let of = |seed| {
            Catalogue::generated(200, seed)
                .raw_rows(operation)
                .collect::<Vec<_>>()
        };
        assert_eq!(of(1), of(1), "{operation}");
        assert_ne!(of(1), of(2), "{operation}");
    }
}

/// The same on every machine: a changed generator must change this number knowingly.
#[test]
fn the_rows_of_seed_one_are_pinned() {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for operation in Operation::ALL {
        for byte in Catalogue::generated(100, 1).raw_rows(operation).flatten() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    assert_eq!(hash, 141_502_452_273_042_971, "the generator changed");
}

#[test]
fn the_shape_is_realistic() {
    let catalogue = Catalogue::generated(3_000, 1);
    let detail = rows(&catalogue, Operation::PermitDetail);
    let seqs: HashSet<_> = catalogue.item_seqs(Operation::PermitDetail).collect();
    assert_eq!(seqs.len(), 3_000, "numbers are unique");
    let percent = |operation| catalogue.total(operation) * 100 / 3_000;
    assert!(
        (56..=64).contains(&percent(Operation::Pill)),
        "{}",
        percent(Operation::Pill)
    );
    assert!(
        (9..=13).contains(&percent(Operation::EasyDrug)),
        "{}",
        percent(Operation::EasyDrug)
    );
    let documents = detail.iter().filter_map(|row| row["NB_DOC_DATA"].as_str());
    let mut lengths: Vec<_> = documents.map(|text| text.chars().count()).collect();
    assert!(
        (2_850..3_000).contains(&lengths.len()),
        "a few documents are null"
    );
    lengths.sort_unstable();
    assert!(
        lengths[100] >= 4_000 && lengths[2_800] <= 13_000,
        "{} {}",
        lengths[100],
        lengths[2_800]
    );
    let groups = |row: &serde_json::Value| {
        row["MATERIAL_NAME"]
            .as_str()
            .unwrap()
            .matches("성분명 : ")
            .count()
    };
    let most = detail.iter().map(groups).max().unwrap();
    let single = detail.iter().filter(|row| groups(row) == 1).count();
    assert!(
        (10..=20).contains(&most) && (1_900..=2_300).contains(&single),
        "{most} {single}"
    );
    let of = |field: &str| {
        let values = detail
            .iter()
            .map(|row| row[field].as_str().unwrap().to_owned());
        values.collect::<HashSet<_>>().len()
    };
    assert!(
        (300..=600).contains(&of("ENTP_NAME")),
        "{}",
        of("ENTP_NAME")
    );
    assert!(of("ITEM_NAME") > 2_900);
    let list = rows(&catalogue, Operation::PermitList);
    let types: HashSet<_> = list
        .iter()
        .map(|row| row["PRDUCT_TYPE"].as_str().unwrap())
        .collect();
    assert!((100..=120).contains(&types.len()), "{}", types.len());
}

#[test]
fn rows_of_one_product_agree() {
    let catalogue = Catalogue::generated(500, 7);
    let detail = rows(&catalogue, Operation::PermitDetail);
    let list = rows(&catalogue, Operation::PermitList);
    for (detail, list) in detail.iter().zip(&list) {
        for field in [
            "ITEM_SEQ",
            "ITEM_NAME",
            "ENTP_NAME",
            "CANCEL_NAME",
            "ITEM_PERMIT_DATE",
        ] {
            assert_eq!(detail[field], list[field]);
        }
    }
    let known: HashSet<_> = catalogue.item_seqs(Operation::PermitDetail).collect();
    for operation in [Operation::Pill, Operation::EasyDrug] {
        assert!(
            catalogue
                .item_seqs(operation)
                .all(|seq| known.contains(&seq))
        );
    }
}

#[tokio::test]
async fn the_sample_is_filled_up_and_served() {
    let spec = CatalogueSpec {
        items: 1_000,
        ..CatalogueSpec::default()
    };
    let catalogue = Catalogue::from_spec(&spec);
    let seqs: HashSet<_> = catalogue.item_seqs(Operation::PermitDetail).collect();
    assert_eq!(seqs.len(), 1_000);
    let running = Simulator::start(catalogue, Faults::none()).await.unwrap();
    let last = ask(&running, Operation::PermitDetail, "numOfRows=100&pageNo=10")
        .await
        .unwrap();
    assert_eq!((last.items().len(), last.total()), (100, 1_000));
    let beyond = ask(&running, Operation::PermitDetail, "numOfRows=100&pageNo=11")
        .await
        .unwrap();
    assert!(beyond.json()["body"].get("items").is_none());
    let seq = &last.seqs(Operation::PermitDetail)[5];
    let one = ask(
        &running,
        Operation::PermitDetail,
        &format!("item_seq={seq}"),
    )
    .await
    .unwrap();
    assert_eq!(one.items(), last.items()[5..6]);
}
