//! Sign-in by Naver, Google and Kakao at their stand-ins, so that a developer can sign in by hand.

use test_kit::server::Builder;

use crate::run::ports::Ports;

/// Where Kakao's stand-in tells that somebody unlinked.
pub(super) fn webhook(ports: &Ports) -> String {
    format!(
        "http://127.0.0.1:{}/api/v1/auth/social/kakao/unlink-notice",
        ports.web
    )
}

/// Points web-api at the stand-ins; a provider whose client the environment names stays the real one.
pub(super) fn at_stand_ins(server: Builder, ports: &Ports) -> Builder {
    let web = format!("http://127.0.0.1:{}", ports.web);
    let mut all = vec![
        ("SOCIAL_PUBLIC_URL", web.clone()),
        ("SOCIAL_RETURN_URLS", format!("{web}/")),
    ];
    all.retain(|(name, _)| std::env::var_os(name).is_none());
    let base = format!("http://127.0.0.1:{}", ports.simulator);
    if std::env::var_os("NAVER_CLIENT_ID").is_none() {
        all.extend(naver(&base));
    }
    if std::env::var_os("GOOGLE_CLIENT_ID").is_none() {
        all.extend(google(&base));
    }
    if std::env::var_os("KAKAO_CLIENT_ID").is_none() {
        all.extend(kakao(&base));
    }
    all.into_iter()
        .fold(server, |server, (name, value)| server.env(name, value))
}

fn naver(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("NAVER_CLIENT_ID", "sample-naver-id".to_owned()),
        ("NAVER_CLIENT_SECRET", "sample-naver-secret".to_owned()),
        (
            "NAVER_AUTHORIZE_URL",
            format!("{base}/naver/oauth2.0/authorize"),
        ),
        ("NAVER_TOKEN_URL", format!("{base}/naver/oauth2.0/token")),
        ("NAVER_PROFILE_URL", format!("{base}/naver/v1/nid/me")),
    ]
}

fn google(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("GOOGLE_CLIENT_ID", "sample-google-id".to_owned()),
        ("GOOGLE_CLIENT_SECRET", "sample-google-secret".to_owned()),
        (
            "GOOGLE_AUTHORIZE_URL",
            format!("{base}/google/o/oauth2/v2/auth"),
        ),
        ("GOOGLE_TOKEN_URL", format!("{base}/google/token")),
        ("GOOGLE_KEYS_URL", format!("{base}/google/oauth2/v3/certs")),
        ("GOOGLE_REVOKE_URL", format!("{base}/google/revoke")),
        ("GOOGLE_ISSUER", format!("{base}/google")),
    ]
}

fn kakao(base: &str) -> Vec<(&'static str, String)> {
    vec![
        ("KAKAO_CLIENT_ID", "sample-kakao-id".to_owned()),
        ("KAKAO_CLIENT_SECRET", "sample-kakao-secret".to_owned()),
        ("KAKAO_ADMIN_KEY", "sample-kakao-admin-key".to_owned()),
        (
            "KAKAO_AUTHORIZE_URL",
            format!("{base}/kakao/oauth/authorize"),
        ),
        ("KAKAO_TOKEN_URL", format!("{base}/kakao/oauth/token")),
        (
            "KAKAO_KEYS_URL",
            format!("{base}/kakao/.well-known/jwks.json"),
        ),
        ("KAKAO_UNLINK_URL", format!("{base}/kakao/v1/user/unlink")),
        ("KAKAO_ISSUER", format!("{base}/kakao")),
    ]
}
