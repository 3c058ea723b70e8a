//! The API gateway's signature, version 2.

use axum::http::{HeaderMap, Method, StatusCode};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use chrono::TimeDelta;
use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::Sha256;

use super::{Handle, error};

/// A request whose time is further away is refused.
const SKEW: TimeDelta = TimeDelta::minutes(5);

/// Why a request isn't authentic.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refused {
    #[error("Authentication information are missing.")]
    Missing,
    #[error("Expired timestamp.")]
    Skewed,
    #[error("Invalid authentication information.")]
    Wrong,
}

impl axum::response::IntoResponse for Refused {
    fn into_response(self) -> axum::response::Response {
        error(StatusCode::UNAUTHORIZED, Some(&self.to_string()))
    }
}

/// Checks the three headers. `url` is path and query as they were sent.
pub(crate) fn check(
    handle: &Handle,
    method: &Method,
    url: &str,
    headers: &HeaderMap,
) -> Result<(), Refused> {
    let header = |name: &str| {
        let value = headers.get(name).and_then(|value| value.to_str().ok());
        value.ok_or(Refused::Missing)
    };
    let timestamp = header("x-ncp-apigw-timestamp")?;
    let access_key = header("x-ncp-iam-access-key")?;
    let signature = header("x-ncp-apigw-signature-v2")?;
    let sent = timestamp.parse::<i64>().map_err(|_| Refused::Wrong)?;
    let sent = chrono::DateTime::from_timestamp_millis(sent).ok_or(Refused::Wrong)?;
    if handle.clock.now().signed_duration_since(sent).abs() > SKEW {
        return Err(Refused::Skewed);
    }
    if access_key != handle.config.access_key {
        return Err(Refused::Wrong);
    }
    let signature = STANDARD.decode(signature).map_err(|_| Refused::Wrong)?;
    let mut mac = Hmac::<Sha256>::new_from_slice(handle.config.secret_key.as_bytes())
        .map_err(|_| Refused::Wrong)?;
    mac.update(format!("{method} {url}\n{timestamp}\n{access_key}").as_bytes());
    mac.verify_slice(&signature).map_err(|_| Refused::Wrong)
}
