//! `DELETE /me/allergies/{ingredientId}`

use actix_web::{HttpRequest, HttpResponse, web};

use super::ingredient;
use crate::accounts::Accounts;
use crate::accounts::handlers::done;
use crate::allergies::service;
use crate::catalogue::Catalogue;
use crate::http::caller::SignedIn;
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::problem::Problem;
use crate::marks::MarkBook;
use crate::routes;

/// Takes an ingredient off the list.
///
/// Taking off what isn't listed changes nothing.
#[utoipa::path(
    delete,
    path = routes::MY_ALLERGY,
    operation_id = "removeAllergy",
    tag = "mine",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "1", description = "The ingredient, active or additive.")),
    responses((status = 204, description = "It isn't listed."), NotFound, WriteProblems),
)]
pub(crate) async fn remove_allergy(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let known = catalogue.known_ingredient(ingredient(&request)?)?;
    // What was listed before two were merged stands under the other's id.
    let means = catalogue.ingredients_merged_into(known.id)?;
    let matches = move |id| means.contains(&id);
    let removed = service::remove(accounts.into_inner(), member.id.clone(), matches).await;
    marks.forget(&member.id);
    removed?;
    Ok(done())
}
