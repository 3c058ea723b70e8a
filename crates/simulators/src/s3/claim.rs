//! How a request says that it was signed: in the query string or in the `Authorization` header.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode};
use percent_encoding::percent_decode_str;

use super::error::Error;

pub(crate) const ALGORITHM: &str = "AWS4-HMAC-SHA256";
/// In place of a hash where the body isn't signed.
pub(crate) const UNSIGNED: &str = "UNSIGNED-PAYLOAD";
/// Seven days.
const MAX_EXPIRES: i64 = 604_800;

/// What a request says about how it was signed.
#[derive(Debug)]
pub(crate) struct Claim {
    /// Access key, date, region, service, `aws4_request`.
    pub(crate) credential: String,
    pub(crate) amz_date: String,
    /// Seconds, where the query was signed.
    pub(crate) expires: Option<i64>,
    pub(crate) signed_headers: String,
    pub(crate) signature: String,
    pub(crate) payload: String,
}

pub(crate) fn malformed(message: &str) -> Error {
    let status = StatusCode::BAD_REQUEST;
    Error::new(status, "AuthorizationQueryParametersError", message)
}

/// The pairs of a query string, decoded.
pub(crate) fn pairs(query: &str) -> Vec<(String, String)> {
    let decode = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let parts = query.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| part.split_once('=').unwrap_or((part, "")))
        .map(|(name, value)| (decode(name), decode(value)))
        .collect()
}

impl Claim {
    pub(crate) fn of_query(pairs: &[(String, String)]) -> Result<Self, Error> {
        let get = |name: &str| {
            let pair = pairs.iter().find(|(key, _)| key == name);
            pair.map(|(_, value)| value.clone())
                .ok_or_else(|| malformed("Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters."))
        };
        if get("X-Amz-Algorithm")? != ALGORITHM {
            return Err(malformed(
                "X-Amz-Algorithm only supports \"AWS4-HMAC-SHA256\"",
            ));
        }
        let expires = get("X-Amz-Expires")?
            .parse::<i64>()
            .map_err(|_| malformed("X-Amz-Expires should be a number"))?;
        if !(0..=MAX_EXPIRES).contains(&expires) {
            let message = "X-Amz-Expires must be less than a week (in seconds) and non-negative";
            return Err(malformed(message));
        }
        Ok(Self {
            credential: get("X-Amz-Credential")?,
            amz_date: get("X-Amz-Date")?,
            expires: Some(expires),
            signed_headers: get("X-Amz-SignedHeaders")?,
            signature: get("X-Amz-Signature")?,
            payload: get("X-Amz-Content-Sha256").unwrap_or_else(|_| UNSIGNED.to_owned()),
        })
    }

    pub(crate) fn of_headers(headers: &HeaderMap) -> Result<Self, Error> {
        let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let authorization =
            header("authorization").ok_or_else(|| Error::denied("Access Denied"))?;
        let malformed = || {
            let message = "The authorization header is malformed.";
            Error::new(
                StatusCode::BAD_REQUEST,
                "AuthorizationHeaderMalformed",
                message,
            )
        };
        let fields = authorization
            .strip_prefix(ALGORITHM)
            .ok_or_else(malformed)?;
        let fields: BTreeMap<&str, &str> = fields
            .split(',')
            .filter_map(|field| field.trim().split_once('='))
            .collect();
        let field = |name: &str| {
            let value = fields.get(name).copied();
            value.map(str::to_owned).ok_or_else(malformed)
        };
        let payload = header("x-amz-content-sha256").ok_or_else(|| {
            let message = "Missing required header for this request: x-amz-content-sha256";
            Error::new(StatusCode::BAD_REQUEST, "InvalidRequest", message)
        })?;
        Ok(Self {
            credential: field("Credential")?,
            amz_date: header("x-amz-date").unwrap_or_default().to_owned(),
            expires: None,
            signed_headers: field("SignedHeaders")?,
            signature: field("Signature")?,
            payload: payload.to_owned(),
        })
    }
}
