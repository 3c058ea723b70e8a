//! Errors in S3's XML form.

use std::fmt::Write as _;

use axum::{
    http::{HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};

use crate::text::{escape, random_hex};

/// An error as S3 writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Error {
    pub(crate) status: StatusCode,
    pub(crate) code: &'static str,
    message: String,
    /// More elements, by name.
    details: Vec<(&'static str, String)>,
}

impl Error {
    pub(crate) fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            details: Vec::new(),
        }
    }

    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.details.push((name, value.into()));
        self
    }

    pub(crate) fn denied(message: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "AccessDenied", message)
    }

    pub(crate) fn no_such_key(key: &str) -> Self {
        let message = "The specified key does not exist.";
        Self::new(StatusCode::NOT_FOUND, "NoSuchKey", message).with("Key", key)
    }

    pub(crate) fn too_large(proposed: Option<u64>, limit: usize) -> Self {
        let message = "Your proposed upload exceeds the maximum allowed size";
        let error = Self::new(StatusCode::BAD_REQUEST, "EntityTooLarge", message)
            .with("MaxSizeAllowed", limit.to_string());
        match proposed {
            Some(proposed) => error.with("ProposedSize", proposed.to_string()),
            None => error,
        }
    }

    pub(crate) fn slow_down() -> Self {
        let message = "Please reduce your request rate.";
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "SlowDown", message)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let request_id = random_hex::<8>();
        let mut xml = format!(
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{}</Code><Message>{}</Message>",
            self.code,
            escape(&self.message)
        );
        for (name, value) in &self.details {
            // Writing into a string can't fail.
            let _written = write!(xml, "<{name}>{}</{name}>", escape(value));
        }
        let _written = write!(
            xml,
            "<RequestId>{request_id}</RequestId><HostId>stand-in</HostId></Error>"
        );
        let id = HeaderValue::from_str(&request_id).unwrap_or(HeaderValue::from_static("0"));
        let headers = [
            (
                header::CONTENT_TYPE,
                HeaderValue::from_static("application/xml"),
            ),
            (HeaderName::from_static("x-amz-request-id"), id),
        ];
        (self.status, headers, xml).into_response()
    }
}
