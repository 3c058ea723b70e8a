//! What a provider knows this service as, and where the provider is.

use std::fmt;

use secrecy::SecretString;
use service_kit::settings::{AppEnv, Reader, Shape};
use url::{Host, Url};

use super::Provider;

/// Longest client id, in bytes.
const LONGEST_ID: usize = 200;

/// What a provider knows this service as, and where it is.
#[derive(Clone)]
pub struct ProviderSettings {
    /// `…_CLIENT_ID`; Kakao calls it the REST API key.
    pub client_id: String,
    /// `…_CLIENT_SECRET`
    pub client_secret: SecretString,
    /// `…_AUTHORIZE_URL`
    pub authorize_url: Url,
    /// `…_TOKEN_URL`
    pub token_url: Url,
    /// What checks ID tokens; Naver has none.
    pub oidc: Option<OidcSettings>,
    /// `NAVER_PROFILE_URL`
    pub profile_url: Option<Url>,
    /// `GOOGLE_REVOKE_URL`, `KAKAO_UNLINK_URL`; Naver's is that of tokens.
    pub unlink_url: Option<Url>,
}

/// What checks ID tokens.
#[derive(Debug, Clone)]
pub struct OidcSettings {
    /// `iss` of them (`…_ISSUER`).
    pub issuer: String,
    /// Where the keys are (`…_KEYS_URL`).
    pub keys_url: Url,
}

impl fmt::Debug for ProviderSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProviderSettings")
            .field("authorize_url", &self.authorize_url.as_str())
            .finish_non_exhaustive()
    }
}

/// Where a provider is.
struct Places {
    prefix: &'static str,
    authorize: &'static str,
    token: &'static str,
    /// `iss`, and where the keys are.
    oidc: Option<(&'static str, &'static str)>,
    profile: Option<(&'static str, &'static str)>,
    unlink: Option<(&'static str, &'static str)>,
}

/// As documented by developers.naver.com, developers.google.com/identity and developers.kakao.com.
const fn places(provider: Provider) -> Places {
    match provider {
        Provider::Naver => Places {
            prefix: "NAVER",
            authorize: "https://nid.naver.com/oauth2.0/authorize",
            token: "https://nid.naver.com/oauth2.0/token",
            oidc: None,
            profile: Some(("NAVER_PROFILE_URL", "https://openapi.naver.com/v1/nid/me")),
            unlink: None,
        },
        Provider::Google => Places {
            prefix: "GOOGLE",
            authorize: "https://accounts.google.com/o/oauth2/v2/auth",
            token: "https://oauth2.googleapis.com/token",
            oidc: Some((
                "https://accounts.google.com",
                "https://www.googleapis.com/oauth2/v3/certs",
            )),
            profile: None,
            unlink: Some(("GOOGLE_REVOKE_URL", "https://oauth2.googleapis.com/revoke")),
        },
        Provider::Kakao => Places {
            prefix: "KAKAO",
            authorize: "https://kauth.kakao.com/oauth/authorize",
            token: "https://kauth.kakao.com/oauth/token",
            oidc: Some((
                "https://kauth.kakao.com",
                "https://kauth.kakao.com/.well-known/jwks.json",
            )),
            profile: None,
            unlink: Some(("KAKAO_UNLINK_URL", "https://kapi.kakao.com/v1/user/unlink")),
        },
    }
}

impl ProviderSettings {
    /// All of it, or nothing: half of a client is a mistake.
    pub(super) fn read(reader: &mut Reader, provider: Provider, env: AppEnv) -> Option<Self> {
        let places = places(provider);
        let prefix = places.prefix;
        let (id, secret) = (
            format!("{prefix}_CLIENT_ID"),
            format!("{prefix}_CLIENT_SECRET"),
        );
        let client_id = reader.optional_string(
            &id,
            &Shape::new("the provider's id of this service", "the-client-id"),
        );
        let client_secret = reader.secret(
            &secret,
            &Shape::new("the secret of that id", "the-client-secret"),
        );
        let mut url = |name: &str, usual: &str| {
            let url = reader
                .optional_url(name, usual)
                .or_else(|| Url::parse(usual).ok());
            if let Some(url) = &url {
                over_tls(reader, env, name, url);
            }
            url
        };
        let authorize_url = url(&format!("{prefix}_AUTHORIZE_URL"), places.authorize);
        let token_url = url(&format!("{prefix}_TOKEN_URL"), places.token);
        let profile_url = places.profile.and_then(|(name, usual)| url(name, usual));
        let unlink_url = places.unlink.and_then(|(name, usual)| url(name, usual));
        let keys_url = places
            .oidc
            .and_then(|(_, usual)| url(&format!("{prefix}_KEYS_URL"), usual));
        let issuer = places
            .oidc
            .map(|(usual, _)| reader.string(&format!("{prefix}_ISSUER"), usual));
        if client_id.is_some() != client_secret.is_some() {
            reader.fail(
                &id,
                format!("{id} and {secret} are given together or not at all"),
            );
        }
        let client_id = client_id?;
        if client_id.len() > LONGEST_ID {
            reader.fail(&id, "expected at most 200 bytes");
        }
        let oidc = issuer.zip(keys_url);
        Some(Self {
            client_id,
            client_secret: client_secret?,
            authorize_url: authorize_url?,
            token_url: token_url?,
            oidc: oidc.map(|(issuer, keys_url)| OidcSettings { issuer, keys_url }),
            profile_url,
            unlink_url,
        })
    }
}

/// In production only what comes over TLS may say who somebody is.
pub(super) fn over_tls(reader: &mut Reader, env: AppEnv, name: &str, url: &Url) {
    let local = match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(_)) | None => false,
    };
    if env.is_production() && url.scheme() != "https" && !local {
        reader.fail(
            name,
            format!(
                "has to be https with APP_ENV=production, not {}",
                url.scheme()
            ),
        );
    }
}
