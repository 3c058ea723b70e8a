//! Wishes as they are stored.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::catalogue::MedicineId;
use domain::token::UserId;

use crate::db::schema::{users, wishes as table};
use crate::db::{Db, DbError, now, on};

/// Wishes of one member, at most: more than anybody reads, and a bound on what marks take.
pub const MOST: i64 = 1_000;

/// What became of a wish.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Added {
    /// It is there now.
    New,
    /// It was there.
    Already,
    /// There are [`MOST`].
    Full,
}

/// How many people wish each medicine; those that nobody wishes are left out.
///
/// # Errors
/// Database errors.
pub fn counts(db: &mut Db) -> Result<Vec<(MedicineId, u32)>, DbError> {
    let query = table::table
        .group_by(table::medicine_id)
        .select((table::medicine_id, diesel::dsl::count_star()));
    let rows: Vec<(i64, i64)> = on!(db, c => query.load(c))?;
    rows.into_iter()
        .map(|(id, count)| {
            let id = MedicineId::new(id).map_err(DbError::data)?;
            Ok((id, u32::try_from(count).unwrap_or(u32::MAX)))
        })
        .collect()
}

/// Stores a wish of a member whom the transaction holds
/// ([`hold_by_id`](crate::accounts::store::users::hold_by_id)): so they are counted right.
///
/// # Errors
/// [`DbError::Conflict`] where the medicine was never seen; database errors.
pub fn add(db: &mut Db, user: i64, medicine: MedicineId) -> Result<Added, DbError> {
    let there = table::table.find((user, medicine.get())).count();
    if on!(db, c => there.get_result::<i64>(c))? > 0 {
        return Ok(Added::Already);
    }
    let all = table::table.filter(table::user_id.eq(user)).count();
    if on!(db, c => all.get_result::<i64>(c))? >= MOST {
        return Ok(Added::Full);
    }
    let row = (
        table::user_id.eq(user),
        table::medicine_id.eq(medicine.get()),
        table::created_at.eq(now()),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(Added::New)
}

/// Takes a wish back; gives whether there was one.
///
/// # Errors
/// Database errors.
pub fn remove(db: &mut Db, user: i64, medicine: MedicineId) -> Result<bool, DbError> {
    let row = table::table.find((user, medicine.get()));
    Ok(on!(db, c => diesel::delete(row).execute(c))? > 0)
}

/// What a member wishes since when, newest first.
///
/// # Errors
/// Database errors.
pub fn newest_first(db: &mut Db, user: i64) -> Result<Vec<(MedicineId, DateTime<Utc>)>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .order((table::created_at.desc(), table::medicine_id.desc()))
        .select((table::medicine_id, table::created_at));
    let rows = on!(db, c => query.load::<(i64, NaiveDateTime)>(c))?;
    rows.into_iter()
        .map(|(id, at)| Ok((MedicineId::new(id).map_err(DbError::data)?, at.and_utc())))
        .collect()
}

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

/// Makes changes of several members in one transaction, as if one came after the other in some order.
/// Gives for each whether it is made: what isn't, because there is no such member or he may be at his
/// limit, is left for [`add`] and [`remove`], which know better.
///
/// Members are held before anything is read, so that nothing that is counted is older than the hold:
/// `keys` are those of [`keys`], from before the transaction. Everything is done in the order of keys, so that of two such transactions one waits for the other.
///
/// # Errors
/// [`DbError::Conflict`] where a medicine was never seen; database errors.
pub fn change_all(
    db: &mut Db,
    changes: &[Change],
    keys: &HashMap<String, i64>,
) -> Result<Vec<bool>, DbError> {
    let mut rows: BTreeSet<(i64, i64)> = BTreeSet::new();
    let mut gone: BTreeSet<(i64, i64)> = BTreeSet::new();
    for change in changes {
        if let Some(&key) = keys.get(change.member.as_str()) {
            let row = (key, change.medicine.get());
            // Both at once: the wish comes first.
            let _ = if change.wished {
                rows.insert(row)
            } else {
                gone.insert(row)
            };
        }
    }
    let room = hold(db, &rows)?;
    rows.retain(|row| room.contains(&row.0));
    insert(db, &rows)?;
    for &row in &gone {
        on!(db, c => diesel::delete(table::table.find(row)).execute(c))?;
    }
    let is_made = |change: &Change| {
        let row = keys.get(change.member.as_str());
        let row = row.map(|&key| (key, change.medicine.get()));
        let made = if change.wished { &rows } else { &gone };
        row.is_some_and(|row| made.contains(&row))
    };
    Ok(changes.iter().map(is_made).collect())
}

/// The keys of the members that there are.
///
/// # Errors
/// Database errors.
pub fn keys(db: &mut Db, changes: &[Change]) -> Result<HashMap<String, i64>, DbError> {
    let members: BTreeSet<&str> = changes
        .iter()
        .map(|change| change.member.as_str())
        .collect();
    let query = users::table
        .filter(users::public_id.eq_any(members))
        .select((users::public_id, users::id));
    let keys: Vec<(String, i64)> = on!(db, c => query.load(c))?;
    Ok(keys.into_iter().collect())
}

/// The key of a member who is held.
#[derive(QueryableByName)]
struct Held {
    #[diesel(sql_type = diesel::sql_types::BigInt)]
    id: i64,
}

/// Holds who gets these rows; gives those of them who have room for all of theirs.
fn hold(db: &mut Db, rows: &BTreeSet<(i64, i64)>) -> Result<BTreeSet<i64>, DbError> {
    let mut wanted: BTreeMap<i64, i64> = BTreeMap::new();
    for (key, _) in rows {
        *wanted.entry(*key).or_default() += 1;
    }
    if wanted.is_empty() {
        return Ok(BTreeSet::new());
    }
    let held: Vec<i64> = match db {
        Db::Mysql(c) => {
            // One way to the database, in the order of keys; by the primary key, for a scan would hold everybody.
            let keys: Vec<String> = wanted.keys().map(ToString::to_string).collect();
            let query = diesel::sql_query(format!(
                "SELECT id FROM users FORCE INDEX (PRIMARY) WHERE id IN ({}) ORDER BY id FOR UPDATE",
                keys.join(", ")
            ));
            let held: Vec<Held> = query.load(&mut **c)?;
            held.into_iter().map(|one| one.id).collect()
        }
        // This is the one writer that there is; somebody who has gone since is refused as a foreign key.
        Db::Sqlite(_) => wanted.keys().copied().collect(),
    };
    let counts = table::table
        .filter(table::user_id.eq_any(&held))
        .group_by(table::user_id)
        .select((table::user_id, diesel::dsl::count_star()));
    let counts: Vec<(i64, i64)> = on!(db, c => counts.load(c))?;
    let counts: HashMap<i64, i64> = counts.into_iter().collect();
    let has_room = |key: &i64| {
        let count = counts.get(key).copied().unwrap_or_default();
        let more = wanted.get(key).copied().unwrap_or_default();
        count.saturating_add(more) <= MOST
    };
    Ok(held.into_iter().filter(has_room).collect())
}

/// Stores rows; what is there stays as it is.
fn insert(db: &mut Db, rows: &BTreeSet<(i64, i64)>) -> Result<(), DbError> {
    let now = now();
    let rows = rows.iter().map(|&(user, medicine)| {
        (
            table::user_id.eq(user),
            table::medicine_id.eq(medicine),
            table::created_at.eq(now),
        )
    });
    match db {
        Db::Mysql(c) => {
            let rows: Vec<_> = rows.collect();
            if !rows.is_empty() {
                // Unlike `IGNORE`, this lets no other fault pass.
                diesel::insert_into(table::table)
                    .values(rows)
                    .on_conflict(diesel::dsl::DuplicatedKeys)
                    .do_update()
                    .set(table::created_at.eq(table::created_at))
                    .execute(&mut **c)?;
            }
        }
        Db::Sqlite(c) => {
            for row in rows {
                diesel::insert_into(table::table)
                    .values(row)
                    .on_conflict_do_nothing()
                    .execute(&mut **c)?;
            }
        }
    }
    Ok(())
}
