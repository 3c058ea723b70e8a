//! What readers think of reviews.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::review::{Reaction, Reactions};

use super::Stored;
use crate::accounts::store::named;
use crate::db::schema::{review_reactions as table, reviews};
use crate::db::{BATCH_ROWS, Db, DbError, on, to_stored};

/// What a member thinks of each of these reviews (their keys), where he said so.
///
/// # Errors
/// Database errors.
pub fn of_member(db: &mut Db, user: i64, reviews: &[i64]) -> Result<Vec<(i64, Reaction)>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .filter(table::review_id.eq_any(reviews))
        .select((table::review_id, table::kind));
    let rows: Vec<(i64, String)> = on!(db, c => query.load(c))?;
    let known = |(review, kind): (i64, String)| Ok((review, named(&kind)?));
    rows.into_iter().map(known).collect()
}

/// Notes what a member thinks of a review, or that he doesn't any more; gives the counts. Inside a
/// transaction that holds him and the review.
///
/// # Errors
/// Database errors.
pub fn set(
    db: &mut Db,
    review: &Stored,
    user: i64,
    after: Option<Reaction>,
    now: DateTime<Utc>,
) -> Result<Reactions, DbError> {
    let row = table::table.find((review.key, user));
    let query = row.select(table::kind);
    let before: Option<String> = on!(db, c => query.first(c).optional())?;
    let before: Option<Reaction> = before.as_deref().map(named).transpose()?;
    if before == after {
        return Ok(review.reactions);
    }
    match (before, after) {
        (_, None) => {
            on!(db, c => diesel::delete(row).execute(c))?;
        }
        (Some(_), Some(kind)) => {
            let change = (
                table::kind.eq(kind.as_str()),
                table::created_at.eq(to_stored(now)),
            );
            on!(db, c => diesel::update(row).set(change).execute(c))?;
        }
        (None, Some(kind)) => {
            let first = (
                table::review_id.eq(review.key),
                table::user_id.eq(user),
                table::kind.eq(kind.as_str()),
                table::created_at.eq(to_stored(now)),
            );
            on!(db, c => diesel::insert_into(table::table).values(first).execute(c))?;
        }
    }
    let reactions = review.reactions.changed(before, after);
    let change = (
        reviews::helpful.eq(i64::from(reactions.helpful)),
        reviews::unhelpful.eq(i64::from(reactions.unhelpful)),
    );
    on!(db, c => diesel::update(reviews::table.find(review.key)).set(change).execute(c))?;
    Ok(reactions)
}

/// A reaction as its author is told of it.
#[derive(Debug, Clone)]
pub struct Known {
    /// The id of the review.
    pub review: String,
    /// What he thinks.
    pub kind: String,
    /// Since when.
    pub at: DateTime<Utc>,
}

/// Everything that a member thinks of reviews, oldest first, at most `most`.
///
/// # Errors
/// Database errors.
pub fn everything(db: &mut Db, user: i64, most: i64) -> Result<Vec<Known>, DbError> {
    let query = table::table
        .inner_join(reviews::table.on(reviews::id.eq(table::review_id)))
        .filter(table::user_id.eq(user))
        .order((table::created_at.asc(), table::review_id.asc()))
        .limit(most)
        .select((reviews::public_id, table::kind, table::created_at));
    let rows: Vec<(String, String, NaiveDateTime)> = on!(db, c => query.load(c))?;
    let known = |(review, kind, at): (String, String, NaiveDateTime)| Known {
        review,
        kind,
        at: at.and_utc(),
    };
    Ok(rows.into_iter().map(known).collect())
}

/// Deletes what a member thinks of reviews; their counts follow. Inside a transaction that holds him.
///
/// # Errors
/// Database errors.
pub(crate) fn forget(db: &mut Db, user: i64) -> Result<(), DbError> {
    for ids in reacted_to(db, user, Reaction::Helpful)?.chunks(BATCH_ROWS) {
        let counted = reviews::table.filter(reviews::id.eq_any(ids));
        let fewer = reviews::helpful.eq(reviews::helpful - 1);
        on!(db, c => diesel::update(counted).set(fewer).execute(c))?;
    }
    for ids in reacted_to(db, user, Reaction::Unhelpful)?.chunks(BATCH_ROWS) {
        let counted = reviews::table.filter(reviews::id.eq_any(ids));
        let fewer = reviews::unhelpful.eq(reviews::unhelpful - 1);
        on!(db, c => diesel::update(counted).set(fewer).execute(c))?;
    }
    let own = table::table.filter(table::user_id.eq(user));
    on!(db, c => diesel::delete(own).execute(c))?;
    Ok(())
}

fn reacted_to(db: &mut Db, user: i64, kind: Reaction) -> Result<Vec<i64>, DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .filter(table::kind.eq(kind.as_str()))
        .order(table::review_id.asc())
        .select(table::review_id);
    Ok(on!(db, c => query.load(c))?)
}
