//! The page where a developer chooses, and what is refused on a page instead of sent back.

use serde_json::{Value, json};
use simulators::oauth::{Config, Decision, Provider};

use crate::{
    oauth_support::{CALLBACK, STATE, ask, asking, callback, start, start_with},
    support::client,
};

#[tokio::test]
async fn a_developer_chooses_who_signs_in() {
    let running = start().await;
    running.handle.decide(Decision::Ask);
    for provider in Provider::ALL {
        let mut asked = asking(provider);
        asked.insert("login_hint".to_owned(), "\"><script>".to_owned());
        let response = ask(&running, provider, &asked).await;
        assert_eq!(response.status(), 200);
        let policy = response.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.starts_with("default-src 'none'"), "{policy}");
        let base = response.url().clone();
        let html = response.text().await.unwrap();
        assert!(html.contains("홍길동 (hong@example.com)") && html.contains("이메일 없음"));
        assert!(html.contains("&lt;b&gt;") && !html.contains("<b>") && !html.contains("<script"));
        let links: Vec<String> = html
            .split("href=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().replace("&amp;", "&"))
            .collect();
        assert_eq!(links.len(), 7, "six people and a refusal");
        let follow = async |link: &str| {
            let url = base.join(link).unwrap();
            callback(client().get(url).send().await.unwrap()).await
        };
        let agreed = follow(&links[1]).await;
        assert!(agreed.contains_key("code"));
        assert_eq!(agreed["state"], STATE);
        let refused = follow(links.last().unwrap()).await;
        assert_eq!(refused["error"], "access_denied");
    }
    assert_eq!(
        running.handle.authorizations().len(),
        6,
        "those that were answered"
    );
    let mut asked = asking(Provider::Kakao);
    asked.insert("_person".to_owned(), "nobody".to_owned());
    assert_eq!(ask(&running, Provider::Kakao, &asked).await.status(), 404);
}

#[tokio::test]
async fn nobody_is_sent_to_an_address_that_is_not_registered() {
    let registered = Config {
        redirect_uris: vec![CALLBACK.to_owned()],
        ..Config::default()
    };
    let strict = start_with(registered).await;
    let open = start().await;
    for (provider, client_status) in [
        (Provider::Naver, 400),
        (Provider::Google, 401),
        (Provider::Kakao, 400),
    ] {
        for (running, address) in [
            (&strict, "http://127.0.0.1:9/callback"),
            (&strict, "http://127.0.0.1:9/callback?from=provider&more=1"),
            (&strict, "HTTP://127.0.0.1:9/callback?from=provider"),
            (&open, "http://example.com/callback"),
            (&open, "http://127.0.0.1.example.com/callback"),
            (&open, "http://127.0.0.1/callback#fragment"),
            (&open, "callback"),
            (&open, ""),
        ] {
            let mut asked = asking(provider);
            asked.insert("redirect_uri".to_owned(), address.to_owned());
            let response = ask(running, provider, &asked).await;
            assert_eq!(response.status(), 400, "{provider:?} {address}");
            assert!(!response.headers().contains_key("location"));
        }
        callback(ask(&strict, provider, &asking(provider)).await).await;
        let mut asked = asking(provider);
        asked.insert("client_id".to_owned(), "another".to_owned());
        assert_eq!(ask(&open, provider, &asked).await.status(), client_status);
    }
}

#[tokio::test]
async fn what_is_asked_wrongly_comes_back_as_an_error() {
    let running = start().await;
    for (provider, name, value, error) in [
        (
            Provider::Naver,
            "response_type",
            "token",
            "unsupported_response_type",
        ),
        (
            Provider::Google,
            "response_type",
            "token",
            "unsupported_response_type",
        ),
        (Provider::Google, "scope", "", "invalid_request"),
        (
            Provider::Google,
            "code_challenge_method",
            "plain",
            "invalid_request",
        ),
        (
            Provider::Google,
            "code_challenge",
            "short",
            "invalid_request",
        ),
        (
            Provider::Kakao,
            "code_challenge_method",
            "plain",
            "invalid_request",
        ),
    ] {
        let mut asked = asking(provider);
        asked.insert(name.to_owned(), value.to_owned());
        let answer = callback(ask(&running, provider, &asked).await).await;
        assert_eq!(answer["error"], error, "{name}");
        assert_eq!(answer["state"], STATE);
    }
}

#[tokio::test]
async fn tests_in_other_processes_choose_people_and_keys() {
    let running = start().await;
    let control = running.control_url();
    let put = async |path: &str, body: Value| {
        let request = client().put(format!("{control}{path}")).json(&body);
        request.send().await.unwrap().status().as_u16()
    };
    assert_eq!(put("/decision", json!({"kind": "deny"})).await, 204);
    let answer = callback(ask(&running, Provider::Google, &asking(Provider::Google)).await).await;
    assert_eq!(answer["error"], "access_denied");
    let person = json!({"id": "new", "name": "새 사람", "nickname": "새", "email": null,
        "email_verified": false, "email_valid": false});
    assert_eq!(put("/people", person).await, 204);
    assert_eq!(
        put("/decision", json!({"kind": "approve", "person": "new"})).await,
        204
    );
    let tokens = crate::oauth_support::sign_in(&running, Provider::Naver).await;
    assert!(tokens["access_token"].is_string());
    assert_eq!(put("/decision", json!({"kind": "maybe"})).await, 422);
    assert_eq!(
        put("/kakao/webhook", json!({"url": "no address"})).await,
        422
    );
    let get = async |path: &str| {
        let response = client()
            .get(format!("{control}{path}"))
            .send()
            .await
            .unwrap();
        response.json::<Value>().await.unwrap()
    };
    assert_eq!(get("/links/naver/new").await["linked"], true);
    assert_eq!(get("/links/kakao/new").await["linked"], false);
    assert_eq!(get("/people").await.as_array().unwrap().len(), 7);
    assert_eq!(get("/authorizations").await[0]["provider"], "google");
    for step in ["rotate", "retire"] {
        let url = format!("{control}/keys/google/{step}");
        assert_eq!(client().post(url).send().await.unwrap().status(), 204);
    }
    let keys = crate::oauth_support::published_keys(&running, Provider::Google).await;
    assert_eq!(keys.len(), 1);
    let unlink = client().post(format!("{control}/kakao/unlink"));
    let unlink = unlink.json(&json!({"person": "new", "referrer_type": "UNLINK_FROM_APPS"}));
    assert_eq!(unlink.send().await.unwrap().status(), 409);
}
