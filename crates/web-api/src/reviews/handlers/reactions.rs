//! `PUT` and `DELETE /reviews/{id}/reaction`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::review::Reaction;

use super::{review_id, word};
use crate::accounts::Accounts;
use crate::accounts::handlers::{answer, done};
use crate::http::caller::SignedIn;
use crate::http::checks::Checks;
use crate::http::json::Json;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::reviews::answers::{ReactionBody, ReactionsAnswer};
use crate::reviews::service;
use crate::routes;

/// Says whether a review helped. One reaction a reader: another one takes its place.
///
/// Not for one's own: 403 `own_review`.
#[utoipa::path(
    put,
    path = routes::REVIEW_REACTION,
    operation_id = "reactToReview",
    tag = "reviews",
    params(("id" = String, Path, description = "The id of the review.", max_length = 36)),
    request_body = ReactionBody,
    responses((status = 200, description = "The counts now.", body = ReactionsAnswer), NotFound, WriteProblems),
)]
pub(crate) async fn react(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
    Json(body): Json<ReactionBody>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let mut checks = Checks::default();
    let kind: Option<Reaction> = word(&mut checks, "kind", &body.kind, &["helpful", "unhelpful"]);
    let kind = checks.finish_with(kind)?;
    let counts = service::react(&accounts, member.id, review_id(&request)?, kind).await?;
    let body = ReactionsAnswer {
        kind: kind.into(),
        helpful_count: counts.helpful,
        unhelpful_count: counts.unhelpful,
    };
    answer(StatusCode::OK, &body)
}

/// Takes one's reaction back.
#[utoipa::path(
    delete,
    path = routes::REVIEW_REACTION,
    operation_id = "takeBackReaction",
    tag = "reviews",
    params(("id" = String, Path, description = "The id of the review.", max_length = 36)),
    responses((status = 204, description = "There is none (any more)."), NotFound, WriteProblems),
)]
pub(crate) async fn take_back(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    service::take_back(&accounts, member.id, review_id(&request)?).await?;
    Ok(done())
}
