//! `POST /auth/phone-verifications`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::PhoneNumber;

use super::{Checks, address, answer};
use crate::accounts::answers::{VerificationAnswer, VerificationBody};
use crate::accounts::{Accounts, Rule};
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Sends a code by SMS.
///
/// The answer is the same whoever has the number. One message per number in 3 minutes, 5 a day.
#[utoipa::path(
    post,
    path = routes::PHONE_VERIFICATIONS,
    operation_id = "requestPhoneVerification",
    tag = "accounts",
    request_body = VerificationBody,
    responses((status = 202, description = "A code is on its way.", body = VerificationAnswer), WriteProblems),
)]
pub(crate) async fn request_verification(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Json(body): Json<VerificationBody>,
) -> Result<HttpResponse, Problem> {
    let mut checks = Checks::default();
    let number: Option<PhoneNumber> =
        checks.parse("phoneNumber", &body.phone_number, |_| Rule::Phone);
    let number = checks.finish(number)?;
    let requested = accounts
        .request_verification(&number, body.purpose.into(), address(&request))
        .await?;
    answer(StatusCode::ACCEPTED, &VerificationAnswer::from(requested))
}
