//! `ETag`, HEAD, compression, and the headers that browsers heed.

use reqwest::Method;

use crate::support::{TestApp, sample};

const READS: [&str; 10] = [
    "/api/v1/medicines?query=%ED%83%80%EC%9D%B4%EB%A0%88%EB%86%80",
    "/api/v1/medicines/suggest?query=a",
    "/api/v1/medicine-types",
    "/api/v1/medicines/202106092",
    "/api/v1/medicines/202106092/composition",
    "/api/v1/medicines/compare?ids=202106092,197900277",
    "/api/v1/ingredients/1",
    "/api/v1/ingredients/1/medicines",
    "/",
    "/api-docs/openapi.json",
];

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_is_not_sent_again() {
    let app = TestApp::start().await;
    for path in READS {
        let first = app.get(path).await;
        assert_eq!(first.status, 200, "{path}: {}", first.text);
        let tag = first.header("etag").to_owned();
        assert!(tag.starts_with("W/\""), "{path}");
        assert!(
            first
                .header("cache-control")
                .starts_with("public, max-age="),
            "{path}"
        );
        for name in [
            "Authorization",
            "Cookie",
            "Accept-Language",
            "Accept-Encoding",
        ] {
            assert!(first.header("vary").contains(name), "{path}: {name}");
        }
        let again = app
            .request(Method::GET, path)
            .header("if-none-match", format!("\"other\", {tag}"));
        let again = app.send(again).await;
        assert_eq!(
            (again.status.as_u16(), again.text.as_str()),
            (304, ""),
            "{path}"
        );
        assert_eq!(again.header("etag"), tag);
        let other = app
            .request(Method::GET, path)
            .header("if-none-match", "W/\"other\"");
        assert_eq!(app.send(other).await.status, 200);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn head_is_get_without_a_body() {
    let app = TestApp::start().await;
    for path in READS
        .into_iter()
        .chain(["/swagger-ui/", "/assets/old/css/base.css"])
    {
        let get = app.get(path).await;
        let head = app.send(app.request(Method::HEAD, path)).await;
        assert_eq!(
            (head.status, head.text.as_str()),
            (get.status, ""),
            "{path}"
        );
        for name in ["etag", "content-type", "cache-control"] {
            assert_eq!(head.header(name), get.header(name), "{path}: {name}");
        }
    }
    let gone = app.send(app.request(Method::HEAD, "/nothing")).await;
    assert_eq!((gone.status.as_u16(), gone.text.as_str()), (404, ""));
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_are_compressed_and_keep_their_tag() {
    let app = TestApp::start().await;
    let path = format!("/api/v1/medicines/{}", sample::TYLENOL);
    let plain = app.get(&path).await;
    for encoding in ["br", "gzip"] {
        let client = reqwest::Client::builder()
            .no_proxy()
            .no_gzip()
            .build()
            .unwrap();
        let request = client
            .get(format!("{}{path}", app.base))
            .header("accept-encoding", encoding);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.headers()["content-encoding"], encoding);
        assert_eq!(
            answer.headers()["etag"].to_str().unwrap(),
            plain.header("etag")
        );
        assert!(answer.bytes().await.unwrap().len() < plain.text.len());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_what_they_may() {
    let app = TestApp::start().await;
    for path in ["/", "/api/v1/medicine-types", "/nothing", "/swagger-ui/"] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer");
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'")
        );
    }
    let home = app.get("/").await;
    assert!(home.text.contains("/swagger-ui/") && home.text.contains("lang=\"ko\""));
    assert_eq!(
        app.get("/swagger-ui").await.header("location"),
        "/swagger-ui/"
    );
    assert!(
        app.get("/swagger-ui/")
            .await
            .text
            .contains("swagger-initializer.js")
    );
    assert!(
        app.get("/swagger-ui/swagger-initializer.js")
            .await
            .text
            .contains("/api-docs/openapi.json")
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn only_allowed_origins_may_read() {
    let allowed = "https://front.example";
    let pool = crate::db_support::TestDb::sqlite().pool();
    let app = TestApp::on(pool, &[("CORS_ALLOWED_ORIGINS", allowed)]);
    let ask = |method: Method, origin: &'static str| {
        let request = app
            .request(method, "/api-docs/openapi.json")
            .header("origin", origin);
        app.send(request.header("access-control-request-method", "GET"))
    };
    let read = ask(Method::GET, "https://front.example").await;
    assert_eq!(read.header("access-control-allow-origin"), allowed);
    let preflight = ask(Method::OPTIONS, "https://front.example").await;
    assert_eq!(preflight.status, 204);
    assert!(
        preflight
            .header("access-control-allow-methods")
            .contains("GET")
    );
    for other in [
        "https://evil.example",
        "null",
        "https://front.example.evil.example",
    ] {
        let read = ask(Method::GET, other).await;
        assert!(read.headers.get("access-control-allow-origin").is_none());
        let vary: Vec<_> = read.headers.get_all("vary").iter().collect();
        assert!(vary.iter().any(|value| *value == "Origin"));
        ask(Method::OPTIONS, other)
            .await
            .assert_problem(405, "method_not_allowed");
    }
}
