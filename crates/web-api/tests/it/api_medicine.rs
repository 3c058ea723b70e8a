//! Detail, composition, comparison.

use serde_json::Value;

use crate::support::{TestApp, sample};

#[tokio::test(flavor = "multi_thread")]
async fn shows_everything_of_one() {
    let app = TestApp::start().await;
    let detail = app
        .read(&format!("/api/v1/medicines/{}", sample::TYLENOL))
        .await;
    insta::assert_json_snapshot!(detail, @r#"
    {
      "appearance": "흰색의 장방형 필름코팅정제",
      "asOf": "2026-01-06T02:00:00Z",
      "atcCode": null,
      "changedOn": null,
      "class": "otc",
      "composition": {
        "additives": [
          {
            "code": "M040624",
            "ingredientId": "5",
            "name": "전분글리콜산나트륨"
          }
        ],
        "additivesListed": true,
        "complete": true,
        "unparsed": [],
        "variants": [
          {
            "basis": {
              "approximate": false,
              "count": "1",
              "measure": null,
              "text": "1정 중",
              "unit": "정"
            },
            "complete": true,
            "ingredients": [
              {
                "activeAs": [],
                "amountText": "500밀리그램",
                "code": null,
                "description": null,
                "info": null,
                "ingredientId": "1",
                "milligrams": "500",
                "name": "아세트아미노펜",
                "quantity": {
                  "unit": "mg",
                  "value": "500"
                },
                "remark": null,
                "sharePercent": "100",
                "standard": "KP"
              }
            ],
            "label": null,
            "totalMilligrams": "500"
          }
        ]
      },
      "dispensing": "otcConvenience",
      "documents": {
        "dosage": null,
        "easyGuide": {
          "cautions": null,
          "efficacy": "열을 내리고 통증을 줄입니다.",
          "interactions": null,
          "publishedOn": null,
          "sideEffects": null,
          "storage": null,
          "updatedOn": null,
          "usage": null,
          "warning": null
        },
        "efficacy": {
          "complete": true,
          "sections": [
            {
              "articles": [
                {
                  "blocks": [
                    {
                      "indent": 0,
                      "text": "타이레놀정500밀리그람(아세트아미노펜)",
                      "type": "paragraph"
                    },
                    {
                      "rows": [
                        {
                          "cells": [
                            {
                              "columnSpan": 1,
                              "header": true,
                              "rowSpan": 1,
                              "text": "연령"
                            },
                            {
                              "columnSpan": 1,
                              "header": false,
                              "rowSpan": 1,
                              "text": "12세 이상"
                            }
                          ]
                        }
                      ],
                      "type": "table"
                    }
                  ],
                  "title": "1. 주효능효과"
                }
              ],
              "title": null
            }
          ],
          "title": "효능효과"
        },
        "precautions": null
      },
      "documentsUnavailable": false,
      "dur": {
        "status": "notLoaded"
      },
      "englishName": "Tylenol Tab. 500mg",
      "id": "202106092",
      "imageUrl": null,
      "ingredients": [
        "아세트아미노펜"
      ],
      "ingredientsEnglish": "Acetaminophen",
      "maker": "한국존슨앤드존슨판매",
      "makerEnglish": null,
      "name": "타이레놀정500밀리그람(아세트아미노펜)",
      "officialUrl": "https://nedrug.mfds.go.kr/pbp/CCBBB01/getItemDetail?itemSeq=202106092",
      "packUnit": null,
      "permittedOn": "1994-03-09",
      "pill": null,
      "pills": [],
      "status": {
        "forSale": true,
        "label": "정상",
        "notice": null,
        "since": null,
        "state": "valid"
      },
      "storage": "기밀용기, 실온(1-30℃)보관",
      "type": {
        "code": "01140",
        "name": "해열.진통.소염제",
        "parts": [
          "해열",
          "진통",
          "소염"
        ]
      },
      "validTerm": "제조일로부터 36 개월",
      "wishCount": 0
    }
    "#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_withdrawn_product_stays_readable_and_marked() {
    let app = TestApp::start().await;
    let detail = app
        .read(&format!("/api/v1/medicines/{}", sample::OLD))
        .await;
    insta::assert_json_snapshot!(detail["status"], @r#"
    {
      "forSale": false,
      "label": "취하",
      "notice": "허가가 취하되어 더 이상 판매되지 않는 의약품입니다.",
      "since": "2001-02-03",
      "state": "withdrawn"
    }
    "#);
    assert_eq!(app.search(&[("query", "타이레놀옛날정")]).await["total"], 0);
    let suggested = app
        .read("/api/v1/medicines/suggest?query=%EC%98%9B%EB%82%A0")
        .await;
    assert_eq!(suggested["items"], Value::Array(Vec::new()));
}

#[tokio::test(flavor = "multi_thread")]
async fn composition_has_shares_as_exact_text() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/medicines/{}/composition", sample::GEBORIN);
    let answer = app.read(&path).await;
    let variant = &answer["composition"]["variants"][0];
    let shares: Vec<_> = variant["ingredients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| {
            (
                row["name"].as_str().unwrap(),
                row["milligrams"].as_str().unwrap(),
                row["sharePercent"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        shares,
        [
            ("아세트아미노펜", "300", "60"),
            ("이소프로필안티피린", "150", "30"),
            ("카페인무수물", "50", "10"),
        ]
    );
    assert_eq!(variant["totalMilligrams"], "500");
    assert_eq!(variant["ingredients"][0]["ingredientId"], "1");
    assert_eq!(variant["basis"]["unit"], "정");
    assert_eq!(answer["composition"]["complete"], true);
}

#[tokio::test(flavor = "multi_thread")]
async fn compares_side_by_side() {
    let app = TestApp::start().await;
    let path = format!(
        "/api/v1/medicines/compare?ids={},{}",
        sample::TYLENOL,
        sample::GEBORIN
    );
    let answer = app.read(&path).await;
    let rows = answer["variants"][0]["ingredients"].as_array().unwrap();
    let summary: Vec<_> = rows
        .iter()
        .map(|row| {
            (
                row["presence"].as_str().unwrap(),
                row["amount"]["outcome"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        summary,
        [
            ("both", "aMore"),
            ("onlyB", "notComparable"),
            ("onlyB", "notComparable")
        ]
    );
    assert_eq!(answer["sameness"]["verdict"], "different");
    assert_eq!(answer["notices"], Value::Array(Vec::new()));
    assert_eq!(answer["documentsUnavailable"], false);
    assert_eq!(answer["documents"]["efficacy"]["a"]["title"], "효능효과");
    assert_eq!(answer["documents"]["dosage"]["a"], Value::Null);
    assert_eq!(answer["documents"]["easyGuide"]["b"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn comparing_what_cannot_be_is_answered_clearly() {
    let app = TestApp::start().await;
    let compare = |ids: String| app.get_owned(format!("/api/v1/medicines/compare?ids={ids}"));
    let id = sample::TYLENOL;

    let same = compare(format!("{id},{id}"))
        .await
        .assert_problem(422, "same_medicine");
    assert_eq!(same["errors"][0]["field"], "ids");
    let unknown = compare(format!("{id},999999999")).await;
    let unknown = unknown.assert_problem(404, "medicine_not_found");
    assert!(
        unknown["errors"][0]["detail"]
            .as_str()
            .unwrap()
            .contains("999999999")
    );
    assert_eq!(unknown["errors"].as_array().unwrap().len(), 1);
    let both = compare("999999998,999999999".to_owned()).await;
    assert_eq!(
        both.assert_problem(404, "medicine_not_found")["errors"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    for wrong in ["", "1", "1,2,3", "a,b", "1,", "0,1", "-1,2"] {
        compare(wrong.to_owned())
            .await
            .assert_problem(422, "validation_failed");
    }
    app.get("/api/v1/medicines/compare")
        .await
        .assert_problem(422, "validation_failed");

    let withdrawn = compare(format!("{id},{}", sample::OLD)).await.json();
    assert_eq!(withdrawn["b"]["status"]["forSale"], false);
    assert!(
        withdrawn["notices"][0]
            .as_str()
            .unwrap()
            .starts_with("타이레놀옛날정: ")
    );
}
