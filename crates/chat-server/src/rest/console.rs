//! Sessions of counsellors with accounts of this server.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json as Answer};
use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use service_kit::problem::{LocalText, ProblemKind};
use zeroize::Zeroizing;

use super::Rest;
use super::body::Json;
use super::failure::{Failure, chain};
use super::guard::ClientAddress;
use super::limits::Budget;
use crate::identity::Staff;
use crate::staff::{ConsoleToken, SignInError, SignedIn, StaffError};

/// Who signs in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SignIn {
    login_id: String,
    password: String,
    #[serde(default)]
    code: Option<String>,
}

/// Who is signed in.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Current {
    id: String,
    name: String,
    pharmacist: bool,
    role: &'static str,
    expires_at: String,
}

/// A second factor to be set up. Shown while nobody has confirmed it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Enrolment {
    second_factor: Secret,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Secret {
    secret: String,
    otpauth_uri: String,
}

impl From<&Staff> for Current {
    fn from(staff: &Staff) -> Self {
        Self {
            id: staff.id.as_str().to_owned(),
            name: staff.name.clone(),
            pharmacist: staff.pharmacist,
            role: if staff.admin { "admin" } else { "counsellor" },
            expires_at: moment(staff.until),
        }
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

pub(super) async fn sign_in(
    State(rest): State<Rest>,
    Extension(ClientAddress(address)): Extension<ClientAddress>,
    Json(body): Json<SignIn>,
) -> Result<Response, Failure> {
    let over = |wait| Failure::new(ProblemKind::TooManyRequests).after(wait);
    rest.limits.take(Budget::SignIns, address).map_err(over)?;
    let (password, code) = (Zeroizing::new(body.password), body.code.map(Zeroizing::new));
    let code = code.as_ref().map(|code| code.as_str());
    let staff = &rest.parts.staff;
    let signed = staff
        .sign_in(&body.login_id, &password, code, address)
        .await
        .map_err(|error| refused(&rest, error))?;
    match signed {
        SignedIn::Session { token, staff: who } => {
            let left = who.until.signed_duration_since(rest.parts.clock.now());
            let set = token.set(staff.secure(), left.num_seconds());
            let answer = Answer(Current::from(&who));
            Ok((StatusCode::CREATED, cookie(&set)?, answer).into_response())
        }
        SignedIn::Enrol(enrolment) => {
            let answer = Answer(Enrolment {
                second_factor: Secret {
                    secret: enrolment.secret.to_string(),
                    otpauth_uri: enrolment.uri.to_string(),
                },
            });
            Ok((StatusCode::ACCEPTED, answer).into_response())
        }
    }
}

fn cookie(set: &str) -> Result<HeaderMap, Failure> {
    let value = HeaderValue::from_str(set);
    let mut value = value.map_err(|_| Failure::new(ProblemKind::Internal))?;
    value.set_sensitive(true);
    let mut headers = HeaderMap::new();
    headers.insert(header::SET_COOKIE, value);
    Ok(headers)
}

fn refused(rest: &Rest, error: SignInError) -> Failure {
    match error {
        SignInError::Refused => Failure::narrow(
            ProblemKind::Unauthorized,
            "sign_in_failed",
            LocalText::new("로그인 실패", "Sign-in failed"),
            LocalText::new(
                "아이디, 비밀번호 또는 인증 코드가 올바르지 않습니다.",
                "The login id, the password or the code is wrong.",
            ),
        ),
        SignInError::Slowed { retry_at } => {
            let wait = retry_at.signed_duration_since(rest.parts.clock.now());
            Failure::new(ProblemKind::TooManyRequests).after(wait.to_std().unwrap_or_default())
        }
        SignInError::Busy => Failure::new(ProblemKind::Unavailable),
        SignInError::Failed(StaffError::Store(error)) => error.into(),
        SignInError::Failed(error) => {
            tracing::error!(error = %chain(&error), "a sign-in to the console failed");
            Failure::new(ProblemKind::Internal)
        }
    }
}

pub(super) async fn current(Extension(staff): Extension<Staff>) -> Response {
    Answer(Current::from(&staff)).into_response()
}

pub(super) async fn sign_out(
    State(rest): State<Rest>,
    Extension(staff): Extension<Staff>,
) -> Result<Response, Failure> {
    rest.parts.staff.sign_out(&staff).await?;
    let clear = ConsoleToken::clear(rest.parts.staff.secure());
    Ok((StatusCode::NO_CONTENT, cookie(&clear)?).into_response())
}
