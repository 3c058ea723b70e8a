//! `GET /medicines/{id}`

use actix_web::{HttpRequest, HttpResponse, web};

use crate::catalogue::Catalogue;
use crate::catalogue::answers::MedicineDetail;
use crate::catalogue::service;
use crate::http::cacheable::{self, Freshness};
use crate::http::openapi::{NotFound, Problems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::routes;

/// Shows everything of one medicine.
///
/// A product that is not sold any more stays readable; `status` says so.
#[utoipa::path(
    get,
    path = routes::MEDICINE,
    operation_id = "showMedicine",
    tag = "medicines",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005",
        description = "품목기준코드")),
    responses((status = 200, description = "The medicine.", body = MedicineDetail<'static>), NotFound, Problems),
)]
pub(crate) async fn show_medicine(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    service::detail(&catalogue, path_id(&request)?, |answer| {
        cacheable::json(&request, Freshness::of(answer.is_complete()), answer)
    })
    .await?
}
