//! Each fault of the sign-ins, over real connections.

use simulators::{
    faults::Network,
    oauth::{Fault, Operation, Provider, Wrong},
};

use crate::oauth_support::{
    STATE, ask, asking, callback, code, exchanging, get, once, published_keys, sign_in, start,
    text, token, verify,
};

#[tokio::test]
async fn every_wrong_id_token_is_wrong_in_its_own_way() {
    let running = start().await;
    for provider in [Provider::Google, Provider::Kakao] {
        for (wrong, expected) in [
            (Wrong::WrongSignature, "signature"),
            (Wrong::UnknownKey, "kid"),
            (Wrong::NoSignature, "alg"),
            (Wrong::WrongNonce, "nonce"),
            (Wrong::NoNonce, "nonce"),
            (Wrong::WrongAudience, "aud"),
            (Wrong::WrongIssuer, "iss"),
            (Wrong::ExpiredIdToken, "exp"),
        ] {
            let form = exchanging(provider, &code(&running, provider).await);
            once(&running, wrong.clone());
            let (_, tokens) = token(&running, provider, &form).await;
            let keys = published_keys(&running, provider).await;
            let verified = verify(&running, provider, &keys, text(&tokens, "id_token"));
            assert_eq!(verified, Err(expected), "{provider:?} {wrong:?}");
        }
        let form = exchanging(provider, &code(&running, provider).await);
        once(&running, Wrong::NoIdToken);
        let (_, tokens) = token(&running, provider, &form).await;
        assert!(tokens["id_token"].is_null() && tokens["access_token"].is_string());
        let tokens = sign_in(&running, provider).await;
        once(&running, Wrong::StaleKeys);
        let stale = published_keys(&running, provider).await;
        let verified = verify(&running, provider, &stale, text(&tokens, "id_token"));
        assert_eq!(verified, Err("kid"));
        let keys = published_keys(&running, provider).await;
        verify(&running, provider, &keys, text(&tokens, "id_token")).unwrap();
    }
}

#[tokio::test]
async fn callbacks_bring_refusals_errors_and_forgeries() {
    let running = start().await;
    for provider in Provider::ALL {
        let asked = asking(provider);
        once(&running, Wrong::Denied);
        let answer = callback(ask(&running, provider, &asked).await).await;
        assert_eq!(answer["error"], "access_denied");
        assert_eq!(answer["state"], STATE);
        assert!(!answer.contains_key("code"));

        let error = "temporarily_unavailable".to_owned();
        once(&running, Wrong::CallbackError { error });
        let answer = callback(ask(&running, provider, &asked).await).await;
        assert_eq!(answer["error"], "temporarily_unavailable");

        once(&running, Wrong::OtherState);
        let answer = callback(ask(&running, provider, &asked).await).await;
        assert_ne!(answer["state"], STATE);
        once(&running, Wrong::NoState);
        let answer = callback(ask(&running, provider, &asked).await).await;
        assert!(!answer.contains_key("state") && answer.contains_key("code"));

        let used = code(&running, provider).await;
        token(&running, provider, &exchanging(provider, &used)).await;
        once(&running, Wrong::ReplayedCode);
        let replayed = code(&running, provider).await;
        assert_eq!(replayed, used);
        let (_, answer) = token(&running, provider, &exchanging(provider, &replayed)).await;
        assert!(answer["error"].is_string(), "{answer}");
    }
}

#[tokio::test]
async fn token_endpoints_refuse_and_talk_nonsense_on_demand() {
    let running = start().await;
    for (provider, grant, client) in [
        (Provider::Naver, 200, 200),
        (Provider::Google, 400, 401),
        (Provider::Kakao, 400, 401),
    ] {
        let form = exchanging(provider, &code(&running, provider).await);
        once(&running, Wrong::InvalidGrant);
        let (status, answer) = token(&running, provider, &form).await;
        assert_eq!(status, grant);
        assert!(answer["error"].is_string());
        once(&running, Wrong::InvalidClient);
        let (status, answer) = token(&running, provider, &form).await;
        assert_eq!((status, text(&answer, "error")), (client, "invalid_client"));
        once(&running, Wrong::Garbage);
        let (status, answer) = token(&running, provider, &form).await;
        assert!(status == 200 && answer.is_string());
        let (_, answer) = token(&running, provider, &form).await;
        assert!(
            answer["access_token"].is_string(),
            "the code wasn't used up: {answer}"
        );
    }
    for path in [
        "/google/.well-known/openid-configuration",
        "/google/oauth2/v3/certs",
        "/google/v1/userinfo",
        "/kakao/.well-known/openid-configuration",
        "/kakao/.well-known/jwks.json",
        "/kakao/v2/user/me",
        "/naver/v1/nid/me",
    ] {
        once(&running, Wrong::Garbage);
        let (status, answer) = get(&running, path, None).await;
        assert!(status == 200 && answer.is_string(), "{path}");
    }
}

#[tokio::test]
async fn profiles_are_somebody_elses() {
    let running = start().await;
    for (provider, path, id) in [
        (Provider::Google, "/google/v1/userinfo", "sub"),
        (Provider::Kakao, "/kakao/v2/user/me", "id"),
        (Provider::Kakao, "/kakao/v1/oidc/userinfo", "sub"),
    ] {
        let tokens = sign_in(&running, provider).await;
        let access = text(&tokens, "access_token");
        let (_, own) = get(&running, path, Some(access)).await;
        once(&running, Wrong::OtherSubject);
        let (_, other) = get(&running, path, Some(access)).await;
        assert!(other[id] != own[id] && !other[id].is_null(), "{other}");
    }
}

#[tokio::test]
async fn every_endpoint_can_be_down() {
    let running = start().await;
    for (operation, path) in [
        (Operation::NaverAuthorize, "/naver/oauth2.0/authorize"),
        (Operation::NaverToken, "/naver/oauth2.0/token"),
        (Operation::NaverProfile, "/naver/v1/nid/me"),
        (
            Operation::GoogleDiscovery,
            "/google/.well-known/openid-configuration",
        ),
        (Operation::GoogleKeys, "/google/oauth2/v3/certs"),
        (Operation::GoogleAuthorize, "/google/o/oauth2/v2/auth"),
        (Operation::GoogleUserinfo, "/google/v1/userinfo"),
        (
            Operation::KakaoDiscovery,
            "/kakao/.well-known/openid-configuration",
        ),
        (Operation::KakaoKeys, "/kakao/.well-known/jwks.json"),
        (Operation::KakaoAuthorize, "/kakao/oauth/authorize"),
        (Operation::KakaoUser, "/kakao/v2/user/me"),
        (Operation::KakaoUserinfo, "/kakao/v1/oidc/userinfo"),
    ] {
        let down = Network::Status {
            status: 502,
            retry_after: None,
        };
        running
            .handle
            .faults
            .add(Fault::network(down).on(operation).times(1));
        assert_eq!(get(&running, path, None).await.0, 502, "{operation:?}");
        assert_ne!(get(&running, path, None).await.0, 502, "{operation:?}");
    }
    for (operation, path) in [
        (Operation::GoogleToken, "/google/token"),
        (Operation::GoogleRevoke, "/google/revoke"),
        (Operation::KakaoToken, "/kakao/oauth/token"),
        (Operation::KakaoUnlink, "/kakao/v1/user/unlink"),
    ] {
        let down = Network::Status {
            status: 503,
            retry_after: None,
        };
        running
            .handle
            .faults
            .add(Fault::network(down).on(operation).times(1));
        let form = crate::oauth_support::to_map(&[]);
        let post = async || {
            crate::oauth_support::post(&running, path, &form, None)
                .await
                .0
        };
        assert_eq!(post().await, 503, "{operation:?}");
        assert_ne!(post().await, 503, "{operation:?}");
    }
}

#[tokio::test]
async fn an_exchange_is_done_and_its_answer_lost() {
    let running = start().await;
    let form = exchanging(Provider::Google, &code(&running, Provider::Google).await);
    running
        .handle
        .faults
        .add(Fault::network(Network::LostAnswer).times(1));
    let url = format!("{}/google/token", running.base_url);
    let request = crate::support::client().post(url);
    let lost = request
        .body(crate::oauth_support::encode(&form))
        .send()
        .await;
    assert!(lost.is_err());
    let (status, again) = token(&running, Provider::Google, &form).await;
    assert_eq!((status, text(&again, "error")), (400, "invalid_grant"));
}
