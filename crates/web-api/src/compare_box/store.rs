//! Compare boxes as they are stored.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::catalogue::MedicineId;

use crate::db::schema::compare_box as table;
use crate::db::{Db, DbError, now, on};

/// Medicines in a box, at most.
pub(super) const MOST: usize = 10;

/// What became of a medicine.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// It is in the box, now or before.
    There,
    /// There are [`MOST`] others.
    Full,
}

/// A medicine in a box, and since when.
pub(super) type Boxed = (MedicineId, DateTime<Utc>);

/// A member's box, in its order.
///
/// # Errors
/// Database errors.
pub(super) fn in_order(db: &mut Db, user: i64) -> Result<Vec<Boxed>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .order((table::turn.asc(), table::medicine_id.asc()))
        .select((table::medicine_id, table::added_at));
    let rows = on!(db, c => query.load::<(i64, NaiveDateTime)>(c))?;
    rows.into_iter()
        .map(|(id, at)| Ok((MedicineId::new(id).map_err(DbError::data)?, at.and_utc())))
        .collect()
}

/// Puts medicines behind those of the box of a member whom the transaction holds
/// ([`hold_by_id`](crate::accounts::store::users::hold_by_id)): so they are counted right.
///
/// # Errors
/// [`DbError::Conflict`] where a medicine was never seen; database errors.
pub(super) fn add(db: &mut Db, user: i64, medicines: &[MedicineId]) -> Result<Vec<Added>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .select((table::medicine_id, table::turn));
    let mut there: Vec<(i64, i64)> = on!(db, c => query.load(c))?;
    let mut outcome = Vec::with_capacity(medicines.len());
    for medicine in medicines {
        let id = medicine.get();
        if there.iter().any(|(one, _)| *one == id) {
            outcome.push(Added::There);
            continue;
        }
        if there.len() >= MOST {
            outcome.push(Added::Full);
            continue;
        }
        let turn = there.iter().map(|(_, turn)| *turn).max();
        let turn = turn.unwrap_or(0).saturating_add(1);
        let row = (
            table::user_id.eq(user),
            table::medicine_id.eq(id),
            table::turn.eq(turn),
            table::added_at.eq(now()),
        );
        on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
        there.push((id, turn));
        outcome.push(Added::There);
    }
    Ok(outcome)
}

/// Takes a medicine out; gives whether it was there.
///
/// # Errors
/// Database errors.
pub(super) fn remove(db: &mut Db, user: i64, medicine: MedicineId) -> Result<bool, DbError> {
    let row = table::table.find((user, medicine.get()));
    Ok(on!(db, c => diesel::delete(row).execute(c))? > 0)
}
