//! Calls that create something and may come again: with an `Idempotency-Key`, a double click or another
//! try after a lost answer makes one thing and gets one answer, for 24 hours.
//!
//! Per caller and route; another body under the same key is refused. The answer is noted in the
//! transaction that makes the thing, so that neither stands without the other. Answers with tokens must
//! not come through here: they would be stored.

use actix_web::http::StatusCode;
use actix_web::http::header::CACHE_CONTROL;
use actix_web::{HttpRequest, HttpResponse};
use chrono::{DateTime, Utc};
use domain::token::UserId;
use serde::Serialize;

use super::problem::Problem;
use crate::accounts::handlers::idempotency_key;
use crate::accounts::keys::What;
use crate::accounts::store::once_answers::{self, Given, Known, Once};
use crate::accounts::store::users;
use crate::accounts::{AccountError, Accounts, Rule};
use crate::db::{Db, DbError};

/// How often a call is run that met its twin, at most: the twin has its answer by then.
const TURNS: usize = 3;

/// The name of the header.
const HEADER: &str = "Idempotency-Key";

/// What tells this call from others; `None` where the client sent no key.
///
/// # Errors
/// 422 for a key that is none.
pub(crate) fn once(
    request: &HttpRequest,
    accounts: &Accounts,
    caller: &UserId,
    route: &'static str,
    body: &impl Serialize,
) -> Result<Option<Once>, Problem> {
    let Some(key) = idempotency_key(request)? else {
        return Ok(None);
    };
    // Written anew from what was understood: spaces and the order of fields don't tell bodies apart.
    let body = serde_json::to_string(body).map_err(AccountError::internal)?;
    let index = &accounts.keys.index;
    let caller_id = caller.as_str();
    Ok(Some(Once {
        key: index.of(What::Once {
            route,
            caller: caller_id,
            key: &key,
        }),
        body: index.of(What::OnceBody(&body)),
        caller: caller.clone(),
    }))
}

/// An answer that can be noted.
///
/// # Errors
/// Where the body can't be written as JSON, a fault of ours.
pub(crate) fn given(status: StatusCode, body: &impl Serialize) -> Result<Given, DbError> {
    Ok(Given {
        status: status.as_u16(),
        body: serde_json::to_string(body).map_err(DbError::data)?,
    })
}

/// An answer that was noted, as it leaves.
pub(crate) fn sent(given: Given) -> HttpResponse {
    let status = StatusCode::from_u16(given.status).unwrap_or(StatusCode::OK);
    HttpResponse::build(status)
        .insert_header((CACHE_CONTROL, "no-store"))
        .content_type("application/json")
        .body(given.body)
}

/// Another body under the same key.
pub(crate) fn other_body() -> AccountError {
    AccountError::invalid(HEADER, Rule::OtherBody)
}

/// Makes something in a transaction and notes the answer, or gives the answer of the same call before.
///
/// # Errors
/// [`AccountError::Invalid`] for another body under the same key; database errors.
pub(crate) async fn make<F>(
    accounts: &Accounts,
    once: Option<Once>,
    make: F,
) -> Result<Given, AccountError>
where
    F: Fn(&mut Db, DateTime<Utc>) -> Result<Given, DbError> + Clone + Send + 'static,
{
    let now = accounts.clock.now();
    for turn in 1.. {
        let (once, make) = (once.clone(), make.clone());
        let with_key = once.is_some();
        let work = move |db: &mut Db| {
            if let Some(once) = &once
                && let Some(known) = once_answers::find(db, once, now)?
            {
                return Ok(known);
            }
            let given = make(db, now)?;
            if let Some(once) = &once {
                once_answers::add(db, once, &given, now)?;
            }
            Ok(Known::Given(given))
        };
        match accounts.pool.run(move |db| db.write_tx(work)).await {
            Ok(Known::Given(given)) => return Ok(given),
            Ok(Known::OtherBody) => return Err(other_body()),
            // Its twin was faster, and has its answer now.
            Err(DbError::Conflict(_)) if with_key && turn < TURNS => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(AccountError::internal(
        "a call that makes something never ended",
    ))
}

/// The same for something of the caller's own: he is held first, so nothing that `make` reads is older
/// than the hold, and twins come one after another. What `make` refuses isn't noted.
///
/// # Errors
/// [`AccountError::SessionOver`] where there is no such member; as [`make`].
pub(crate) async fn make_own<F, E>(
    accounts: &Accounts,
    once: Option<Once>,
    member: UserId,
    make: F,
) -> Result<Result<Given, E>, AccountError>
where
    F: Fn(&mut Db, i64, DateTime<Utc>) -> Result<Result<Given, E>, DbError> + Send + 'static,
    E: Send + 'static,
{
    let now = accounts.clock.now();
    let work = move |db: &mut Db| {
        let Some(key) = users::hold_by_id(db, &member)? else {
            return Ok(None);
        };
        if let Some(once) = &once
            && let Some(known) = once_answers::find(db, once, now)?
        {
            return Ok(Some(Ok(known)));
        }
        let given = match make(db, key, now)? {
            Ok(given) => given,
            Err(refusal) => return Ok(Some(Err(refusal))),
        };
        if let Some(once) = &once {
            once_answers::add(db, once, &given, now)?;
        }
        Ok(Some(Ok(Known::Given(given))))
    };
    let made = accounts.pool.run(move |db| db.write_tx(work)).await?;
    match made.ok_or(AccountError::SessionOver)? {
        Ok(Known::Given(given)) => Ok(Ok(given)),
        Ok(Known::OtherBody) => Err(other_body()),
        Err(refusal) => Ok(Err(refusal)),
    }
}
