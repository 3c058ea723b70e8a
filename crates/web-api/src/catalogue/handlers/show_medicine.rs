//! `GET /medicines/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::MedicineId;

use crate::accounts::Accounts;
use crate::catalogue::Catalogue;
use crate::catalogue::answers::MedicineDetail;
use crate::catalogue::cache::Answer;
use crate::catalogue::service;
use crate::http::caller::Caller;
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
    accounts: web::Data<Accounts>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let own = catalogue.own_view(&request, accounts, &caller).await?;
    catalogue
        .answer_with_documents(&request, own.as_ref(), read, async |view, documents, id| {
            service::detail(view, documents, id, |body| {
                Answer::new(body, body.is_complete())
            })
            .await?
        })
        .await
}

fn read(request: &HttpRequest) -> Result<MedicineId, Problem> {
    Parameters::read(request, &[])?.finish()?;
    path_id(request)
}
