//! Search as people type it, over real connections.

use serde_json::Value;

use crate::support::{TestApp, marked, names, sample};

const TYLENOL: &str = "타이레놀정500밀리그람(아세트아미노펜)";

async fn suggest(app: &TestApp, query: &str) -> Value {
    let request = app.request(reqwest::Method::GET, "/api/v1/medicines/suggest");
    let answer = app.send(request.query(&[("query", query)])).await;
    assert_eq!(answer.status, 200, "{query}: {}", answer.text);
    answer.json()
}

#[tokio::test(flavor = "multi_thread")]
async fn names_are_found_as_people_type_them() {
    let app = TestApp::start().await;
    for (query, class, total, understood) in [
        ("ㅌㅇㄹㄴ", "initials", 3, None),
        ("타이ㄹ", "prefix", 3, None),
        ("타일", "prefix", 3, None),
        ("탕ㄹㄴ", "initials", 3, None),
        ("xkdlfpshf", "layout", 3, Some("타이레놀")),
        ("XKDLFPSHF", "layout", 3, Some("타이레놀")),
        ("xdfs", "layout", 3, Some("ㅌㅇㄹㄴ")),
        ("쇼ㅣ두ㅐㅣ", "layout", 1, Some("tylenol")),
        ("타이래놀", "fuzzy", 3, Some("타이레놀")),
        ("xkdlfoshf", "fuzzy", 3, Some("타이레놀")),
        ("500 타이레놀", "contains", 1, None),
        ("타이레놀 존슨 500", "contains", 1, None),
        ("판매 타이레놀", "contains", 3, None),
        ("타이레놀 정500 아세트아미노펜", "contains", 1, None),
        ("아세트아미노펜 타이ㄹ", "contains", 3, None),
        ("타이래놀정 500밀리그람", "fuzzy", 1, Some("타이레놀")),
        ("타이레놀 500밀리그람", "contains", 1, None),
        ("타이레놀 500mg", "contains", 1, None),
        ("타이레놀 500밀리그램", "contains", 1, None),
        ("타이레놀정500밀리그램", "exact", 1, None),
        ("타이레놀정500mg", "exact", 1, None),
        ("타이레놀정", "prefix", 2, None),
        ("타이레놀정 500", "prefix", 1, None),
        ("타이레놀정500밀리그람", "exact", 1, None),
        ("(타이레놀) 정 [500] ㎎", "exact", 1, None),
        ("Tylenol Tab 500", "prefix", 1, None),
    ] {
        let found = app.search(&[("query", query)]).await;
        let first = &found["items"][0];
        assert_eq!(found["total"], total, "{query}: {found}");
        assert_eq!(first["match"], class, "{query}");
        assert_eq!(first["understoodAs"].as_str(), understood, "{query}");
        let tylenol = names(&found).contains(&TYLENOL);
        assert!(tylenol, "{query}: {found}");
        let suggested = suggest(&app, query).await;
        assert_eq!(names(&suggested), names(&found), "{query}");
        assert_eq!(suggested["items"][0]["match"], class);
        assert_eq!(suggested["items"][0]["understoodAs"].as_str(), understood);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slip_never_changes_strength_form_or_ingredient() {
    let mut seed = sample::catalogue();
    // Withdrawn, and one letter from a product for sale.
    seed.medicines.last_mut().unwrap().medicine.name = "타이레날정".to_owned();
    let app = TestApp::with(&seed).await;
    for query in [
        "타이래놀정50밀리그람",
        "타이래놀정160밀리그람",
        "타이래놀캡슐",
        "타이래놀정(이부프로펜)",
        "타이레놀캡슐",
        "타이레놀정(이부프로펜)500",
        "이부프로펜 타이레놀",
        "삼진 타이레놀",
        "50 타이레놀",
        "xkdlfoshfwjd50mg",
        "xkdlfoshfzoqtbf",
        // For sale no longer, which doesn't make it another.
        "타이레날정",
        "개",
    ] {
        let found = app.search(&[("query", query)]).await;
        assert_eq!(found["total"], 0, "{query}: {found}");
    }
    for query in [
        "타이래놀정(아세트아미노펜)",
        "타이래놀정(아세트",
        "타이래놀(acetamino)",
    ] {
        let found = app.search(&[("query", query)]).await;
        // The others hold it, too; they come later for what they have beyond the query.
        assert_eq!(names(&found)[0], TYLENOL, "{query}");
        for hit in found["items"].as_array().unwrap() {
            assert_eq!(hit["match"], "fuzzy", "{query}");
            assert_eq!(hit["understoodAs"], "타이레놀", "{query}");
            assert_ne!(hit["ingredients"], serde_json::json!([]), "{query}");
            assert_ne!(hit["maker"], "", "{query}");
        }
        let hit = &found["items"][0];
        assert_eq!(hit["ingredients"], serde_json::json!(["아세트아미노펜"]));
        assert_eq!(hit["maker"], "한국존슨앤드존슨판매");
    }
    // The other class holds the very name: a look-alike is no answer.
    let found = app
        .search(&[("query", "게보린"), ("class", "prescription")])
        .await;
    assert_eq!(found["total"], 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ingredient_is_never_taken_for_a_brand_that_is_spelt_nearly_so() {
    let mut seed = sample::catalogue();
    for (at, name, ingredient) in [
        (0, "글리피리드정2밀리그람(글리메피리드)", "글리메피리드"),
        (1, "라파부틴정100밀리그램", "트리메부틴말레산염"),
        (2, "디고신정", "디곡신"),
    ] {
        let mut medicine = seed.medicines[0].clone();
        medicine.medicine = sample::medicine(
            400_000_000 + at,
            name,
            "제약",
            domain::catalogue::Dispensing::Prescription,
            ("03960", "당뇨병용제", &["당뇨병용제"]),
            &[(ingredient, 5)],
        );
        seed.medicines.push(medicine);
    }
    // Nothing for sale holds these two.
    seed.ingredients.push((70, "글리피지드".to_owned(), None));
    seed.ingredients.push((71, "리파부틴".to_owned(), None));
    let app = TestApp::with(&seed).await;
    for query in [
        "글리피지드",
        "글리피지드정",
        "글리피지드정2",
        "리파부틴정",
        "리파부틴",
    ] {
        let found = app.search(&[("query", query)]).await;
        assert_eq!(found["total"], 0, "{query}: {found}");
        assert_eq!(suggest(&app, query).await["items"], serde_json::json!([]));
        let found = app.search(&[("query", query), ("by", "ingredient")]).await;
        assert_eq!(found["total"], 0, "{query}: {found}");
    }
    // A slip that is no ingredient's name, and a brand that holds what was named.
    for (query, name) in [
        ("글리피리두정", "글리피리드정2밀리그람(글리메피리드)"),
        ("디곡신정", "디고신정"),
    ] {
        let found = app.search(&[("query", query)]).await;
        assert_eq!(names(&found), [name], "{query}");
        assert_eq!(found["items"][0]["match"], "fuzzy", "{query}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_field_knows_hangul() {
    let app = TestApp::start().await;
    for (by, query, class, understood) in [
        ("ingredient", "ㅇㅅㅌㅇㅁㄴㅍ", "initials", None),
        (
            "ingredient",
            "아세트아미노팬",
            "fuzzy",
            Some("아세트아미노펜"),
        ),
        ("ingredient", "dktpxm", "layout", Some("아세트")),
        (
            "ingredient",
            "ㅁㅊㄷㅅ므ㅑㅜㅐ",
            "layout",
            Some("acetamino"),
        ),
        ("maker", "ㅅㅈㅈㅇ", "initials", None),
        ("maker", "삼진재약", "fuzzy", Some("삼진제약")),
        ("maker", "삼ㅈ", "prefix", None),
        ("type", "ㅎㅇㅈㅌ", "initials", None),
        ("type", "해열진통소염", "prefix", None),
        ("type", "동맥경하용제", "fuzzy", Some("동맥경화용제")),
    ] {
        let found = app.search(&[("by", by), ("query", query)]).await;
        let first = &found["items"][0];
        assert_eq!(first["match"], class, "{by} {query}: {found}");
        assert_eq!(first["understoodAs"].as_str(), understood, "{by} {query}");
    }
    let found = app.suggest_ingredients("이부프로팬").await;
    let first = &found["items"][0];
    assert_eq!(
        (&first["name"], &first["match"]),
        (&"이부프로펜".into(), &"fuzzy".into())
    );
    assert_eq!(marked(first, "name", "matched"), ["이부프로펜"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn suggestions_mark_what_was_matched() {
    let app = TestApp::start().await;
    for (query, expected) in [
        ("타이", &["타이"][..]),
        ("타일", &["타이레"]),
        ("탕ㄹㄴ", &["타이레놀"]),
        ("xkdl", &["타이"]),
        ("타이레놀 500밀리그람", &["타이레놀", "500밀리그람"]),
        ("타이래놀500", &["타이레놀", "500밀리그람"]),
        ("500밀리그람 아세트", &["500밀리그람(아세트"]),
        ("아세트 500 타이", &["타이", "500밀리그람", "아세트"]),
        ("존슨 타이", &["타이"]),
        ("xkdlfoshf", &["타이레놀"]),
    ] {
        let found = suggest(&app, query).await;
        let items = found["items"].as_array().unwrap();
        let hit = items.iter().find(|item| item["name"] == TYLENOL).unwrap();
        assert_eq!(marked(hit, "name", "matched"), expected, "{query}");
        assert_eq!(hit["matchedEnglish"], serde_json::json!([]));
        assert_eq!(hit["id"], sample::TYLENOL.to_string());
    }
    for query in ["tylenol t", "쇼ㅣ두ㅐㅣ ㅅ"] {
        let found = suggest(&app, query).await;
        let hit = &found["items"][0];
        assert_eq!(marked(hit, "englishName", "matchedEnglish"), ["Tylenol T"]);
        assert_eq!(hit["matched"], serde_json::json!([]));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_repeated_search_answers_the_same_until_the_catalogue_changes() {
    let app = TestApp::start().await;
    let path = "/api/v1/medicines/suggest?query=%E3%85%8C%E3%85%87";
    let first = app.get(path).await;
    for _ in 0..3 {
        let again = app.get(path).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text));
        assert_eq!(again.header("etag"), first.header("etag"));
    }
    assert_eq!(names(&first.json()).len(), 3);
    // Refusals are answers to nothing.
    for _ in 0..2 {
        let refused = app.get("/api/v1/medicines/suggest?query=-").await;
        assert_eq!(refused.status, 422, "{}", refused.text);
    }
    let mut next = sample::catalogue();
    next.generation = 2;
    next.medicines
        .retain(|one| one.medicine.id.get() != sample::CHILDREN);
    next.write(&app.pool).await;
    app.wait_for("the new catalogue answers", async |app: &TestApp| {
        names(&app.get(path).await.json()).len() == 2
    })
    .await;
}
