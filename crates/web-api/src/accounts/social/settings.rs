//! Settings of sign-in by other services.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use secrecy::SecretString;
use service_kit::settings::{AppEnv, Reader, Shape};
use url::{Host, Url};

use super::Provider;

/// Longest address that people are sent back to, in bytes, and most of them.
const LONGEST_RETURN: usize = 300;
const MOST_RETURNS: usize = 10;
/// Longest client id, in bytes.
const LONGEST_ID: usize = 200;

/// Everything that sign-in by other services can be told.
#[derive(Debug, Clone)]
pub struct SocialSettings {
    /// Where browsers reach this server (`SOCIAL_PUBLIC_URL`): providers send them back there.
    pub public_url: Url,
    /// The places of the front end that people are sent back to; the first is the usual one
    /// (`SOCIAL_RETURN_URLS`).
    pub return_urls: Vec<ReturnUrl>,
    /// How long one call of a provider may take (`SOCIAL_TIMEOUT_SECONDS`).
    pub timeout: Duration,
    /// `NAVER_…`
    pub naver: Option<ProviderSettings>,
    /// `GOOGLE_…`
    pub google: Option<ProviderSettings>,
    /// `KAKAO_…`
    pub kakao: Option<ProviderSettings>,
    /// Ends links with Kakao, and proves that a notice is Kakao's (`KAKAO_ADMIN_KEY`).
    pub kakao_admin_key: Option<SecretString>,
}

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

/// A place of the front end. It is compared as a whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnUrl(String);

/// Why a text is no such place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("an http or https address of at most 300 bytes without a fragment, user name and password")]
pub struct ReturnUrlError;

impl ReturnUrl {
    /// The address, as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ReturnUrl {
    type Err = ReturnUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = Url::parse(text).map_err(|_| ReturnUrlError)?;
        // It becomes a header: what the parser tidies up must not have been there.
        let same = url.as_str() == text || url.as_str() == format!("{text}/");
        let right = matches!(url.scheme(), "http" | "https")
            && url.has_host()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none()
            && text.len() <= LONGEST_RETURN;
        if same && right {
            Ok(Self(text.to_owned()))
        } else {
            Err(ReturnUrlError)
        }
    }
}

impl SocialSettings {
    /// Reads the settings; `None` where no provider is named.
    pub fn read(reader: &mut Reader, env: AppEnv) -> Option<Self> {
        let providers = Provider::ALL.map(|provider| ProviderSettings::read(reader, provider, env));
        let shape = Shape::new("the admin key of Kakao Developers", "the-admin-key");
        let kakao_admin_key = reader.secret("KAKAO_ADMIN_KEY", &shape);
        let public_url = reader.optional_url("SOCIAL_PUBLIC_URL", "https://api.pillnuts.example");
        let shape = Shape::new(
            "up to 10 http or https addresses without a fragment, separated by commas",
            "https://pillnuts.example/signed-in",
        );
        let return_urls: Vec<ReturnUrl> = reader.list("SOCIAL_RETURN_URLS", &shape);
        let timeout = reader.seconds("SOCIAL_TIMEOUT_SECONDS", 5, 1..=30);
        if return_urls.len() > MOST_RETURNS {
            reader.fail("SOCIAL_RETURN_URLS", "expected at most 10 addresses");
        }
        let [naver, google, kakao] = providers;
        if naver.is_none() && google.is_none() && kakao.is_none() {
            return None;
        }
        let needed = [
            (
                "SOCIAL_PUBLIC_URL",
                public_url.is_none(),
                "https://api.pillnuts.example",
            ),
            (
                "SOCIAL_RETURN_URLS",
                return_urls.is_empty(),
                "https://pillnuts.example/signed-in",
            ),
            (
                "KAKAO_ADMIN_KEY",
                kakao.is_some() && kakao_admin_key.is_none(),
                "the-admin-key",
            ),
        ];
        for (name, missing, example) in needed {
            if missing && !reader.is_set(name) {
                let text = format!(
                    "is needed where somebody signs in by another service, for example {name}={example}"
                );
                reader.fail(name, text);
            }
        }
        let returns = return_urls
            .iter()
            .filter_map(|url| Url::parse(url.as_str()).ok());
        for url in returns.collect::<Vec<_>>() {
            over_tls(reader, env, "SOCIAL_RETURN_URLS", &url);
        }
        let public_url = public_url?;
        over_tls(reader, env, "SOCIAL_PUBLIC_URL", &public_url);
        Some(Self {
            public_url,
            return_urls,
            timeout,
            naver,
            google,
            kakao,
            kakao_admin_key,
        })
    }

    /// The settings of one provider.
    pub(super) fn of(&self, provider: Provider) -> Option<&ProviderSettings> {
        match provider {
            Provider::Naver => self.naver.as_ref(),
            Provider::Google => self.google.as_ref(),
            Provider::Kakao => self.kakao.as_ref(),
        }
    }

    /// Where a provider sends people back to: what has to be registered there.
    #[must_use]
    pub fn callback(&self, provider: Provider) -> Url {
        let mut url = self.public_url.clone();
        let base = url.path().trim_end_matches('/').to_owned();
        url.set_path(&format!("{base}/api/v1/auth/social/{provider}/callback"));
        url.set_query(None);
        url.set_fragment(None);
        url
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
    fn read(reader: &mut Reader, provider: Provider, env: AppEnv) -> Option<Self> {
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
fn over_tls(reader: &mut Reader, env: AppEnv, name: &str, url: &Url) {
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

#[cfg(test)]
mod tests {
    use service_kit::settings::{AppEnv, Reader, Source};

    use super::{Provider, ReturnUrl, SocialSettings};

    const WHOLE: [(&str, &str); 4] = [
        ("GOOGLE_CLIENT_ID", "id"),
        ("GOOGLE_CLIENT_SECRET", "canary-secret"),
        ("SOCIAL_PUBLIC_URL", "https://api.pillnuts.example/behind/"),
        ("SOCIAL_RETURN_URLS", "https://pillnuts.example/in, https://pillnuts.example/other"),
    ];

    /// What the settings are, or which of them are wrong.
    fn read(
        env: AppEnv,
        pairs: &[(&'static str, &'static str)],
    ) -> Result<Option<SocialSettings>, Vec<String>> {
        let mut reader = Reader::new(Source::from_pairs(pairs.iter().copied()));
        let settings = SocialSettings::read(&mut reader, env);
        let loaded = reader.finish(settings).map_err(|error| {
            let failures = error.failures().iter();
            failures.map(|failure| failure.name.clone()).collect::<Vec<_>>()
        })?;
        Ok(loaded.settings)
    }

    #[test]
    fn a_client_is_whole_or_not_there_and_comes_over_tls_in_production() {
        assert!(read(AppEnv::Production, &[]).unwrap().is_none());
        let settings = read(AppEnv::Production, &WHOLE).unwrap().unwrap();
        assert_eq!(
            settings.callback(Provider::Google).as_str(),
            "https://api.pillnuts.example/behind/api/v1/auth/social/google/callback"
        );
        assert!(!format!("{settings:?}").contains("canary"));
        let wrong = |env, more: &[(&'static str, &'static str)]| {
            let mut pairs: Vec<_> = WHOLE.to_vec();
            pairs.extend(more);
            read(env, &pairs).unwrap_err()
        };
        let without = |name: &str| {
            let pairs: Vec<_> = WHOLE.iter().copied().filter(|(one, _)| *one != name).collect();
            read(AppEnv::Development, &pairs).unwrap_err()
        };
        assert_eq!(without("GOOGLE_CLIENT_SECRET"), ["GOOGLE_CLIENT_ID"]);
        assert_eq!(without("SOCIAL_PUBLIC_URL"), ["SOCIAL_PUBLIC_URL"]);
        assert_eq!(without("SOCIAL_RETURN_URLS"), ["SOCIAL_RETURN_URLS"]);
        let kakao = [("KAKAO_CLIENT_ID", "id"), ("KAKAO_CLIENT_SECRET", "secret")];
        assert_eq!(wrong(AppEnv::Development, &kakao), ["KAKAO_ADMIN_KEY"]);
        for (name, value) in [
            ("GOOGLE_TOKEN_URL", "http://tokens.example/token"),
            ("SOCIAL_PUBLIC_URL", "http://api.pillnuts.example"),
            ("SOCIAL_RETURN_URLS", "http://pillnuts.example/in"),
        ] {
            assert_eq!(wrong(AppEnv::Production, &[(name, value)]), [name]);
        }
    }

    #[test]
    fn only_whole_plain_addresses_are_places_to_return_to() {
        for right in [
            "https://pillnuts.example/signed-in",
            "https://pillnuts.example",
            "http://127.0.0.1:3000/back?view=1",
        ] {
            right.parse::<ReturnUrl>().unwrap();
        }
        for wrong in [
            "",
            "/signed-in",
            "//pillnuts.example/",
            "javascript:alert(1)",
            "ftp://pillnuts.example/",
            "https://pillnuts.example/#there",
            "https://user@pillnuts.example/",
            "https://pillnuts.example/a b",
            "https://pillnuts.example/\r\nSet-Cookie: a=b",
            "https://pillnuts.example/../x",
        ] {
            assert!(wrong.parse::<ReturnUrl>().is_err(), "{wrong}");
        }
    }
}
