//! Normal answers.

use simulators::mfds::{
    Catalogue, Change, Config, Faults, FieldEdit, ItemForm, Operation, Simulator,
};

use crate::support::{ask, ask_raw, sample_with};

#[tokio::test]
async fn every_operation_answers_pages_that_add_up() {
    let running = sample_with(Faults::none()).await;
    for operation in Operation::ALL {
        let catalogue = running.handle.catalogue();
        let expected: Vec<_> = catalogue.item_seqs(operation).collect();
        let mut seen = Vec::new();
        for page in 1..=expected.len().div_ceil(100) {
            let answer = ask(&running, operation, &format!("pageNo={page}&numOfRows=100"))
                .await
                .unwrap();
            assert_eq!(answer.kind, "application/json;charset=UTF-8");
            let json = answer.json();
            assert_eq!(json["header"]["resultCode"], "00");
            assert_eq!(json["header"]["resultMsg"], "NORMAL SERVICE.");
            assert_eq!(json["body"]["pageNo"], page);
            assert_eq!(json["body"]["numOfRows"], 100);
            assert_eq!(json["body"]["totalCount"], expected.len());
            seen.extend(answer.seqs(operation));
        }
        assert_eq!(seen, expected);
    }
    running.stop().await;
}

#[tokio::test]
async fn without_numbers_the_first_ten_rows_come() {
    let running = sample_with(Faults::none()).await;
    let answer = ask(&running, Operation::PermitList, "").await.unwrap();
    assert_eq!(answer.items().len(), 10);
    assert_eq!(answer.json()["body"]["pageNo"], 1);
}

#[tokio::test]
async fn filters_are_those_of_the_operation_and_unknown_ones_are_ignored() {
    let running = sample_with(Faults::none()).await;
    let total = running.handle.catalogue().total(Operation::PermitList);
    let count =
        async |operation, query: &str| ask(&running, operation, query).await.unwrap().total();
    assert_eq!(count(Operation::PermitList, "item_seq=202106092").await, 1);
    assert_eq!(count(Operation::EasyDrug, "itemSeq=202106092").await, 1);
    let everything = u64::try_from(total).unwrap();
    assert_eq!(
        count(Operation::PermitList, "itemSeq=202106092&color=red").await,
        everything
    );
    let named = ask(
        &running,
        Operation::PermitDetail,
        "item_name=%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80",
    )
    .await;
    let named = named.unwrap().items();
    assert!(named.len() > 3);
    assert!(
        named
            .iter()
            .all(|item| item["ITEM_NAME"].as_str().unwrap().contains("타이레놀"))
    );
    let both = "item_name=%EC%A0%95&entp_name=%EC%A2%85%EA%B7%BC%EB%8B%B9";
    let both = ask(&running, Operation::Pill, both).await.unwrap().items();
    assert!(
        both.iter()
            .all(|item| item["ENTP_NAME"].as_str().unwrap().contains("종근당"))
    );
    assert!(!both.is_empty());
}

#[tokio::test]
async fn with_zero_results_items_is_absent() {
    let running = sample_with(Faults::none()).await;
    let answer = ask(&running, Operation::PermitDetail, "item_seq=1&numOfRows=3")
        .await
        .unwrap();
    let expected = r#"{"header":{"resultCode":"00","resultMsg":"NORMAL SERVICE."},"body":{"pageNo":1,"totalCount":0,"numOfRows":3}}"#;
    assert_eq!(answer.text(), expected);
}

#[tokio::test]
async fn more_than_a_hundred_rows_are_refused() {
    let running = sample_with(Faults::none()).await;
    let answer = ask(&running, Operation::Pill, "numOfRows=101")
        .await
        .unwrap();
    assert_eq!(answer.status, 200);
    let json = answer.json();
    assert_eq!(json["header"]["resultCode"], "11");
    assert!(
        json["header"]["resultMsg"]
            .as_str()
            .unwrap()
            .contains("maximum is =[100]")
    );
    assert_eq!(json["body"], serde_json::json!({}));
}

#[tokio::test]
async fn a_wrong_key_gets_xml_although_json_was_asked_for() {
    let config = Config {
        service_key: Some("a+b/c==".to_owned()),
        item_form: ItemForm::Plain,
    };
    let running = Simulator::start_with(Catalogue::sample(), Faults::none(), config)
        .await
        .unwrap();
    for query in [
        "type=json",
        "type=json&serviceKey=other",
        "type=json&serviceKey=a+b/c==",
    ] {
        let answer = ask_raw(&running, Operation::PermitList, query)
            .await
            .unwrap();
        assert_eq!(answer.status, 200);
        assert!(
            answer.kind.starts_with("application/xml"),
            "{}",
            answer.kind
        );
        assert!(
            answer
                .text()
                .contains("<returnReasonCode>30</returnReasonCode>")
        );
    }
    for key in ["a%2Bb%2Fc%3D%3D", "a%252Bb%252Fc%253D%253D"] {
        let query = format!("type=json&serviceKey={key}");
        let answer = ask_raw(&running, Operation::PermitList, &query)
            .await
            .unwrap();
        assert_eq!(answer.items().len(), 10);
    }
    assert_eq!(running.handle.counters().wrong_key, 3);
}

#[tokio::test]
async fn items_can_be_wrapped() {
    let config = Config {
        service_key: None,
        item_form: ItemForm::Wrapped,
    };
    let running = Simulator::start_with(Catalogue::sample(), Faults::none(), config)
        .await
        .unwrap();
    let answer = ask(&running, Operation::EasyDrug, "numOfRows=2")
        .await
        .unwrap();
    assert!(
        answer
            .items()
            .iter()
            .all(|item| item["item"]["itemSeq"].is_string())
    );
}

#[tokio::test]
async fn without_type_json_xml_comes_and_other_paths_are_unknown() {
    let running = sample_with(Faults::none()).await;
    let answer = ask_raw(&running, Operation::Pill, "serviceKey=k")
        .await
        .unwrap();
    assert!(answer.text().starts_with("<?xml"));
    let url = format!("{}/DrugPrdtPrmsnInfoService01/old", running.base_url);
    let response = crate::support::client().get(url).send().await.unwrap();
    assert_eq!(response.status(), 404);
}

#[tokio::test]
async fn the_catalogue_changes_while_it_is_served() {
    let running = sample_with(Faults::none()).await;
    let before = ask(&running, Operation::PermitDetail, "")
        .await
        .unwrap()
        .total();
    running.handle.change_catalogue(|catalogue| {
        catalogue.without(&["202106092"]).edited(FieldEdit {
            operation: Operation::PermitDetail,
            item_seq: "202200407".to_owned(),
            field: "ITEM_NAME".to_owned(),
            change: Change::Text("다른 이름".to_owned()),
        })
    });
    assert_eq!(
        ask(&running, Operation::PermitDetail, "")
            .await
            .unwrap()
            .total(),
        before - 1
    );
    let gone = ask(&running, Operation::EasyDrug, "itemSeq=202106092")
        .await
        .unwrap();
    assert_eq!(gone.total(), 0);
    let edited = ask(&running, Operation::PermitDetail, "item_seq=202200407")
        .await
        .unwrap();
    assert_eq!(edited.items()[0]["ITEM_NAME"], "다른 이름");
    running.handle.set_catalogue(Catalogue::sample().first(7));
    assert_eq!(
        ask(&running, Operation::PermitList, "")
            .await
            .unwrap()
            .total(),
        7
    );
    running.handle.set_catalogue(Catalogue::empty());
    assert_eq!(
        ask(&running, Operation::PermitList, "")
            .await
            .unwrap()
            .total(),
        0
    );
}

#[tokio::test]
async fn the_record_to_reject_is_there_on_demand_only() {
    let nameless = |catalogue: &Catalogue| {
        let rows = crate::support::rows(catalogue, Operation::PermitDetail);
        rows.iter().filter(|row| row["ITEM_NAME"] == "").count()
    };
    assert_eq!(nameless(&Catalogue::sample()), 0);
    assert_eq!(nameless(&Catalogue::sample().with_rejected_record()), 1);
}
