//! `GET /medicines/compare`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::MedicineId;

use crate::accounts::Accounts;
use crate::catalogue::Catalogue;
use crate::catalogue::answers::ComparisonAnswer;
use crate::catalogue::cache::Answer;
use crate::catalogue::service;
use crate::http::caller::Caller;
use crate::http::openapi::{NotFound, Problems};
use crate::http::parameters::Parameters;
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;
use crate::routes;

/// Compares two medicines.
///
/// Attributes, ingredients and texts side by side. Amounts on different bases are not ranked, and
/// nothing says that one may be taken instead of the other. A product that is not sold any more is
/// compared by what was known last, and `notices` says so; a product with itself is 422
/// `same_medicine`, an unknown one 404 with its id in `errors`.
#[utoipa::path(
    get,
    path = routes::COMPARE,
    operation_id = "compareMedicines",
    tag = "medicines",
    params(("ids" = String, Query, pattern = "^[1-9][0-9]{0,17},[1-9][0-9]{0,17}$",
        example = "195500005,200808876", description = "Two different ids, separated by a comma.")),
    responses((status = 200, description = "The comparison.", body = ComparisonAnswer<'static>), NotFound, Problems),
)]
pub(crate) async fn compare_medicines(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    accounts: web::Data<Accounts>,
    caller: Caller,
) -> Result<HttpResponse, Problem> {
    let own = catalogue.own_view(&request, accounts, &caller).await?;
    catalogue
        .answer_with_documents(
            &request,
            own.as_ref(),
            read,
            async |view, documents, ids| {
                service::comparison(view, documents, ids, |body| {
                    Answer::new(body, body.is_complete())
                })
                .await?
            },
        )
        .await
}

fn read(request: &HttpRequest) -> Result<(MedicineId, MedicineId), Problem> {
    let mut parameters = Parameters::read(request, &["ids"])?;
    let ids = parameters.text("ids").map(|text| {
        let (a, b) = text.split_once(',')?;
        Some((a.trim().parse().ok()?, b.trim().parse().ok()?))
    });
    match ids {
        None => parameters.refuse("ids", Message::Required),
        Some(None) => parameters.refuse("ids", Message::TwoIds),
        Some(Some(ids)) => return parameters.finish().map(|()| ids),
    }
    parameters.finish()?;
    Err(Problem::invalid_field("ids", Message::TwoIds))
}
