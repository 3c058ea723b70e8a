//! What people entrust to us stands in no log, no metric and no error: secrets, codes, tokens, numbers
//! and addresses, sent through every input of every call to the real binary, which logs all it can.

mod subject;
mod walk;

use reqwest::{Method, StatusCode};
use serde_json::Value;

use crate::db_support::on_both;
use subject::Subject;
use walk::{Call, calls};

/// Stands in everything that this test makes up, so that one search finds all of it.
pub(crate) const MARK: &str = "leakcanary";
/// Stands in names of fields and parameters: an answer has to say which one is wrong, a log hasn't.
pub(crate) const NAME_MARK: &str = "namecanary";
/// Somebody's number as it is typed; below as it may be written elsewhere.
pub(crate) const PHONE: &str = "010-9753-8642";
const PHONE_FORMS: [&str; 3] = ["97538642", "9753-8642", "9753 8642"];
pub(crate) const EMAIL: &str = "leakcanary.mail@example.com";
const MEMBERS_PHONE: &str = "010-8642-7531";
const MEMBERS_PHONE_FORMS: [&str; 3] = ["86427531", "8642-7531", "8642 7531"];
pub(crate) const PASSWORD: &str = "leakcanary-password-1";
const NEXT_PASSWORD: &str = "leakcanary-password-2";
const LOGIN_ID: &str = "haneul7";

/// Where `needle` stands as a word of its own. Six digits stand in many a number.
fn stands_alone(text: &str, needle: &str) -> bool {
    text.match_indices(needle).any(|(at, _)| {
        let (before, rest) = text.split_at(at);
        let before = before.chars().next_back();
        let after = rest.strip_prefix(needle).unwrap().chars().next();
        !before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | ':'))
            && !after.is_some_and(|c| c.is_ascii_alphanumeric())
    })
}

/// What of a text must not be where everybody reads.
fn leaks(subject: &Subject, text: &str) -> Vec<String> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    let fixed = [MARK]
        .into_iter()
        .chain(PHONE_FORMS)
        .chain(MEMBERS_PHONE_FORMS);
    found.extend(fixed.filter(|form| lower.contains(form)).map(str::to_owned));
    for (what, secret) in &subject.given {
        let parts: Vec<&str> = match secret.split('.').collect::<Vec<_>>()[..] {
            // The header of a token says nothing of anybody.
            [_, payload, signature] => vec![payload, signature],
            _ => vec![secret],
        };
        let leaked = if what == "code" {
            stands_alone(text, secret)
        } else {
            parts.iter().any(|part| text.contains(part))
        };
        found.extend(leaked.then(|| what.clone()));
    }
    found
}

/// The line, or the piece of a long one, with what was found.
fn place(text: &str, needle: &str) -> String {
    let lower = text.to_lowercase();
    let line = lower.lines().find(|line| line.contains(needle));
    line.unwrap_or("(another form)")
        .chars()
        .take(2_000)
        .collect()
}

on_both!(nothing_entrusted_is_written_anywhere, |db| async move {
    let mut subject = Subject::on(&db).await;
    subject.live().await;
    let (status, document) = subject
        .ask(&Call::new(Method::GET, "/api-docs/openapi.json"))
        .await;
    assert_eq!(status, StatusCode::OK);
    let document: Value = serde_json::from_str(&document).unwrap();
    let all = calls(&document);
    let operations = document["paths"].as_object().unwrap().values();
    let operations: usize = operations.map(|item| item.as_object().unwrap().len()).sum();
    assert!(operations >= 24, "{operations}");
    for (index, operation) in all.iter().enumerate() {
        // Of its own, because some of the calls end it.
        let signed = subject.sign_in(NEXT_PASSWORD).await;
        let token = signed["accessToken"].as_str().unwrap().to_owned();
        let mut statuses = Vec::new();
        for call in operation {
            for bearer in ["", &token] {
                let mut call = call.clone();
                if !bearer.is_empty() {
                    call.set("authorization", format!("Bearer {bearer}"));
                }
                let (status, text) = subject.ask(&call).await;
                assert!(!status.is_server_error(), "{call}: {status} {text}");
                statuses.push(status);
            }
        }
        let refused = statuses.iter().filter(|status| status.is_client_error());
        assert!(
            refused.count() > 0,
            "nothing of operation {index} is refused"
        );
    }
    assert_eq!(all.len(), operations);
    assert!(subject.asked > operations * 20, "{}", subject.asked);

    for (call, error) in &subject.errors {
        assert_eq!(leaks(&subject, error), [""; 0], "{call} is told {error}");
    }
    for (place_of, text) in subject.written() {
        assert!(!text.contains(NAME_MARK), "{place_of} names fields");
        let found = leaks(&subject, &text);
        let lines: Vec<String> = found.iter().map(|one| place(&text, one)).collect();
        assert!(found.is_empty(), "{found:?} in {place_of}: {lines:#?}");
    }
    // That a search would have found something: the number of requests, and a route, are there.
    let log = subject.server.log();
    assert!(log.matches("\"route\":\"/api/v1/").count() > operations * 10);
});

#[test]
fn a_leak_would_be_found() {
    for (text, expected) in [
        ("code 048213 sent", true),
        ("{\"code\":\"048213\"}", true),
        ("12:00:00.048213Z", false),
        ("1048213", false),
        ("a048213", false),
        ("took:048213", false),
    ] {
        assert_eq!(stands_alone(text, "048213"), expected, "{text}");
    }
    assert!(place("a\nb LeakCanary\nc", MARK).contains("b leakcanary"));
}
