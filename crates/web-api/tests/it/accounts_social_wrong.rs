//! Providers that are wrong, slow or out of order.

use std::time::Duration;

use simulators::faults::Network;
use simulators::oauth::Operation::{
    GoogleAuthorize, GoogleToken, KakaoAuthorize, KakaoToken, NaverAuthorize, NaverProfile,
    NaverToken,
};
use simulators::oauth::{Fault, Operation, Wrong};

use crate::db_support::on_both;
use crate::social_app::{Browser, SocialApp};

on_both!(
    what_a_provider_does_wrong_is_a_readable_error_and_no_code,
    |db| async move {
        let app = SocialApp::on(&db).await;
        app.person("hong");
        let answer = |wrong, operation| Fault::answer(wrong).on(operation).times(1);
        let slow = || Fault::network(Network::Delay { millis: 4_000 });
        let cases: Vec<(&str, Fault, &str)> = vec![
            ("naver", answer(Wrong::Denied, NaverAuthorize), "denied"),
            ("google", answer(Wrong::Denied, GoogleAuthorize), "denied"),
            ("kakao", answer(Wrong::Denied, KakaoAuthorize), "denied"),
            (
                "kakao",
                answer(
                    Wrong::CallbackError {
                        error: "server_error".to_owned(),
                    },
                    KakaoAuthorize,
                ),
                "provider_unavailable",
            ),
            (
                "google",
                answer(
                    Wrong::CallbackError {
                        error: "<b>&#x".to_owned(),
                    },
                    GoogleAuthorize,
                ),
                "provider_refused",
            ),
            (
                "naver",
                answer(Wrong::OtherState, NaverAuthorize),
                "invalid_state",
            ),
            (
                "google",
                answer(Wrong::OtherState, GoogleAuthorize),
                "invalid_state",
            ),
            (
                "kakao",
                answer(Wrong::NoState, KakaoAuthorize),
                "invalid_state",
            ),
            (
                "naver",
                answer(Wrong::ReplayedCode, NaverAuthorize),
                "provider_refused",
            ),
            (
                "google",
                answer(Wrong::ReplayedCode, GoogleAuthorize),
                "provider_refused",
            ),
            (
                "kakao",
                answer(Wrong::ReplayedCode, KakaoAuthorize),
                "provider_refused",
            ),
            (
                "naver",
                answer(Wrong::InvalidGrant, NaverToken),
                "provider_refused",
            ),
            (
                "naver",
                answer(Wrong::InvalidClient, NaverToken),
                "provider_unavailable",
            ),
            (
                "google",
                answer(Wrong::InvalidClient, GoogleToken),
                "provider_unavailable",
            ),
            (
                "naver",
                answer(Wrong::Garbage, NaverToken),
                "provider_unavailable",
            ),
            (
                "naver",
                answer(Wrong::Garbage, NaverProfile),
                "provider_unavailable",
            ),
            (
                "kakao",
                answer(Wrong::Garbage, KakaoToken),
                "provider_unavailable",
            ),
            (
                "google",
                answer(Wrong::WrongSignature, GoogleToken),
                "not_believed",
            ),
            (
                "kakao",
                answer(Wrong::WrongSignature, KakaoToken),
                "not_believed",
            ),
            (
                "google",
                answer(Wrong::UnknownKey, GoogleToken),
                "not_believed",
            ),
            (
                "google",
                answer(Wrong::NoSignature, GoogleToken),
                "not_believed",
            ),
            (
                "google",
                answer(Wrong::WrongNonce, GoogleToken),
                "not_believed",
            ),
            ("kakao", answer(Wrong::NoNonce, KakaoToken), "not_believed"),
            (
                "google",
                answer(Wrong::WrongAudience, GoogleToken),
                "not_believed",
            ),
            (
                "kakao",
                answer(Wrong::WrongIssuer, KakaoToken),
                "not_believed",
            ),
            (
                "google",
                answer(Wrong::ExpiredIdToken, GoogleToken),
                "not_believed",
            ),
            (
                "kakao",
                answer(Wrong::NoIdToken, KakaoToken),
                "not_believed",
            ),
            (
                "naver",
                slow().on(NaverToken).times(1),
                "provider_unavailable",
            ),
            (
                "google",
                slow().on(GoogleToken).times(1),
                "provider_unavailable",
            ),
            (
                "naver",
                slow().on(NaverProfile).times(1),
                "provider_unavailable",
            ),
            (
                "kakao",
                Fault::network(Network::Reset).on(KakaoToken).times(1),
                "provider_unavailable",
            ),
            (
                "kakao",
                Fault::network(Network::Stall).on(KakaoToken).times(1),
                "provider_unavailable",
            ),
            (
                "google",
                Fault::network(Network::Status {
                    status: 503,
                    retry_after: None,
                })
                .on(GoogleToken)
                .times(1),
                "provider_unavailable",
            ),
        ];
        for (provider, fault, error) in cases {
            let mut browser = Browser::default();
            app.providers.handle.faults.add(fault.clone());
            let begun = std::time::Instant::now();
            let landed = app.trip(&mut browser, provider, "").await;
            assert!(
                begun.elapsed() < Duration::from_secs(4),
                "{provider} {fault:?}"
            );
            assert_eq!(
                (landed.error.as_deref(), landed.code.as_deref()),
                (Some(error), None),
                "{provider} {fault:?}"
            );
            assert_eq!(landed.provider.as_deref(), Some(provider));
            app.providers.handle.faults.clear();
        }
        // None of it left anything behind that somebody could be signed in by.
        let count = |table: &str| db.console(&format!("SELECT COUNT(*) AS cell FROM {table}"));
        assert_eq!(count("social_exchanges").trim(), "0");
        assert_eq!(count("users").trim(), "0");
        // And after all of that it works.
        let mut browser = Browser::default();
        app.member(&mut browser, "google", "hong", "하늘").await;
        app.app.stop().await;
    }
);

on_both!(
    keys_are_kept_and_fetched_anew_when_they_change,
    |db| async move {
        let app = SocialApp::on(&db).await;
        let mut browser = Browser::default();
        app.member(&mut browser, "google", "hong", "하늘").await;
        let fetched = || app.providers.handle.faults.requests(Operation::GoogleKeys);
        assert_eq!(fetched(), 1, "for two sign-ins");
        // A key that nobody knows doesn't make us ask again and again.
        for _ in 0..3 {
            let fault = Fault::answer(Wrong::UnknownKey).on(GoogleToken).times(1);
            app.providers.handle.faults.add(fault);
            let landed = app.trip(&mut browser, "google", "").await;
            assert_eq!(landed.error.as_deref(), Some("not_believed"));
        }
        assert!(fetched() <= 2, "once in ten seconds");
        // Keys that can't be had are the provider's fault.
        let fault = Fault::network(Network::Reset)
            .on(Operation::KakaoKeys)
            .times(1);
        app.providers.handle.faults.add(fault);
        let landed = app.trip(&mut browser, "kakao", "").await;
        assert_eq!(landed.error.as_deref(), Some("provider_unavailable"));
        app.stranger(&mut browser, "kakao", "hong").await;
        app.app.stop().await;
    }
);
