//! How many messages were asked for and sent, and the decision on one more.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::account::{SendCounts, SendLimits, SendRefusal};
use domain::clock::Window;
use sha2::{Digest as _, Sha256};

use crate::db::schema::sms_counts as table;
use crate::db::{Db, DbError, on, to_stored};

const ADDRESS_HOUR: &str = "addressHour";
const ADDRESS_DAY: &str = "addressDay";
const SITE_HOUR: &str = "siteHour";
const SITE_DAY: &str = "siteDay";
/// Under the beginning of the number's hash, by which it is found again, and a hash of both.
const PAIR_DAY: &str = "pairDay";
const NUMBER_DAY: &str = "numberDay";
/// One row a number, under the beginning of time: the last message, on whichever day.
const NUMBER_LAST: &str = "numberLast";
const COST: &str = "cost";
/// Bytes of a pair that are its number's.
const HEAD: usize = 16;
/// Subject of what is counted for everybody.
const EVERYBODY: [u8; 32] = [0; 32];

/// A request for a message.
#[derive(Debug)]
pub struct Request<'a> {
    /// Keyed hash of the address that asks.
    pub address: &'a [u8; 32],
    /// Keyed hash of its IPv6 site, where it has one.
    pub site: Option<&'a [u8; 32]>,
    /// Keyed hash of the number.
    pub number: &'a [u8; 32],
    /// What a message costs.
    pub price: u64,
    /// The limits.
    pub limits: &'a SendLimits,
    /// When it comes.
    pub now: DateTime<Utc>,
}

struct Row<'a> {
    scope: &'static str,
    subject: &'a [u8; 32],
    window: NaiveDateTime,
}

/// Deletes what was counted of a number.
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, number: &[u8; 32]) -> Result<(), DbError> {
    let its = table::table
        .filter(table::scope.eq_any([NUMBER_DAY, NUMBER_LAST]))
        .filter(table::subject.eq(&number[..]));
    on!(db, c => diesel::delete(its).execute(c))?;
    let (mut first, mut last) = (*number, *number);
    if let (Some(low), Some(high)) = (first.get_mut(HEAD..), last.get_mut(HEAD..)) {
        low.fill(0);
        high.fill(u8::MAX);
    }
    let pairs = table::table
        .filter(table::scope.eq(PAIR_DAY))
        .filter(table::subject.ge(first.to_vec()))
        .filter(table::subject.le(last.to_vec()));
    on!(db, c => diesel::delete(pairs).execute(c))?;
    Ok(())
}

/// The number's hash as far as [`HEAD`], then a hash of number and address.
fn pair(number: &[u8; 32], address: &[u8; 32]) -> [u8; 32] {
    let both = Sha256::new().chain_update(number).chain_update(address);
    let mut pair: [u8; 32] = both.finalize().into();
    for (to, from) in pair.iter_mut().zip(number).take(HEAD) {
        *to = *from;
    }
    pair
}

/// Makes the row that [`decide`] locks. Outside of the transaction: there, two that made it at once
/// would hold what the other one waits for.
///
/// # Errors
/// Database errors.
pub fn prepare(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    let day = to_stored(Window::seoul_day(now).start);
    make(
        db,
        &Row {
            scope: COST,
            subject: &EVERYBODY,
            window: day,
        },
    )
}

/// Counts a request and decides. Inside a transaction, first in it, and after [`prepare`]: the row of
/// the day's cost is locked, so that requests of all instances are decided one after another. What is
/// counted has to be committed also where the decision is a refusal.
///
/// # Errors
/// Database errors.
pub fn decide(db: &mut Db, request: &Request<'_>) -> Result<Result<(), SendRefusal>, DbError> {
    let day = to_stored(Window::seoul_day(request.now).start);
    let hour = to_stored(Window::hour(request.now).start);
    let row = |scope, subject, window| Row {
        scope,
        subject,
        window,
    };
    let cost = row(COST, &EVERYBODY, day);
    let address_hour = row(ADDRESS_HOUR, request.address, hour);
    let address_day = row(ADDRESS_DAY, request.address, day);
    let site = request
        .site
        .map(|site| (row(SITE_HOUR, site, hour), row(SITE_DAY, site, day)));
    let both = pair(request.number, request.address);
    let pair_day = row(PAIR_DAY, &both, day);
    let number_day = row(NUMBER_DAY, request.number, day);
    let epoch = DateTime::UNIX_EPOCH.naive_utc();
    let number_last = row(NUMBER_LAST, request.number, epoch);
    lock(db, &cost)?;
    let (site_hour, site_day) = match &site {
        Some((in_hour, on_day)) => (read(db, in_hour)?.0, read(db, on_day)?.0),
        None => (0, 0),
    };
    let counts = SendCounts {
        address_hour: small(read(db, &address_hour)?.0),
        address_day: small(read(db, &address_day)?.0),
        site_hour: small(site_hour),
        site_day: small(site_day),
        pair_day: small(read(db, &pair_day)?.0),
        number_day: small(read(db, &number_day)?.0),
        number_last: read(db, &number_last)?.1.map(|at| at.and_utc()),
        cost_today: u64::try_from(read(db, &cost)?.0).unwrap_or(0),
    };
    let decision = request.limits.check(&counts, request.price, request.now);
    let now = to_stored(request.now);
    add(db, &address_hour, 1, now)?;
    add(db, &address_day, 1, now)?;
    if let Some((in_hour, on_day)) = &site {
        add(db, in_hour, 1, now)?;
        add(db, on_day, 1, now)?;
    }
    if decision.is_ok() {
        add(db, &pair_day, 1, now)?;
        add(db, &number_day, 1, now)?;
        add(db, &number_last, 1, now)?;
        let price = i64::try_from(request.price).unwrap_or(i64::MAX);
        add(db, &cost, price, now)?;
    }
    Ok(decision)
}

fn small(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}

fn key(row: &Row<'_>) -> (&'static str, Vec<u8>, NaiveDateTime) {
    (row.scope, row.subject.to_vec(), row.window)
}

/// Holds the row until the end of the transaction.
fn lock(db: &mut Db, row: &Row<'_>) -> Result<(), DbError> {
    let one = table::table.find(key(row));
    let same = table::amount.eq(table::amount);
    match on!(db, c => diesel::update(one).set(same).execute(c))? {
        0 => Err(DbError::data("the row of the day's cost was not made")),
        _ => Ok(()),
    }
}

fn make(db: &mut Db, row: &Row<'_>) -> Result<(), DbError> {
    let (scope, subject, window) = key(row);
    let new = (
        table::scope.eq(scope),
        table::subject.eq(subject),
        table::window_start.eq(window),
        table::amount.eq(0_i64),
    );
    on!(db, c => diesel::insert_into(table::table).values(new).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

fn read(db: &mut Db, row: &Row<'_>) -> Result<(i64, Option<NaiveDateTime>), DbError> {
    let query = table::table
        .find(key(row))
        .select((table::amount, table::last_at));
    let found = on!(db, c => query.first(c).optional())?;
    Ok(found.unwrap_or((0, None)))
}

fn add(db: &mut Db, row: &Row<'_>, amount: i64, now: NaiveDateTime) -> Result<(), DbError> {
    make(db, row)?;
    let change = (
        table::amount.eq(table::amount + amount),
        table::last_at.eq(now),
    );
    on!(db, c => diesel::update(table::table.find(key(row))).set(change).execute(c))?;
    Ok(())
}

/// Deletes what no limit looks at any more: windows and last messages before that time.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, before: DateTime<Utc>) -> Result<(), DbError> {
    let before = to_stored(before);
    let windows = table::table
        .filter(table::scope.ne(NUMBER_LAST))
        .filter(table::window_start.lt(before));
    on!(db, c => diesel::delete(windows).execute(c))?;
    let numbers = table::table
        .filter(table::scope.eq(NUMBER_LAST))
        .filter(table::last_at.lt(before));
    on!(db, c => diesel::delete(numbers).execute(c))?;
    Ok(())
}
