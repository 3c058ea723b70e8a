//! `/admin/events`

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};

use super::of_database;
use crate::accounts::Accounts;
use crate::accounts::handlers::{answer, done};
use crate::accounts::store::audit::{self, Action};
use crate::content::ContentError;
use crate::content::answers::{AdminEvent, AdminEvents, EventBody};
use crate::content::store::events;
use crate::http::caller::Admin;
use crate::http::json::Json;
use crate::http::once::{self, sent};
use crate::http::openapi::{NotFound, WriteProblems};
use crate::http::parameters::{Parameters, row_id};
use crate::http::problem::Problem;
use crate::routes;

/// Lists events, newest first.
#[utoipa::path(
    get,
    path = routes::ADMIN_EVENTS,
    operation_id = "adminListEvents",
    tag = "admin",
    params(
        ("page" = Option<usize>, Query, minimum = 1, maximum = 10_000, description = "From 1."),
        ("pageSize" = Option<usize>, Query, minimum = 1, maximum = 100, description = "20 unless told."),
    ),
    responses((status = 200, description = "A page.", body = AdminEvents), WriteProblems),
)]
pub(crate) async fn list(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["page", "pageSize"])?;
    let paging = parameters.paging();
    parameters.finish()?;
    let now = accounts.clock.now();
    let read = accounts.pool.run(move |db| {
        let found = events::page(db, paging.limit(), paging.offset())?;
        audit::did(db, Action::ContentRead, Some(&admin.id), "events", now)?;
        Ok(found)
    });
    let (rows, total) = read.await.map_err(of_database)?;
    let page = AdminEvents {
        items: rows.into_iter().map(AdminEvent::from).collect(),
        page: paging.page,
        page_size: paging.size,
        total,
    };
    answer(StatusCode::OK, &page)
}

/// Makes an event.
#[utoipa::path(
    post,
    path = routes::ADMIN_EVENTS,
    operation_id = "adminEventCreate",
    tag = "admin",
    params(("Idempotency-Key" = Option<String>, Header, max_length = 100,
        description = "The same key makes one event, for 24 hours.")),
    request_body = EventBody,
    responses((status = 201, description = "It is there.", body = AdminEvent), WriteProblems),
)]
pub(crate) async fn create(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
    Json(body): Json<EventBody>,
) -> Result<HttpResponse, Problem> {
    let row = body.checked()?;
    let route = "POST events";
    let once = once::once(&request, &accounts, &admin.id, route, &body)?;
    let made = once::make(&accounts, once, move |db, now| {
        let made = events::add(db, &row, now)?;
        let detail = format!("event {}", made.id);
        audit::did(db, Action::ContentMade, Some(&admin.id), &detail, now)?;
        once::given(StatusCode::CREATED, &AdminEvent::from(made))
    });
    Ok(sent(made.await?))
}

/// Writes an event anew.
#[utoipa::path(
    put,
    path = routes::ADMIN_EVENT,
    operation_id = "adminEventUpdate",
    tag = "admin",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", description = "Its id.")),
    request_body = EventBody,
    responses((status = 200, description = "As it is now.", body = AdminEvent), NotFound, WriteProblems),
)]
pub(crate) async fn update(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
    Json(body): Json<EventBody>,
) -> Result<HttpResponse, Problem> {
    let id = row_id(&request)?;
    let row = body.checked()?;
    let now = accounts.clock.now();
    let change = move |db: &mut crate::db::Db| {
        let changed = events::change(db, id, &row, now)?;
        let action = match changed {
            Some(_) => Action::ContentChanged,
            None => Action::ContentRead,
        };
        audit::did(db, action, Some(&admin.id), &format!("event {id}"), now)?;
        Ok(changed)
    };
    let changed = accounts.pool.run(move |db| db.write_tx(change)).await;
    let changed = changed.map_err(of_database)?;
    let changed = changed.ok_or(ContentError::UnknownEvent)?;
    answer(StatusCode::OK, &AdminEvent::from(changed))
}

/// Deletes an event.
#[utoipa::path(
    delete,
    path = routes::ADMIN_EVENT,
    operation_id = "adminEventDelete",
    tag = "admin",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", description = "Its id.")),
    responses((status = 204, description = "It is gone."), NotFound, WriteProblems),
)]
pub(crate) async fn delete(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    let id = row_id(&request)?;
    let now = accounts.clock.now();
    let delete = move |db: &mut crate::db::Db| {
        let deleted = events::delete(db, id)?;
        let action = match deleted {
            true => Action::ContentDeleted,
            false => Action::ContentRead,
        };
        audit::did(db, action, Some(&admin.id), &format!("event {id}"), now)?;
        Ok(deleted)
    };
    let deleted = accounts.pool.run(move |db| db.write_tx(delete)).await;
    if deleted.map_err(of_database)? {
        Ok(done())
    } else {
        Err(ContentError::UnknownEvent.into())
    }
}
