//! Search, suggestions, types.

use unicode_normalization::UnicodeNormalization as _;

use crate::support::{TestApp, names, sample};

#[tokio::test(flavor = "multi_thread")]
async fn orders_by_match_then_wishes_then_name() {
    let app = TestApp::start().await;
    let found = app.search(&[("query", "타이레놀")]).await;
    // No name is exactly the query; two begin with it; one holds it. The withdrawn one is not found.
    assert_eq!(
        names(&found),
        [
            "타이레놀8시간이알서방정650밀리그람",
            "타이레놀정500밀리그람(아세트아미노펜)",
            "어린이타이레놀산160밀리그램",
        ]
    );
    assert_eq!(found["total"], 3);
    let matches: Vec<_> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| &item["match"])
        .collect();
    assert_eq!(matches, ["prefix", "prefix", "contains"]);

    app.wish(&[
        (1, sample::TYLENOL),
        (1, sample::CHILDREN),
        (2, sample::CHILDREN),
    ])
    .await;
    app.wait_for("the wishes count", async |app: &TestApp| {
        let found = app.search(&[("query", "타이레놀")]).await;
        found["items"][0]["wishCount"] == 1
    })
    .await;
    let found = app.search(&[("query", "타이레놀")]).await;
    assert_eq!(
        names(&found),
        [
            "타이레놀정500밀리그람(아세트아미노펜)",
            "타이레놀8시간이알서방정650밀리그람",
            "어린이타이레놀산160밀리그램",
        ],
        "wishes sort inside a match class and never across"
    );
    let by_name = app.search(&[("query", "타이레놀"), ("sort", "name")]).await;
    assert_eq!(names(&by_name)[0], "타이레놀8시간이알서방정650밀리그람");
    let all = app.search(&[]).await;
    assert_eq!(
        names(&all)[0],
        "어린이타이레놀산160밀리그램",
        "the most wished of all"
    );
    assert_eq!(all["total"], 6, "the withdrawn one is not listed");
    assert_eq!(all["items"][0]["match"], serde_json::Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn forms_of_one_query_find_the_same() {
    let app = TestApp::start().await;
    let decomposed: String = "타이레놀정500밀리그람".nfd().collect();
    for query in [
        "타이레놀정500밀리그람(아세트아미노펜)",
        " 타이레놀정 500 밀리그람 [아세트아미노펜] ",
        "타이레놀정５００밀리그람（아세트아미노펜）",
        decomposed.as_str(),
        "tylenol tab. 500MG",
    ] {
        let found = app.search(&[("query", query)]).await;
        assert_eq!(
            found["items"][0]["id"],
            sample::TYLENOL.to_string(),
            "{query}"
        );
    }
    let exact = app.search(&[("query", "게보린 정")]).await;
    assert_eq!(exact["items"][0]["match"], "exact");
}

#[tokio::test(flavor = "multi_thread")]
async fn searches_every_field() {
    let app = TestApp::start().await;
    for (by, query, total) in [
        ("type", "해열", 5),
        ("type", "해열진통소염제", 5),
        ("type", "01140", 5),
        ("type", "동맥경화", 1),
        ("ingredient", "아세트아미노펜", 4),
        ("ingredient", "acetaminophen", 1),
        ("ingredient", "전분글리콜산나트륨", 0),
        ("maker", "삼진제약", 1),
        ("maker", "(주)", 3),
        ("name", "삼진제약", 0),
    ] {
        let found = app.search(&[("by", by), ("query", query)]).await;
        assert_eq!(found["total"], total, "{by} {query}");
    }
    let prescription = app.search(&[("class", "prescription")]).await;
    assert_eq!(
        names(&prescription),
        ["리피토정10밀리그램(아토르바스타틴칼슘삼수화물)"]
    );
    assert_eq!(app.search(&[("class", "otc")]).await["total"], 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_are_slices_of_one_order() {
    let app = TestApp::start().await;
    let all = app.search(&[("pageSize", "100")]).await;
    let mut paged = Vec::new();
    for page in 1..=4 {
        let part = app
            .search(&[("pageSize", "2"), ("page", &page.to_string())])
            .await;
        assert_eq!(
            (&part["total"], &part["pageSize"]),
            (&all["total"], &2.into())
        );
        paged.extend(part["items"].as_array().unwrap().iter().cloned());
    }
    assert_eq!(&paged, all["items"].as_array().unwrap());
    let beyond = app.search(&[("page", "10000"), ("pageSize", "100")]).await;
    assert_eq!((names(&beyond).len(), &beyond["total"]), (0, &6.into()));
}

#[tokio::test(flavor = "multi_thread")]
async fn counts_facets_over_all_hits() {
    let app = TestApp::start().await;
    let found = app
        .search(&[("facets", "class,type,maker"), ("pageSize", "1")])
        .await;
    insta::assert_json_snapshot!(found["facets"], @r#"
    {
      "class": [
        {
          "count": 5,
          "value": "otc"
        },
        {
          "count": 1,
          "value": "prescription"
        }
      ],
      "maker": [
        {
          "count": 3,
          "value": "한국존슨앤드존슨판매"
        },
        {
          "count": 1,
          "value": "비아트리스코리아(주)"
        },
        {
          "count": 1,
          "value": "삼일제약(주)"
        },
        {
          "count": 1,
          "value": "삼진제약(주)"
        }
      ],
      "type": [
        {
          "count": 5,
          "value": "해열.진통.소염제"
        },
        {
          "count": 1,
          "value": "동맥경화용제"
        }
      ]
    }
    "#);
    let plain = app.search(&[]).await;
    assert!(plain.get("facets").is_none());
    let one = app.search(&[("facets", "class")]).await;
    assert!(one["facets"].get("maker").is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hit_says_what_tells_products_apart() {
    let app = TestApp::start().await;
    let found = app.search(&[("query", "게보린정")]).await;
    insta::assert_json_snapshot!(found, @r#"
    {
      "asOf": "2026-01-06T02:00:00Z",
      "items": [
        {
          "class": "otc",
          "englishName": null,
          "id": "197900277",
          "imageUrl": null,
          "ingredients": [
            "아세트아미노펜",
            "이소프로필안티피린",
            "카페인무수물"
          ],
          "maker": "삼진제약(주)",
          "match": "exact",
          "matched": [
            {
              "end": 4,
              "start": 0
            }
          ],
          "matchedEnglish": [],
          "name": "게보린정",
          "pill": null,
          "status": {
            "forSale": true,
            "label": "정상",
            "notice": null,
            "since": null,
            "state": "valid"
          },
          "type": {
            "code": "01140",
            "name": "해열.진통.소염제",
            "parts": [
              "해열",
              "진통",
              "소염"
            ]
          },
          "understoodAs": null,
          "wishCount": 0
        }
      ],
      "page": 1,
      "pageSize": 20,
      "total": 1
    }
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn suggests_at_most_ten() {
    let mut seed = sample::catalogue();
    for number in 0..15 {
        let mut more = seed.medicines[3].clone();
        more.medicine.id = domain::catalogue::MedicineId::new(300_000_000 + number).unwrap();
        more.medicine.name = format!("타이레놀가짜{number:02}정");
        seed.medicines.push(more);
    }
    let app = TestApp::with(&seed).await;
    let found = app
        .read("/api/v1/medicines/suggest?query=%ED%83%80%EC%9D%B4")
        .await;
    assert_eq!(names(&found).len(), 10);
    assert_eq!(found["items"][0]["match"], "prefix");
    assert_eq!(found["items"][0]["understoodAs"], serde_json::Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_types_with_counts() {
    let app = TestApp::start().await;
    let types = app.read("/api/v1/medicine-types").await;
    insta::assert_json_snapshot!(types, @r#"
    {
      "asOf": "2026-01-06T02:00:00Z",
      "items": [
        {
          "code": "01140",
          "count": 5,
          "name": "해열.진통.소염제",
          "parts": [
            "해열",
            "진통",
            "소염"
          ]
        },
        {
          "code": "02180",
          "count": 1,
          "name": "동맥경화용제",
          "parts": [
            "동맥경화용제"
          ]
        }
      ]
    }
    "#);
}
