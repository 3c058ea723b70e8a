//! Every address of the server.

use actix_web::http::{Method, StatusCode};
use actix_web::{HttpRequest, HttpResponse, Resource, Responder, guard, web};
use domain::catalogue::IngredientId;
use utoipa::OpenApi;

use crate::catalogue::handlers::{
    compare_medicines, list_ingredient_medicines, list_types, search_medicines, show_composition,
    show_ingredient, show_medicine, suggest_ingredients, suggest_medicines,
};
use crate::http::problem::{FieldErrorSchema, Problem, ProblemSchema};
use crate::http::problem_texts::Message;
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

/// Registers everything. The first match wins: fixed names stand before `{id}`.
pub(crate) fn configure(config: &mut web::ServiceConfig) {
    config
        .service(reads(MEDICINES, search_medicines::search_medicines))
        .service(reads(
            MEDICINES_SUGGEST,
            suggest_medicines::suggest_medicines,
        ))
        .service(reads(COMPARE, compare_medicines::compare_medicines))
        .service(reads(MEDICINE, show_medicine::show_medicine))
        .service(reads(COMPOSITION, show_composition::show_composition))
        .service(reads(MEDICINE_TYPES, list_types::list_types))
        .service(reads(
            INGREDIENTS_SUGGEST,
            suggest_ingredients::suggest_ingredients,
        ))
        .service(reads(INGREDIENT, show_ingredient::show_ingredient))
        .service(reads(
            INGREDIENT_MEDICINES,
            list_ingredient_medicines::list_ingredient_medicines,
        ))
        .service(reads(HOME, shell::home))
        .service(reads(MEDICINE_PAGE, shell::medicine))
        .service(reads(COMPARE_PAGE, shell::compare))
        .service(reads(ASSETS, assets::file))
        .service(reads(API_DOCUMENT, api_document::document))
        .service(reads(SWAGGER_BARE, swagger::moved))
        .service(reads(SWAGGER_FILES, swagger::file))
        .default_service(web::to(unknown));
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

/// A resource that is read: GET and HEAD, and 405 with `Allow` for the rest.
fn reads<F, Args>(path: &str, handler: F) -> Resource
where
    F: actix_web::Handler<Args>,
    Args: actix_web::FromRequest + 'static,
    F::Output: Responder + 'static,
{
    let read = guard::Any(guard::Get()).or(guard::Head());
    web::resource(path)
        .route(web::route().guard(read).to(handler))
        .default_service(web::to(only_reads))
}

async fn only_reads() -> Result<&'static str, Problem> {
    Err(Problem::of_status(StatusCode::METHOD_NOT_ALLOWED).with_allow(&[Method::GET, Method::HEAD]))
}

/// People get a page, programs a problem.
async fn unknown(request: HttpRequest, shell: web::Data<Shell>) -> Result<HttpResponse, Problem> {
    if shell::is_for_people(&request) {
        return Ok(shell.unknown_address(&request));
    }
    Err(Problem::of_status(StatusCode::NOT_FOUND).with_detail(Message::UnknownPath))
}
