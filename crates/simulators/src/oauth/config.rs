//! What the providers know about the service, and whom they know.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use super::Person;

/// A client as it was registered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Client id; at Kakao the REST API key.
    pub id: String,
    /// Client secret.
    pub secret: String,
}

impl Client {
    fn sample(name: &str) -> Self {
        Self {
            id: format!("sample-{name}-id"),
            secret: format!("sample-{name}-secret"),
        }
    }
}

/// What a person says on the consent page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Decision {
    /// The page is shown, and somebody chooses.
    Ask,
    /// This person agrees.
    Approve {
        /// [`Person::id`].
        person: String,
    },
    /// Refuses.
    Deny,
}

/// The service as the providers know it.
#[derive(Debug, Clone)]
pub struct Config {
    /// At Naver.
    pub naver: Client,
    /// At Google.
    pub google: Client,
    /// At Kakao.
    pub kakao: Client,
    /// Kakao's admin key of the service, for unlinking and in the webhook.
    pub kakao_admin_key: String,
    /// Kakao's number of the service.
    pub kakao_app_id: String,
    /// Whether Kakao's OpenID Connect is switched on.
    pub kakao_oidc: bool,
    /// Where Kakao says that somebody unlinked; on this machine only.
    pub kakao_webhook: Option<Url>,
    /// The registered addresses to return to, compared exactly; with none, all on this machine.
    pub redirect_uris: Vec<String>,
    /// How long a code can be exchanged.
    pub code_lifetime: Duration,
    /// `max-age` of Google's keys.
    pub keys_max_age: Duration,
    /// What people say.
    pub decision: Decision,
    /// Whom the providers know.
    pub people: Vec<Person>,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            naver: Client::sample("naver"),
            google: Client::sample("google"),
            kakao: Client::sample("kakao"),
            kakao_admin_key: "sample-kakao-admin-key".to_owned(),
            kakao_app_id: "123456".to_owned(),
            kakao_oidc: true,
            kakao_webhook: None,
            redirect_uris: Vec::new(),
            code_lifetime: Duration::from_secs(60),
            keys_max_age: Duration::from_secs(3600),
            decision: Decision::Ask,
            people: Person::samples(),
        }
    }
}

impl Config {
    pub(crate) fn client(&self, provider: super::Provider) -> &Client {
        match provider {
            super::Provider::Naver => &self.naver,
            super::Provider::Google => &self.google,
            super::Provider::Kakao => &self.kakao,
        }
    }

    /// Whether people may be sent back to that address.
    pub(crate) fn may_return_to(&self, uri: &str) -> bool {
        if self.redirect_uris.is_empty() {
            return Url::parse(uri).is_ok_and(|url| url.fragment().is_none() && is_local(&url));
        }
        self.redirect_uris
            .iter()
            .any(|registered| registered == uri)
    }
}

/// Whether an address is on this machine.
pub(crate) fn is_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
