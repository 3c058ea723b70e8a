//! Who may call what: every route there is, as everybody there is. A route whose expectation isn't
//! written here fails the test, and so does an expectation whose route is gone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::Role;
use domain::clock::Clock;
use domain::token::{ACCESS_TOKEN_TYPE, TokenRules};
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use reqwest::Method;
use service_kit::token::{KeySet, TokenVerifier};
use web_api::access::{Access, NotBelieved, SignedTokens, TokenCheck as _, declared};

use crate::support::tokens::PERSONAS;
use crate::support::{TestApp, sample};

/// The status of each of [`PERSONAS`].
type Expected = [u16; 8];

/// Everybody reads it; only a token that is none is refused.
const PUBLIC: Expected = [200, 200, 200, 200, 200, 200, 200, 401];
/// Everybody is sent elsewhere.
const MOVED: Expected = [308, 308, 308, 308, 308, 308, 308, 401];

/// Whoever comes gets as far as the body, which isn't there.
const BODY_MISSING: Expected = [415, 415, 415, 415, 415, 415, 415, 401];
/// Members only; they get as far as the body.
const MEMBERS_BODY_MISSING: Expected = [401, 415, 415, 403, 415, 415, 415, 401];
/// The same, suspended or not.
const EVEN_SUSPENDED_BODY_MISSING: Expected = [401, 415, 415, 415, 415, 415, 415, 401];
/// Members only.
const MEMBERS: Expected = [401, 200, 200, 403, 200, 200, 200, 401];
/// The same, and nothing to say.
const MEMBERS_DONE: Expected = [401, 204, 204, 403, 204, 204, 204, 401];
/// Members only; they get as far as the id, which is none.
const MEMBERS_ODD_ID: Expected = [401, 422, 422, 403, 422, 422, 422, 401];
/// The same, suspended or not.
const EVEN_SUSPENDED_ODD_ID: Expected = [401, 422, 422, 422, 422, 422, 422, 401];
/// Members, suspended or not.
const EVEN_SUSPENDED: Expected = [401, 200, 200, 200, 200, 200, 200, 401];
/// The same, and nothing to say.
const DONE: Expected = [401, 204, 204, 204, 204, 204, 204, 401];
/// The same, of a session that nobody has.
const NO_SESSION: Expected = [401, 404, 404, 404, 404, 404, 404, 401];
/// Whoever comes isn't who was permitted.
const NOBODY: Expected = [403, 403, 403, 403, 403, 403, 403, 401];
/// Everybody may look, and nothing is there.
const NOTHING: Expected = [404, 404, 404, 404, 404, 404, 404, 401];

/// Nobody's receipt, whoever asks.
const UNKNOWN: Expected = [404, 404, 404, 404, 404, 404, 404, 401];
/// Admins with a second factor only.
const ADMINS: Expected = [401, 403, 403, 403, 403, 200, 403, 401];
/// The same; they get as far as the body.
const ADMINS_BODY_MISSING: Expected = [401, 403, 403, 403, 403, 415, 403, 401];
/// The same, of a member whom nobody knows.
const ADMINS_NOBODY: Expected = [401, 403, 403, 403, 403, 404, 403, 401];

/// The same, where nothing is wrong but that nothing is there.
const ADMINS_MISSING: Expected = ADMINS_NOBODY;

/// Nobody can sign in by other services here.
const NOT_OFFERED: Expected = [404, 404, 404, 404, 404, 404, 404, 401];
/// Members only; first they have to prove themselves.
const PROOF_NEEDED: Expected = [401, 403, 403, 403, 403, 403, 403, 401];
/// Only another service, which proves itself by something else than a member's token.
const ONLY_KAKAO: Expected = [401; 8];

fn account_expectations() -> Vec<(&'static str, &'static str, String, Expected)> {
    [
        ("POST", "/api/v1/auth/phone-verifications", BODY_MISSING),
        (
            "POST",
            "/api/v1/auth/phone-verifications/{id}/confirm",
            BODY_MISSING,
        ),
        ("POST", "/api/v1/users", BODY_MISSING),
        ("GET", "/api/v1/users/availability", PUBLIC),
        ("HEAD", "/api/v1/users/availability", PUBLIC),
        ("POST", "/api/v1/auth/sessions", BODY_MISSING),
        ("GET", "/api/v1/auth/sessions", EVEN_SUSPENDED),
        ("POST", "/api/v1/auth/sessions/refresh", BODY_MISSING),
        ("DELETE", "/api/v1/auth/sessions/{id}", NO_SESSION),
        ("DELETE", "/api/v1/auth/sessions/current", DONE),
        ("DELETE", "/api/v1/auth/sessions", DONE),
        ("POST", "/api/v1/auth/sessions/second-factor", BODY_MISSING),
        ("POST", "/api/v1/me/second-factor", MEMBERS_BODY_MISSING),
        ("DELETE", "/api/v1/me/second-factor", MEMBERS_BODY_MISSING),
        (
            "POST",
            "/api/v1/me/second-factor/confirmation",
            MEMBERS_BODY_MISSING,
        ),
        ("GET", "/api/v1/admin/users", ADMINS),
        ("HEAD", "/api/v1/admin/users", ADMINS),
        ("PUT", "/api/v1/admin/users/{id}/role", ADMINS_BODY_MISSING),
        (
            "PUT",
            "/api/v1/admin/users/{id}/suspension",
            ADMINS_BODY_MISSING,
        ),
        (
            "DELETE",
            "/api/v1/admin/users/{id}/suspension",
            ADMINS_NOBODY,
        ),
        ("GET", "/api/v1/auth/social/{provider}", NOT_OFFERED),
        (
            "GET",
            "/api/v1/auth/social/{provider}/callback",
            NOT_OFFERED,
        ),
        ("POST", "/api/v1/auth/social/exchange", BODY_MISSING),
        (
            "POST",
            "/api/v1/auth/social/kakao/unlink-notice",
            ONLY_KAKAO,
        ),
        ("GET", "/api/v1/auth/social/kakao/unlink-notice", ONLY_KAKAO),
        ("PUT", "/api/v1/me/social/{provider}", MEMBERS_BODY_MISSING),
        ("DELETE", "/api/v1/me/social/{provider}", PROOF_NEEDED),
        (
            "POST",
            "/api/v1/me/reauthentications",
            EVEN_SUSPENDED_BODY_MISSING,
        ),
        ("GET", "/api/v1/me", EVEN_SUSPENDED),
        ("PATCH", "/api/v1/me", MEMBERS_BODY_MISSING),
        ("DELETE", "/api/v1/me", EVEN_SUSPENDED_BODY_MISSING),
        ("GET", "/api/v1/me/export", EVEN_SUSPENDED),
        ("GET", "/api/v1/erasure-receipts/{id}", UNKNOWN),
        ("HEAD", "/api/v1/erasure-receipts/{id}", UNKNOWN),
        ("PUT", "/api/v1/me/password", MEMBERS_BODY_MISSING),
        ("PUT", "/api/v1/me/phone", MEMBERS_BODY_MISSING),
        ("POST", "/api/v1/auth/login-id-recovery", BODY_MISSING),
        ("POST", "/api/v1/auth/password-reset", BODY_MISSING),
        (
            "POST",
            "/api/v1/me/profile-image/uploads",
            MEMBERS_BODY_MISSING,
        ),
        ("PUT", "/api/v1/me/profile-image", MEMBERS_BODY_MISSING),
        ("DELETE", "/api/v1/me/profile-image", DONE),
        ("PUT", "/profile-image-uploads/{id}", NOBODY),
        ("GET", "/profile-images/{name}", NOTHING),
        ("HEAD", "/profile-images/{name}", NOTHING),
        ("GET", "/api/v1/me/consents", EVEN_SUSPENDED),
        ("GET", "/api/v1/me/allergies", EVEN_SUSPENDED),
        ("PUT", "/api/v1/me/allergies/{id}", MEMBERS_ODD_ID),
        ("DELETE", "/api/v1/me/allergies/{id}", EVEN_SUSPENDED_ODD_ID),
        (
            "PUT",
            "/api/v1/me/consents/{kind}",
            EVEN_SUSPENDED_BODY_MISSING,
        ),
    ]
    .into_iter()
    .map(|(method, path, expected)| {
        let mut url = path
            .replace("{id}", "none")
            .replace("{kind}", "terms")
            .replace("{name}", "none.jpg")
            .replace("{provider}", "google");
        if path.ends_with("availability") || path.ends_with("admin/users") {
            url.push_str("?loginId=haneul7");
        }
        (method, path, url, expected)
    })
    .collect()
}

/// Quotes, events and what admins do besides members.
fn administration_expectations() -> Vec<(&'static str, &'static str, String, Expected)> {
    [
        ("GET", "/api/v1/admin/health-quotes", ADMINS),
        ("GET", "/api/v1/admin/events", ADMINS),
        ("GET", "/api/v1/admin/catalogue-syncs", ADMINS),
        ("GET", "/api/v1/admin/audit", ADMINS),
        ("GET", "/api/v1/admin/catalogue-syncs/{id}", ADMINS_MISSING),
        (
            "GET",
            "/api/v1/admin/catalogue-syncs/{id}/rejects",
            ADMINS_MISSING,
        ),
        ("GET", "/api/v1/health-quotes/random", NOTHING),
        ("GET", "/api/v1/events", PUBLIC),
        ("HEAD", "/api/v1/admin/health-quotes", ADMINS),
        ("HEAD", "/api/v1/admin/events", ADMINS),
        ("HEAD", "/api/v1/admin/catalogue-syncs", ADMINS),
        ("HEAD", "/api/v1/admin/audit", ADMINS),
        ("HEAD", "/api/v1/admin/catalogue-syncs/{id}", ADMINS_MISSING),
        (
            "HEAD",
            "/api/v1/admin/catalogue-syncs/{id}/rejects",
            ADMINS_MISSING,
        ),
        ("HEAD", "/api/v1/health-quotes/random", NOTHING),
        ("HEAD", "/api/v1/events", PUBLIC),
        ("POST", "/api/v1/admin/health-quotes", ADMINS_BODY_MISSING),
        ("POST", "/api/v1/admin/events", ADMINS_BODY_MISSING),
        ("POST", "/api/v1/admin/catalogue-syncs", ADMINS_BODY_MISSING),
        (
            "PUT",
            "/api/v1/admin/health-quotes/{id}",
            ADMINS_BODY_MISSING,
        ),
        ("PUT", "/api/v1/admin/events/{id}", ADMINS_BODY_MISSING),
        ("PUT", "/api/v1/admin/ingredients/{id}", ADMINS_BODY_MISSING),
        ("DELETE", "/api/v1/admin/health-quotes/{id}", ADMINS_MISSING),
        ("DELETE", "/api/v1/admin/events/{id}", ADMINS_MISSING),
    ]
    .into_iter()
    .map(|(method, path, expected)| (method, path, path.replace("{id}", "99"), expected))
    .collect()
}

fn mine_expectations() -> Vec<(&'static str, &'static str, String, Expected)> {
    [
        ("GET", "/api/v1/me/wishes", MEMBERS),
        ("HEAD", "/api/v1/me/wishes", MEMBERS),
        ("PUT", "/api/v1/me/wishes/{id}", MEMBERS_DONE),
        ("DELETE", "/api/v1/me/wishes/{id}", MEMBERS_DONE),
        ("GET", "/api/v1/me/compare-box", MEMBERS),
        ("HEAD", "/api/v1/me/compare-box", MEMBERS),
        ("POST", "/api/v1/me/compare-box/merge", MEMBERS_BODY_MISSING),
        ("PUT", "/api/v1/me/compare-box/{id}", MEMBERS_DONE),
        ("DELETE", "/api/v1/me/compare-box/{id}", MEMBERS_DONE),
    ]
    .into_iter()
    .map(|(method, path, expected)| {
        let url = path.replace("{id}", &sample::TYLENOL.to_string());
        (method, path, url, expected)
    })
    .collect()
}

/// Reviews; one that nobody wrote.
fn review_expectations() -> Vec<(&'static str, &'static str, String, Expected)> {
    const NOWHERE: Expected = [401, 404, 404, 404, 404, 404, 404, 401];
    [
        ("GET", "/api/v1/medicines/{id}/reviews", PUBLIC),
        ("HEAD", "/api/v1/medicines/{id}/reviews", PUBLIC),
        (
            "POST",
            "/api/v1/medicines/{id}/reviews",
            MEMBERS_BODY_MISSING,
        ),
        ("GET", "/api/v1/me/reviews", EVEN_SUSPENDED),
        ("HEAD", "/api/v1/me/reviews", EVEN_SUSPENDED),
        ("GET", "/api/v1/reviews/notice", PUBLIC),
        ("HEAD", "/api/v1/reviews/notice", PUBLIC),
        ("PATCH", "/api/v1/reviews/{id}", EVEN_SUSPENDED_BODY_MISSING),
        ("DELETE", "/api/v1/reviews/{id}", NOWHERE),
        ("PUT", "/api/v1/reviews/{id}/reaction", MEMBERS_BODY_MISSING),
        ("DELETE", "/api/v1/reviews/{id}/reaction", NOWHERE),
        ("POST", "/api/v1/reviews/{id}/reports", MEMBERS_BODY_MISSING),
        ("GET", "/api/v1/admin/reviews", ADMINS),
        ("HEAD", "/api/v1/admin/reviews", ADMINS),
        (
            "PUT",
            "/api/v1/admin/reviews/{id}/decision",
            ADMINS_BODY_MISSING,
        ),
    ]
    .into_iter()
    .map(|(method, path, expected)| {
        let id = match path.contains("medicines") {
            true => sample::TYLENOL.to_string(),
            false => "none".to_owned(),
        };
        (method, path, path.replace("{id}", &id), expected)
    })
    .collect()
}

/// Method, address as it is declared, an address to ask, what everybody gets.
fn expectations() -> Vec<(&'static str, &'static str, String, Expected)> {
    let (medicine, ingredient) = (sample::TYLENOL, sample::ACETAMINOPHEN);
    let read = [
        ("/", "/".to_owned(), PUBLIC),
        ("/compare", "/compare".to_owned(), PUBLIC),
        ("/medicines/{id}", format!("/medicines/{medicine}"), PUBLIC),
        (
            "/assets/{version}/{file:.*}",
            "/assets/0123456789abcdef/css/base.css".to_owned(),
            PUBLIC,
        ),
        (
            "/api-docs/openapi.json",
            "/api-docs/openapi.json".to_owned(),
            PUBLIC,
        ),
        ("/swagger-ui", "/swagger-ui".to_owned(), MOVED),
        (
            "/swagger-ui/{file:.*}",
            "/swagger-ui/index.html".to_owned(),
            PUBLIC,
        ),
        ("/api/v1/medicines", "/api/v1/medicines".to_owned(), PUBLIC),
        (
            "/api/v1/medicines/suggest",
            "/api/v1/medicines/suggest?query=a".to_owned(),
            PUBLIC,
        ),
        (
            "/api/v1/medicines/compare",
            format!(
                "/api/v1/medicines/compare?ids={medicine},{}",
                sample::GEBORIN
            ),
            PUBLIC,
        ),
        (
            "/api/v1/medicines/{id}",
            format!("/api/v1/medicines/{medicine}"),
            PUBLIC,
        ),
        (
            "/api/v1/medicines/{id}/composition",
            format!("/api/v1/medicines/{medicine}/composition"),
            PUBLIC,
        ),
        (
            "/api/v1/medicine-types",
            "/api/v1/medicine-types".to_owned(),
            PUBLIC,
        ),
        (
            "/api/v1/ingredients/suggest",
            "/api/v1/ingredients/suggest?query=a".to_owned(),
            PUBLIC,
        ),
        (
            "/api/v1/ingredients/{id}",
            format!("/api/v1/ingredients/{ingredient}"),
            PUBLIC,
        ),
        (
            "/api/v1/ingredients/{id}/medicines",
            format!("/api/v1/ingredients/{ingredient}/medicines"),
            PUBLIC,
        ),
    ];
    let mut all: Vec<_> = account_expectations();
    all.extend(administration_expectations());
    all.extend(mine_expectations());
    all.extend(review_expectations());
    all.extend(read.into_iter().flat_map(|(path, url, expected)| {
        ["GET", "HEAD"].map(|method| (method, path, url.clone(), expected))
    }));
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn every_route_answers_everybody_as_it_is_written_here() {
    let app = TestApp::start().await;
    let members = |db: &mut web_api::db::Db| {
        for number in 1..=6 {
            crate::accounts_support::persona(db, number);
        }
        Ok(())
    };
    app.pool.run(members).await.unwrap();
    let expectations = expectations();
    let routes: BTreeSet<_> = declared()
        .into_iter()
        .map(|route| (route.method, route.path))
        .collect();
    let written: BTreeSet<_> = expectations
        .iter()
        .map(|(method, path, ..)| (*method, *path))
        .collect();
    assert_eq!(
        routes, written,
        "every route needs an expectation in expectations()"
    );

    let mut wrong = BTreeMap::new();
    for (method, path, url, expected) in &expectations {
        for (persona, status) in PERSONAS.iter().zip(expected) {
            let method: Method = method.parse().unwrap();
            let mut request = app.request(method.clone(), url);
            if !persona.is_empty() {
                request = request.bearer_auth(persona);
            }
            let answer = app.send(request).await;
            if answer.status.as_u16() != *status {
                wrong.insert((method.to_string(), *path, *persona), answer.status);
            }
            let personal = !persona.is_empty() && *status == 200;
            if personal {
                let cache = answer.header("cache-control");
                assert!(
                    cache == "private, no-cache" || cache == "no-store",
                    "{path} as {persona}: {cache}"
                );
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_call_of_the_document_is_a_declared_route() {
    let app = TestApp::start().await;
    let document = app.read("/api-docs/openapi.json").await;
    let routes = declared();
    let mut calls = 0;
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let method = method.to_uppercase();
            let route = routes
                .iter()
                .find(|route| route.method == method && route.path == path)
                .unwrap_or_else(|| panic!("{method} {path} is in no table"));
            // A public call can be refused all the same: for its token, and for its number.
            let responses = operation["responses"].as_object().unwrap();
            for status in ["401", "429"] {
                assert!(responses.contains_key(status), "{method} {path}: {status}");
            }
            let access = match operation["tags"][0].as_str() {
                Some("accounts" | "admin" | "mine") => route.access,
                Some("reviews") if method != "GET" => route.access,
                _ => Access::PUBLIC,
            };
            assert_eq!(route.access, access, "{method} {path}");
            calls += 1;
        }
    }
    assert!(calls >= 9);
}

/// PKCS#8 around an Ed25519 seed (RFC 8410, 7).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

#[test]
fn signed_tokens_are_believed_while_they_hold_and_say_of_a_second_factor() {
    let rules = || TokenRules::new("https://pillnuts.example", "pillnuts", TimeDelta::zero());
    let rules = || rules().unwrap();
    let now: DateTime<Utc> = "2026-03-02T03:00:00Z".parse().unwrap();
    let key = EncodingKey::from_ed_der(&[&PKCS8[..], &[7; 32]].concat());
    let mut jwk =
        serde_json::to_value(Jwk::from_encoding_key(&key, Algorithm::EdDSA).unwrap()).unwrap();
    jwk["kid"] = "a".into();
    let keys = serde_json::json!({ "keys": [jwk] }).to_string();
    let mut header = Header::new(Algorithm::EdDSA);
    header.typ = Some(ACCESS_TOKEN_TYPE.to_owned());
    header.kid = Some("a".to_owned());
    let claims = rules().issue(
        &"u1".parse().unwrap(),
        &"s1".parse().unwrap(),
        Role::Admin,
        now,
    );
    let token = encode(&header, &claims, &key).unwrap();

    let verifier = Arc::new(TokenVerifier::new(rules()));
    let check = |at: DateTime<Utc>| {
        let clock: Arc<dyn Clock> = Arc::new(move || at);
        SignedTokens::new(Arc::clone(&verifier), clock).check(&token)
    };
    assert_eq!(check(now), Err(NotBelieved), "no key yet");
    verifier.replace_keys(KeySet::parse(&keys).unwrap());
    let member = check(now).unwrap();
    assert_eq!((member.id.as_str(), member.session.as_str()), ("u1", "s1"));
    assert_eq!(member.role, Role::Admin);
    assert!(!member.second_factor);
    let given = encode(&header, &claims.with_second_factor(true), &key).unwrap();
    let clock: Arc<dyn Clock> = Arc::new(move || now);
    let given = SignedTokens::new(Arc::clone(&verifier), clock).check(&given);
    assert!(given.unwrap().second_factor);
    assert_eq!(
        check(now + TimeDelta::minutes(15)),
        Err(NotBelieved),
        "over"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn without_keys_no_token_is_believed() {
    use web_api::access::NoTokens;
    assert!(NoTokens.check("member-1").is_err());
    let app = TestApp::start().await;
    let request = app.request(Method::GET, "/api/v1/medicines");
    let refused = app.send(request.bearer_auth("forged")).await;
    refused.assert_problem(401, "invalid_token");
    assert_eq!(
        refused.header("www-authenticate"),
        "Bearer realm=\"pillnuts\", error=\"invalid_token\""
    );
    // Another scheme is a proxy's matter.
    let request = app.request(Method::GET, "/api/v1/medicines");
    let answer = app
        .send(request.basic_auth("staging", Some("secret")))
        .await;
    assert_eq!(answer.status, 200);
    let open = app.get("/api/v1/medicines?excludeAllergens=true").await;
    open.assert_problem(401, "unauthorized");
    assert_eq!(open.header("www-authenticate"), "Bearer realm=\"pillnuts\"");
}
