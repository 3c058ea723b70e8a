//! Ingredients.

use crate::support::{TestApp, names, sample};

#[tokio::test(flavor = "multi_thread")]
async fn shows_an_ingredient_and_its_products() {
    let app = TestApp::start().await;
    let one = app
        .read(&format!("/api/v1/ingredients/{}", sample::ACETAMINOPHEN))
        .await;
    insta::assert_json_snapshot!(one, @r#"
    {
      "activeIn": 4,
      "additiveIn": 0,
      "asOf": "2026-01-06T02:00:00Z",
      "code": null,
      "description": null,
      "englishName": null,
      "id": "1",
      "name": "아세트아미노펜"
    }
    "#);

    let path = format!("/api/v1/ingredients/{}/medicines", sample::ACETAMINOPHEN);
    let list = app.read(&format!("{path}?pageSize=3")).await;
    assert_eq!((names(&list).len(), &list["total"]), (3, &4.into()));
    assert_eq!(list["items"][0]["role"], "active");
    let additive = app.read(&format!("{path}?role=additive")).await;
    assert_eq!(additive["total"], 0);
    let path = format!(
        "/api/v1/ingredients/{}/medicines?role=additive",
        sample::STARCH
    );
    assert_eq!(app.read(&path).await["total"], 6);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_merged_ingredient_redirects_for_ever() {
    let app = TestApp::start().await;
    let old = app
        .get(&format!("/api/v1/ingredients/{}", sample::PARACETAMOL))
        .await;
    assert_eq!(old.status, 308);
    assert_eq!(old.header("location"), "/api/v1/ingredients/1");
    let path = format!(
        "/api/v1/ingredients/{}/medicines?page=2&pageSize=1",
        sample::PARACETAMOL
    );
    let old = app.get(&path).await;
    assert_eq!(
        old.header("location"),
        "/api/v1/ingredients/1/medicines?page=2&pageSize=1"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn suggests_ingredients_by_any_of_their_names() {
    let app = TestApp::start().await;
    let found = app.suggest_ingredients("아세트").await;
    assert_eq!(names(&found), ["아세트아미노펜"]);
    assert_eq!(found["items"][0]["medicineCount"], 4);
    let merged = app.suggest_ingredients("파라세타몰").await;
    assert_eq!(
        (&merged["items"][0]["id"], &merged["items"][0]["match"]),
        (&"1".into(), &"exact".into())
    );
    let additive = app.suggest_ingredients("전분").await;
    assert_eq!(names(&additive), ["전분글리콜산나트륨"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_ingredients_are_not_found() {
    let app = TestApp::start().await;
    for path in ["/api/v1/ingredients/77", "/api/v1/ingredients/77/medicines"] {
        app.get(path)
            .await
            .assert_problem(404, "ingredient_not_found");
    }
}
