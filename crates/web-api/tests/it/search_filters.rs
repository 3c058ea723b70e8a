//! Filters, the facets beside them, and what a list shows of a hit.

use domain::catalogue::Pill;
use serde_json::{Value, json};

use crate::support::{TestApp, marked, sample};

const PAIN: &str = "해열.진통.소염제";

/// Values and counts of a facet.
fn counts(found: &Value, facet: &str) -> Vec<(String, u64)> {
    let values = found["facets"][facet].as_array().unwrap().iter();
    values
        .map(|one| {
            let value = one["value"].as_str().unwrap().to_owned();
            (value, one["count"].as_u64().unwrap())
        })
        .collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn filters_combine() {
    let app = TestApp::start().await;
    let decomposed: String = unicode_normalization::UnicodeNormalization::nfd("진통").collect();
    for (parameters, total) in [
        (&[("type", PAIN)][..], 5),
        (&[("type", "진통")], 5),
        (&[("type", decomposed.as_str())], 5),
        (&[("type", "동맥경화용제")], 1),
        (&[("maker", "한국존슨앤드존슨판매")], 3),
        (&[("type", "소염"), ("maker", "삼진제약(주)")], 1),
        (&[("type", "소염"), ("class", "prescription")], 0),
        (&[("type", "진통"), ("query", "타이레놀")], 3),
        (
            &[("type", "진통"), ("query", "xkdlfpshf"), ("class", "otc")],
            3,
        ),
        (&[("maker", "삼일제약(주)"), ("query", "타이레놀")], 0),
        (
            &[
                ("maker", "삼일제약(주)"),
                ("by", "ingredient"),
                ("query", "이부프로펜"),
            ],
            1,
        ),
        // Not the whole name, not a part, unknown, withdrawn: nothing is found, nothing is wrong.
        (&[("type", "해열.진통")], 0),
        (&[("type", "진")], 0),
        (&[("maker", "삼진")], 0),
        (&[("maker", "없는 회사")], 0),
        (&[("maker", "옛날제약")], 0),
    ] {
        let found = app.search(parameters).await;
        assert_eq!(found["total"], total, "{parameters:?}: {found}");
        assert_eq!(
            found["items"].as_array().unwrap().len(),
            total,
            "{parameters:?}"
        );
    }
    for (name, value) in [
        ("type", ""),
        ("maker", ""),
        ("type", "가\u{7}"),
        ("maker", &"가".repeat(101)),
    ] {
        let request = app.request(reqwest::Method::GET, "/api/v1/medicines");
        let refused = app.send(request.query(&[(name, value)])).await;
        assert_eq!(refused.status, 422, "{name}={value}: {}", refused.text);
        assert_eq!(refused.json()["errors"][0]["field"], name);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_filter_narrows_every_facet_but_its_own() {
    let app = TestApp::start().await;
    let with = async |more: &[(&str, &str)]| {
        let facets = [("facets", "class,type,maker"), ("pageSize", "1")];
        app.search(&[&facets, more].concat()).await
    };
    let all = with(&[]).await;
    let pain = with(&[("type", "진통")]).await;
    assert_eq!(pain["total"], 5);
    assert_eq!(
        counts(&pain, "type"),
        counts(&all, "type"),
        "its own filter"
    );
    assert_eq!(counts(&pain, "class"), [("otc".to_owned(), 5)]);
    assert_eq!(counts(&pain, "maker").len(), 3);

    let maker = with(&[
        ("type", "진통"),
        ("maker", "삼진제약(주)"),
        ("class", "otc"),
    ])
    .await;
    assert_eq!(maker["total"], 1);
    assert_eq!(
        counts(&maker, "type"),
        [(PAIN.to_owned(), 1)],
        "of this maker, over the counter"
    );
    assert_eq!(counts(&maker, "class"), [("otc".to_owned(), 1)]);
    assert_eq!(
        counts(&maker, "maker"),
        counts(&pain, "maker"),
        "of this type, over the counter"
    );

    let none = with(&[("type", "진통"), ("class", "prescription")]).await;
    assert_eq!(none["total"], 0);
    assert_eq!(counts(&none, "type"), [("동맥경화용제".to_owned(), 1)]);
    assert_eq!(counts(&none, "class"), [("otc".to_owned(), 5)]);
    assert_eq!(counts(&none, "maker"), []);

    let queried = with(&[("query", "타이레놀"), ("maker", "없는 회사")]).await;
    assert_eq!(queried["total"], 0);
    assert_eq!(
        counts(&queried, "maker"),
        [("한국존슨앤드존슨판매".to_owned(), 3)]
    );
    assert_eq!(counts(&queried, "type"), []);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pill_can_be_drawn_from_any_list() {
    let mut seed = sample::catalogue();
    let text = |text: &str| Some(text.to_owned());
    let pill = |shape: &str| Pill {
        appearance: text("흰색의 장방형 필름코팅정제"),
        image_url: None,
        shape: text(shape),
        form: text("필름코팅정"),
        color_front: text("하양"),
        color_back: text("노랑"),
        imprint_front: text("TYLENOL"),
        imprint_back: text("500"),
        line_front: text("-"),
        line_back: None,
        length_long: text("17.6"),
        length_short: text("7.1"),
        thickness: text("5.7"),
    };
    seed.medicines[0].medicine.pills = vec![pill("장방형"), pill("원형")];
    seed.medicines[0].medicine.image_url = text("https://nedrug.mfds.go.kr/photo");
    let app = TestApp::with(&seed).await;
    let look = json!({
        "shape": "장방형", "form": "필름코팅정",
        "colorFront": "하양", "colorBack": "노랑",
        "imprintFront": "TYLENOL", "imprintBack": "500",
        "lineFront": "-", "lineBack": null,
    });
    let id = sample::TYLENOL.to_string();
    for path in [
        "/api/v1/medicines?query=tylenol".to_owned(),
        "/api/v1/medicines/suggest?query=tylenol".to_owned(),
        format!("/api/v1/medicines/{id}/composition"),
        format!("/api/v1/ingredients/{}/medicines", sample::ACETAMINOPHEN),
    ] {
        let found = app.read(&path).await;
        let items = found["items"].as_array().into_iter().flatten();
        let one = items
            .chain(found.get("medicine"))
            .find(|one| one["id"] == *id);
        let one = one.unwrap_or_else(|| panic!("{path}: {found}"));
        assert_eq!(one["pill"], look, "{path}");
        assert_eq!(one["imageUrl"], "https://nedrug.mfds.go.kr/photo", "{path}");
        assert_eq!(one["class"], "otc", "{path}");
    }
    let other = app.search(&[("query", "게보린")]).await;
    assert_eq!(other["items"][0]["pill"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn hits_mark_what_was_matched_in_their_names() {
    let id = sample::TYLENOL.to_string();
    let app = TestApp::start().await;
    for (query, text, marks, expected) in [
        ("타일", "name", "matched", &["타이레"][..]),
        ("ㅌㅇㄹㄴ", "name", "matched", &["타이레놀"]),
        ("xkdlfpshf", "name", "matched", &["타이레놀"]),
        (
            "타이래놀500",
            "name",
            "matched",
            &["타이레놀", "500밀리그람"],
        ),
        ("tylenol t", "englishName", "matchedEnglish", &["Tylenol T"]),
    ] {
        let found = app.search(&[("query", query)]).await;
        let items = found["items"].as_array().unwrap();
        let hit = items.iter().find(|one| one["id"] == *id);
        assert_eq!(marked(hit.unwrap(), text, marks), expected, "{query}");
    }
    for parameters in [
        &[][..],
        &[("query", "아세트"), ("by", "ingredient")],
        &[("query", "존슨"), ("by", "maker")],
    ] {
        let found = app.search(parameters).await;
        for hit in found["items"].as_array().unwrap() {
            assert_eq!(
                (&hit["matched"], &hit["matchedEnglish"]),
                (&json!([]), &json!([]))
            );
        }
    }
}
