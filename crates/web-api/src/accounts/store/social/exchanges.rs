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

/// Gives a person's codes and his link the sealed token of an earlier link, where they have none to be ended
/// with: Google gives one only once.
///
/// # Errors
/// Database errors.
pub fn inherit(
    db: &mut Db,
    provider: Provider,
    index: &[u8; 32],
    token: &[u8],
) -> Result<(), DbError> {
    let without = table::table
        .filter(table::provider.eq(provider.as_str()))
        .filter(table::subject_index.eq(&index[..]))
        .filter(table::token_sealed.is_null());
    let change = table::token_sealed.eq(token);
    on!(db, c => diesel::update(without).set(change).execute(c))?;
    identities::inherit(db, provider, index, token)
}

/// Deletes those that are over. Whoever stood behind one has agreed at the provider all the same, whatever
/// for he went: see [`give_up`].
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    type Row = (Vec<u8>, String, Vec<u8>, Vec<u8>, Option<Vec<u8>>);
    let late = table::table
        .filter(table::expires_at.lt(to_stored(now)))
        .order(table::expires_at.asc())
        .limit(BATCH)
        .select((
            table::code_hash,
            table::provider,
            table::subject_index,
            table::subject_sealed,
            table::token_sealed,
        ));
    loop {
        let rows = on!(db, c => late.load::<Row>(c))?;
        let last = i64::try_from(rows.len()).unwrap_or(BATCH) < BATCH;
        for (code, provider, index, subject, token) in rows {
            let code = hash32(&code)?;
            let person = Named {
                provider: named(&provider)?,
                subject_index: hash32(&index)?,
                subject,
                token,
            };
            db.write_tx(|db| {
                if end(db, &code)? {
                    give_up(db, &person, now)?;
                }
                Ok(())
            })?;
        }
        if last {
            return Ok(());
        }
    }
}

/// Has the provider told that nothing came of what a person agreed to there, unless somebody here is linked
/// with him, or he is still on his way: a member's link, which is the same at the provider, is never ended
/// by a code that was left lying. In the caller's transaction, which has deleted the code.
///
/// # Errors
/// Database errors.
pub fn give_up(db: &mut Db, person: &Named, now: DateTime<Utc>) -> Result<(), DbError> {
    let (provider, index) = (person.provider, &person.subject_index);
    if is_wanted(db, provider, index)? {
        return Ok(());
    }
    let secrets = (Some(person.subject.as_slice()), person.token.as_deref());
    unlinks::add(db, provider, index, secrets, now)
}

/// Whether a person is linked with somebody, or is on his way. A code becomes a link in one transaction:
/// whoever looks for codes first, and for links then, misses neither.
///
/// # Errors
/// Database errors.
pub fn is_wanted(db: &mut Db, provider: Provider, index: &[u8; 32]) -> Result<bool, DbError> {
    let under_way = table::table
        .filter(table::provider.eq(provider.as_str()))
        .filter(table::subject_index.eq(&index[..]));
    if on!(db, c => under_way.count().get_result::<i64>(c))? > 0 {
        return Ok(true);
    }
    Ok(identities::by_subject(db, provider, index)?.is_some())
}
