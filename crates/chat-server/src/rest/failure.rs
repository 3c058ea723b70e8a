//! Why a request isn't answered as it was asked, in the words of [`Problem`].

use std::time::Duration;

use axum::body::Body;
use axum::http::Response;
use axum::response::IntoResponse;
use service_kit::problem::{FieldError, Language, LocalText, Problem, ProblemKind};
use service_kit::request_id::RequestId;

use crate::http;
use crate::store::{StoreError, ValueError};

/// A failure that the guard turns into the caller's language.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    kind: ProblemKind,
    code: Option<&'static str>,
    texts: Option<(LocalText, LocalText)>,
    field: Option<(String, LocalText)>,
    retry_after: Option<Duration>,
}

const INVALID: LocalText = LocalText::new("올바른 값이 아닙니다.", "Not an allowed value.");

impl Failure {
    pub(super) const fn new(kind: ProblemKind) -> Self {
        Self {
            kind,
            code: None,
            texts: None,
            field: None,
            retry_after: None,
        }
    }

    /// With a narrower code, title and detail.
    pub(super) const fn narrow(
        kind: ProblemKind,
        code: &'static str,
        title: LocalText,
        detail: LocalText,
    ) -> Self {
        Self {
            kind,
            code: Some(code),
            texts: Some((title, detail)),
            field: None,
            retry_after: None,
        }
    }

    /// A field that can't be taken.
    pub(super) fn field(name: impl Into<String>, rule: LocalText) -> Self {
        Self {
            field: Some((name.into(), rule)),
            ..Self::new(ProblemKind::ValidationFailed)
        }
    }

    /// A field that can't be taken, of which nothing more is to be said.
    pub(super) fn invalid(name: impl Into<String>) -> Self {
        Self::field(name, INVALID)
    }

    pub(super) const fn not_found() -> Self {
        Self::new(ProblemKind::NotFound)
    }

    pub(super) const fn after(mut self, wait: Duration) -> Self {
        self.retry_after = Some(wait);
        self
    }

    /// As the caller reads it.
    pub(super) fn problem(&self, language: Language, id: Option<RequestId>) -> Problem {
        let mut problem = Problem::new(self.kind, language);
        if let Some(code) = self.code {
            problem = problem.with_code(code);
        }
        if let Some((title, detail)) = &self.texts {
            problem = problem
                .with_title(title.get(language))
                .with_detail(detail.get(language));
        }
        if let Some((name, rule)) = &self.field {
            problem = problem.with_error(FieldError::new(name, "invalid", rule.get(language)));
        }
        if let Some(wait) = self.retry_after {
            problem = problem.with_retry_after(wait);
        }
        match id {
            Some(id) => problem.with_request_id(id),
            None => problem,
        }
    }
}

impl IntoResponse for Failure {
    /// Carries the failure to the guard, which knows the caller's language.
    fn into_response(self) -> Response<Body> {
        let mut response = http::answer(&self.problem(Language::default(), None));
        response.extensions_mut().insert(self);
        response
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        tracing::warn!(error = %chain(&error), "a request can't be answered");
        let lost = matches!(error, StoreError::Unreadable(_));
        Self::new(if lost {
            ProblemKind::Internal
        } else {
            ProblemKind::Unavailable
        })
    }
}

impl From<ValueError> for Failure {
    fn from(error: ValueError) -> Self {
        match error {
            ValueError::Store(error) => error.into(),
            ValueError::Field(name, _) => Self::field(name, rule(name)),
            ValueError::Full => Self::narrow(
                ProblemKind::Conflict,
                "too_many_entries",
                LocalText::new("더 추가할 수 없음", "No more can be added"),
                LocalText::new(
                    "이미 최대 개수입니다. 먼저 다른 항목을 삭제해 주세요.",
                    "There are as many as can be. Please remove one first.",
                ),
            ),
        }
    }
}

/// What is expected of a field of [`ValueError`].
const fn rule(field: &str) -> LocalText {
    match field.as_bytes() {
        b"keywords" => LocalText::new(
            "키워드는 1~50개, 각각 1~100자로 입력해 주세요.",
            "1 to 50 keywords of 1 to 100 characters.",
        ),
        b"links" => LocalText::new(
            "링크는 10개까지, 각각 제목과 https:// 또는 /로 시작하는 주소로 입력해 주세요.",
            "At most 10 links, each with a title and an address that begins with https:// or /.",
        ),
        b"quickReplies" => LocalText::new(
            "빠른 답장은 10개까지, 각각 1~100자로 입력해 주세요.",
            "At most 10 quick replies of 1 to 100 characters.",
        ),
        b"name" | b"title" => LocalText::new("1~100자로 입력해 주세요.", "1 to 100 characters."),
        _ => INVALID,
    }
}

/// An error with all its causes on one line, for the log.
pub(super) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
