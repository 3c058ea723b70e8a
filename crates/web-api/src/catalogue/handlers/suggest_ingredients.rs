//! `GET /ingredients/suggest`

use actix_web::{HttpRequest, HttpResponse, web};

use super::suggest_query;
use crate::catalogue::Catalogue;
use crate::catalogue::answers::IngredientSuggestions;
use crate::catalogue::service;
use crate::http::cacheable::Freshness;
use crate::http::openapi::Problems;
use crate::http::problem::Problem;
use crate::routes;

/// Completes the name of an ingredient, active or additive.
///
/// At most ten; those that most products hold come first within one match.
#[utoipa::path(
    get,
    path = routes::INGREDIENTS_SUGGEST,
    operation_id = "suggestIngredients",
    tag = "ingredients",
    params(("query" = String, Query, min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", example = "아세트",
        description = "What was typed so far; at least a letter or a digit.")),
    responses((status = 200, description = "At most ten ingredients.", body = IngredientSuggestions), Problems),
)]
pub(crate) async fn suggest_ingredients(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
) -> Result<HttpResponse, Problem> {
    let answer = catalogue.answer(&request, None, suggest_query, |view, query| {
        service::suggest_ingredients(view, query)
    })?;
    Ok(answer.respond(&request, Freshness::Public))
}
