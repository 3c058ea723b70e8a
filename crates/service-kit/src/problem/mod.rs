//! Errors as clients see them: RFC 9457 problem details with a stable code, in Korean or English.
//!
//! Nothing here knows a web framework; a server turns a [`Problem`] into its own response with
//! [`Problem::status`], [`CONTENT_TYPE`] and [`Problem::to_json`].

mod kind;
mod language;
mod texts;

use std::fmt;
use std::time::Duration;

use serde::Serialize;
use serde_json::{Map, Value};

pub use kind::ProblemKind;
pub use language::{Language, LocalText};

use crate::request_id::RequestId;

/// Media type of a problem (RFC 9457, section 3).
pub const CONTENT_TYPE: &str = "application/problem+json";

/// What every problem's `type` begins with; the code follows.
pub const TYPE_PREFIX: &str = "https://pillnuts.example/problems/";

/// Members that an extension may not replace.
const RESERVED: [&str; 7] = [
    "type",
    "title",
    "status",
    "detail",
    "code",
    "requestId",
    "errors",
];

/// One field that failed validation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FieldError {
    /// Name of the field or query parameter as the client wrote it, `items[0].name` for nested ones.
    pub field: String,
    /// Stable `snake_case` code of the broken rule, such as `too_long`.
    pub code: String,
    /// The rule in the language of the client.
    pub detail: String,
}

impl FieldError {
    /// Describes why one field was refused.
    pub fn new(
        field: impl Into<String>,
        code: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            field: field.into(),
            code: code.into(),
            detail: detail.into(),
        }
    }
}

/// A failure as it is shown to a client. It holds no internal cause by construction: whoever makes
/// one logs the cause and keeps it.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    kind: ProblemKind,
    code: &'static str,
    title: &'static str,
    detail: String,
    request_id: Option<RequestId>,
    errors: Vec<FieldError>,
    extensions: Map<String, Value>,
    retry_after: Option<Duration>,
}

impl Problem {
    /// A problem with the usual texts of its kind.
    #[must_use]
    pub fn new(kind: ProblemKind, language: Language) -> Self {
        Self {
            kind,
            code: kind.code(),
            title: kind.title().get(language),
            detail: kind.detail().get(language).to_owned(),
            request_id: None,
            errors: Vec::new(),
            extensions: Map::new(),
            retry_after: kind.default_retry_after(),
        }
    }

    /// Replaces the kind's code (and with it the `type`) by a narrower one, such as
    /// `consent_required` for [`ProblemKind::Forbidden`].
    #[must_use]
    pub fn with_code(mut self, code: &'static str) -> Self {
        self.code = code;
        self
    }

    /// Replaces the usual title, where a narrower code was given.
    #[must_use]
    pub fn with_title(mut self, title: &'static str) -> Self {
        self.title = title;
        self
    }

    /// Replaces the usual detail. The text must be fit for a user.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// Names the request, so that a report can be found in the log.
    #[must_use]
    pub fn with_request_id(mut self, id: RequestId) -> Self {
        self.request_id = Some(id);
        self
    }

    /// Adds a field that failed validation.
    #[must_use]
    pub fn with_error(mut self, error: FieldError) -> Self {
        self.errors.push(error);
        self
    }

    /// Adds fields that failed validation.
    #[must_use]
    pub fn with_errors(mut self, errors: impl IntoIterator<Item = FieldError>) -> Self {
        self.errors.extend(errors);
        self
    }

    /// Adds an extension member (RFC 9457, section 3.2). The standard members can't be replaced:
    /// such a name is ignored.
    #[must_use]
    pub fn with_extension(mut self, name: &str, value: impl Into<Value>) -> Self {
        if !RESERVED.contains(&name) {
            self.extensions.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Says when a repetition makes sense; the server sends it as `Retry-After`.
    #[must_use]
    pub fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// HTTP status code.
    #[must_use]
    pub const fn status(&self) -> u16 {
        self.kind.status()
    }

    /// The kind that this problem was made from.
    #[must_use]
    pub const fn kind(&self) -> ProblemKind {
        self.kind
    }

    /// Stable `snake_case` code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The identifier of the request, where it was given.
    #[must_use]
    pub const fn request_id(&self) -> Option<&RequestId> {
        self.request_id.as_ref()
    }

    /// Value of the `Retry-After` header: whole seconds, rounded up, at least 1.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        let wait = self.retry_after?;
        let partial = u64::from(wait.subsec_nanos() > 0);
        Some(wait.as_secs().saturating_add(partial).max(1))
    }

    /// The JSON document of the answer.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut body = Map::new();
        body.insert("type".into(), format!("{TYPE_PREFIX}{}", self.code).into());
        body.insert("title".into(), self.title.into());
        body.insert("status".into(), self.status().into());
        body.insert("detail".into(), self.detail.clone().into());
        body.insert("code".into(), self.code.into());
        if let Some(id) = &self.request_id {
            body.insert("requestId".into(), id.as_str().into());
        }
        if !self.errors.is_empty() {
            let errors = self.errors.iter().map(|error| {
                serde_json::json!({
                    "field": error.field,
                    "code": error.code,
                    "detail": error.detail,
                })
            });
            body.insert("errors".into(), errors.collect());
        }
        body.extend(self.extensions.clone());
        Value::Object(body)
    }
}

impl Serialize for Problem {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.to_json().serialize(serializer)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.title, self.detail)
    }
}

impl std::error::Error for Problem {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn has_the_standard_members_and_extensions() {
        let problem = Problem::new(ProblemKind::ValidationFailed, Language::English)
            .with_request_id(
                RequestId::parse("018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e").expect("valid"),
            )
            .with_error(FieldError::new("page", "too_large", "At most 10,000."))
            .with_extension("status", 200)
            .with_extension("limit", 10_000);
        assert_eq!(
            serde_json::to_value(&problem).expect("JSON"),
            serde_json::json!({
                "type": "https://pillnuts.example/problems/validation_failed",
                "title": "Validation failed",
                "status": 422,
                "detail": "Some of the values you sent are not allowed. See errors.",
                "code": "validation_failed",
                "requestId": "018f3c2a-7b1e-7c33-9d52-3f1a2b4c5d6e",
                "errors": [{"field": "page", "code": "too_large", "detail": "At most 10,000."}],
                "limit": 10_000,
            })
        );
    }

    #[test]
    fn a_narrower_code_changes_the_type() {
        let problem =
            Problem::new(ProblemKind::Forbidden, Language::Korean).with_code("consent_required");
        let json = problem.to_json();
        assert_eq!(json["code"], "consent_required");
        assert_eq!(
            json["type"],
            "https://pillnuts.example/problems/consent_required"
        );
        assert_eq!(json["status"], 403);
    }

    #[test]
    fn retry_after_is_in_whole_seconds_and_never_zero() {
        let unavailable = Problem::new(ProblemKind::Unavailable, Language::Korean);
        assert!(unavailable.retry_after_seconds().is_some());
        let wait = |millis| {
            unavailable
                .clone()
                .with_retry_after(Duration::from_millis(millis))
                .retry_after_seconds()
        };
        assert_eq!(wait(0), Some(1));
        assert_eq!(wait(1_001), Some(2));
        assert_eq!(
            Problem::new(ProblemKind::NotFound, Language::Korean).retry_after_seconds(),
            None
        );
    }

    #[test]
    fn display_is_the_external_text() {
        let problem = Problem::new(ProblemKind::Internal, Language::Korean);
        assert!(problem.to_string().starts_with("서버 오류: "), "{problem}");
    }
}
