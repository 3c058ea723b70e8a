//! `GET /medicines/{id}/composition`

use actix_web::{HttpRequest, HttpResponse, web};

use crate::accounts::Accounts;
use crate::catalogue::Catalogue;
use crate::catalogue::answers::CompositionAnswer;
use crate::catalogue::service;
use crate::http::cacheable::{self, Freshness};
use crate::http::caller::Caller;
use crate::http::openapi::{NotFound, Problems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::routes;

/// Shows what a medicine contains, as a chart needs it.
///
/// Each ingredient with its amount and basis, in milligrams where it converts, and its share only
/// where all convert. Variants are alternatives and never added up. `complete: false` says that the
/// ministry's text was not wholly understood.
#[utoipa::path(
    get,
    path = routes::COMPOSITION,
    operation_id = "showComposition",
    tag = "medicines",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005",
        description = "품목기준코드")),
    responses((status = 200, description = "The composition.", body = CompositionAnswer), NotFound, Problems),
)]
pub(crate) async fn show_composition(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    accounts: web::Data<Accounts>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let id = path_id(&request)?;
    let own = catalogue.own_view(&request, accounts, &caller).await?;
    let answer = service::composition(&catalogue, own, id)?;
    cacheable::json(&request, Freshness::Public, &answer)
}
