//! What stands before the calls of accounts: budgets, pages of other origins, TLS, cookies.

use reqwest::{Method, StatusCode};
use serde_json::json;
use web_api::access::Level;

use crate::db_support::TestDb;
use crate::support::{Answer, TestApp};

const BASE: &str = "/api/v1";
const FRONT: &str = "https://front.example";

async fn app(settings: &[(&str, &str)]) -> (TestApp, TestDb) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let db = TestDb::sqlite();
    let app = TestApp::on(db.migrated().await, settings);
    (app, db)
}

async fn sign_in(app: &TestApp, headers: &[(&str, &str)]) -> Answer {
    let request = app.request(Method::POST, &format!("{BASE}/auth/sessions"));
    let request = request.json(&json!({"loginId": "nobody1", "password": "wrong-password-1"}));
    let request = headers.iter().fold(request, |request, (name, value)| {
        request.header(*name, *value)
    });
    app.send(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_accounts_tells_its_budget() {
    let (app, _db) = app(&[("RATE_LIMITS", "on")]).await;
    for (method, path, budget) in [
        (Method::POST, "/auth/phone-verifications", "30"),
        (Method::POST, "/auth/phone-verifications/1/confirm", "60"),
        (Method::POST, "/users", "60"),
        (Method::GET, "/users/availability?loginId=haneul7", "60"),
        (Method::POST, "/auth/sessions", "60"),
        (Method::POST, "/auth/sessions/refresh", "300"),
        (Method::GET, "/auth/sessions", "1200"),
        (Method::DELETE, "/auth/sessions", "300"),
        (Method::DELETE, "/auth/sessions/current", "300"),
        (Method::DELETE, "/auth/sessions/1", "300"),
        (Method::GET, "/me", "1200"),
        (Method::PATCH, "/me", "300"),
        (Method::PUT, "/me/password", "60"),
        (Method::GET, "/me/consents", "1200"),
        (Method::PUT, "/me/consents/terms", "300"),
    ] {
        let answer = app
            .send(app.request(method.clone(), &format!("{BASE}{path}")))
            .await;
        assert_eq!(answer.header("ratelimit-limit"), budget, "{method} {path}");
        for name in ["ratelimit-remaining", "ratelimit-reset"] {
            let number = answer.header(name).parse::<u64>();
            assert!(number.is_ok(), "{method} {path}: {name}");
        }
        assert!(
            answer.header("ratelimit-policy").starts_with(budget),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_guesses_is_stopped_by_his_address() {
    let settings = [
        ("RATE_LIMITS", "on"),
        ("RATE_LIMIT_SIGN_IN", "3/hour"),
        ("RATE_LIMIT_SMS", "2/hour"),
        ("TRUSTED_PROXIES", "127.0.0.0/8"),
    ];
    let (app, _db) = app(&settings).await;
    let from = ("x-forwarded-for", "203.0.113.5");
    for _ in 0..3 {
        let answer = sign_in(&app, &[from]).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.text);
    }
    // To be somebody else each time doesn't help: this class counts by address.
    for token in ["member-1", "member-2"] {
        let bearer = format!("Bearer {token}");
        let refused = sign_in(&app, &[from, ("authorization", &bearer)]).await;
        refused.assert_problem(429, "rate_limited");
        assert_eq!(refused.header("ratelimit-remaining"), "0");
        let wait: u64 = refused.header("retry-after").parse().unwrap();
        assert!((1..=1_200).contains(&wait), "{wait}");
    }
    let other = sign_in(&app, &[("x-forwarded-for", "203.0.113.6")]).await;
    assert_eq!(other.status, StatusCode::UNAUTHORIZED, "{}", other.text);

    // Messages have a budget of their own, which is spent before any number is looked at.
    let ask = || {
        let path = format!("{BASE}/auth/phone-verifications");
        let request = app.request(Method::POST, &path).header(from.0, from.1);
        app.send(request.json(&json!({"phoneNumber": "1", "purpose": "signUp"})))
    };
    for _ in 0..2 {
        ask().await.assert_problem(422, "validation_failed");
    }
    let refused = ask().await;
    refused.assert_problem(429, "rate_limited");
    let wait: u64 = refused.header("retry-after").parse().unwrap();
    assert!((1..=1_800).contains(&wait), "{wait}");
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_the_list_alone_read_answers_of_accounts() {
    let (app, _db) = app(&[("CORS_ALLOWED_ORIGINS", FRONT)]).await;
    let preflight = |origin: &'static str| {
        let path = format!("{BASE}/auth/sessions/refresh");
        let request = app.request(Method::OPTIONS, &path).header("origin", origin);
        let request = request.header("access-control-request-method", "POST");
        app.send(request.header(
            "access-control-request-headers",
            "authorization,content-type,x-refresh-transport",
        ))
    };
    let allowed = preflight(FRONT).await;
    assert_eq!(allowed.status, StatusCode::NO_CONTENT);
    assert_eq!(allowed.header("access-control-allow-origin"), FRONT);
    assert_eq!(allowed.header("access-control-allow-credentials"), "true");
    assert!(
        allowed
            .header("access-control-allow-methods")
            .contains("POST")
    );
    for name in ["authorization", "content-type", "x-refresh-transport"] {
        let names = allowed.header("access-control-allow-headers");
        assert!(names.split(", ").any(|one| one == name), "{name}");
    }
    for origin in [
        "https://evil.example",
        "null",
        "https://front.example.evil.example",
    ] {
        let refused = preflight(origin).await;
        refused.assert_problem(405, "method_not_allowed");
        assert!(refused.headers.get("access-control-allow-origin").is_none());
        let unread = sign_in(&app, &[("origin", origin)]).await;
        assert!(unread.headers.get("access-control-allow-origin").is_none());
        assert!(
            unread
                .headers
                .get("access-control-allow-credentials")
                .is_none()
        );
    }
    let read = sign_in(&app, &[("origin", FRONT)]).await;
    assert_eq!(read.header("access-control-allow-origin"), FRONT);
    let exposed = read.header("access-control-expose-headers");
    assert!(exposed.contains("retry-after") && exposed.contains("ratelimit-remaining"));
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_to_stay_with_tls() {
    let (proxied, _db) = app(&[("TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    let secure = [("x-forwarded-proto", "https")];
    let strict = "strict-transport-security";
    let told = sign_in(&proxied, &secure).await;
    assert_eq!(told.header(strict), "max-age=31536000");
    assert!(sign_in(&proxied, &[]).await.headers.get(strict).is_none());
    // Nobody is trusted: whoever asks may write what he likes.
    let (bare, _db) = app(&[]).await;
    assert!(sign_in(&bare, &secure).await.headers.get(strict).is_none());
    let (always, _db) = app(&[("HSTS", "always")]).await;
    let told = sign_in(&always, &[]).await;
    assert_eq!(told.header(strict), "max-age=31536000");
    let (off, _db) = app(&[("HSTS", "off"), ("TRUSTED_PROXIES", "127.0.0.0/8")]).await;
    assert!(sign_in(&off, &secure).await.headers.get(strict).is_none());
}

/// Whatever of accounts changes something: not with a cookie from a page that isn't ours.
#[tokio::test(flavor = "multi_thread")]
async fn cookies_of_other_pages_change_nothing() {
    let (app, _db) = app(&[("CORS_ALLOWED_ORIGINS", FRONT)]).await;
    let own = app.base.clone();
    let cookie = "__Secure-refresh=a";
    for route in web_api::access::declared() {
        let reads = ["GET", "HEAD"].contains(&route.method);
        // Another service signs what it sends; browsers don't go there.
        if reads || !route.path.starts_with(BASE) || route.access.level == Level::Internal {
            continue;
        }
        let parts = route.path.split('/');
        let parts = parts.map(|part| if part.starts_with('{') { "1" } else { part });
        let path = parts.collect::<Vec<_>>().join("/");
        let ask = |headers: &[(&str, &str)]| {
            let method: Method = route.method.parse().unwrap();
            let request = app.request(method, &path).header("cookie", cookie);
            app.send(headers.iter().fold(request, |request, (name, value)| {
                request.header(*name, *value)
            }))
        };
        for foreign in [
            [("origin", "https://evil.example")],
            [("origin", "null")],
            [("sec-fetch-site", "cross-site")],
            [("referer", FRONT)],
        ] {
            let refused = ask(&foreign).await;
            refused.assert_problem(403, "cross_site_request");
        }
        for known in [
            ("origin", FRONT),
            ("origin", &own),
            ("sec-fetch-site", "same-origin"),
        ] {
            let answer = ask(&[known]).await;
            assert!(!answer.text.contains("cross_site_request"), "{path}");
        }
    }
}
