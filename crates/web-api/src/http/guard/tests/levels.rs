//! Who is let in.

use actix_web::http::Method;

use super::{client, code, header, send, start};

const PERSONAS: [&str; 9] = [
    "",
    "member-1",
    "member-2",
    "suspended-3",
    "counsellor-4",
    "counsellor-2fa-4",
    "admin-5",
    "admin-2fa-5",
    "nonsense",
];

const LEVELS: [(&str, [u16; 9]); 11] = [
    ("/open", [200, 200, 200, 200, 200, 200, 200, 200, 401]),
    ("/mine", [401, 200, 200, 403, 200, 200, 200, 200, 401]),
    ("/export", [401, 200, 200, 200, 200, 200, 200, 200, 401]),
    ("/counsel", [401, 403, 403, 403, 403, 200, 403, 403, 401]),
    ("/admin", [401, 403, 403, 403, 403, 403, 403, 200, 401]),
    (
        "/things/secret",
        [401, 403, 403, 403, 403, 403, 403, 200, 401],
    ),
    // The same address, written otherwise: the router decodes it.
    (
        "/things/%73ecret",
        [401, 403, 403, 403, 403, 403, 403, 200, 401],
    ),
    (
        "/things/other",
        [200, 200, 200, 200, 200, 200, 200, 200, 401],
    ),
    ("/forgotten", [404; 9]),
    ("/%66orgotten", [404; 9]),
    ("/nowhere", [404; 9]),
];

#[tokio::test(flavor = "multi_thread")]
async fn every_level_over_http() {
    let (base, http) = (start("10000/minute"), client());
    for (path, expected) in LEVELS {
        for (persona, expected) in PERSONAS.iter().zip(expected) {
            for method in [Method::GET, Method::HEAD] {
                let mut request = http.request(
                    method.as_str().parse().expect("a method"),
                    format!("{base}{path}"),
                );
                if !persona.is_empty() {
                    request = request.bearer_auth(persona);
                }
                let response = send(request).await;
                let status = response.status().as_u16();
                assert_eq!(status, expected, "{method} {path} as {persona:?}");
                let challenge = header(&response, "www-authenticate");
                match (status, *persona) {
                    (401, "nonsense") => assert_eq!(
                        challenge,
                        "Bearer realm=\"pillnuts\", error=\"invalid_token\""
                    ),
                    (401, _) => assert_eq!(challenge, "Bearer realm=\"pillnuts\""),
                    _ => assert_eq!(challenge, ""),
                }
            }
        }
    }
    let get = |path: &str, token: &str| send(http.get(format!("{base}{path}")).bearer_auth(token));
    assert_eq!(
        code(get("/mine", "suspended-3").await).await,
        "account_suspended"
    );
    assert_eq!(
        code(get("/admin", "admin-5").await).await,
        "second_factor_required"
    );
    assert_eq!(code(get("/open", "nonsense").await).await, "invalid_token");
    assert_eq!(
        get("/mine", "member-2").await.text().await.expect("text"),
        "2"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_to_members_are_theirs_alone() {
    let (base, http) = (start("10000/minute"), client());
    let public = send(http.get(format!("{base}/open"))).await;
    assert_eq!(header(&public, "cache-control"), "public, max-age=60");
    let member = send(http.get(format!("{base}/open")).bearer_auth("member-1")).await;
    assert_eq!(header(&member, "cache-control"), "private, no-cache");
    let mine = send(http.get(format!("{base}/mine")).bearer_auth("member-1")).await;
    assert_eq!(header(&mine, "cache-control"), "no-store");
    let refused = send(http.get(format!("{base}/admin")).bearer_auth("member-1")).await;
    assert_eq!(header(&refused, "cache-control"), "no-store");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_methods_and_other_services() {
    let (base, http) = (start("10000/minute"), client());
    let put = send(http.put(format!("{base}/notes"))).await;
    assert_eq!(
        (put.status().as_u16(), header(&put, "allow")),
        (405, "POST")
    );
    let delete = send(http.delete(format!("{base}/mine"))).await;
    assert_eq!(
        (delete.status().as_u16(), header(&delete, "allow")),
        (405, "GET, HEAD")
    );
    // Its handler reads the header in its own way, and browsers' rules are not for it.
    let hook = http.post(format!("{base}/hook")).bearer_auth("nonsense");
    assert_eq!(send(hook.header("cookie", "a=b")).await.status(), 200);
}
