//! `/admin/catalogue-syncs`: starting synchronisations and looking at them.

use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse, web};
use domain::token::UserId;

use super::answers::{
    CatalogueSync, CatalogueSyncBody, CatalogueSyncDetail, CatalogueSyncReject,
    CatalogueSyncRejects, CatalogueSyncStarted, CatalogueSyncs,
};
use super::desk::{Desk, Started};
use super::sync::{Note, records};
use crate::accounts::handlers::answer;
use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::once_answers::{self, Given, Known, Once};
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};
use crate::http::caller::Admin;
use crate::http::json::Json;
use crate::http::once::{given, once, other_body, sent};
use crate::http::openapi::{NotFound, NotReady, WriteProblems};
use crate::http::parameters::{Parameters, row_id};
use crate::http::problem::Problem;
use crate::http::problem_texts::Narrow;
use crate::http::sync_errors::is_running;
use crate::origin::Origin;
use crate::routes;

/// Starts a synchronisation with the ministry's data, or goes on with the one that was stopped.
///
/// It runs on after the answer. One runs at a time, over all servers: where one does, the answer is 409
/// `catalogue_sync_running` and names it.
#[utoipa::path(
    post,
    path = routes::ADMIN_SYNCS,
    operation_id = "startCatalogueSync",
    tag = "admin",
    params(("Idempotency-Key" = Option<String>, Header, max_length = 100,
        description = "The same key starts one, for 24 hours.")),
    request_body = CatalogueSyncBody,
    responses((status = 202, description = "It runs.", body = CatalogueSyncStarted), NotReady, WriteProblems),
)]
pub(crate) async fn start(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    desk: web::Data<Desk>,
    Admin(admin): Admin,
    Json(body): Json<CatalogueSyncBody>,
) -> Result<HttpResponse, Problem> {
    let once = once(
        &request,
        &accounts,
        &admin.id,
        "POST catalogue-syncs",
        &body,
    )?;
    if let Some(given) = before(&accounts, once.as_ref()).await? {
        return Ok(sent(given));
    }
    let note = note(&accounts, admin.id, once.clone());
    match desk.start(note).await? {
        Started::Begun(id) => Ok(sent(started(id).map_err(AccountError::Db)?)),
        // Perhaps it is the other half of a double click that is at it.
        Started::Busy(id) => match before(&accounts, once.as_ref()).await? {
            Some(given) => Ok(sent(given)),
            None => Err(is_running(id)),
        },
    }
}

fn started(id: i64) -> Result<Given, DbError> {
    let id = id.to_string();
    given(StatusCode::ACCEPTED, &CatalogueSyncStarted { id })
}

/// What the same call was answered before.
async fn before(accounts: &Accounts, once: Option<&Once>) -> Result<Option<Given>, AccountError> {
    let Some(once) = once.cloned() else {
        return Ok(None);
    };
    let now = accounts.clock.now();
    let known = accounts
        .pool
        .run(move |db| once_answers::find(db, &once, now));
    match known.await? {
        Some(Known::Given(given)) => Ok(Some(given)),
        Some(Known::OtherBody) => Err(other_body()),
        None => Ok(None),
    }
}

/// What is written down with the run: who started it, from where, and the answer under his key. It is
/// written by another task, which knows nothing of the request.
fn note(accounts: &Accounts, admin: UserId, once: Option<Once>) -> Note {
    let now = accounts.clock.now();
    let origin = Origin::current();
    Arc::new(move |db: &mut Db, id: i64| {
        let detail = format!("sync {id}");
        Origin::carried(origin.clone(), || {
            audit::did(db, Action::SyncStarted, Some(&admin), &detail, now)
        })?;
        if let Some(once) = &once {
            once_answers::add(db, once, &started(id)?, now)?;
        }
        Ok(())
    })
}

/// Reads something of synchronisations, which is written down.
async fn read<T: Send + 'static>(
    accounts: &Accounts,
    admin: UserId,
    detail: String,
    read: impl FnOnce(&mut Db) -> Result<T, DbError> + Send + 'static,
) -> Result<T, AccountError> {
    let now = accounts.clock.now();
    let reading = accounts.pool.run(move |db| {
        let found = read(db)?;
        audit::did(db, Action::SyncRead, Some(&admin), &detail, now)?;
        Ok(found)
    });
    Ok(reading.await?)
}

/// Lists synchronisations, newest first.
#[utoipa::path(
    get,
    path = routes::ADMIN_SYNCS,
    operation_id = "listCatalogueSyncs",
    tag = "admin",
    params(
        ("page" = Option<usize>, Query, minimum = 1, maximum = 10_000, description = "From 1."),
        ("pageSize" = Option<usize>, Query, minimum = 1, maximum = 100, description = "20 unless told."),
    ),
    responses((status = 200, description = "A page.", body = CatalogueSyncs), WriteProblems),
)]
pub(crate) async fn list(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["page", "pageSize"])?;
    let paging = parameters.paging();
    parameters.finish()?;
    let page = move |db: &mut Db| records::page(db, paging.limit(), paging.offset());
    let (runs, total) = read(&accounts, admin.id, "syncs".to_owned(), page).await?;
    let page = CatalogueSyncs {
        items: runs.into_iter().map(CatalogueSync::from).collect(),
        page: paging.page,
        page_size: paging.size,
        total,
    };
    answer(StatusCode::OK, &page)
}

/// Shows one synchronisation, and how far it is.
#[utoipa::path(
    get,
    path = routes::ADMIN_SYNC,
    operation_id = "showCatalogueSync",
    tag = "admin",
    params(("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", description = "Its id.")),
    responses((status = 200, description = "As it is now.", body = CatalogueSyncDetail), NotFound, WriteProblems),
)]
pub(crate) async fn show(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    Parameters::read(&request, &[])?.finish()?;
    let id = row_id(&request)?;
    let one = move |db: &mut Db| Ok((records::one(db, id)?, records::operations(db, id)?));
    let (run, operations) = read(&accounts, admin.id, format!("sync {id}"), one).await?;
    let run = run.ok_or_else(unknown)?;
    let detail = CatalogueSyncDetail {
        run: run.into(),
        operations: operations.into_iter().map(Into::into).collect(),
    };
    answer(StatusCode::OK, &detail)
}

/// Lists the records that a synchronisation rejected, with the reasons.
#[utoipa::path(
    get,
    path = routes::ADMIN_SYNC_REJECTS,
    operation_id = "listCatalogueSyncRejects",
    tag = "admin",
    params(
        ("id" = String, Path, pattern = "^[1-9][0-9]{0,17}$", description = "Its id."),
        ("page" = Option<usize>, Query, minimum = 1, maximum = 10_000, description = "From 1."),
        ("pageSize" = Option<usize>, Query, minimum = 1, maximum = 100, description = "20 unless told."),
    ),
    responses((status = 200, description = "A page.", body = CatalogueSyncRejects), NotFound, WriteProblems),
)]
pub(crate) async fn rejects(
    request: HttpRequest,
    accounts: web::Data<Accounts>,
    Admin(admin): Admin,
) -> Result<HttpResponse, Problem> {
    let mut parameters = Parameters::read(&request, &["page", "pageSize"])?;
    let paging = parameters.paging();
    parameters.finish()?;
    let id = row_id(&request)?;
    let page = move |db: &mut Db| {
        let run = records::one(db, id)?;
        let rejects = records::rejects(db, id, paging.limit(), paging.offset())?;
        Ok(run.map(|_| rejects))
    };
    let detail = format!("sync {id} rejects");
    let found = read(&accounts, admin.id, detail, page).await?;
    let (rejects, total) = found.ok_or_else(unknown)?;
    let page = CatalogueSyncRejects {
        items: rejects.into_iter().map(CatalogueSyncReject::from).collect(),
        page: paging.page,
        page_size: paging.size,
        total,
    };
    answer(StatusCode::OK, &page)
}

fn unknown() -> Problem {
    use service_kit::problem::ProblemKind;
    Problem::narrow(ProblemKind::NotFound, Narrow::CatalogueSyncNotFound)
}
