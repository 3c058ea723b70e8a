//! `GET /me/allergies`

use actix_web::http::StatusCode;
use actix_web::{HttpResponse, web};
use domain::catalogue::IngredientId;

use crate::accounts::Accounts;
use crate::accounts::handlers::answer;
use crate::allergies::answers::{AllergiesAnswer, AllergyAnswer};
use crate::allergies::service;
use crate::catalogue::Catalogue;
use crate::http::caller::SignedIn;
use crate::http::openapi::WriteProblems;
use crate::http::problem::Problem;
use crate::routes;

/// Lists what one is allergic to.
#[utoipa::path(
    get,
    path = routes::MY_ALLERGIES,
    operation_id = "listAllergies",
    tag = "mine",
    responses((status = 200, description = "The list.", body = AllergiesAnswer), WriteProblems),
)]
pub(crate) async fn list_allergies(
    accounts: web::Data<Accounts>,
    catalogue: web::Data<Catalogue>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let mine = service::list(accounts.into_inner(), member.id.clone()).await?;
    let mut seen: Vec<IngredientId> = Vec::new();
    let mut items = Vec::with_capacity(mine.list.items().len());
    for one in mine.list.items() {
        let ingredient = catalogue.named_ingredient(one.id)?;
        // Two that were merged are one.
        if !seen.contains(&ingredient.id) {
            seen.push(ingredient.id);
            items.push(AllergyAnswer::new(ingredient, one.at));
        }
    }
    let body = AllergiesAnswer {
        items,
        consented: mine.consented,
    };
    answer(StatusCode::OK, &body)
}
