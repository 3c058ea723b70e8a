//! `POST /auth/phone-verifications/{id}/confirm`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use domain::account::VerificationCode;

use super::{Checks, answer};
use crate::accounts::answers::{CodeBody, TokenAnswer};
use crate::accounts::{AccountError, Accounts, Rule};
use crate::http::json::Json;
use crate::http::openapi::{Gone, NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Takes the code of a message.
///
/// Five tries; a right one gives the token that proves the number, once.
#[utoipa::path(
    post,
    path = routes::PHONE_VERIFICATION_CONFIRM,
    operation_id = "confirmPhoneVerification",
    tag = "accounts",
    params(("id" = String, Path, description = "`verificationId`", max_length = 64)),
    request_body = CodeBody,
    responses(
        (status = 200, description = "The number is verified.", body = TokenAnswer),
        Gone,
        NotFound,
        WriteProblems,
    ),
)]
pub(crate) async fn confirm_verification(
    accounts: web::Data<Accounts>,
    id: web::Path<String>,
    Json(body): Json<CodeBody>,
) -> Result<HttpResponse, Problem> {
    let mut checks = Checks::default();
    let code: Option<VerificationCode> = checks.parse("code", &body.code, |_| Rule::Code);
    let code = checks.finish(code)?;
    // What can't be an id of ours is nobody's.
    let id = uuid::Uuid::try_parse(&id).map_err(|_| AccountError::UnknownVerification)?;
    let token = accounts.confirm_verification(id.to_string(), &code).await?;
    let verification_token = token.as_str().to_owned();
    answer(StatusCode::OK, &TokenAnswer { verification_token })
}
