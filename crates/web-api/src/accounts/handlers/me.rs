//! `GET /me` and `PATCH /me`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};

use super::{Checks, answer};
use crate::accounts::answers::{MeAnswer, MeBody};
use crate::accounts::{Accounts, Rule};
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::{Conflict, WriteProblems};
use crate::http::problem::Problem;
use crate::routes;

/// Shows one's own profile.
#[utoipa::path(
    get,
    path = routes::ME,
    operation_id = "showMe",
    tag = "accounts",
    responses((status = 200, description = "The profile.", body = MeAnswer), WriteProblems),
)]
pub(crate) async fn show_me(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let profile = accounts.profile(member.id.clone()).await?;
    answer(StatusCode::OK, &MeAnswer::from(profile))
}

/// Changes one's nickname.
#[utoipa::path(
    patch,
    path = routes::ME,
    operation_id = "changeMe",
    tag = "accounts",
    request_body = MeBody,
    responses((status = 200, description = "The profile as it is now.", body = MeAnswer), Conflict, WriteProblems),
)]
pub(crate) async fn change_me(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<MeBody>,
) -> Result<HttpResponse, Problem> {
    let mut checks = Checks::default();
    let nickname = checks.parse("nickname", &body.nickname, Rule::Nickname);
    let nickname = checks.finish(nickname)?;
    accounts.rename(member.id.clone(), nickname).await?;
    let profile = accounts.profile(member.id.clone()).await?;
    answer(StatusCode::OK, &MeAnswer::from(profile))
}
