//! `PUT /me/password`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::account::{Password, PasswordAttempt};
use zeroize::Zeroizing;

use super::{Checks, address, done};
use crate::accounts::answers::PasswordBody;
use crate::accounts::{Accounts, Rule};
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Chooses another password.
///
/// Every other device is signed out.
#[utoipa::path(
    put,
    path = routes::MY_PASSWORD,
    operation_id = "changePassword",
    tag = "accounts",
    request_body = PasswordBody,
    responses((status = 204, description = "Changed."), WriteProblems),
)]
pub(crate) async fn change_password(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<PasswordBody>,
) -> Result<HttpResponse, Problem> {
    let present = Zeroizing::new(body.current_password);
    let chosen = Zeroizing::new(body.new_password);
    let mut checks = Checks::default();
    let chosen = Password::new(&chosen).map_err(Rule::Password);
    let chosen = checks.keep("newPassword", chosen);
    let chosen = checks.finish(chosen)?;
    let present = PasswordAttempt::new(&present);
    let (user, session, address) = (member.id.clone(), member.session.clone(), address(&request));
    accounts
        .change_password(user, session, present, &chosen, address)
        .await?;
    Ok(done())
}
