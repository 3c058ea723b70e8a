//! Kakao tells the service that somebody unlinked (연결 끊기).

use std::time::Duration;

use reqwest::{Client, redirect::Policy};
use serde::{Deserialize, Serialize};
use url::Url;

use super::{Config, config::is_local};

/// Kakao waits no longer.
const PATIENCE: Duration = Duration::from_secs(3);

/// How somebody unlinked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Referrer {
    /// They deleted their account.
    AccountDelete,
    /// Customer service deleted it.
    ForcedAccountDelete,
    /// On the page of connected services.
    UnlinkFromApps,
    /// Through customer service.
    UnlinkFromAdmin,
}

impl Referrer {
    /// As it stands in the notice.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AccountDelete => "ACCOUNT_DELETE",
            Self::ForcedAccountDelete => "FORCED_ACCOUNT_DELETE",
            Self::UnlinkFromApps => "UNLINK_FROM_APPS",
            Self::UnlinkFromAdmin => "UNLINK_FROM_ADMIN",
        }
    }
}

/// The service wasn't told.
#[derive(Debug, thiserror::Error)]
pub enum WebhookError {
    /// There is no link to end.
    #[error("the person isn't linked to the service")]
    NotLinked,
    /// A stand-in speaks to this machine only.
    #[error("the webhook's address isn't on this machine")]
    NotLocal,
    /// No answer came in time.
    #[error("the service didn't answer")]
    Request(#[source] reqwest::Error),
}

/// Sends the notice once and gives the service's status.
pub(crate) async fn send(
    config: &Config,
    url: Url,
    user_id: u64,
    referrer: Referrer,
) -> Result<u16, WebhookError> {
    if url.scheme() != "http" || !is_local(&url) {
        return Err(WebhookError::NotLocal);
    }
    // An address of this machine needs no TLS, but the client wants a provider. Another part of the
    // process may have installed it already.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder()
        .timeout(PATIENCE)
        .redirect(Policy::none())
        .no_proxy()
        .build()
        .map_err(WebhookError::Request)?;
    let user_id = user_id.to_string();
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("app_id", &config.kakao_app_id)
        .append_pair("user_id", &user_id)
        .append_pair("referrer_type", referrer.name())
        .finish();
    let kind = "application/x-www-form-urlencoded;charset=utf-8";
    let response = client
        .post(url)
        .header(
            "authorization",
            format!("KakaoAK {}", config.kakao_admin_key),
        )
        .header("content-type", kind)
        .body(body)
        .send()
        .await
        .map_err(WebhookError::Request)?;
    Ok(response.status().as_u16())
}
