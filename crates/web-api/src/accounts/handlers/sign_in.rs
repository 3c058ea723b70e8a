//! `POST /auth/sessions`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::PasswordAttempt;
use zeroize::Zeroizing;

use super::{address, answer, device, transport};
use crate::accounts::answers::{SignInBody, SignedAnswer};
use crate::accounts::service::SignIn;
use crate::accounts::{AccountError, Accounts, Rule};
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Longest name that is looked at: that of an e-mail address.
const LONGEST: usize = 254;

/// Signs in.
///
/// The same answer, after the same time, whether the name or the password is wrong.
#[utoipa::path(
    post,
    path = routes::SESSIONS,
    operation_id = "signIn",
    tag = "accounts",
    params(("X-Refresh-Transport" = Option<String>, Header, description = "`cookie`: the refresh token comes in a cookie; else `body`.")),
    request_body = SignInBody,
    responses((status = 201, description = "Signed in.", body = SignedAnswer), WriteProblems),
)]
pub(crate) async fn sign_in(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Json(body): Json<SignInBody>,
) -> Result<HttpResponse, Problem> {
    let by_cookie = transport::by_cookie(request.headers())?;
    let password = Zeroizing::new(body.password);
    let ((Some(name), None) | (None, Some(name))) = (body.login_id, body.email) else {
        return Err(AccountError::invalid("loginId", Rule::OneOfTwo).into());
    };
    let signed = accounts
        .sign_in(SignIn {
            name: name.chars().take(LONGEST).collect(),
            password: PasswordAttempt::new(&password),
            address: address(&request),
            device: device(&request),
        })
        .await?;
    let response = answer(StatusCode::CREATED, &SignedAnswer::new(&signed, by_cookie))?;
    Ok(if by_cookie {
        transport::with_token(response, &signed)
    } else {
        response
    })
}
