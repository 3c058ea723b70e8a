//! `POST /auth/sessions/refresh`

use actix_web::http::StatusCode;
use actix_web::{Error, FromRequest as _, HttpRequest, HttpResponse, web};
use zeroize::Zeroizing;

use super::{answer, transport};
use crate::accounts::answers::{RefreshBody, SignedAnswer};
use crate::accounts::{AccountError, Accounts};
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Exchanges a refresh token for the next one and an access token.
///
/// The same token once more within 10 seconds gets the same answer; later it ends the session, as
/// somebody else must have had it. With `X-Refresh-Transport: cookie` there is no body.
#[utoipa::path(
    post,
    path = routes::SESSIONS_REFRESH,
    operation_id = "refreshSession",
    tag = "accounts",
    params(("X-Refresh-Transport" = Option<String>, Header, description = "`cookie`: the refresh token comes and goes in a cookie; else `body`.")),
    request_body = Option<RefreshBody>,
    responses((status = 200, description = "Signed in.", body = SignedAnswer), WriteProblems),
)]
pub(crate) async fn refresh(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    payload: web::Payload,
) -> Result<HttpResponse, Error> {
    let by_cookie = transport::by_cookie(request.headers())?;
    let token = if by_cookie {
        transport::token(&request)
            .ok_or(AccountError::SessionOver)
            .map_err(Problem::from)?
    } else {
        let mut payload = payload.into_inner();
        Json::<RefreshBody>::from_request(&request, &mut payload)
            .await?
            .0
            .refresh_token
    };
    let token = Zeroizing::new(token);
    let signed = accounts.refresh(&token).await.map_err(Problem::from)?;
    let response = answer(StatusCode::OK, &SignedAnswer::new(&signed, by_cookie))?;
    Ok(if by_cookie {
        transport::with_token(response, &signed)
    } else {
        response
    })
}
