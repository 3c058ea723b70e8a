//! Settings of sign-in by other services.

use std::time::Duration;

use secrecy::SecretString;
use service_kit::settings::{AppEnv, Reader, Shape};
use url::Url;

use super::Provider;
use super::provider_settings::{ProviderSettings, over_tls};
use super::return_url::ReturnUrl;

/// Most places that people are sent back to.
const MOST_RETURNS: usize = 10;

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

#[cfg(test)]
mod tests {
    use service_kit::settings::{AppEnv, Reader, Source};

    use super::{Provider, SocialSettings};

    const WHOLE: [(&str, &str); 4] = [
        ("GOOGLE_CLIENT_ID", "id"),
        ("GOOGLE_CLIENT_SECRET", "canary-secret"),
        ("SOCIAL_PUBLIC_URL", "https://api.pillnuts.example/behind/"),
        (
            "SOCIAL_RETURN_URLS",
            "https://pillnuts.example/in, https://pillnuts.example/other",
        ),
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
            failures
                .map(|failure| failure.name.clone())
                .collect::<Vec<_>>()
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
            let pairs: Vec<_> = WHOLE
                .iter()
                .copied()
                .filter(|(one, _)| *one != name)
                .collect();
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
}
