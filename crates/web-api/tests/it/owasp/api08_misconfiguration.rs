//! API8:2023 Security Misconfiguration: missing headers, open origins, chatty errors, forgotten files.

use reqwest::{Method, StatusCode};

use crate::support::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_is_careful_and_no_error_is_chatty() {
    let app = TestApp::start().await;
    for path in [
        "/",
        "/api/v1/medicines",
        "/api/v1/medicines/nonsense",
        "/api/v1/me",
        "/api-docs/openapi.json",
        "/nothing",
        "/profile-images/none.jpg",
    ] {
        let answer = app.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        let policy = answer.header("content-security-policy");
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        assert!(!policy.contains("unsafe-eval"), "{path}: {policy}");
        for name in ["server", "x-powered-by", "access-control-allow-origin"] {
            assert!(!answer.headers.contains_key(name), "{path}: {name}");
        }
    }
    // Pages of strangers read nothing, whatever they call themselves.
    for origin in ["https://evil.example", "null", "*", ""] {
        for method in [Method::GET, Method::OPTIONS] {
            let request = app.request(method, "/api/v1/medicines");
            let request = request
                .header("origin", origin)
                .header("access-control-request-method", "GET");
            let answer = app.send(request).await;
            let allowed = answer.headers.get("access-control-allow-origin");
            assert!(allowed.is_none(), "{origin}: {allowed:?}");
        }
    }
    // What operators see isn't on this port, and no file is but those of the page.
    for path in [
        "/metrics",
        "/livez",
        "/readyz",
        "/_control/health",
        "/.env",
        "/.git/config",
        "/data/keys/index.key",
        "/assets/0123456789abcdef/../../Cargo.toml",
        "/assets/0123456789abcdef/..%2f..%2fshell.html",
        "/swagger-ui/..%2f..%2fetc%2fpasswd",
        "/%2e%2e/%2e%2e/etc/passwd",
    ] {
        let request = app
            .request(Method::GET, path)
            .header("accept", "application/json");
        let answer = app.send(request).await;
        assert_eq!(
            answer.status,
            StatusCode::NOT_FOUND,
            "{path}: {}",
            answer.text
        );
    }
    for method in ["TRACE", "CONNECT", "DEBUG", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let answer = app
            .send(app.request(method.clone(), "/api/v1/medicines"))
            .await;
        assert!(
            answer.status.is_client_error(),
            "{method}: {}",
            answer.status
        );
    }
    // Broken input is answered in our words: no type, no file, no query of the database.
    for body in ["{", "{\"a\": 1e999999}", "\u{0}", "[[[["] {
        let request = app.request(Method::POST, "/api/v1/auth/sessions");
        let request = request.header("content-type", "application/json");
        let answer = app.send(request.body(body)).await;
        assert!(answer.status.is_client_error());
        for word in [
            ".rs", "serde", "panicked", "SELECT", "sqlite", "diesel", "actix",
        ] {
            assert!(!answer.text.contains(word), "{word}: {}", answer.text);
        }
    }
    app.stop().await;
}
