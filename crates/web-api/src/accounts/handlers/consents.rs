//! `GET /me/consents` and `PUT /me/consents/{kind}`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use domain::account::ConsentKind;
use service_kit::problem::ProblemKind;

use super::{Checks, answer};
use crate::accounts::Accounts;
use crate::accounts::answers::{AgreedBody, ConsentAnswerBody, ConsentsAnswer};
use crate::http::caller::SignedIn;
use crate::http::json::Json;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::marks::MarkBook;
use crate::routes;

/// Shows what one has agreed to, and when.
#[utoipa::path(
    get,
    path = routes::MY_CONSENTS,
    operation_id = "listConsents",
    tag = "accounts",
    responses((status = 200, description = "The ledger.", body = ConsentsAnswer), WriteProblems),
)]
pub(crate) async fn list_consents(
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let lines = accounts.consents(member.id.clone()).await?;
    let items = lines.into_iter().map(Into::into).collect();
    answer(StatusCode::OK, &ConsentsAnswer { items })
}

/// Agrees, or takes it back.
///
/// What is required can't be taken back by itself.
#[utoipa::path(
    put,
    path = routes::MY_CONSENT,
    operation_id = "changeConsent",
    tag = "accounts",
    params(("kind" = String, Path, description = "`sensitive`, `marketing` …")),
    request_body = AgreedBody,
    responses((status = 200, description = "The line that counts now.", body = ConsentAnswerBody), NotFound, WriteProblems),
)]
pub(crate) async fn change_consent(
    accounts: web::Data<Accounts>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
    kind: web::Path<String>,
    Json(body): Json<AgreedBody>,
) -> Result<HttpResponse, Problem> {
    let kind: ConsentKind = kind
        .parse()
        .map_err(|_| Problem::new(ProblemKind::NotFound))?;
    let mut checks = Checks::default();
    let said = checks.consent("version", (kind, body.agreed, body.version.as_deref()));
    let said = checks.finish(said)?;
    let changed = accounts.consent(member.id.clone(), said).await;
    // What was stored with a consent goes with it.
    marks.forget(&member.id);
    match changed? {
        Some(line) => answer(StatusCode::OK, &ConsentAnswerBody::from(line)),
        None => Err(Problem::new(ProblemKind::NotFound)),
    }
}
