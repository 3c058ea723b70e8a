//! `POST /auth/password-reset`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::Password;
use zeroize::Zeroizing;

use super::{Checks, address};
use crate::accounts::recovery_answers::ResetBody;
use crate::accounts::{Accounts, Rule};
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Replaces a forgotten password.
///
/// Every device is signed out. The answer is the same, and the token used, where the login id isn't the
/// one of the account that has this number: then nothing has changed, and the new password signs nobody
/// in.
#[utoipa::path(
    post,
    path = routes::PASSWORD_RESET,
    operation_id = "resetPassword",
    tag = "accounts",
    request_body = ResetBody,
    responses((status = 202, description = "The account with this login id and number, if there is one, has the new password."), WriteProblems),
)]
pub(crate) async fn reset_password(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Json(body): Json<ResetBody>,
) -> Result<HttpResponse, Problem> {
    let token = Zeroizing::new(body.verification_token);
    let chosen = Zeroizing::new(body.new_password);
    let mut checks = Checks::default();
    let login_id = checks.parse("loginId", &body.login_id, |_| Rule::LoginId);
    let chosen = Password::new(&chosen).map_err(Rule::Password);
    let chosen = checks.keep("newPassword", chosen);
    let (login_id, chosen) = checks.finish(login_id.zip(chosen))?;
    accounts
        .reset_password(&token, login_id, &chosen, address(&request))
        .await?;
    Ok(HttpResponse::Accepted().finish())
}
