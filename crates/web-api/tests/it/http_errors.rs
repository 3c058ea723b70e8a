//! Whatever a client sends, the answer is a problem with a reason, and never a fault of ours.

use std::time::Duration;

use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::support::{Answer, TestApp};

#[tokio::test(flavor = "multi_thread")]
async fn what_benches_need_is_not_there_by_default() {
    let app = TestApp::start().await;
    let put = app.request(Method::PUT, "/bench/replay/1").body("{}");
    app.send(put).await.assert_problem(404, "not_found");
}

#[tokio::test(flavor = "multi_thread")]
async fn unknown_paths_and_wrong_methods() {
    let app = TestApp::start().await;
    for path in [
        "/nothing",
        "/api/v1",
        "/api/v2/medicines",
        "/api/v1/medicines/",
        "/swagger-ui/nothing.js",
    ] {
        app.get(path).await.assert_problem(404, "not_found");
    }
    for method in [
        Method::POST,
        Method::PUT,
        Method::PATCH,
        Method::DELETE,
        Method::TRACE,
    ] {
        for path in [
            "/api/v1/medicines",
            "/api/v1/medicines/1",
            "/",
            "/api-docs/openapi.json",
            "/swagger-ui/index.html",
        ] {
            let answer = app.send(app.request(method.clone(), path)).await;
            answer.assert_problem(405, "method_not_allowed");
            assert_eq!(answer.header("allow"), "GET, HEAD", "{method} {path}");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_nobody_asked_for() {
    let app = TestApp::start().await;
    let post = |body: String, kind: &'static str| {
        let request = app.request(Method::POST, "/api/v1/medicines");
        app.send(request.header("content-type", kind).body(body))
    };
    post("{broken".to_owned(), "application/json")
        .await
        .assert_problem(405, "method_not_allowed");
    post("<a/>".to_owned(), "text/xml")
        .await
        .assert_problem(405, "method_not_allowed");
    post("x".repeat(60_000), "application/json")
        .await
        .assert_problem(405, "method_not_allowed");
    for _ in 0..5 {
        let large = post("x".repeat(10_000_000), "application/json").await;
        let problem = large.assert_problem(413, "payload_too_large");
        assert!(problem["detail"].as_str().unwrap().contains("65536"));
    }
    let read = app
        .request(Method::GET, "/api/v1/medicines")
        .body("x".repeat(10_000_000));
    app.send(read)
        .await
        .assert_problem(413, "payload_too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn odd_bytes_in_addresses() {
    let app = TestApp::start().await;
    for text in ["%ff", "%c0%af", "%ed%a0%80", "%ed%83", "%", "%4", "%zz"] {
        for path in [
            format!("/api/v1/medicines?query={text}"),
            format!("/api/v1/medicines?{text}=1"),
            format!("/api/v1/medicines/suggest?query={text}"),
            format!("/api/v1/medicines/compare?ids={text}"),
            format!("/api/v1/medicines/{text}"),
            format!("/{text}"),
        ] {
            let answer = app.raw(&path).await;
            answer.assert_problem(400, "malformed_request");
        }
    }
    let nul = app.get("/api/v1/medicines?query=a%00b").await;
    let problem = nul.assert_problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["code"], "control_character");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_wrong_parameter_is_named_at_once() {
    let app = TestApp::start().await;
    let path = "/api/v1/medicines?pageSize=-1&page=99999999999&by=color&class=x&sort=&facets=a,b&excludeAllergens=yes&querry=1&page=2";
    let problem = app.get(path).await.assert_problem(422, "validation_failed");
    let errors: Vec<_> = problem["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["field"].as_str().unwrap(),
                error["code"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        errors,
        [
            ("querry", "unknown_parameter"),
            ("page", "repeated"),
            ("by", "not_one_of"),
            ("class", "not_one_of"),
            ("sort", "not_one_of"),
            ("facets", "not_one_of"),
            ("page", "out_of_range"),
            ("pageSize", "out_of_range"),
            ("excludeAllergens", "not_one_of"),
        ]
    );
    for (name, value) in [
        ("pageSize", "0"),
        ("pageSize", "101"),
        ("pageSize", "+5"),
        ("pageSize", "1.5"),
        ("pageSize", ""),
        ("page", "0"),
        ("page", "10001"),
        ("page", "abc"),
        ("query", ""),
        ("query", " ( ) "),
    ] {
        let request = app
            .request(Method::GET, "/api/v1/medicines")
            .query(&[(name, value)]);
        let problem = app
            .send(request)
            .await
            .assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], name, "{value}");
    }
    for id in ["abc", "0", "-1", "01", "1234567890123456789", "%E3%85%8B"] {
        let problem = app
            .get(&format!("/api/v1/medicines/{id}"))
            .await
            .assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["field"], "id");
    }
    app.get("/api/v1/medicines/999999999")
        .await
        .assert_problem(404, "medicine_not_found");
    app.get("/api/v1/medicines?excludeAllergens=true")
        .await
        .assert_problem(401, "unauthorized");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_queries_and_addresses() {
    let app = TestApp::start().await;
    let search = |characters: usize| {
        let query = "가".repeat(characters);
        app.send(
            app.request(Method::GET, "/api/v1/medicines")
                .query(&[("query", query)]),
        )
    };
    assert_eq!(search(100).await.status, 200);
    let problem = search(101).await.assert_problem(422, "validation_failed");
    assert_eq!(problem["errors"][0]["code"], "too_long");
    // 5,000 syllables are 45,000 bytes of an address.
    search(5_000).await.assert_problem(414, "uri_too_long");
    let ascii = format!("/api/v1/medicines?query={}", "a".repeat(5_000));
    app.get(&ascii)
        .await
        .assert_problem(422, "validation_failed");
    // What the parser itself can't hold has no body, but a status that says why.
    let huge = app.raw(&format!("/{}", "a".repeat(200_000))).await;
    assert!(
        [414, 431].contains(&huge.status.as_u16()),
        "{}",
        huge.status
    );
}

/// Some keyboards and file names write a syllable as two or three code points.
#[tokio::test(flavor = "multi_thread")]
async fn the_limit_counts_syllables_however_they_are_written() {
    let app = TestApp::start().await;
    for path in [
        "/api/v1/medicines",
        "/api/v1/medicines/suggest",
        "/api/v1/ingredients/suggest",
    ] {
        let ask = |syllables: usize| {
            let query = "\u{1112}\u{1161}\u{11ab}".repeat(syllables);
            app.send(app.request(Method::GET, path).query(&[("query", query)]))
        };
        assert_eq!(ask(100).await.status, 200, "{path}");
        let problem = ask(101).await.assert_problem(422, "validation_failed");
        assert_eq!(problem["errors"][0]["code"], "too_long");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn encodings_that_nobody_speaks_are_a_problem() {
    let app = TestApp::start().await;
    for (encoding, status) in [
        ("identity;q=0", 406),
        ("*;q=0", 406),
        ("br;q=0, gzip;q=0", 200),
        ("nonsense", 200),
        ("", 200),
    ] {
        let request = app.request(Method::GET, "/api/v1/medicine-types");
        let answer = app.send(request.header("accept-encoding", encoding)).await;
        assert_eq!(answer.status, status, "{encoding}");
        if status == 406 {
            answer.assert_problem(406, "not_acceptable");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_speak_korean_or_english() {
    let app = TestApp::start().await;
    let korean = app.get("/api/v1/medicines?pageSize=0").await;
    assert_eq!(korean.header("content-language"), "ko");
    let english = app.request(Method::GET, "/api/v1/medicines?pageSize=0");
    let english = app
        .send(english.header("accept-language", "en-GB,en;q=0.9"))
        .await;
    assert_eq!(english.header("content-language"), "en");
    insta::assert_json_snapshot!(
        [korean.json(), english.json()],
        { "[].requestId" => "[id]" },
        @r#"
        [
          {
            "code": "validation_failed",
            "detail": "입력값이 올바르지 않습니다. errors를 확인해 주세요.",
            "errors": [
              {
                "code": "out_of_range",
                "detail": "1부터 100까지의 정수여야 합니다.",
                "field": "pageSize"
              }
            ],
            "requestId": "[id]",
            "status": 422,
            "title": "입력값 오류",
            "type": "https://pillnuts.example/problems/validation_failed"
          },
          {
            "code": "validation_failed",
            "detail": "Some of the values you sent are not allowed. See errors.",
            "errors": [
              {
                "code": "out_of_range",
                "detail": "Expected a whole number from 1 to 100.",
                "field": "pageSize"
              }
            ],
            "requestId": "[id]",
            "status": 422,
            "title": "Validation failed",
            "type": "https://pillnuts.example/problems/validation_failed"
          }
        ]
        "#
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn request_ids_are_taken_over_where_they_are_harmless() {
    let app = TestApp::start().await;
    let send =
        |id: &'static str| app.send(app.request(Method::GET, "/x").header("x-request-id", id));
    let mine = "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e";
    assert_eq!(send(mine).await.header("x-request-id"), mine);
    for other in ["<script>", "010-9753-8642", "diabetes", "a-b-c-d-e-f-g-h"] {
        let replaced = send(other).await;
        assert_eq!(replaced.header("x-request-id").len(), 36);
    }
}

/// Any text as a query: answered with a list or a reason.
#[tokio::test(flavor = "multi_thread")]
async fn no_query_is_a_fault_of_ours() {
    let app = TestApp::start().await;
    let mut runner = TestRunner::deterministic();
    let strategy = (
        any::<String>(),
        any::<String>(),
        prop::collection::vec(any::<u8>(), 0..40),
    );
    for _ in 0..300 {
        let (query, other, bytes) = strategy.new_tree(&mut runner).unwrap().current();
        let escaped: String = bytes.iter().map(|byte| format!("%{byte:02x}")).collect();
        let path = format!("/api/v1/medicines?query={escaped}");
        let answers = [
            app.send(
                app.request(Method::GET, "/api/v1/medicines")
                    .query(&[("query", &query)]),
            )
            .await,
            app.send(
                app.request(Method::GET, "/api/v1/ingredients/suggest")
                    .query(&[("query", &query)]),
            )
            .await,
            app.send(
                app.request(Method::GET, "/api/v1/medicines")
                    .query(&[("by", query.as_str()), (other.as_str(), "1")]),
            )
            .await,
            app.get(&path).await,
        ];
        for answer in answers {
            assert!(
                [200, 400, 422].contains(&answer.status.as_u16()),
                "{query:?} {path}: {answer:?}"
            );
        }
    }
}

impl TestApp {
    /// A GET whose path goes out byte for byte.
    async fn raw(&self, path: &str) -> Answer {
        let address = self.base.strip_prefix("http://").unwrap();
        let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
        // The server may refuse before it has read everything.
        drop(stream.write_all(request.as_bytes()).await);
        let mut bytes = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut bytes));
        drop(read.await.unwrap());
        let text = String::from_utf8(bytes).unwrap();
        let (head, body) = text.split_once("\r\n\r\n").unwrap();
        let mut lines = head.lines();
        let status = lines
            .next()
            .unwrap()
            .split(' ')
            .nth(1)
            .unwrap()
            .parse()
            .unwrap();
        let headers = lines.map(|line| line.split_once(": ").unwrap());
        Answer {
            status,
            headers: headers
                .map(|(name, value)| {
                    (
                        name.parse::<reqwest::header::HeaderName>().unwrap(),
                        value.parse().unwrap(),
                    )
                })
                .collect(),
            text: body.to_owned(),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn errors_are_not_cached() {
    let app = TestApp::start().await;
    let gone = app.get("/api/v1/medicines/999999999").await;
    assert_eq!(gone.header("cache-control"), "no-store");
    assert!(gone.headers.get("etag").is_none());
}
