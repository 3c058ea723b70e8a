//! `PUT /me/allergies/{ingredientId}`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::ingredient;
use crate::accounts::Accounts;
use crate::accounts::handlers::answer;
use crate::allergies::answers::AllergyAnswer;
use crate::allergies::service;
use crate::catalogue::Catalogue;
use crate::http::caller::SignedIn;
use crate::http::openapi::{NotFound, TooMany, WriteProblems};
use crate::http::problem::Problem;
use crate::marks::MarkBook;
use crate::routes;

/// Lists an ingredient that one is allergic to.
///
/// Every answer about a medicine is then marked (`allergyCheck`). The consent `sensitive` has to be
/// given first: else 403 `consent_required`. Listing twice is listing once; an ingredient that was
/// merged into another is listed as that other. At most 200: 409 `allergies_full`.
#[utoipa::path(
    put,
    path = routes::MY_ALLERGY,
    operation_id = "addAllergy",
    tag = "mine",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "1", description = "The ingredient, active or additive.")),
    responses((status = 200, description = "It is listed.", body = AllergyAnswer), NotFound, TooMany, WriteProblems),
)]
pub(crate) async fn add_allergy(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let known = catalogue.known_ingredient(ingredient(&request)?)?;
    let added = service::add(accounts.into_inner(), member.id.clone(), known.id).await;
    // Also after an error: a connection that broke says nothing of the commit.
    marks.forget(&member.id);
    let at = added?;
    answer(StatusCode::OK, &AllergyAnswer::new(known, at))
}
