//! `GET /me/compare-box`, `PUT|DELETE /me/compare-box/{id}`, `POST /me/compare-box/merge`

use actix_web::{HttpRequest, HttpResponse, web};
use domain::catalogue::MedicineId;

use super::answers::{BrowserBox, CompareBox, LeftOut, LeftOutReason, MergedBox};
use super::store::{self, Added};
use crate::catalogue::{Catalogue, CatalogueError, Given};
use crate::http::caller::{Caller, SignedIn};
use crate::http::json::Json;
use crate::http::openapi::{Full, NotFound, Problems, Unauthorized, WriteProblems};
use crate::http::parameters::{Parameters, path_id};
use crate::http::problem::Problem;
use crate::http::problem_texts::Message;
use crate::marks::{MarkBook, MarkError};
use crate::routes;

/// Medicines of a browser's box, at most: it holds ten itself.
const MOST_MERGED: usize = 100;

/// Shows one's compare box.
#[utoipa::path(
    get,
    path = routes::MY_COMPARE_BOX,
    operation_id = "showCompareBox",
    tag = "mine",
    responses((status = 200, description = "The box.", body = CompareBox), Unauthorized, Problems),
)]
pub(crate) async fn show_box(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let boxed = marks.read(&member.id, store::in_order).await?;
    let view = catalogue.view()?;
    let answer = CompareBox::new(&view, &boxed);
    let given = Given::of(view, &answer)?;
    let caller = Caller::Member(member);
    marks.respond(&request, &caller, &given).await
}

/// Puts a medicine into the box, behind the others.
///
/// Twice is once. The eleventh is 409 `compare_box_full`.
#[utoipa::path(
    put,
    path = routes::MY_COMPARE_BOX_ENTRY,
    operation_id = "addToCompareBox",
    tag = "mine",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005", description = "품목기준코드")),
    responses((status = 204, description = "It is in the box."), NotFound, Full, WriteProblems),
)]
pub(crate) async fn add_to_box(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let id: MedicineId = path_id(&request)?;
    if catalogue.view()?.snapshot.position(id).is_none() {
        return Err(CatalogueError::UnknownMedicine(id).into());
    }
    let added = marks.change(&member.id, move |db, key| store::add(db, key, &[id]));
    if added.await?.contains(&Added::Full) {
        return Err(MarkError::BoxFull.into());
    }
    Ok(HttpResponse::NoContent().finish())
}

/// Takes a medicine out of the box.
#[utoipa::path(
    delete,
    path = routes::MY_COMPARE_BOX_ENTRY,
    operation_id = "removeFromCompareBox",
    tag = "mine",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", example = "195500005", description = "품목기준코드")),
    responses((status = 204, description = "It isn't in the box (any more)."), WriteProblems),
)]
pub(crate) async fn remove_from_box(
    request: HttpRequest,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
) -> Result<HttpResponse, Problem> {
    let id: MedicineId = path_id(&request)?;
    let removed = marks.change(&member.id, move |db, key| store::remove(db, key, id));
    removed.await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Puts the box of the browser behind one's own, for the moment of signing in.
///
/// It may be repeated. What has no room or isn't known stands in `leftOut`.
#[utoipa::path(
    post,
    path = routes::MY_COMPARE_BOX_MERGE,
    operation_id = "mergeCompareBox",
    tag = "mine",
    request_body = BrowserBox,
    responses((status = 200, description = "The box as it is now.", body = MergedBox), WriteProblems),
)]
pub(crate) async fn merge_box(
    request: HttpRequest,
    catalogue: web::Data<Catalogue>,
    marks: web::Data<MarkBook>,
    SignedIn(member): SignedIn,
    Json(body): Json<BrowserBox>,
) -> Result<HttpResponse, Problem> {
    let wanted = checked(&body.medicine_ids)?;
    let view = catalogue.view()?;
    let is_known = |id: &MedicineId| view.snapshot.position(*id).is_some();
    let known: Vec<MedicineId> = wanted.iter().copied().filter(is_known).collect();
    let merged = marks.change(&member.id, move |db, key| {
        let added = store::add(db, key, &known)?;
        let full = known.iter().zip(added);
        let full = full.filter(|(_, added)| *added == Added::Full);
        let full: Vec<MedicineId> = full.map(|(id, _)| *id).collect();
        Ok((full, store::in_order(db, key)?))
    });
    let (full, boxed) = merged.await?;
    let left_out = wanted.iter().filter_map(|id| {
        let reason = match is_known(id) {
            false => LeftOutReason::Unknown,
            true if full.contains(id) => LeftOutReason::Full,
            true => return None,
        };
        let medicine_id = id.to_string();
        Some(LeftOut {
            medicine_id,
            reason,
        })
    });
    let answer = MergedBox {
        compare_box: CompareBox::new(&view, &boxed),
        left_out: left_out.collect(),
    };
    let given = Given::of(view, &answer)?;
    let caller = Caller::Member(member);
    marks.respond(&request, &caller, &given).await
}

/// Ids of medicines, each once, in their order.
fn checked(ids: &[String]) -> Result<Vec<MedicineId>, Problem> {
    const FIELD: &str = "medicineIds";
    if ids.len() > MOST_MERGED {
        return Err(Problem::invalid_field(FIELD, Message::TooMany(MOST_MERGED)));
    }
    let mut checked = Vec::with_capacity(ids.len());
    for id in ids {
        let id: MedicineId = id
            .parse()
            .map_err(|_| Problem::invalid_field(FIELD, Message::Id))?;
        if !checked.contains(&id) {
            checked.push(id);
        }
    }
    Ok(checked)
}
