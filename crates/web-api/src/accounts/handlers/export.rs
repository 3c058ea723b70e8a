//! `GET /me/export`

use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_DISPOSITION, HeaderValue};
use actix_web::{HttpResponse, web};

use super::answer;
use crate::accounts::Accounts;
use crate::accounts::personal_answers::ExportAnswer;
use crate::http::caller::SignedIn;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// To be saved and not shown: a browser's page of it would stay in its history.
const AS_FILE: &str = "attachment; filename=\"pillnuts-export.json\"";

/// Gives everything that is stored of oneself.
#[utoipa::path(
    get,
    path = routes::MY_EXPORT,
    operation_id = "exportMe",
    tag = "accounts",
    responses((status = 200, description = "Everything, as a file.", body = ExportAnswer), WriteProblems),
)]
pub(crate) async fn export_me(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let export = accounts
        .export(member.id.clone(), member.session.clone())
        .await?;
    let mut response = answer(StatusCode::OK, &ExportAnswer::from(export))?;
    let as_file = HeaderValue::from_static(AS_FILE);
    response.headers_mut().insert(CONTENT_DISPOSITION, as_file);
    Ok(response)
}
