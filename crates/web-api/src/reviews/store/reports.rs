//! Who reported reviews, and why.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::review::{ReportDetail, ReportReason};

use super::Stored;
use crate::db::schema::{review_reports as table, reviews, users};
use crate::db::{BATCH_ROWS, Db, DbError, on, to_stored};

/// A report as admins and its reporter see it.
#[derive(Debug, Clone)]
pub struct Report {
    /// The key of the review.
    pub review: i64,
    /// The id of the review.
    pub review_id: String,
    /// The id of the reporter.
    pub reporter: String,
    /// Why.
    pub reason: String,
    /// What else he said.
    pub detail: Option<String>,
    /// When.
    pub at: DateTime<Utc>,
    /// When an admin decided on it.
    pub decided_at: Option<DateTime<Utc>>,
}

type Row = (
    (i64, String, String),
    (String, Option<String>),
    (NaiveDateTime, Option<NaiveDateTime>),
);

fn report(row: Row) -> Report {
    let ((review, review_id, reporter), (reason, detail), (at, decided_at)) = row;
    Report {
        review,
        review_id,
        reporter,
        reason,
        detail,
        at: at.and_utc(),
        decided_at: decided_at.map(|at| at.and_utc()),
    }
}

/// The columns of [`Row`] of all reports, with review and reporter.
macro_rules! reports {
    () => {
        table::table
            .inner_join(reviews::table.on(reviews::id.eq(table::review_id)))
            .inner_join(users::table.on(users::id.eq(table::user_id)))
            .select((
                (table::review_id, reviews::public_id, users::public_id),
                (table::reason, table::detail),
                (table::created_at, table::decided_at),
            ))
    };
}

/// What was reported of these reviews (their keys), newest first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn of_reviews(db: &mut Db, keys: &[i64], most: i64) -> Result<Vec<Report>, DbError> {
    let query = reports!()
        .filter(table::review_id.eq_any(keys))
        .order((table::created_at.desc(), table::user_id.desc()))
        .limit(most);
    let rows: Vec<Row> = on!(db, c => query.load(c))?;
    Ok(rows.into_iter().map(report).collect())
}

/// Everything that a member reported, oldest first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn everything(db: &mut Db, user: i64, most: i64) -> Result<Vec<Report>, DbError> {
    let query = reports!()
        .filter(table::user_id.eq(user))
        .order((table::created_at.asc(), table::review_id.asc()))
        .limit(most);
    let rows: Vec<Row> = on!(db, c => query.load(c))?;
    Ok(rows.into_iter().map(report).collect())
}

/// Notes a member's report of a review, unless one of his is open; says whether it is new. Inside a
/// transaction that holds him and the review.
///
/// # Errors
/// Database errors.
pub fn add(
    db: &mut Db,
    review: &Stored,
    user: i64,
    (reason, detail): (ReportReason, Option<&ReportDetail>),
    now: DateTime<Utc>,
) -> Result<bool, DbError> {
    let row = table::table.find((review.key, user));
    let query = row.select(table::decided_at);
    let known: Option<Option<NaiveDateTime>> = on!(db, c => query.first(c).optional())?;
    match known {
        Some(None) => return Ok(false),
        Some(Some(_)) => {
            on!(db, c => diesel::delete(row).execute(c))?;
        }
        None => {}
    }
    let row = (
        table::review_id.eq(review.key),
        table::user_id.eq(user),
        table::reason.eq(reason.as_str()),
        table::detail.eq(detail.map(ReportDetail::as_str)),
        table::created_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    Ok(true)
}

/// Closes the open reports of a review that the transaction holds.
///
/// # Errors
/// Database errors.
pub fn close(db: &mut Db, review: &Stored, now: DateTime<Utc>) -> Result<(), DbError> {
    let open = table::table
        .filter(table::review_id.eq(review.key))
        .filter(table::decided_at.is_null());
    let change = table::decided_at.eq(to_stored(now));
    on!(db, c => diesel::update(open).set(change).execute(c))?;
    Ok(())
}

/// Deletes what a member reported. Open reports count no longer, but what they hid stays hidden until
/// an admin decides ([`Moderation::unreported`](domain::review::Moderation::unreported)). Inside a
/// transaction that holds him.
///
/// # Errors
/// Database errors.
pub(crate) fn forget(db: &mut Db, user: i64) -> Result<(), DbError> {
    let reported = table::table
        .filter(table::user_id.eq(user))
        .order(table::review_id.asc())
        .select(table::review_id);
    let reported: Vec<i64> = on!(db, c => reported.load(c))?;
    for ids in reported.chunks(BATCH_ROWS) {
        let ids = still_open(db, user, ids)?;
        let counted = reviews::table.filter(reviews::id.eq_any(ids));
        let fewer = reviews::open_reports.eq(reviews::open_reports - 1);
        on!(db, c => diesel::update(counted).set(fewer).execute(c))?;
    }
    let own = table::table.filter(table::user_id.eq(user));
    on!(db, c => diesel::delete(own).execute(c))?;
    Ok(())
}

/// Which of these reviews a member has open reports of, as it stands now: they are held first, so that
/// no admin decides between the look and the count.
fn still_open(db: &mut Db, user: i64, ids: &[i64]) -> Result<Vec<i64>, DbError> {
    let held = reviews::table
        .filter(reviews::id.eq_any(ids))
        .order(reviews::id.asc())
        .select(reviews::id);
    let open = table::table
        .filter(table::user_id.eq(user))
        .filter(table::review_id.eq_any(ids))
        .filter(table::decided_at.is_null())
        .select(table::review_id);
    Ok(match db {
        Db::Mysql(c) => {
            held.for_update().load::<i64>(&mut **c)?;
            open.for_update().load(&mut **c)?
        }
        // The one writer that there is.
        Db::Sqlite(c) => open.load(&mut **c)?,
    })
}
