//! Reading: the page, medicines, ingredients.

use super::{Access as A, Entry, RateClass, reads};
use crate::catalogue::handlers::{
    compare_medicines, list_ingredient_medicines, list_types, search_medicines, show_composition,
    show_ingredient, show_medicine, suggest_ingredients, suggest_medicines,
};
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

pub(super) fn reading() -> Vec<Entry> {
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
