//! Telling a provider that somebody left.

use oauth2::{RefreshToken, TokenResponse as _};
use secrecy::ExposeSecret as _;
use serde::Deserialize;

use super::client::{Client, refusal};
use super::http::CallError;
use super::{Provider, ProviderError, Social};

/// Kakao's code for somebody who isn't linked: it is over already.
const KAKAO_NOT_LINKED: i64 = -101;

/// How it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unlinked {
    /// The provider has done it.
    Done,
    /// It knows of no such link, or its token is worth nothing any more.
    Already,
}

#[derive(Deserialize)]
struct KakaoError {
    code: i64,
}

#[derive(Deserialize)]
struct NaverAnswer {
    result: Option<String>,
}

impl Social {
    /// Ends a link, by the person's id at Kakao, by a refresh token at the others.
    ///
    /// # Errors
    /// Where it has to be tried again.
    pub(super) async fn unlink(
        &self,
        provider: Provider,
        secret: &str,
    ) -> Result<Unlinked, ProviderError> {
        let client = self.of(provider).ok_or(ProviderError::NotOffered)?;
        match provider {
            Provider::Naver => naver(client, secret).await,
            Provider::Google => google(client, secret).await,
            Provider::Kakao => self.kakao(client, secret).await,
        }
    }

    /// developers.kakao.com, "Unlink" by the admin key.
    async fn kakao(&self, client: &Client, subject: &str) -> Result<Unlinked, ProviderError> {
        let key = self.settings.kakao_admin_key.as_ref();
        let key = key.ok_or(ProviderError::NotOffered)?.expose_secret();
        let url = client
            .settings
            .unlink_url
            .clone()
            .ok_or(ProviderError::NotOffered)?;
        let form = [("target_id_type", "user_id"), ("target_id", subject)];
        let request = client
            .http
            .post_form(url, &form)
            .header("authorization", format!("KakaoAK {}", key.trim()));
        let answer = client.http.send(request).await?;
        match answer.status {
            200 => Ok(Unlinked::Done),
            400 if answer.json::<KakaoError>()?.code == KAKAO_NOT_LINKED => Ok(Unlinked::Already),
            401 | 403 => Err(ProviderError::Client),
            status => Err(CallError::Status(status).into()),
        }
    }
}

/// "Revoking a token" of Google's "OAuth 2.0 for Web Server Applications": ends the whole grant.
async fn google(client: &Client, token: &str) -> Result<Unlinked, ProviderError> {
    let url = client
        .settings
        .unlink_url
        .clone()
        .ok_or(ProviderError::NotOffered)?;
    let request = client.http.post_form(url, &[("token", token)]);
    match client.http.send(request).await?.status {
        200 => Ok(Unlinked::Done),
        // `invalid_token`: revoked already, by the person or by Google.
        400 => Ok(Unlinked::Already),
        status => Err(CallError::Status(status).into()),
    }
}

/// developers.naver.com, "네이버 로그인 연동 해제": by an access token that is still good, so one is fetched.
async fn naver(client: &Client, refresh: &str) -> Result<Unlinked, ProviderError> {
    let token = RefreshToken::new(refresh.to_owned());
    let fresh = client.oauth.exchange_refresh_token(&token);
    let tokens = match fresh.request_async(&client.http).await.map_err(refusal) {
        Ok(tokens) => tokens,
        Err(ProviderError::Refused(_)) => return Ok(Unlinked::Already),
        Err(error) => return Err(error),
    };
    let form = [
        ("grant_type", "delete"),
        ("client_id", client.settings.client_id.as_str()),
        (
            "client_secret",
            client.settings.client_secret.expose_secret(),
        ),
        ("access_token", tokens.access_token().secret()),
        ("service_provider", "NAVER"),
    ];
    let url = client.settings.token_url.clone();
    let answer = client.http.send(client.http.post_form(url, &form)).await?;
    if answer.status != 200 {
        return Err(CallError::Status(answer.status).into());
    }
    // A refusal comes with 200, too.
    match answer.json::<NaverAnswer>()?.result.as_deref() {
        Some("success") => Ok(Unlinked::Done),
        _ => Err(CallError::Unreadable.into()),
    }
}
