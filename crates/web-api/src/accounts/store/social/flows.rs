//! Ways to a provider and back that are under way.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::accounts::social::{Provider, Purpose};
use crate::accounts::store::{hash32, named};
use crate::db::schema::social_flows as table;
use crate::db::{Db, DbError, on, to_stored};

/// One way.
#[derive(Debug, Clone)]
pub struct Flow {
    /// Of the state that the provider gives back.
    pub state: [u8; 32],
    /// Where it leads.
    pub provider: Provider,
    /// What for.
    pub purpose: Purpose,
    /// Of the cookie of the browser.
    pub browser: [u8; 32],
    /// Where it ends: one of the settings' places.
    pub return_to: String,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Begins one.
///
/// # Errors
/// Database errors.
pub fn insert(db: &mut Db, flow: &Flow) -> Result<(), DbError> {
    let row = (
        table::state_hash.eq(&flow.state[..]),
        table::provider.eq(flow.provider.as_str()),
        table::purpose.eq(flow.purpose.as_str()),
        table::browser_hash.eq(&flow.browser[..]),
        table::return_to.eq(&flow.return_to),
        table::expires_at.eq(to_stored(flow.expires_at)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// The one of a state.
///
/// # Errors
/// Database errors.
pub fn find(db: &mut Db, state: &[u8; 32]) -> Result<Option<Flow>, DbError> {
    type Row = (Vec<u8>, String, String, Vec<u8>, String, NaiveDateTime);
    let query = table::table.find(&state[..]);
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    let Some((state, provider, purpose, browser, return_to, expires_at)) = row else {
        return Ok(None);
    };
    Ok(Some(Flow {
        state: hash32(&state)?,
        provider: named(&provider)?,
        purpose: named(&purpose)?,
        browser: hash32(&browser)?,
        return_to,
        expires_at: expires_at.and_utc(),
    }))
}

/// Ends it; says whether it was still there: of two who come back by one state, one is first.
///
/// # Errors
/// Database errors.
pub fn end(db: &mut Db, state: &[u8; 32]) -> Result<bool, DbError> {
    let row = table::table.find(&state[..]);
    Ok(on!(db, c => diesel::delete(row).execute(c))? == 1)
}

/// Deletes those that are over.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    let old = table::table.filter(table::expires_at.lt(to_stored(now)));
    on!(db, c => diesel::delete(old).execute(c))?;
    Ok(())
}
