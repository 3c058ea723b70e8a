//! What is the caller's own in answers about medicines.

use reqwest::Method;
use serde_json::Value;

use crate::db_support::TestDb;
use crate::support::{Answer, TestApp, sample};

const BOXED: i64 = sample::GEBORIN;
const WISHED: i64 = sample::TYLENOL;

async fn asked(app: &TestApp, path: &str, token: &str, tag: Option<&str>) -> Answer {
    let mut request = app.request(Method::GET, path);
    if !token.is_empty() {
        request = request.bearer_auth(token);
    }
    if let Some(tag) = tag {
        request = request.header("if-none-match", tag);
    }
    app.send(request).await
}

/// Every object with the id of a medicine and its marks.
fn marked(value: &Value, found: &mut Vec<(i64, Option<Value>, Option<Value>)>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| marked(item, found)),
        Value::Object(object) => {
            if let (Some(id), true) = (object.get("id"), object.contains_key("maker")) {
                let id = id.as_str().unwrap().parse().unwrap();
                let mark = |name: &str| object.get(name).cloned();
                found.push((id, mark("wished"), mark("inCompareBox")));
            }
            object.values().for_each(|inner| marked(inner, found));
        }
        _ => {}
    }
}

fn without_marks(value: &mut Value) {
    match value {
        Value::Array(items) => items.iter_mut().for_each(without_marks),
        Value::Object(object) => {
            for mark in [
                "wished",
                "inCompareBox",
                "allergyCheck",
                "allergyWarnings",
                "allergyCheckComplete",
            ] {
                object.remove(mark);
            }
            object.values_mut().for_each(without_marks);
        }
        _ => {}
    }
}

fn paths() -> [String; 6] {
    [
        "/api/v1/medicines?pageSize=100".to_owned(),
        "/api/v1/medicines/suggest?query=%ED%83%80%EC%9D%B4".to_owned(),
        format!("/api/v1/medicines/{WISHED}"),
        format!("/api/v1/medicines/{WISHED}/composition"),
        format!("/api/v1/medicines/compare?ids={WISHED},{BOXED}"),
        format!("/api/v1/ingredients/{}/medicines", sample::ACETAMINOPHEN),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_signed_in_is_told_what_is_his() {
    let app = TestApp::start().await;
    let members = |db: &mut web_api::db::Db| {
        for number in 1..=3 {
            crate::accounts_support::persona(db, number);
        }
        Ok(())
    };
    app.pool.run(members).await.unwrap();
    let database: &TestDb = app.database.as_ref().unwrap();
    for number in [1, 3] {
        let key = format!(
            "SELECT id, {WISHED}, '2026-01-02 00:00:00' FROM users WHERE public_id = '{number}'"
        );
        database.console(&format!(
            "INSERT INTO wishes (user_id, medicine_id, created_at) {key}"
        ));
    }
    database.console(&format!("INSERT INTO compare_box (user_id, medicine_id, turn, added_at) SELECT id, {BOXED}, 1, '2026-01-02 00:00:00' FROM users WHERE public_id = '1'"));
    // The count of wishes is part of every answer: it has to stand before answers are compared.
    app.wait_for("the wishes count", async |app: &TestApp| {
        app.read(&format!("/api/v1/medicines/{WISHED}")).await["wishCount"] == 2
    })
    .await;
    let flag = |value: bool| Some(Value::from(value));
    for path in paths() {
        let everybody = asked(&app, &path, "", None).await;
        assert_eq!(everybody.status, 200, "{path}: {}", everybody.text);
        assert!(everybody.header("cache-control").starts_with("public"));
        let mut found = Vec::new();
        marked(&everybody.json(), &mut found);
        assert!(!found.is_empty(), "{path}");
        assert!(
            found
                .iter()
                .all(|(_, wished, boxed)| wished.is_none() && boxed.is_none()),
            "{path}"
        );
        assert!(!everybody.text.contains("allergy"), "{path}");
        let medicines = found.len();
        let mut tags = vec![everybody.header("etag").to_owned()];
        for token in ["member-1", "member-2"] {
            // Twice: made, and remembered.
            for _ in 0..2 {
                let answer = asked(&app, &path, token, None).await;
                assert_eq!(
                    answer.header("cache-control"),
                    "private, no-cache",
                    "{path}"
                );
                let vary = answer.header("vary");
                for name in ["Authorization", "Cookie", "Accept-Language"] {
                    assert!(vary.contains(name), "{path}: {vary}");
                }
                let mut body = answer.json();
                let mut found = Vec::new();
                marked(&body, &mut found);
                let checks = answer.text.matches("\"allergyCheck\":").count();
                assert_eq!(checks, medicines, "{path}: one for each medicine");
                let his = token == "member-1";
                for (id, wished, boxed) in found {
                    assert_eq!(wished, flag(his && id == WISHED), "{path} {token} {id}");
                    assert_eq!(boxed, flag(his && id == BOXED), "{path} {token} {id}");
                }
                without_marks(&mut body);
                assert_eq!(body, everybody.json(), "{path}: nothing else differs");
                let tag = answer.header("etag").to_owned();
                let again = asked(&app, &path, token, Some(&tag)).await;
                assert_eq!((again.status.as_u16(), again.text.as_str()), (304, ""));
                if !tags.contains(&tag) {
                    tags.push(tag);
                }
            }
        }
        assert_eq!(tags.len(), 3, "{path}: one for each of them");
        let suspended = asked(&app, &path, "suspended-3", None).await;
        assert_eq!(suspended.text, everybody.text, "{path}");
        assert_eq!(suspended.header("cache-control"), "private, no-cache");
    }

    let path = "/api/v1/medicines?excludeAllergens=true";
    asked(&app, path, "suspended-3", None)
        .await
        .assert_problem(403, "account_suspended");
    asked(&app, path, "", None)
        .await
        .assert_problem(401, "unauthorized");

    // Without marks that can be read nothing is said, and the medicines are there.
    database.console("ALTER TABLE compare_box RENAME TO compare_box_away");
    let path = format!("/api/v1/medicines/{WISHED}/composition");
    app.wait_for("the marks are gone", async |app: &TestApp| {
        let answer = asked(app, &path, "member-1", None).await;
        assert_eq!(answer.status, 200, "{}", answer.text);
        let medicine = &answer.json()["medicine"];
        medicine.get("wished") == Some(&Value::Null)
            && medicine.get("inCompareBox") == Some(&Value::Null)
    })
    .await;
    app.stop().await;
}
