//! One provider: sending somebody there, and learning who came back.

use chrono::{DateTime, Utc};
use oauth2::basic::{
    BasicErrorResponse, BasicErrorResponseType, BasicRevocationErrorResponse,
    BasicTokenIntrospectionResponse,
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, EndpointNotSet,
    EndpointSet, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError, Scope,
    StandardRevocableToken, TokenResponse as _, TokenUrl,
};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use url::Url;
use zeroize::Zeroizing;

use super::http::{CallError, Http};
use super::id_token::{self, Expected, IdTokenError};
use super::keys::Keys;
use super::tokens::Tokens;
use super::{FRESH, Provider, ProviderError, Purpose};
use super::{ProviderSettings, SocialSettings};

pub(super) type OAuth = oauth2::Client<
    BasicErrorResponse,
    Tokens,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// Longest id of a person: OpenID Connect Core (2) says 255 ASCII characters.
const LONGEST_SUBJECT: usize = 255;
/// Longest token that is kept.
const LONGEST_TOKEN: usize = 2_048;

/// What stands for one way there and back. Verifier and nonce are computed from the state, so they
/// stand nowhere.
#[derive(Debug)]
pub(crate) struct Authorization<'a> {
    /// What the provider gave.
    pub(crate) code: &'a str,
    pub(crate) state: &'a str,
    pub(crate) verifier: Zeroizing<String>,
    pub(crate) nonce: Zeroizing<String>,
    pub(crate) now: DateTime<Utc>,
    /// What for he went.
    pub(crate) purpose: Purpose,
}

/// Somebody whom a provider named.
pub(crate) struct Person {
    /// Who he is there.
    pub(crate) subject: Zeroizing<String>,
    /// What the provider will ask for when it is told that this is over.
    pub(crate) token: Option<Zeroizing<String>>,
}

/// A provider as the settings know it.
#[derive(Debug)]
pub(crate) struct Client {
    provider: Provider,
    pub(super) oauth: OAuth,
    pub(super) settings: ProviderSettings,
    pub(super) http: Http,
    keys: Option<Keys>,
}

/// `/v1/nid/me`, as far as it is used.
#[derive(Deserialize)]
struct Profile {
    resultcode: String,
    response: Option<ProfileId>,
}

#[derive(Deserialize)]
struct ProfileId {
    id: String,
}

impl Client {
    pub(super) fn new(
        provider: Provider,
        settings: &ProviderSettings,
        all: &SocialSettings,
        http: Http,
    ) -> Self {
        let secret = settings.client_secret.expose_secret().to_owned();
        let oauth = oauth2::Client::new(ClientId::new(settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(secret))
            // Naver and Kakao know no other way.
            .set_auth_type(AuthType::RequestBody)
            .set_auth_uri(AuthUrl::from_url(settings.authorize_url.clone()))
            .set_token_uri(TokenUrl::from_url(settings.token_url.clone()))
            .set_redirect_uri(RedirectUrl::from_url(all.callback(provider)));
        let keys = settings
            .oidc
            .as_ref()
            .map(|oidc| Keys::new(oidc.keys_url.clone()));
        Self {
            provider,
            oauth,
            settings: settings.clone(),
            http,
            keys,
        }
    }

    pub(crate) fn provider(&self) -> Provider {
        self.provider
    }

    /// Where somebody is sent. Nothing but his id is asked for.
    pub(crate) fn address(
        &self,
        purpose: Purpose,
        state: &str,
        verifier: &str,
        nonce: &str,
    ) -> Url {
        let token = state.to_owned();
        let mut request = self.oauth.authorize_url(move || CsrfToken::new(token));
        if self.keys.is_some() {
            let verifier = PkceCodeVerifier::new(verifier.to_owned());
            let challenge = PkceCodeChallenge::from_code_verifier_sha256(&verifier);
            request = request
                .add_scope(Scope::new("openid".to_owned()))
                .set_pkce_challenge(challenge)
                .add_extra_param("nonce", nonce.to_owned());
        }
        // Google gives what it takes to end a link only to who asks for access without the person.
        if self.provider == Provider::Google {
            request = request.add_extra_param("access_type", "offline");
        }
        if purpose == Purpose::Reauthenticate {
            for (name, value) in self.anew() {
                request = request.add_extra_param(*name, *value);
            }
        }
        request.url().0
    }

    /// What asks the provider for the person himself rather than for his cookie there. Only what the ID
    /// token then says is a proof ([`id_token`]): a browser can leave any of these out.
    ///
    /// - Naver: `auth_type=reauthenticate` has the person enter the password again. No signed word says so.
    /// - Google has no way to ask for that ("Google does not support Google Account re-authentication
    ///   requests", its "Security bundle"); `claims` makes it say when the person signed in. Whoever did so
    ///   long ago has to sign out there first.
    /// - Kakao: `prompt=login` has the person sign in again, and `auth_time` always says when.
    const fn anew(&self) -> &'static [(&'static str, &'static str)] {
        match self.provider {
            Provider::Naver => &[("auth_type", "reauthenticate")],
            Provider::Google => &[
                ("prompt", "select_account"),
                ("claims", r#"{"id_token":{"auth_time":{"essential":true}}}"#),
            ],
            Provider::Kakao => &[("prompt", "login")],
        }
    }

    /// Exchanges a code and finds out whose it is.
    pub(super) async fn person(&self, back: &Authorization<'_>) -> Result<Person, ProviderError> {
        let tokens = self.exchange(back).await?;
        let subject = match (&self.keys, &self.settings.oidc) {
            (Some(keys), Some(oidc)) => {
                let token = tokens.id_token.as_ref().ok_or(IdTokenError::Missing)?;
                let expected = Expected {
                    issuer: &oidc.issuer,
                    audience: &self.settings.client_id,
                    nonce: &back.nonce,
                    now: back.now,
                    max_age: (back.purpose == Purpose::Reauthenticate).then_some(FRESH),
                };
                id_token::check(token.as_str(), keys, &self.http, &expected).await?
            }
            _ => self.profile(tokens.access_token().secret()).await?,
        };
        let subject = Zeroizing::new(subject);
        let plain = subject.bytes().all(|byte| byte.is_ascii_graphic());
        if !plain || !(1..=LONGEST_SUBJECT).contains(&subject.len()) {
            return Err(ProviderError::Subject);
        }
        Ok(Person {
            subject,
            token: self.kept(&tokens),
        })
    }

    /// Kakao's admin key ends links by the person's id; the others want a token.
    fn kept(&self, tokens: &Tokens) -> Option<Zeroizing<String>> {
        let token = tokens.refresh_token()?.secret();
        let kept = self.provider != Provider::Kakao && token.len() <= LONGEST_TOKEN;
        kept.then(|| Zeroizing::new(token.clone()))
    }

    async fn exchange(&self, back: &Authorization<'_>) -> Result<Tokens, ProviderError> {
        let code = AuthorizationCode::new(back.code.to_owned());
        let mut request = self.oauth.exchange_code(code);
        if self.keys.is_some() {
            let verifier = back.verifier.as_str().to_owned();
            request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        } else {
            // Naver wants it a second time.
            request = request.add_extra_param("state", back.state.to_owned());
        }
        request.request_async(&self.http).await.map_err(refusal)
    }

    /// Naver has no ID token: the profile says who it is. It comes over TLS from Naver itself, by a
    /// token that this exchange gave.
    async fn profile(&self, access_token: &str) -> Result<String, ProviderError> {
        let url = self.settings.profile_url.clone();
        let url = url.ok_or(ProviderError::NotOffered)?;
        let request = self.http.get(url).bearer_auth(access_token);
        let answer = self.http.send(request).await?;
        if answer.status != 200 {
            return Err(CallError::Status(answer.status).into());
        }
        let profile: Profile = answer.json()?;
        match profile.response {
            Some(response) if profile.resultcode == "00" => Ok(response.id),
            _ => Err(CallError::Unreadable.into()),
        }
    }
}

pub(super) type TokenError = RequestTokenError<CallError, BasicErrorResponse>;

/// What the library says. Neither the description, which may quote the code, nor a body goes along.
pub(super) fn refusal(error: TokenError) -> ProviderError {
    match error {
        RequestTokenError::ServerResponse(response) => match response.error() {
            BasicErrorResponseType::InvalidClient => ProviderError::Client,
            other => ProviderError::Refused(short(other.as_ref())),
        },
        RequestTokenError::Request(error) => error.into(),
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => CallError::Unreadable.into(),
    }
}

/// A name as RFC 6749 has them; a provider's own text isn't one.
pub(crate) fn short(name: &str) -> String {
    let letters = |c: &char| c.is_ascii_lowercase() || *c == '_';
    name.chars().take_while(letters).take(40).collect()
}
