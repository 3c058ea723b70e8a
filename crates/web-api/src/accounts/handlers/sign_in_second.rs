//! `POST /auth/sessions/second-factor`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use zeroize::Zeroizing;

use super::{address, answer, device, transport};
use crate::accounts::Accounts;
use crate::accounts::answers::SignedAnswer;
use crate::accounts::staff_answers::SecondSignInBody;
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Ends a sign-in that waits for a second factor.
///
/// Within five minutes of `second_factor_required`. A code is good once.
#[utoipa::path(
    post,
    path = routes::SESSIONS_SECOND_FACTOR,
    operation_id = "signInSecond",
    tag = "accounts",
    params(("X-Refresh-Transport" = Option<String>, Header, description = "`cookie`: the refresh token comes in a cookie; else `body`.")),
    request_body = SecondSignInBody,
    responses((status = 201, description = "Signed in.", body = SignedAnswer), WriteProblems),
)]
pub(crate) async fn sign_in_second(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Json(body): Json<SecondSignInBody>,
) -> Result<HttpResponse, Problem> {
    let by_cookie = transport::by_cookie(request.headers())?;
    let (token, code) = (Zeroizing::new(body.token), Zeroizing::new(body.code));
    let signed = accounts
        .sign_in_second(&token, &code, address(&request), device(&request))
        .await?;
    let response = answer(StatusCode::CREATED, &SignedAnswer::new(&signed, by_cookie))?;
    Ok(if by_cookie {
        transport::with_token(response, &signed)
    } else {
        response
    })
}
