//! Signing in by another service: Naver (네이버), Google, Kakao (카카오).
//!
//! An authorization code (RFC 6749) with a state that is good once and in one browser, PKCE (RFC 7636)
//! and a nonce with a checked ID token (OpenID Connect Core) where the provider has them. All that is
//! kept of a person is who he is to the provider: names and addresses are never asked for, so nobody
//! can be taken for somebody else by his e-mail.

mod client;
mod error;
mod forget;
mod http;
mod id_token;
mod keys;
mod provider_settings;
mod return_url;
mod settings;
mod tokens;
mod unlink;
mod unlinker;

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use chrono::TimeDelta;
use tokio::sync::Semaphore;

pub(crate) use client::{Authorization, Person};
pub(crate) use error::{Failure, ProviderError, SocialError, SocialRule, causes};
pub use forget::forget;
pub use provider_settings::{OidcSettings, ProviderSettings};
pub use return_url::ReturnUrl;
pub use settings::SocialSettings;
pub use unlinker::Unlinker;

use client::Client;
use http::Http;

/// What sealed ids of people at providers are bound to.
pub(crate) const SUBJECT: &str = "social.subject";
/// What sealed tokens of providers are bound to.
pub(crate) const TOKEN: &str = "social.token";
/// How long somebody may take at the provider.
pub(crate) const FLOW_LIFE: TimeDelta = TimeDelta::minutes(10);
/// How long an exchange code is good.
pub(crate) const CODE_LIFE: TimeDelta = TimeDelta::seconds(60);
/// How long the token to sign up with is good.
pub(crate) const SIGN_UP_LIFE: TimeDelta = TimeDelta::minutes(30);
/// How long a session counts as proved anew.
pub(crate) const FRESH: TimeDelta = TimeDelta::minutes(10);
/// People who come back from a provider at the same time, at most.
const AT_ONCE: usize = 64;

/// Who signs people in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Provider {
    /// 네이버.
    Naver,
    /// Google.
    Google,
    /// 카카오.
    Kakao,
}

/// A name of no provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a provider is naver, google or kakao")]
pub struct UnknownProvider;

impl Provider {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Naver, Self::Google, Self::Kakao];

    /// Its name in addresses and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Naver => "naver",
            Self::Google => "google",
            Self::Kakao => "kakao",
        }
    }

    /// Keeps the keyed hashes of one provider's people apart from another's.
    pub(crate) const fn subject(self) -> &'static str {
        match self {
            Self::Naver => "subject at naver",
            Self::Google => "subject at google",
            Self::Kakao => "subject at kakao",
        }
    }
}

impl FromStr for Provider {
    type Err = UnknownProvider;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut all = Self::ALL.into_iter();
        all.find(|one| one.as_str() == text).ok_or(UnknownProvider)
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What somebody is sent to a provider for. A code that comes of it is good for nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To sign in, or up.
    SignIn,
    /// To link the provider with the account that is signed in.
    Link,
    /// To prove who is there.
    Reauthenticate,
    /// Not to be asked for: the token that a new person signs up with.
    SignUp,
}

impl Purpose {
    /// Its name in addresses and in the store.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignIn => "signIn",
            Self::Link => "link",
            Self::Reauthenticate => "reauthenticate",
            Self::SignUp => "signUp",
        }
    }
}

impl FromStr for Purpose {
    type Err = UnknownProvider;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let all = [Self::SignIn, Self::Link, Self::Reauthenticate, Self::SignUp];
        let mut all = all.into_iter();
        all.find(|one| one.as_str() == text).ok_or(UnknownProvider)
    }
}

/// The providers that the settings name.
#[derive(Debug)]
pub(crate) struct Social {
    clients: Vec<Client>,
    pub(crate) settings: SocialSettings,
    /// For everything that a callback asks of a provider, one after another.
    limit: Duration,
    places: Semaphore,
}

impl Social {
    /// Prepares the providers; asks none of them.
    ///
    /// # Errors
    /// Where the TLS set-up fails.
    pub(crate) fn new(settings: SocialSettings) -> Result<Self, reqwest::Error> {
        let mut clients = Vec::new();
        for provider in Provider::ALL {
            if let Some(own) = settings.of(provider) {
                let http = Http::new(settings.timeout)?;
                clients.push(Client::new(provider, own, &settings, http));
            }
        }
        Ok(Self {
            clients,
            limit: settings.timeout.saturating_mul(2),
            settings,
            places: Semaphore::new(AT_ONCE),
        })
    }

    /// A provider, if people can sign in by it.
    pub(crate) fn of(&self, provider: Provider) -> Option<&Client> {
        self.clients
            .iter()
            .find(|client| client.provider() == provider)
    }

    /// The place of the front end that this text names exactly; without a text, the first one.
    pub(crate) fn return_url(&self, wanted: Option<&str>) -> Option<&str> {
        let mut known = self.settings.return_urls.iter().map(ReturnUrl::as_str);
        match wanted {
            None => known.next(),
            Some(wanted) => known.find(|url| *url == wanted),
        }
    }

    /// Whom a code stands for. However many providers are slow at once, no more than [`AT_ONCE`] people
    /// wait for them, and none for longer than twice the time limit of one call.
    ///
    /// # Errors
    /// [`ProviderError`].
    pub(crate) async fn person(
        &self,
        provider: Provider,
        back: &Authorization<'_>,
    ) -> Result<Person, ProviderError> {
        let client = self.of(provider).ok_or(ProviderError::NotOffered)?;
        let _place = self.places.try_acquire().map_err(|_| ProviderError::Busy)?;
        tokio::time::timeout(self.limit, client.person(back))
            .await
            .map_err(|_| ProviderError::TooSlow)?
    }
}
