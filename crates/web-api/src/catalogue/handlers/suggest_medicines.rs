//! `GET /medicines/suggest`

use actix_web::{HttpRequest, HttpResponse, web};

use super::suggest_query;
use crate::accounts::Accounts;
use crate::catalogue::Catalogue;
use crate::catalogue::answers::MedicineSuggestions;
use crate::catalogue::service;
use crate::http::cacheable::Freshness;
use crate::http::caller::Caller;
use crate::http::openapi::Problems;
use crate::http::problem::Problem;
use crate::routes;

/// Completes the name of a medicine.
///
/// At most ten medicines that are for sale, understood and in the order of the search, with the parts
/// that were matched.
#[utoipa::path(
    get,
    path = routes::MEDICINES_SUGGEST,
    operation_id = "suggestMedicines",
    tag = "medicines",
    params(("query" = String, Query, min_length = 1, max_length = 100, pattern = r"^[^\x00-\x1f\x7f-\x9f]*$", example = "타이",
        description = "What was typed so far; at least a letter or a digit.")),
    responses((status = 200, description = "At most ten medicines.", body = MedicineSuggestions), Problems),
)]
pub(crate) async fn suggest_medicines(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    accounts: web::Data<Accounts>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let own = catalogue.own_view(&request, accounts, &caller).await?;
    let answer = catalogue.answer(&request, own.as_ref(), suggest_query, |view, query| {
        service::suggest_medicines(view, query)
    })?;
    Ok(answer.respond(&request, Freshness::Public))
}
