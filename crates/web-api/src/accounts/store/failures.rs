//! Passwords that were wrong.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;
use domain::account::{FAILURE_MEMORY, Failures, SignInFailures};
use domain::clock::later;

use crate::db::schema::sign_in_failures as table;
use crate::db::{Db, DbError, on, to_stored};

fn since(now: DateTime<Utc>) -> NaiveDateTime {
    to_stored(later(now, -FAILURE_MEMORY))
}

fn failures(row: (i64, Option<NaiveDateTime>)) -> Failures {
    Failures {
        count: u32::try_from(row.0).unwrap_or(u32::MAX),
        last_at: row.1.map(|at| at.and_utc()),
    }
}

/// What is known of an address and the account that it tries.
///
/// # Errors
/// Database errors.
pub fn known(
    db: &mut Db,
    account: &[u8; 32],
    address: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<SignInFailures, DbError> {
    let recent = || table::table.filter(table::failed_at.gt(since(now)));
    let both = recent()
        .filter(table::account_index.eq(&account[..]))
        .filter(table::address_index.eq(&address[..]))
        .filter(table::forgiven.eq(false))
        .select((count_star(), max(table::failed_at)));
    let of_address = recent()
        .filter(table::address_index.eq(&address[..]))
        .select((count_star(), max(table::failed_at)));
    let of_account = recent()
        .filter(table::account_index.eq(&account[..]))
        .select(count_star());
    let on_account: i64 = on!(db, c => of_account.first(c))?;
    Ok(SignInFailures {
        address_on_account: failures(on!(db, c => both.first(c))?),
        address: failures(on!(db, c => of_address.first(c))?),
        account: u32::try_from(on_account).unwrap_or(u32::MAX),
    })
}

/// Notes one.
///
/// # Errors
/// Database errors.
pub fn note(
    db: &mut Db,
    account: &[u8; 32],
    address: &[u8; 32],
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let row = (
        table::account_index.eq(&account[..]),
        table::address_index.eq(&address[..]),
        table::failed_at.eq(to_stored(now)),
        table::forgiven.eq(false),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(())
}

/// Takes one back that was none after all.
///
/// # Errors
/// Database errors.
pub fn take_back(
    db: &mut Db,
    account: &[u8; 32],
    address: &[u8; 32],
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let it = table::table
        .filter(table::account_index.eq(&account[..]))
        .filter(table::address_index.eq(&address[..]))
        .filter(table::failed_at.eq(to_stored(at)));
    on!(db, c => diesel::delete(it).execute(c))?;
    Ok(())
}

/// Somebody signed in: his own slips on this account no longer count against him.
///
/// # Errors
/// Database errors.
pub fn forgive(db: &mut Db, account: &[u8; 32], address: &[u8; 32]) -> Result<(), DbError> {
    let his = table::table
        .filter(table::account_index.eq(&account[..]))
        .filter(table::address_index.eq(&address[..]))
        .filter(table::forgiven.eq(false));
    on!(db, c => diesel::update(his).set(table::forgiven.eq(true)).execute(c))?;
    Ok(())
}

/// Deletes those that no longer count.
///
/// # Errors
/// Database errors.
pub fn purge(db: &mut Db, now: DateTime<Utc>) -> Result<(), DbError> {
    let old = table::table.filter(table::failed_at.le(since(now)));
    on!(db, c => diesel::delete(old).execute(c))?;
    Ok(())
}
