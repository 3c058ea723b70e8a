//! `GET /auth/sessions`, `DELETE /auth/sessions`, `…/current` and `…/{id}`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{answer, done, transport};
use crate::accounts::answers::DevicesAnswer;
use crate::accounts::{AccountError, Accounts};
use crate::http::caller::SignedIn;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Lists the devices that one is signed in on.
#[utoipa::path(
    get,
    path = routes::SESSIONS,
    operation_id = "listSessions",
    tag = "accounts",
    responses((status = 200, description = "Devices.", body = DevicesAnswer), WriteProblems),
)]
pub(crate) async fn list_sessions(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let devices = accounts.devices(member.id.clone()).await?;
    answer(
        StatusCode::OK,
        &DevicesAnswer::new(devices, member.session.as_str()),
    )
}

/// Signs one device out.
#[utoipa::path(
    delete,
    path = routes::SESSION,
    operation_id = "endSession",
    tag = "accounts",
    params(("id" = String, Path, description = "The device's session.", max_length = 64)),
    responses((status = 204, description = "Signed out."), NotFound, WriteProblems),
)]
pub(crate) async fn end_session(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    id: web::Path<String>,
) -> Result<HttpResponse, Problem> {
    let id = id.parse().map_err(|_| AccountError::UnknownSession)?;
    accounts.sign_out(member.id.clone(), id).await?;
    Ok(done())
}

/// Signs this device out.
#[utoipa::path(
    delete,
    path = routes::SESSION_CURRENT,
    operation_id = "endCurrentSession",
    tag = "accounts",
    responses((status = 204, description = "Signed out."), WriteProblems),
)]
pub(crate) async fn end_current(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    match accounts
        .sign_out(member.id.clone(), member.session.clone())
        .await
    {
        // It has ended meanwhile: that is what was asked for.
        Ok(()) | Err(AccountError::UnknownSession) => Ok(transport::without_token(done())),
        Err(error) => Err(error.into()),
    }
}

/// Signs every device out, this one too.
#[utoipa::path(
    delete,
    path = routes::SESSIONS,
    operation_id = "endAllSessions",
    tag = "accounts",
    responses((status = 204, description = "Signed out everywhere."), WriteProblems),
)]
pub(crate) async fn end_all(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    accounts.sign_out_everywhere(member.id.clone()).await?;
    Ok(transport::without_token(done()))
}
