//! Naver Cloud SENS, SMS API v2.

use std::fmt;
use std::time::Duration;

use base64ct::{Base64, Encoding as _};
use chrono::{DateTime, Utc};
use domain::account::PhoneNumber;
use hmac::{Hmac, KeyInit as _, Mac as _};
use reqwest::{Method, Response, StatusCode, redirect};
use secrecy::ExposeSecret as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::Sha256;

use crate::accounts::settings::SensSettings;

/// One request with its answer.
const TIMEOUT: Duration = Duration::from_secs(10);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Longest answer that is read.
const LONGEST: usize = 64 * 1024;

/// A client of one account.
pub struct Sens {
    http: reqwest::Client,
    settings: SensSettings,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// Not known yet.
    Processing,
    /// It arrived.
    Delivered,
    /// It did not; the telephone company's code.
    Failed(String),
}

/// Why there is no answer. Holds neither number nor text.
#[derive(Debug, thiserror::Error)]
pub enum SensError {
    /// Nobody answered, or not in time.
    #[error("the SMS provider can't be reached")]
    Network(#[source] reqwest::Error),
    /// Another status than expected.
    #[error("the SMS provider answers {0}")]
    Status(StatusCode),
    /// Accepted, in an answer that can't be read: the message may arrive.
    #[error("the SMS provider's answer can't be read")]
    Unreadable,
}

impl SensError {
    /// Whether the same request can't succeed later either.
    #[must_use]
    pub fn is_final(&self) -> bool {
        // 401 and 403 are mended by whoever runs the server.
        matches!(self, Self::Status(status) if matches!(status.as_u16(), 400 | 413))
    }

    /// Whether the request may have been carried out all the same: it left, and no answer came.
    #[must_use]
    pub fn is_unsure(&self) -> bool {
        match self {
            Self::Network(error) => !error.is_connect(),
            // The gateway has waited for the provider in vain.
            Self::Status(status) => matches!(status.as_u16(), 502 | 504),
            Self::Unreadable => true,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Accepted {
    request_id: String,
}

#[derive(Deserialize)]
struct Messages<T> {
    messages: Vec<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Named {
    message_id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct State {
    status: String,
    status_code: Option<String>,
    status_name: Option<String>,
}

impl Sens {
    /// A client of this account.
    ///
    /// # Errors
    /// Where the TLS set-up fails.
    pub fn new(settings: SensSettings) -> Result<Self, SensError> {
        let http = reqwest::Client::builder()
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .referer(false)
            .http1_only()
            .user_agent(concat!("pillnuts/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(SensError::Network)?;
        Ok(Self { http, settings })
    }

    /// Hands a message over; gives the provider's name of the request.
    ///
    /// # Errors
    /// [`SensError`]; after [`SensError::Unreadable`] it may arrive.
    pub async fn send(
        &self,
        to: &PhoneNumber,
        text: &str,
        now: DateTime<Utc>,
    ) -> Result<String, SensError> {
        let body = json!({
            "type": "SMS",
            "contentType": "COMM",
            "countryCode": "82",
            "from": self.settings.sender,
            "content": text,
            "messages": [{"to": to.national()}],
        });
        let request = self.request(Method::POST, "", now).json(&body);
        let response = request.send().await.map_err(without_url)?;
        if response.status() != StatusCode::ACCEPTED {
            return Err(SensError::Status(response.status()));
        }
        let accepted: Accepted = read(response).await?;
        Ok(accepted.request_id)
    }

    /// The provider's name of the one message of a request.
    ///
    /// # Errors
    /// [`SensError`].
    pub async fn message_of(&self, request: &str, now: DateTime<Utc>) -> Result<String, SensError> {
        let encoded: String = url::form_urlencoded::byte_serialize(request.as_bytes()).collect();
        let found: Messages<Named> = self.ask(&format!("?requestId={encoded}"), now).await?;
        let first = found.messages.into_iter().next();
        first.map(|one| one.message_id).ok_or(SensError::Unreadable)
    }

    /// What became of a message.
    ///
    /// # Errors
    /// [`SensError`].
    pub async fn delivery(&self, message: &str, now: DateTime<Utc>) -> Result<Delivery, SensError> {
        let encoded: String = url::form_urlencoded::byte_serialize(message.as_bytes()).collect();
        let found: Messages<State> = self.ask(&format!("/{encoded}"), now).await?;
        let state = found.messages.first().ok_or(SensError::Unreadable)?;
        if state.status != "COMPLETED" {
            return Ok(Delivery::Processing);
        }
        if state.status_name.as_deref() == Some("success") {
            return Ok(Delivery::Delivered);
        }
        let code = state.status_code.clone().unwrap_or_default();
        Ok(Delivery::Failed(code))
    }

    async fn ask<T: DeserializeOwned>(
        &self,
        rest: &str,
        now: DateTime<Utc>,
    ) -> Result<T, SensError> {
        let request = self.request(Method::GET, rest, now);
        let response = request.send().await.map_err(without_url)?;
        if response.status() != StatusCode::OK {
            return Err(SensError::Status(response.status()));
        }
        read(response).await
    }

    /// A signed request. What is signed is the path as it is sent.
    fn request(&self, method: Method, rest: &str, now: DateTime<Utc>) -> reqwest::RequestBuilder {
        let settings = &self.settings;
        let base = settings.base_url.path().trim_end_matches('/');
        let path = format!(
            "{base}/sms/v2/services/{}/messages{rest}",
            settings.service_id
        );
        let origin = settings.base_url.origin().ascii_serialization();
        let timestamp = now.timestamp_millis().to_string();
        let signature = self.sign(&format!(
            "{method} {path}\n{timestamp}\n{}",
            settings.access_key
        ));
        self.http
            .request(method, format!("{origin}{path}"))
            .header("x-ncp-apigw-timestamp", timestamp)
            .header("x-ncp-iam-access-key", &settings.access_key)
            .header("x-ncp-apigw-signature-v2", signature)
    }

    fn sign(&self, text: &str) -> String {
        let key = self.settings.secret_key.expose_secret().trim();
        // Any length will do for HMAC.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key.as_bytes()) else {
            return String::new();
        };
        mac.update(text.as_bytes());
        Base64::encode_string(&mac.finalize().into_bytes())
    }
}

/// The URL names requests and messages; it says nothing that the log doesn't know.
fn without_url(error: reqwest::Error) -> SensError {
    SensError::Network(error.without_url())
}

async fn read<T: DeserializeOwned>(mut response: Response) -> Result<T, SensError> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|_| SensError::Unreadable)? {
        if body.len().saturating_add(chunk.len()) > LONGEST {
            return Err(SensError::Unreadable);
        }
        body.extend_from_slice(&chunk);
    }
    serde_json::from_slice(&body).map_err(|_| SensError::Unreadable)
}

impl fmt::Debug for Sens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sens")
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}
