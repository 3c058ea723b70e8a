//! Wishes as they are stored.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::catalogue::MedicineId;

use crate::db::schema::wishes as table;
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
