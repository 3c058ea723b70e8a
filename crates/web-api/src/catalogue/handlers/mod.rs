//! From requests to the service and back, one file a call.

pub(crate) mod compare_medicines;
pub(crate) mod describe_ingredient;
pub(crate) mod list_ingredient_medicines;
pub(crate) mod list_types;
pub(crate) mod search_medicines;
pub(crate) mod show_composition;
pub(crate) mod show_ingredient;
pub(crate) mod show_medicine;
pub(crate) mod suggest_ingredients;
pub(crate) mod suggest_medicines;

use actix_web::HttpRequest;

use super::service::Page;
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;

/// Deepest page that can be asked for.
const MAX_PAGE: usize = 10_000;
/// Most entries a page.
const MAX_PAGE_SIZE: usize = 100;
/// Entries a page unless asked otherwise.
const PAGE_SIZE: usize = 20;
/// Longest query in characters.
const MAX_QUERY: usize = 100;

/// The part of a list that a request asks for.
pub(crate) fn page(parameters: &mut Parameters) -> Page {
    Page {
        page: parameters.number("page", 1, MAX_PAGE),
        size: parameters.number("pageSize", PAGE_SIZE, MAX_PAGE_SIZE),
    }
}

/// The query of a completion, which has no other parameter.
fn suggest_query(request: &HttpRequest) -> Result<String, Problem> {
    let mut parameters = Parameters::read(request, &["query"])?;
    let query = parameters.plain_text("query", MAX_QUERY);
    if query.is_none() {
        parameters.refuse("query", Message::Required);
    }
    parameters.finish()?;
    Ok(query.unwrap_or_default())
}
