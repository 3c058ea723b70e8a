//! `GET /ingredients/{id}/medicines`

use actix_web::{HttpRequest, HttpResponse, web};

use super::page;
use crate::accounts::Accounts;
use crate::catalogue::Catalogue;
use crate::catalogue::answers::{IngredientMedicines, RoleBody};
use crate::catalogue::service::{IngredientFound, ingredient_medicines};
use crate::catalogue::snapshot::Role;
use crate::http::cacheable::{self, Freshness};
use crate::http::caller::Caller;
use crate::http::openapi::{Merged, NotFound, Problems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::routes;

const ROLES: &[&str] = &["active", "additive"];

/// Lists medicines for sale that hold an ingredient, most wished first.
#[utoipa::path(
    get,
    path = routes::INGREDIENT_MEDICINES,
    operation_id = "listIngredientMedicines",
    tag = "ingredients",
    params(
        ("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "1",
            description = "The ingredient's permanent id."),
        ("role" = inline(Option<RoleBody>), Query,
            description = "Only where it acts, or only where it is an additive."),
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "From 1, which is the default."),
        ("pageSize" = Option<u32>, Query, minimum = 1, maximum = 100, description = "20 by default."),
    ),
    responses((status = 200, description = "A page of medicines.", body = IngredientMedicines), Merged, NotFound, Problems),
)]
pub(crate) async fn list_ingredient_medicines(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    accounts: web::Data<Accounts>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["role", "page", "pageSize"])?;
    let role = parameters.choice("role", ROLES, &[Role::Active, Role::Additive]);
    let page = page(&mut parameters);
    parameters.finish()?;
    let id = path_id(&request)?;
    let own = catalogue.own_view(&request, accounts, &caller).await?;
    match ingredient_medicines(&catalogue, own, (id, role), page)? {
        IngredientFound::Here(answer) => cacheable::json(&request, Freshness::Public, &answer),
        IngredientFound::MergedInto(id) => Ok(cacheable::moved(
            &routes::ingredient_medicines(id),
            request.query_string(),
        )),
    }
}
