//! Whom providers named, until a code is redeemed.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use super::{identities, unlinks};
use crate::accounts::social::{Provider, Purpose};
use crate::accounts::store::{hash32, named};
use crate::db::schema::social_exchanges as table;
use crate::db::{Db, DbError, on, to_stored};

/// Somebody whom a provider named.
#[derive(Debug, Clone)]
pub struct Named {
    /// Which provider.
    pub provider: Provider,
    /// By which he is found.
    pub subject_index: [u8; 32],
    /// Who he is there, sealed.
    pub subject: Vec<u8>,
    /// What the provider asks for when the link ends, sealed.
    pub token: Option<Vec<u8>>,
}

/// A code that stands for him.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// Of the code.
    pub code: [u8; 32],
    /// What the code is good for.
    pub purpose: Purpose,
    /// Of the cookie of the browser.
    pub browser: [u8; 32],
    /// Whom it stands for.
    pub named: Named,
    /// Until when.
    pub expires_at: DateTime<Utc>,
}

/// Stores one.
///
/// # Errors
/// Database errors.
pub fn insert(db: &mut Db, new: &Exchange) -> Result<(), DbError> {
    let row = (
        table::code_hash.eq(&new.code[..]),
        table::provider.eq(new.named.provider.as_str()),
        table::purpose.eq(new.purpose.as_str()),
        table::browser_hash.eq(&new.browser[..]),
        table::subject_index.eq(&new.named.subject_index[..]),
        table::subject_sealed.eq(&new.named.subject),
        table::token_sealed.eq(&new.named.token),
        table::expires_at.eq(to_stored(new.expires_at)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Deletes those that stand for somebody.
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, provider: Provider, subject: &[u8; 32]) -> Result<(), DbError> {
    let codes = table::table
        .filter(table::provider.eq(provider.as_str()))
        .filter(table::subject_index.eq(&subject[..]))
        .select(table::code_hash);
    let codes: Vec<Vec<u8>> = on!(db, c => codes.load(c))?;
    for code in codes {
        on!(db, c => diesel::delete(table::table.find(code)).execute(c))?;
    }
    Ok(())
}

/// The one of a code and a purpose that is good at `now`, in this browser where one is named.
///
/// # Errors
/// Database errors.
pub fn find(
    db: &mut Db,
    code: &[u8; 32],
    purpose: Purpose,
    browser: Option<&[u8; 32]>,
    now: DateTime<Utc>,
) -> Result<Option<Exchange>, DbError> {
    type Row = (
        Vec<u8>,
        String,
        String,
        Vec<u8>,
        Vec<u8>,
        Vec<u8>,
        Option<Vec<u8>>,
        NaiveDateTime,
    );
    let query = table::table
        .find(&code[..])
        .filter(table::purpose.eq(purpose.as_str()))
        .filter(table::expires_at.gt(to_stored(now)));
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    let Some((code, provider, purpose, its_browser, index, subject, token, expires_at)) = row
    else {
        return Ok(None);
    };
    let exchange = Exchange {
        code: hash32(&code)?,
        purpose: named(&purpose)?,
        browser: hash32(&its_browser)?,
        named: Named {
            provider: named(&provider)?,
            subject_index: hash32(&index)?,
            subject,
            token,
        },
        expires_at: expires_at.and_utc(),
    };
    let right = browser.is_none_or(|browser| *browser == exchange.browser);
    Ok(right.then_some(exchange))
}

/// Redeems it; says whether it was still there.
///
/// # Errors
/// Database errors.
pub fn end(db: &mut Db, code: &[u8; 32]) -> Result<bool, DbError> {
    let row = table::table.find(&code[..]);
    Ok(on!(db, c => diesel::delete(row).execute(c))? == 1)
}

/// Who is given up in one go.
const BATCH: i64 = 200;

/// Deletes those that are over. Who did not sign up in time has agreed at the provider all the same:
/// unless he is a member by now, or about to become one, the provider is told that it is over.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    type Row = (Vec<u8>, String, Vec<u8>, Vec<u8>, Option<Vec<u8>>);
    let at = to_stored(now);
    let sign_up = Purpose::SignUp.as_str();
    let late = table::table
        .filter(table::expires_at.lt(at))
        .filter(table::purpose.eq(sign_up))
        .limit(BATCH)
        .select((
            table::code_hash,
            table::provider,
            table::subject_index,
            table::subject_sealed,
            table::token_sealed,
        ));
    for (code, provider, index, subject, token) in on!(db, c => late.load::<Row>(c))? {
        let (code, index) = (hash32(&code)?, hash32(&index)?);
        let provider: Provider = named(&provider)?;
        db.write_tx(|db| {
            if !end(db, &code)? || is_wanted(db, provider, &index)? {
                return Ok(());
            }
            unlinks::add(db, provider, Some(&subject), token.as_deref(), now)
        })?;
    }
    let others = table::table
        .filter(table::expires_at.lt(at))
        .filter(table::purpose.ne(sign_up));
    on!(db, c => diesel::delete(others).execute(c))?;
    Ok(())
}

/// Whether a person is a member, or may be about to become one.
fn is_wanted(db: &mut Db, provider: Provider, index: &[u8; 32]) -> Result<bool, DbError> {
    if identities::by_subject(db, provider, index)?.is_some() {
        return Ok(true);
    }
    let under_way = table::table
        .filter(table::provider.eq(provider.as_str()))
        .filter(table::subject_index.eq(&index[..]));
    Ok(on!(db, c => under_way.count().get_result::<i64>(c))? > 0)
}
