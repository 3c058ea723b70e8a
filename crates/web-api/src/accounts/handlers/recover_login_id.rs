//! `POST /auth/login-id-recovery`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use zeroize::Zeroizing;

use super::answer;
use crate::accounts::Accounts;
use crate::accounts::recovery_answers::{RecoveredAccounts, RecoveryBody};
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Tells the login id of a verified number.
///
/// An empty list where nobody signed up with it: who proved to have the number may know. The token is
/// used either way.
#[utoipa::path(
    post,
    path = routes::LOGIN_ID_RECOVERY,
    operation_id = "recoverLoginId",
    tag = "accounts",
    request_body = RecoveryBody,
    responses((status = 202, description = "The account of this number, if there is one.", body = RecoveredAccounts), WriteProblems),
)]
pub(crate) async fn recover_login_id(
    accounts: web::Data<Accounts>,
    Json(body): Json<RecoveryBody>,
) -> Result<HttpResponse, Problem> {
    let token = Zeroizing::new(body.verification_token);
    let found = accounts.recover_login_id(&token).await?;
    answer(StatusCode::ACCEPTED, &RecoveredAccounts::from(found))
}
