//! `GET /ingredients/{id}`

use actix_web::{HttpRequest, HttpResponse, web};

use crate::catalogue::Catalogue;
use crate::catalogue::answers::IngredientAnswer;
use crate::catalogue::service::{self, IngredientFound};
use crate::http::cacheable::{self, Freshness};
use crate::http::openapi::{Merged, NotFound, Problems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::routes;

/// Shows one ingredient, active or additive.
#[utoipa::path(
    get,
    path = routes::INGREDIENT,
    operation_id = "showIngredient",
    tag = "ingredients",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "1",
        description = "The ingredient's permanent id.")),
    responses((status = 200, description = "The ingredient.", body = IngredientAnswer), Merged, NotFound, Problems),
)]
pub(crate) async fn show_ingredient(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    match service::ingredient(&catalogue, path_id(&request)?)? {
        IngredientFound::Here(answer) => cacheable::json(&request, Freshness::Public, &answer),
        IngredientFound::MergedInto(id) => Ok(cacheable::moved(
            &routes::ingredient(id),
            request.query_string(),
        )),
    }
}
