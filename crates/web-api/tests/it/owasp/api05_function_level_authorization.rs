//! API5:2023 Broken Function Level Authorization: calls of another role, by whoever isn't in it.

use reqwest::{Method, StatusCode};
use serde_json::json;
use web_api::access::{Level, declared};

use crate::support::TestApp;

/// An address that a declaration may mean.
fn filled(path: &str) -> String {
    let mut url = String::new();
    for part in path.split('/').skip(1) {
        url.push('/');
        url.push_str(if part.starts_with('{') { "1" } else { part });
    }
    url
}

#[tokio::test(flavor = "multi_thread")]
async fn a_role_has_its_own_calls_and_no_others() {
    let app = TestApp::start().await;
    let asked = async |method: &str, path: &str, who: &str| {
        let method: Method = method.parse().unwrap();
        let mut request = app.request(method, &filled(path)).json(&json!({}));
        if !who.is_empty() {
            request = request.bearer_auth(who);
        }
        app.send(request).await.status
    };
    let mut guarded = 0;
    for route in declared() {
        let strangers: &[(&str, StatusCode)] = match route.access.level {
            Level::Public | Level::Internal => continue,
            Level::Member => &[("", StatusCode::UNAUTHORIZED)],
            Level::Counsellor => &[
                ("", StatusCode::UNAUTHORIZED),
                ("member-1", StatusCode::FORBIDDEN),
                // Who runs the service reads nobody's counselling.
                ("admin-5", StatusCode::FORBIDDEN),
            ],
            Level::Admin => &[
                ("", StatusCode::UNAUTHORIZED),
                ("member-1", StatusCode::FORBIDDEN),
                ("counsellor-4", StatusCode::FORBIDDEN),
                ("admin_without_second_factor-6", StatusCode::FORBIDDEN),
            ],
        };
        guarded += 1;
        for (who, status) in strangers {
            let found = asked(route.method, route.path, who).await;
            assert_eq!(found, *status, "{} {} as {who}", route.method, route.path);
        }
    }
    assert!(guarded >= 10, "{guarded}");
    // The methods that an address doesn't have, and the words that ask for another one.
    for method in ["PUT", "DELETE", "PATCH", "POST"] {
        let found = asked(method, "/api/v1/medicines", "member-1").await;
        assert_eq!(found, StatusCode::METHOD_NOT_ALLOWED, "{method}");
    }
    let request = app.request(Method::GET, "/api/v1/me");
    let request = request
        .bearer_auth("member-1")
        .header("x-http-method-override", "DELETE")
        .header("x-original-url", "/api/v1/admin/users");
    // The persona has no account: that it was a GET is what counts.
    let answer = app.send(request).await;
    answer.assert_problem(401, "invalid_token");
    for path in [
        "/api/v1/admin",
        "/api/v1/admin/",
        "/API/V1/ADMIN/users",
        "/api/v1//me",
    ] {
        let found = asked("GET", path, "member-1").await;
        assert_eq!(found, StatusCode::NOT_FOUND, "{path}");
    }
    app.stop().await;
}
