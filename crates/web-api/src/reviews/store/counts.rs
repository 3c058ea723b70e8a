//! How many reviews of a medicine everybody may read, by their ratings.

use diesel::prelude::*;
use domain::catalogue::MedicineId;
use domain::review::Rating;

use crate::db::schema::review_counts as table;
use crate::db::{Db, DbError, on};

/// Counts of the ratings from 1 to 5.
pub type Counts = [u64; 5];

/// The counts of a medicine.
///
/// # Errors
/// Database errors.
pub fn of(db: &mut Db, medicine: MedicineId) -> Result<Counts, DbError> {
    let query = table::table
        .filter(table::medicine_id.eq(medicine.get()))
        .select((table::rating, table::shown));
    let rows: Vec<(i32, i64)> = on!(db, c => query.load(c))?;
    let mut counts = Counts::default();
    for (rating, shown) in rows {
        let place = usize::try_from(rating.saturating_sub(1)).map_err(DbError::data)?;
        let count = counts.get_mut(place);
        let count = count.ok_or_else(|| DbError::data("a rating that is none is counted"))?;
        *count = u64::try_from(shown).map_err(DbError::data)?;
    }
    Ok(counts)
}

/// Counts a review that was shown with one rating and is now with another, or wasn't or isn't. Inside
/// the transaction that changes the review, after it.
pub(super) fn change(
    db: &mut Db,
    medicine: MedicineId,
    before: Option<Rating>,
    after: Option<Rating>,
) -> Result<(), DbError> {
    if before == after {
        return Ok(());
    }
    let mut changes = [before.map(|one| (one, -1)), after.map(|one| (one, 1))];
    // In one order, so that nobody waits for each other.
    changes.sort_unstable();
    for (rating, by) in changes.into_iter().flatten() {
        add(db, medicine, rating, by)?;
    }
    Ok(())
}

fn add(db: &mut Db, medicine: MedicineId, rating: Rating, by: i64) -> Result<(), DbError> {
    let key = (medicine.get(), i32::from(rating.get()));
    let row = table::table.find(key);
    let change = table::shown.eq(table::shown + by);
    if on!(db, c => diesel::update(row).set(change).execute(c))? > 0 {
        return Ok(());
    }
    let first = (
        table::medicine_id.eq(key.0),
        table::rating.eq(key.1),
        table::shown.eq(0),
    );
    on!(db, c => diesel::insert_into(table::table).values(first).on_conflict_do_nothing().execute(c))?;
    on!(db, c => diesel::update(row).set(change).execute(c))?;
    Ok(())
}
