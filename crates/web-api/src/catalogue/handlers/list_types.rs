//! `GET /medicine-types`

use actix_web::{HttpRequest, HttpResponse, web};

use crate::catalogue::Catalogue;
use crate::catalogue::answers::MedicineTypes;
use crate::catalogue::service;
use crate::http::cacheable::{self, Freshness};
use crate::http::openapi::Problems;
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::routes;

/// Lists the therapeutic types with counts of medicines that are for sale.
#[utoipa::path(
    get,
    path = routes::MEDICINE_TYPES,
    operation_id = "listMedicineTypes",
    tag = "medicines",
    responses((status = 200, description = "All types.", body = MedicineTypes), Problems),
)]
pub(crate) async fn list_types(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let answer = service::types(&catalogue)?;
    cacheable::json(&request, Freshness::Public, &answer)
}
