//! Bodies that don't fit, and what is said of them.

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderValue};
use actix_web::{ResponseError as _, test::TestRequest};
use serde::Deserialize;
use service_kit::problem::Language;

use super::{check_type, parse};
use crate::http::problem::Problem;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "only read for its shape")]
struct SignUp {
    login_id: String,
    age: Option<u8>,
    #[serde(default)]
    consents: Vec<Consent>,
    #[serde(default)]
    purpose: Option<Purpose>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only read for its shape")]
struct Consent {
    kind: String,
    given: bool,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum Purpose {
    SignUp,
    ResetPassword,
}

fn faults(body: &str) -> Vec<(String, String)> {
    let problem = parse::<SignUp>(body.as_bytes()).expect_err(body);
    assert_eq!(
        problem.status_code(),
        StatusCode::UNPROCESSABLE_ENTITY,
        "{body}"
    );
    let json = problem.to_document(Language::English, None).to_json();
    let errors = json["errors"].as_array().expect("errors");
    let text = |error: &serde_json::Value, name: &str| error[name].as_str().expect(name).to_owned();
    errors
        .iter()
        .map(|error| (text(error, "field"), text(error, "code")))
        .collect()
}

#[test]
fn whole_bodies_are_taken() {
    let body = r#"{"loginId":"kim","age":30,"consents":[{"kind":"terms","given":true}],"purpose":"signUp"}"#;
    let read: SignUp = parse(body.as_bytes()).expect("it fits");
    assert_eq!((read.login_id.as_str(), read.consents.len()), ("kim", 1));
    parse::<SignUp>(b" {\"loginId\":\"\xed\x83\x80\"}\n ").expect("it fits");
}

#[test]
fn every_fault_names_its_field() {
    for (body, field, code) in [
        ("{}", "loginId", "required"),
        (r#"{"loginId":5}"#, "loginId", "wrong_type"),
        (r#"{"loginId":null}"#, "loginId", "wrong_type"),
        (r#"{"loginId":"a","loginId":"b"}"#, "loginId", "repeated"),
        (r#"{"loginId":"a","age":"30"}"#, "age", "wrong_type"),
        (r#"{"loginId":"a","age":300}"#, "age", "wrong_type"),
        (r#"{"loginId":"a","age":-1}"#, "age", "wrong_type"),
        (r#"{"loginId":"a","role":"admin"}"#, "role", "unknown_field"),
        (r#"{"loginId":"a","consents":{}}"#, "consents", "wrong_type"),
        (
            r#"{"loginId":"a","consents":[{"given":true}]}"#,
            "consents[0].kind",
            "required",
        ),
        (
            r#"{"loginId":"a","consents":[{"kind":"a","given":"expected a string"}]}"#,
            "consents[0].given",
            "wrong_type",
        ),
        (
            r#"{"loginId":"a","consents":[{"kind":"a","given":true,"x":1}]}"#,
            "consents[0].x",
            "unknown_field",
        ),
        (
            r#"{"loginId":"a","purpose":"other"}"#,
            "purpose",
            "not_one_of",
        ),
        ("[]", "body", "wrong_type"),
        (r#" ["kim", 30]"#, "body", "wrong_type"),
        ("null", "body", "wrong_type"),
        ("\"text\"", "body", "wrong_type"),
    ] {
        let found = faults(body);
        assert_eq!(found, [(field.to_owned(), code.to_owned())], "{body}");
    }
    let all = faults(r#"{"one":1,"two":2,"loginId":5}"#);
    let fields: Vec<_> = all.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(fields, ["one", "two", "loginId"]);
}

#[test]
fn what_is_no_json_is_400_and_says_where() {
    let deep = format!("{{\"x\":{}", "[".repeat(100_000));
    for body in [
        "",
        "{",
        "{\"loginId\":\"a\"} x",
        "{'loginId':1}",
        "\u{feff}{}",
        "NaN",
        &deep,
    ] {
        let problem = parse::<SignUp>(body.as_bytes()).expect_err("not JSON");
        assert_eq!(problem.status_code(), StatusCode::BAD_REQUEST);
    }
    let problem = parse::<SignUp>(b"{\"loginId\":\"\xff\"}").expect_err("not UTF-8");
    assert_eq!(problem.status_code(), StatusCode::BAD_REQUEST);
}

/// A value that doesn't fit may be a password.
#[test]
fn no_answer_repeats_a_value() {
    for body in [
        r#"{"loginId":["s3cret-value"]}"#,
        r#"{"loginId":"a","age":"s3cret-value"}"#,
        r#"{"loginId":"a","purpose":"s3cret-value"}"#,
        r#"{"loginId":"a","other":"s3cret-value"}"#,
        r#"{"loginId":"s3cret-value"#,
        r#""s3cret-value""#,
    ] {
        let problem: Problem = parse::<SignUp>(body.as_bytes()).expect_err(body);
        for language in [Language::Korean, Language::English] {
            let text = problem.to_document(language, None).to_json().to_string();
            assert!(!text.contains("s3cret"), "{text}");
        }
    }
}

#[test]
fn an_answer_stays_small() {
    let many: Vec<_> = (0..1_000)
        .map(|at| format!("\"{}{at}\":1", "x".repeat(500)))
        .collect();
    let found = faults(&format!("{{\"loginId\":\"a\",{}}}", many.join(",")));
    assert_eq!(found.len(), 20);
    assert!(found.iter().all(|(field, _)| field.len() <= 80));
}

#[test]
fn only_json_in_utf8_is_a_body() {
    for (kind, encoding, taken) in [
        (Some("application/json"), None, true),
        (Some("Application/JSON; charset=UTF-8"), None, true),
        (Some("application/json;charset=\"utf-8\""), None, true),
        (Some("application/json"), Some("identity"), true),
        (Some("application/json"), Some("gzip"), false),
        (Some("application/json; charset=euc-kr"), None, false),
        (Some("application/problem+json"), None, false),
        // What a form of another site can send without asking first.
        (Some("text/plain"), None, false),
        (Some("application/x-www-form-urlencoded"), None, false),
        (Some("multipart/form-data; boundary=x"), None, false),
        (None, None, false),
    ] {
        let mut headers = HeaderMap::new();
        let mut set = |name, value: Option<&'static str>| {
            if let Some(value) = value {
                headers.append(name, HeaderValue::from_static(value));
            }
        };
        set(CONTENT_TYPE, kind);
        set(CONTENT_ENCODING, encoding);
        assert_eq!(check_type(&headers).is_ok(), taken, "{kind:?} {encoding:?}");
    }
    let twice = TestRequest::default()
        .append_header(("content-type", "application/json"))
        .append_header(("content-type", "text/plain"))
        .to_http_request();
    assert!(check_type(twice.headers()).is_err());
}
