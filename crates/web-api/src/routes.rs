//! Every address of the server.

use std::rc::Rc;

use actix_web::http::StatusCode;
use actix_web::middleware::from_fn;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::IngredientId;
use utoipa::OpenApi;

use crate::catalogue::handlers::{
    compare_medicines, list_ingredient_medicines, list_types, search_medicines, show_composition,
    show_ingredient, show_medicine, suggest_ingredients, suggest_medicines,
};
use crate::http::access::Access;
use crate::http::guard::guarded;
use crate::http::problem::{FieldErrorSchema, Problem, ProblemSchema};
use crate::http::problem_texts::Message;
use crate::http::rate::RateClass;
use crate::http::table::{Declared, DeclaredRoute, Entry, Rules, reads};
use crate::pages::shell::Shell;
use crate::pages::{api_document, assets, shell, swagger};

pub(crate) const HOME: &str = "/";
pub(crate) const MEDICINE_PAGE: &str = "/medicines/{id}";
pub(crate) const COMPARE_PAGE: &str = "/compare";
const ASSETS: &str = "/assets/{version}/{file:.*}";
pub(crate) const API_DOCUMENT: &str = "/api-docs/openapi.json";
pub(crate) const SWAGGER: &str = "/swagger-ui/";
const SWAGGER_BARE: &str = "/swagger-ui";
const SWAGGER_FILES: &str = "/swagger-ui/{file:.*}";
pub(crate) const MEDICINES: &str = "/api/v1/medicines";
pub(crate) const MEDICINES_SUGGEST: &str = "/api/v1/medicines/suggest";
pub(crate) const COMPARE: &str = "/api/v1/medicines/compare";
pub(crate) const MEDICINE: &str = "/api/v1/medicines/{id}";
pub(crate) const COMPOSITION: &str = "/api/v1/medicines/{id}/composition";
pub(crate) const MEDICINE_TYPES: &str = "/api/v1/medicine-types";
pub(crate) const INGREDIENTS_SUGGEST: &str = "/api/v1/ingredients/suggest";
pub(crate) const INGREDIENT: &str = "/api/v1/ingredients/{id}";
pub(crate) const INGREDIENT_MEDICINES: &str = "/api/v1/ingredients/{id}/medicines";

/// Address of one ingredient.
pub(crate) fn ingredient(id: IngredientId) -> String {
    INGREDIENT.replace("{id}", &id.to_string())
}

/// Address of the products that hold one ingredient.
pub(crate) fn ingredient_medicines(id: IngredientId) -> String {
    INGREDIENT_MEDICINES.replace("{id}", &id.to_string())
}

/// Every route with who may call it and whose budget it takes from; there are no others. The first
/// match wins: fixed names stand before `{id}`.
fn table() -> Vec<Entry> {
    #[cfg_attr(
        not(feature = "bench"),
        expect(unused_mut, reason = "a bench adds an address of its own")
    )]
    let mut table = reading();
    #[cfg(feature = "bench")]
    table.push(crate::http::replay::entry());
    table
}

fn reading() -> Vec<Entry> {
    use Access as A;
    use RateClass::{Detail, Pages, Search};
    vec![
        reads(
            MEDICINES,
            A::PUBLIC,
            Search,
            search_medicines::search_medicines,
        ),
        reads(
            MEDICINES_SUGGEST,
            A::PUBLIC,
            Search,
            suggest_medicines::suggest_medicines,
        ),
        reads(
            COMPARE,
            A::PUBLIC,
            Detail,
            compare_medicines::compare_medicines,
        ),
        reads(MEDICINE, A::PUBLIC, Detail, show_medicine::show_medicine),
        reads(
            COMPOSITION,
            A::PUBLIC,
            Detail,
            show_composition::show_composition,
        ),
        reads(MEDICINE_TYPES, A::PUBLIC, Detail, list_types::list_types),
        reads(
            INGREDIENTS_SUGGEST,
            A::PUBLIC,
            Search,
            suggest_ingredients::suggest_ingredients,
        ),
        reads(
            INGREDIENT,
            A::PUBLIC,
            Detail,
            show_ingredient::show_ingredient,
        ),
        reads(
            INGREDIENT_MEDICINES,
            A::PUBLIC,
            Search,
            list_ingredient_medicines::list_ingredient_medicines,
        ),
        reads(HOME, A::PUBLIC, Pages, shell::home),
        reads(MEDICINE_PAGE, A::PUBLIC, Pages, shell::medicine),
        reads(COMPARE_PAGE, A::PUBLIC, Pages, shell::compare),
        reads(ASSETS, A::PUBLIC, Pages, assets::file),
        reads(API_DOCUMENT, A::PUBLIC, Pages, api_document::document),
        reads(SWAGGER_BARE, A::PUBLIC, Pages, swagger::moved),
        reads(SWAGGER_FILES, A::PUBLIC, Pages, swagger::file),
    ]
}

/// Registers everything.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    for entry in table() {
        config.service(entry.into_service());
    }
    let rules = Rc::new(Rules::nowhere(RateClass::Pages));
    let guard = from_fn(move |request, next| guarded(Rc::clone(&rules), request, next));
    config.default_service(web::to(unknown).wrap(guard));
}

/// Every route that there is, for tests of who may call it.
#[must_use]
pub fn declared() -> Vec<DeclaredRoute> {
    table().iter().flat_map(Entry::declared).collect()
}

/// Every address that there is.
pub(crate) fn addresses() -> Declared {
    Declared::new(&table())
}

/// The OpenAPI document of the API. `tests/it/openapi.rs` holds it against the addresses above.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Pillnuts",
        description = "Korean medicines: search, read, compare. Data of the Ministry of Food and Drug Safety (식품의약품안전처). Ids are strings. Errors are RFC 9457 problem details, in Korean or (`Accept-Language: en`) English. Reads carry a weak `ETag` and answer 304; `HEAD` works wherever `GET` does.",
    ),
    servers((url = "/", description = "this server")),
    tags(
        (name = "medicines", description = "Find, read and compare medicines (의약품)"),
        (name = "ingredients", description = "Active ingredients and additives (성분)"),
    ),
    paths(
        search_medicines::search_medicines,
        suggest_medicines::suggest_medicines,
        compare_medicines::compare_medicines,
        show_medicine::show_medicine,
        show_composition::show_composition,
        list_types::list_types,
        suggest_ingredients::suggest_ingredients,
        show_ingredient::show_ingredient,
        list_ingredient_medicines::list_ingredient_medicines,
    ),
    components(schemas(ProblemSchema, FieldErrorSchema)),
)]
pub(crate) struct ApiDocument;

/// People get a page, programs a problem.
async fn unknown(request: HttpRequest, shell: web::Data<Shell>) -> Result<HttpResponse, Problem> {
    if shell::is_for_people(&request) {
        return Ok(shell.unknown_address(&request));
    }
    Err(Problem::of_status(StatusCode::NOT_FOUND).with_detail(Message::UnknownPath))
}
