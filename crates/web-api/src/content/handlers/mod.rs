//! From requests to quotes and events, one file for each.

pub(crate) mod admin_events;
pub(crate) mod admin_quotes;
pub(crate) mod list_events;
pub(crate) mod random_quote;

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;

use crate::accounts::AccountError;
use crate::accounts::store::once_answers::Given;
use crate::db::DbError;
use crate::http::problem::Problem;

/// An answer that was noted, as it leaves.
pub(crate) fn sent(given: Given) -> HttpResponse {
    let status = StatusCode::from_u16(given.status).unwrap_or(StatusCode::OK);
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type("application/json")
        .body(given.body)
}

/// What a database error is to a client.
fn of_database(error: DbError) -> Problem {
    AccountError::Db(error).into()
}
