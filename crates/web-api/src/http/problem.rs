//! Errors as RFC 9457 problem details.

use std::fmt;
use std::time::Duration;

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpResponse, ResponseError};
use secrecy::{ExposeSecret as _, SecretString};
use service_kit::problem::{self as kit, Language, ProblemKind};
use service_kit::request_id::RequestId;
use utoipa::ToSchema;

use super::problem_texts::{Message, Narrow};

/// One parameter that is not as it has to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct FieldError {
    /// The parameter.
    pub(crate) field: String,
    /// What is expected of it.
    pub(crate) message: Message,
}

/// A sign-in that waits for a second factor. No log shows its token.
#[derive(Debug, Clone)]
pub(crate) struct SecondFactorWaits {
    /// Names it.
    pub(crate) token: SecretString,
    /// Until when it waits, as the contract writes moments.
    pub(crate) expires_at: String,
}

/// An error on its way to the client. What caused it inside is logged where it happens, never here:
/// this holds nothing that a client may not see.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    kind: ProblemKind,
    narrow: Option<Narrow>,
    detail: Option<Message>,
    errors: Vec<FieldError>,
    retry_after: Option<Duration>,
    /// What a sign-in needs to go on.
    extension: Option<Box<SecondFactorWaits>>,
    /// What the address allows, for 405.
    allow: Vec<Method>,
}

impl Problem {
    /// A problem with nothing more to say than its kind.
    pub(crate) fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            narrow: None,
            detail: None,
            errors: Vec::new(),
            retry_after: None,
            extension: None,
            allow: Vec::new(),
        }
    }

    /// A problem with a code of its own.
    pub(crate) fn narrow(kind: ProblemKind, narrow: Narrow) -> Self {
        Self {
            narrow: Some(narrow),
            ..Self::new(kind)
        }
    }

    /// The kind that says most about a bare status.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        let same = |kind: &ProblemKind| kind.status() == status.as_u16();
        let fallback = if status.is_client_error() {
            ProblemKind::MalformedRequest
        } else {
            ProblemKind::Internal
        };
        Self::new(ProblemKind::ALL.into_iter().find(same).unwrap_or(fallback))
    }

    /// Parameters that failed.
    pub(crate) fn invalid(errors: Vec<FieldError>) -> Self {
        Self {
            errors,
            ..Self::new(ProblemKind::ValidationFailed)
        }
    }

    /// One parameter that failed.
    pub(crate) fn invalid_field(field: &str, message: Message) -> Self {
        Self::invalid(Vec::new()).with_error(field, message)
    }

    /// The same with a sentence of its own.
    pub(crate) fn with_detail(mut self, detail: Message) -> Self {
        self.detail = Some(detail);
        self
    }

    /// The same with one more parameter that failed.
    pub(crate) fn with_error(mut self, field: &str, message: Message) -> Self {
        let field = field.to_owned();
        self.errors.push(FieldError { field, message });
        self
    }

    /// The same with the time to wait before another try.
    pub(crate) fn with_retry_after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// The same with what a sign-in needs to go on (an extension; RFC 9457, 3.2).
    pub(crate) fn with_second_factor(mut self, waits: SecondFactorWaits) -> Self {
        self.extension = Some(Box::new(waits));
        self
    }

    /// The same with the methods that are allowed.
    pub(crate) fn with_allow(mut self, methods: &[Method]) -> Self {
        self.allow = methods.to_vec();
        self
    }

    /// The methods that are allowed.
    pub(crate) fn allow(&self) -> &[Method] {
        &self.allow
    }

    /// The text of the answer.
    pub(crate) fn to_document(&self, language: Language, id: Option<RequestId>) -> kit::Problem {
        let mut document = kit::Problem::new(self.kind, language);
        if let Some(narrow) = self.narrow {
            let (title, detail) = narrow.texts();
            document = document
                .with_code(narrow.code())
                .with_title(title.get(language))
                .with_detail(detail.get(language));
        }
        if let Some(detail) = &self.detail {
            document = document.with_detail(detail.text(language));
        }
        if let Some(wait) = self.retry_after {
            document = document.with_retry_after(wait);
        }
        if let Some(waits) = &self.extension {
            document = document
                .with_extension("secondFactorToken", waits.token.expose_secret())
                .with_extension("secondFactorExpiresAt", waits.expires_at.as_str());
        }
        if let Some(id) = id {
            document = document.with_request_id(id);
        }
        document.with_errors(self.errors.iter().map(|error| {
            kit::FieldError::new(
                error.field.as_str(),
                error.message.code(),
                error.message.text(language),
            )
        }))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.narrow.map_or(self.kind.code(), Narrow::code))
    }
}

impl ResponseError for Problem {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.kind.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// Leaves the text to [`super::render`], which knows the language and the request's id.
    fn error_response(&self) -> HttpResponse {
        let mut response = HttpResponse::new(self.status_code());
        response.extensions_mut().insert(self.clone());
        response
    }
}

/// An error (RFC 9457).
#[derive(ToSchema)]
#[schema(as = Problem)]
#[expect(dead_code, reason = "describes in OpenAPI what service-kit writes")]
pub(crate) struct ProblemSchema {
    /// Stable URI of the kind of problem.
    #[schema(example = "https://pillnuts.example/problems/validation_failed")]
    r#type: String,
    /// What kind of problem it is, for people.
    #[schema(example = "입력값 오류")]
    title: String,
    /// The HTTP status.
    #[schema(example = 422, minimum = 400, maximum = 599)]
    status: u16,
    /// What went wrong this time, for people.
    #[schema(example = "입력값이 올바르지 않습니다. errors를 확인해 주세요.")]
    detail: String,
    /// Stable name of the kind of problem, for programs.
    #[schema(example = "validation_failed")]
    code: String,
    /// Names the request in our logs: tell it when you report the problem.
    #[schema(rename = "requestId", example = "0192f0c1-7c3e-7d0a-b1d2-3c4d5e6f7a8b")]
    request_id: String,
    /// Every parameter that failed; present for a failed validation.
    #[schema(nullable = false)]
    errors: Option<Vec<FieldErrorSchema>>,
    /// Names the sign-in that waits for a second factor; present for `second_factor_required` at
    /// sign-in.
    #[schema(rename = "secondFactorToken", nullable = false)]
    second_factor_token: Option<String>,
    /// Until when it waits.
    #[schema(rename = "secondFactorExpiresAt", nullable = false, format = DateTime)]
    second_factor_expires_at: Option<String>,
}

/// A parameter that failed.
#[derive(ToSchema)]
#[schema(as = FieldError)]
#[expect(dead_code, reason = "describes in OpenAPI what service-kit writes")]
pub(crate) struct FieldErrorSchema {
    /// Its name.
    #[schema(example = "pageSize")]
    field: String,
    /// Stable name of what is wrong.
    #[schema(example = "out_of_range")]
    code: String,
    /// What is expected, for people.
    #[schema(example = "1부터 100까지의 정수여야 합니다.")]
    detail: String,
}
