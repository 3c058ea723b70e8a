//! `GET /me/wishes` and `PUT|DELETE /me/wishes/{id}`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::MedicineId;

use super::answers::{Wish, Wishes};
use super::store::{self, Added};
use super::together::Together;
use crate::catalogue::handlers::page;
use crate::catalogue::service::summary_of;
use crate::catalogue::{Catalogue, CatalogueError, Given};
use crate::http::caller::{Caller, SignedIn};
use crate::http::openapi::{Full, NotFound, Problems, Unauthorized, WriteProblems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::marks::{MarkBook, MarkError};
use crate::routes;

/// Lists what one wishes, newest first.
///
/// What isn't sold any more stays in the list; `status` says so.
#[utoipa::path(
    get,
    path = routes::MY_WISHES,
    operation_id = "listWishes",
    tag = "mine",
    params(
        ("page" = Option<u32>, Query, minimum = 1, maximum = 10_000, description = "From 1, which is the default."),
        ("pageSize" = Option<u32>, Query, minimum = 1, maximum = 100, description = "20 by default."),
    ),
    responses((status = 200, description = "A page of wishes.", body = Wishes), Unauthorized, Problems),
)]
pub(crate) async fn list_wishes(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["page", "pageSize"])?;
    let page = page(&mut parameters);
    parameters.finish()?;
    let all = marks.read(&member.id, store::newest_first).await?;
    let view = catalogue.view()?;
    let skip = page.page.saturating_sub(1).saturating_mul(page.size);
    let items = all.iter().skip(skip).take(page.size);
    let items = items.filter_map(|&(id, wished_at)| {
        let medicine = summary_of(&view, id)?;
        Some(Wish {
            medicine,
            wished_at,
        })
    });
    let answer = Wishes {
        items: items.collect(),
        page: page.page,
        page_size: page.size,
        total: all.len(),
        as_of: view.as_of(),
    };
    let given = Given::of(view, &answer)?;
    let caller = Caller::Member(member);
    marks.respond(&request, &caller, &given).await
}

/// Wishes a medicine.
///
/// Twice is once. A member has 1,000 wishes at most.
#[utoipa::path(
    put,
    path = routes::MY_WISH,
    operation_id = "addWish",
    tag = "mine",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005", description = "품목기준코드")),
    responses((status = 204, description = "It is wished."), NotFound, Full, WriteProblems),
)]
pub(crate) async fn add_wish(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    together: web::Data<Together>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let id: MedicineId = path_id(&request)?;
    if catalogue.view()?.snapshot.position(id).is_none() {
        return Err(CatalogueError::UnknownMedicine(id).into());
    }
    match together.add(&member.id, id).await? {
        Added::New | Added::Already => Ok(HttpResponse::NoContent().finish()),
        Added::Full => Err(MarkError::WishesFull.into()),
    }
}

/// Takes a wish back.
#[utoipa::path(
    delete,
    path = routes::MY_WISH,
    operation_id = "removeWish",
    tag = "mine",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005", description = "품목기준코드")),
    responses((status = 204, description = "It isn't wished (any more)."), WriteProblems),
)]
pub(crate) async fn remove_wish(
    request: HttpRequest,
    together: web::Data<Together>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let id: MedicineId = path_id(&request)?;
    together.remove(&member.id, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
