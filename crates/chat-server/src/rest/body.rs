//! Bodies of requests: limited, typed, and refused with the name of the field.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use serde::de::DeserializeOwned;
use service_kit::problem::ProblemKind;

use super::failure::Failure;

/// Largest JSON body in bytes: a message of 2,000 characters in the longest spelling, with the rest.
const LARGEST: usize = 64 * 1024;

/// A JSON body.
pub(super) struct Json<T>(pub(super) T);

impl<T: DeserializeOwned, S: Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, _: &S) -> Result<Self, Failure> {
        if !is_of(request.headers(), "application/json") {
            return Err(Failure::new(ProblemKind::UnsupportedMediaType));
        }
        let bytes = bytes(request, LARGEST).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            // Never serde's own words, which quote what was sent.
            if error.inner().is_data() {
                let field = error.path().to_string();
                Failure::invalid(if field == "." {
                    "body".to_owned()
                } else {
                    field
                })
            } else {
                Failure::new(ProblemKind::InvalidJson)
            }
        })?;
        reader
            .end()
            .map_err(|_| Failure::new(ProblemKind::InvalidJson))?;
        Ok(Self(value))
    }
}

/// Whether the body is of this type, whatever its parameters.
pub(super) fn is_of(headers: &HeaderMap, expected: &str) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let only = types.next().filter(|_| types.next().is_none());
    only.and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|value| value.trim().eq_ignore_ascii_case(expected))
}

/// The body, up to so many bytes.
pub(super) async fn bytes(request: Request, largest: usize) -> Result<Vec<u8>, Failure> {
    match axum::body::to_bytes(request.into_body(), largest).await {
        Ok(bytes) => Ok(bytes.into()),
        Err(error) => {
            let error = error.into_inner();
            let large = error.is::<http_body_util::LengthLimitError>();
            Err(Failure::new(if large {
                ProblemKind::PayloadTooLarge
            } else {
                ProblemKind::MalformedRequest
            }))
        }
    }
}
