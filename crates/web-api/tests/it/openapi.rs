//! The contract: it changes only on purpose, and everything in it is there.

use std::path::Path;

use chrono::Utc;
use reqwest::Method;
use serde_json::Value;
use web_api::content::add_samples;

use crate::support::{TestApp, sample};

/// Set it to write the document anew: `UPDATE_OPENAPI=1 cargo test -p web-api --test it openapi`.
const UPDATE: &str = "UPDATE_OPENAPI";

#[test]
fn the_contract_is_the_one_that_is_checked_in() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let document = web_api::app::api_document().unwrap();
    if std::env::var_os(UPDATE).is_some() {
        std::fs::write(&path, &document).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        document == checked_in,
        "the API is not the one of crates/web-api/openapi.json. If that is meant, run \
         `{UPDATE}=1 cargo test -p web-api --test it openapi` and commit the file."
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_the_document_answers_as_it_says() {
    let app = TestApp::start().await;
    assert!(add_samples(&app.pool, Utc::now()).await.unwrap());
    assert!(!add_samples(&app.pool, Utc::now()).await.unwrap(), "once");
    let document = app.read("/api-docs/openapi.json").await;
    assert_eq!(document["openapi"], "3.1.0");
    let paths = document["paths"].as_object().unwrap();
    // Calls of accounts need more than an example; their own tests make them.
    let reads = paths.iter().filter(|(_, item)| {
        let tag = &item["get"]["tags"][0];
        tag != "accounts" && tag != "admin" && tag != "mine" && item.get("get").is_some()
    });
    assert_eq!((paths.len(), reads.clone().count()), (65, 13));
    for (path, item) in reads {
        for (method, operation) in item.as_object().unwrap() {
            if method != "get" {
                // What changes something has tests of its own.
                assert_eq!(operation["tags"][0], "reviews", "{method} {path}");
                continue;
            }
            let url = filled(path, operation);
            let answer = app.get(&url).await;
            assert_eq!(answer.status, 200, "{url}: {}", answer.text);
            let schema = &operation["responses"]["200"]["content"]["application/json"]["schema"];
            let body = answer.json();
            check(&document, schema, &body, path);
            let wrong = format!(
                "{url}{}nonsense=1",
                if url.contains('?') { '&' } else { '?' }
            );
            app.get(&wrong)
                .await
                .assert_problem(422, "validation_failed");
            let refused = app.send(app.request(Method::DELETE, &url)).await;
            refused.assert_problem(405, "method_not_allowed");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_fit_their_schema() {
    let app = TestApp::start().await;
    let document = app.read("/api-docs/openapi.json").await;
    let schema = &document["components"]["schemas"]["Problem"];
    for path in [
        "/api/v1/medicines?page=0",
        "/api/v1/medicines/9",
        "/nothing",
    ] {
        check(&document, schema, &app.get(path).await.json(), path);
    }
}

/// The address with an example for each required parameter.
fn filled(path: &str, operation: &Value) -> String {
    let id = if path.contains("ingredients") {
        sample::ACETAMINOPHEN
    } else {
        sample::TYLENOL
    };
    let mut url = path.replace("{id}", &id.to_string());
    let empty = Vec::new();
    let parameters = operation["parameters"].as_array().unwrap_or(&empty);
    for parameter in parameters
        .iter()
        .filter(|one| one["in"] == "query" && one["required"] == true)
    {
        let value = match parameter["name"].as_str().unwrap() {
            "ids" => format!("{},{}", sample::TYLENOL, sample::GEBORIN),
            "query" => "%EC%95%84%EC%84%B8%ED%8A%B8".to_owned(),
            other => panic!("no example for {other}"),
        };
        url = format!("{url}?{}={value}", parameter["name"].as_str().unwrap());
    }
    url
}

/// Holds a value against the parts of JSON Schema that the document uses: nothing missing that is
/// required, nothing there that isn't declared, every type as it says.
fn check(document: &Value, schema: &Value, value: &Value, place: &str) {
    let schema = resolved(document, schema);
    if let Some(options) = schema.get("oneOf").or_else(|| schema.get("anyOf")) {
        let options = options.as_array().unwrap();
        let fits = options.iter().any(|option| fits(document, option, value));
        assert!(fits, "{place}: nothing of {options:?} fits {value}");
        return;
    }
    let properties = properties(document, schema);
    if let Some(object) = value.as_object().filter(|_| !properties.is_empty()) {
        for (name, inner) in object {
            let found = properties.iter().find(|(key, ..)| key == name);
            let (_, inner_schema, _) =
                found.unwrap_or_else(|| panic!("{place}: {name} is not declared"));
            check(document, inner_schema, inner, &format!("{place}.{name}"));
        }
        for (name, _, required) in &properties {
            assert!(
                !required || object.contains_key(name),
                "{place}: {name} is missing"
            );
        }
    } else if let (Some(items), Some(list)) = (schema.get("items"), value.as_array()) {
        for one in list {
            check(document, items, one, place);
        }
    }
    assert!(type_fits(schema, value), "{place}: {value} is not {schema}");
}

fn fits(document: &Value, option: &Value, value: &Value) -> bool {
    let option = resolved(document, option);
    let names: Vec<_> = properties(document, option);
    match value.as_object() {
        Some(object) => object
            .keys()
            .all(|key| names.iter().any(|(name, ..)| name == key)),
        None => type_fits(option, value),
    }
}

fn resolved<'d>(document: &'d Value, schema: &'d Value) -> &'d Value {
    match schema.get("$ref").and_then(Value::as_str) {
        Some(reference) => document.pointer(reference.trim_start_matches('#')).unwrap(),
        None => schema,
    }
}

fn properties<'d>(document: &'d Value, schema: &'d Value) -> Vec<(String, &'d Value, bool)> {
    let mut all = Vec::new();
    for part in schema
        .get("allOf")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        all.extend(properties(document, resolved(document, part)));
    }
    let required = schema.get("required").and_then(Value::as_array);
    for (name, inner) in schema
        .get("properties")
        .and_then(Value::as_object)
        .into_iter()
        .flatten()
    {
        let needed = required.is_some_and(|names| names.iter().any(|one| one == name));
        all.push((name.clone(), inner, needed));
    }
    all
}

fn type_fits(schema: &Value, value: &Value) -> bool {
    let actual = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let listed = schema
        .get("enum")
        .is_none_or(|words| words.as_array().unwrap().contains(value));
    let typed = match schema.get("type") {
        Some(Value::String(one)) => one == actual,
        Some(Value::Array(many)) => many.iter().any(|one| one == actual),
        _ => true,
    };
    listed && typed
}
