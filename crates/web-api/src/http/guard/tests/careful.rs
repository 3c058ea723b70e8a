//! What browsers and bodies may do.

use super::{client, code, header, send, start};

#[tokio::test(flavor = "multi_thread")]
async fn cookies_need_a_page_of_ours() {
    let (base, http) = (start("10000/minute"), client());
    let post = |headers: &[(&'static str, &'static str)]| {
        let request = http.post(format!("{base}/notes")).body("{\"text\":\"a\"}");
        let request = request.header("content-type", "application/json");
        send(headers.iter().fold(request, |request, (name, value)| {
            request.header(*name, *value)
        }))
    };
    assert_eq!(post(&[]).await.status(), 200);
    let cookie = ("cookie", "refresh=1");
    let refused = post(&[cookie, ("origin", "https://evil.example")]).await;
    assert_eq!(refused.status(), 403);
    assert_eq!(header(&refused, "access-control-allow-origin"), "");
    assert_eq!(header(&refused, "access-control-allow-credentials"), "");
    assert_eq!(code(refused).await, "cross_site_request");
    assert_eq!(post(&[cookie]).await.status(), 403);
    let allowed = post(&[cookie, ("origin", "https://front.example")]).await;
    assert_eq!(allowed.status(), 200);
    assert_eq!(
        header(&allowed, "access-control-allow-origin"),
        "https://front.example"
    );
    assert_eq!(header(&allowed, "access-control-allow-credentials"), "true");
    let vary = allowed.headers().get_all("vary");
    assert!(vary.iter().any(|value| value == "Origin"));
    assert_eq!(
        post(&[cookie, ("sec-fetch-site", "same-origin")])
            .await
            .status(),
        200
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_are_read_strictly() {
    let (base, http) = (start("10000/minute"), client());
    let post = |kind: &'static str, body: reqwest::Body| {
        let request = http.post(format!("{base}/notes")).body(body);
        send(request.header("content-type", kind))
    };
    let json = "application/json";
    assert_eq!(
        post(json, "{\"text\":\"알약\"}".into())
            .await
            .text()
            .await
            .expect("text"),
        "알약"
    );
    for (kind, body, status, expected) in [
        (
            "text/plain",
            "{\"text\":\"a\"}",
            415,
            "unsupported_media_type",
        ),
        (json, "{\"text\":", 400, "invalid_json"),
        (json, "{\"text\":5}", 422, "validation_failed"),
        (
            json,
            "{\"text\":\"a\",\"isAdmin\":true}",
            422,
            "validation_failed",
        ),
    ] {
        let response = post(kind, body.into()).await;
        assert_eq!(response.status(), status, "{body}");
        assert_eq!(code(response).await, expected, "{body}");
    }
    // In chunks, so that no length is announced.
    let chunks =
        futures_util::stream::iter((0..50).map(|_| Ok::<_, std::io::Error>("x".repeat(100))));
    let response = post(json, reqwest::Body::wrap_stream(chunks)).await;
    assert_eq!(response.status(), 413);
    assert_eq!(code(response).await, "payload_too_large");
}

#[tokio::test(flavor = "multi_thread")]
async fn headers_keep_browsers_careful() {
    let (base, http) = (start("10000/minute"), client());
    for path in ["/open", "/nowhere", "/mine"] {
        let plain = send(http.get(format!("{base}{path}"))).await;
        assert_eq!(header(&plain, "strict-transport-security"), "");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"),
            ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            (
                "content-security-policy",
                "default-src 'none'; frame-ancestors 'none'",
            ),
        ] {
            assert_eq!(header(&plain, name), value, "{path}");
        }
        assert!(
            header(&plain, "permissions-policy").contains("camera=()"),
            "{path}"
        );
        let secure = http
            .get(format!("{base}{path}"))
            .header("x-forwarded-proto", "https");
        let secure = send(secure).await;
        assert_eq!(
            header(&secure, "strict-transport-security"),
            "max-age=31536000",
            "{path}"
        );
    }
}
