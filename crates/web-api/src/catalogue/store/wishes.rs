//! Who wants what; popularity is counted from it.

use diesel::prelude::*;
use domain::catalogue::MedicineId;

use crate::db::schema::wishes as table;
use crate::db::{Db, DbError, now, on};

/// How many people wish each medicine; those that nobody wishes are left out.
///
/// # Errors
/// Database errors.
pub fn wish_counts(db: &mut Db) -> Result<Vec<(MedicineId, u32)>, DbError> {
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

/// Stores a wish; gives whether it is new.
///
/// # Errors
/// [`DbError::Conflict`] where the medicine was never seen; database errors.
pub fn wish(db: &mut Db, user: i64, medicine: MedicineId) -> Result<bool, DbError> {
    db.write_tx(|db| {
        let there = table::table.find((user, medicine.get())).count();
        if on!(db, c => there.get_result::<i64>(c))? > 0 {
            return Ok(false);
        }
        let row = (
            table::user_id.eq(user),
            table::medicine_id.eq(medicine.get()),
            table::created_at.eq(now()),
        );
        on!(db, c => diesel::insert_into(table::table).values(row).on_conflict_do_nothing().execute(c))?;
        Ok(true)
    })
}

/// Takes a wish back; gives whether there was one.
///
/// # Errors
/// Database errors.
pub fn unwish(db: &mut Db, user: i64, medicine: MedicineId) -> Result<bool, DbError> {
    let row = table::table.find((user, medicine.get()));
    Ok(on!(db, c => diesel::delete(row).execute(c))? > 0)
}
