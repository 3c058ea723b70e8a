//! Days attended.

use diesel::prelude::*;
use domain::account::AttendanceDay;

use crate::db::schema::attendance as table;
use crate::db::{Db, DbError, on};

/// Notes a day; a second time changes nothing.
///
/// # Errors
/// Database errors.
pub fn note(db: &mut Db, user: i64, day: AttendanceDay) -> Result<(), DbError> {
    let row = (table::user_id.eq(user), table::day.eq(day.date()));
    on!(db, c => diesel::insert_into(table::table).values(row).on_conflict_do_nothing().execute(c))?;
    Ok(())
}

/// On how many days a member was here.
///
/// # Errors
/// Database errors.
pub fn days(db: &mut Db, user: i64) -> Result<u32, DbError> {
    let query = table::table.filter(table::user_id.eq(user)).count();
    let days: i64 = on!(db, c => query.get_result(c))?;
    Ok(u32::try_from(days).unwrap_or(u32::MAX))
}
