//! Wishes of several members, made by one transaction.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use domain::catalogue::MedicineId;
use domain::token::UserId;

use super::store::MOST;
use crate::db::prepared::Listed;
use crate::db::schema::wishes as table;
use crate::db::{Db, DbError, now, on};

/// A wish that is to be there, or not to be there any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Whose.
    pub member: UserId,
    /// Of what.
    pub medicine: MedicineId,
    /// Whether it is to be there.
    pub wished: bool,
}

/// A member's key and a medicine's id.
type Row = (i64, i64);

/// Makes changes of several members, as if one came after the other in some order. Gives for each whether it is
/// made: what isn't, because there is no such member, somebody else holds him or he may be at his limit, is left for
/// [`add`](super::store::add) and [`remove`](super::store::remove), which know better.
///
/// To be called first in a transaction: members are held before anything is read, so that nothing that is counted
/// is older than the hold. Nobody is waited for who is held elsewhere: all others would wait with him.
///
/// # Errors
/// [`DbError::Conflict`] where a medicine was never seen; database errors.
pub fn change_all(db: &mut Db, changes: &[Change]) -> Result<Vec<bool>, DbError> {
    let members: BTreeSet<&str> = changes.iter().map(|one| one.member.as_str()).collect();
    let keys = hold(db, &Vec::from_iter(members))?;
    let row_of = |change: &Change| {
        let key = keys.get(change.member.as_str());
        key.map(|&key| (key, change.medicine.get()))
    };
    let rows_of = |wished| -> BTreeSet<Row> {
        let changes = changes.iter().filter(|one| one.wished == wished);
        changes.filter_map(row_of).collect()
    };
    let (mut wished, gone) = (rows_of(true), rows_of(false));
    let room = with_room(db, &wished)?;
    wished.retain(|row| room.contains(&row.0));
    // Both at once: the wish comes first.
    insert(db, &Vec::from_iter(wished.iter().copied()))?;
    delete(db, &Vec::from_iter(gone.iter().copied()))?;
    let is_made = |change: &Change| {
        let made = if change.wished { &wished } else { &gone };
        row_of(change).is_some_and(|row| made.contains(&row))
    };
    Ok(changes.iter().map(is_made).collect())
}

/// Holds members until the transaction ends; gives the keys of those that there are and whom nobody else holds.
fn hold(db: &mut Db, members: &[&str]) -> Result<HashMap<String, i64>, DbError> {
    let (before, after) = match db {
        // Told the index: a scan would hold everybody. `SKIP LOCKED`: MySQL 8.0, MariaDB 10.6.
        Db::Mysql(_) => (
            "SELECT public_id, id FROM users FORCE INDEX (users_public_id) WHERE public_id IN (",
            ") ORDER BY public_id FOR UPDATE SKIP LOCKED",
        ),
        // This is the one writer that there is.
        Db::Sqlite(_) => ("SELECT public_id, id FROM users WHERE public_id IN (", ")"),
    };
    let query: Listed<'_, _, (Text, BigInt)> = Listed::new(before, members, after);
    let keys: Vec<(String, i64)> = on!(db, c => query.load(c))?;
    Ok(keys.into_iter().collect())
}

/// Those who have room for all rows of theirs.
fn with_room(db: &mut Db, rows: &BTreeSet<Row>) -> Result<BTreeSet<i64>, DbError> {
    let mut wanted: BTreeMap<i64, i64> = BTreeMap::new();
    for (key, _) in rows {
        *wanted.entry(*key).or_default() += 1;
    }
    if wanted.is_empty() {
        return Ok(BTreeSet::new());
    }
    let keys: Vec<i64> = wanted.keys().copied().collect();
    let query: Listed<'_, _, (BigInt, BigInt)> = Listed::new(
        "SELECT user_id, COUNT(*) FROM wishes WHERE user_id IN (",
        &keys,
        ") GROUP BY user_id",
    );
    let counts: Vec<Row> = on!(db, c => query.load(c))?;
    let counts: HashMap<i64, i64> = counts.into_iter().collect();
    wanted.retain(|key, more| {
        let count = counts.get(key).copied().unwrap_or_default();
        count.saturating_add(*more) <= MOST
    });
    Ok(wanted.into_keys().collect())
}

/// Stores rows; what is there stays as it is.
fn insert(db: &mut Db, rows: &[Row]) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    let now = now();
    let rows = rows.iter().map(|&(user, medicine)| (user, medicine, now));
    let rows: Vec<_> = rows.collect();
    let stay = match db {
        // Unlike `IGNORE`, this lets no other fault pass.
        Db::Mysql(_) => " ON DUPLICATE KEY UPDATE created_at = wishes.created_at",
        Db::Sqlite(_) => " ON CONFLICT DO NOTHING",
    };
    let insert: Listed<'_, _> = Listed::new(
        "INSERT INTO wishes (user_id, medicine_id, created_at) VALUES ",
        &rows,
        stay,
    );
    on!(db, c => insert.execute(c))?;
    Ok(())
}

/// Takes rows away that are there.
fn delete(db: &mut Db, rows: &[Row]) -> Result<(), DbError> {
    if rows.is_empty() {
        return Ok(());
    }
    match db {
        Db::Mysql(c) => {
            // Told the index: the other one has rows of other members between these.
            let delete: Listed<'_, _> = Listed::new(
                "DELETE wishes FROM wishes FORCE INDEX (PRIMARY) WHERE (user_id, medicine_id) IN (",
                rows,
                ")",
            );
            delete.execute(&mut **c)?;
        }
        // It looks through the whole table for a list of pairs.
        Db::Sqlite(c) => {
            for &row in rows {
                diesel::delete(table::table.find(row)).execute(&mut **c)?;
            }
        }
    }
    Ok(())
}
