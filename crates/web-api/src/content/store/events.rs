//! Events.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::events as table;
use crate::db::{Db, DbError, last_id, on, to_stored};

/// What an event says, and when it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventRow {
    /// Its title.
    pub title: String,
    /// Its text.
    pub text: String,
    /// Where more is told.
    pub link_url: Option<String>,
    /// Where its picture is.
    pub image_url: Option<String>,
    /// The first day, in Korea.
    pub from: NaiveDate,
    /// The last day, in Korea.
    pub until: NaiveDate,
}

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its number, for ever.
    pub id: i64,
    /// What it says, and when it is.
    pub row: EventRow,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

type Columns = (
    i64,
    String,
    String,
    Option<String>,
    Option<String>,
    NaiveDate,
    NaiveDate,
    NaiveDateTime,
    NaiveDateTime,
);

const COLUMNS: (
    table::id,
    table::title,
    table::body,
    table::link_url,
    table::picture_url,
    table::starts_on,
    table::ends_on,
    table::created_at,
    table::updated_at,
) = (
    table::id,
    table::title,
    table::body,
    table::link_url,
    table::picture_url,
    table::starts_on,
    table::ends_on,
    table::created_at,
    table::updated_at,
);

fn typed(columns: Columns) -> Event {
    let (id, title, text, link_url, image_url, from, until, created_at, updated_at) = columns;
    Event {
        id,
        row: EventRow {
            title,
            text,
            link_url,
            image_url,
            from,
            until,
        },
        created_at: created_at.and_utc(),
        updated_at: updated_at.and_utc(),
    }
}

/// Makes an event, in a transaction.
///
/// # Errors
/// Database errors.
pub fn add(db: &mut Db, row: &EventRow, now: DateTime<Utc>) -> Result<Event, DbError> {
    let at = to_stored(now);
    let values = (
        table::title.eq(&row.title),
        table::body.eq(&row.text),
        table::link_url.eq(row.link_url.as_ref()),
        table::picture_url.eq(row.image_url.as_ref()),
        table::starts_on.eq(row.from),
        table::ends_on.eq(row.until),
        table::created_at.eq(at),
        table::updated_at.eq(at),
    );
    on!(db, c => diesel::insert_into(table::table).values(values).execute(c))?;
    Ok(Event {
        id: last_id(db)?,
        row: row.clone(),
        created_at: at.and_utc(),
        updated_at: at.and_utc(),
    })
}

/// Changes an event; `None` where there is none of this number.
///
/// # Errors
/// Database errors.
pub fn change(
    db: &mut Db,
    id: i64,
    row: &EventRow,
    now: DateTime<Utc>,
) -> Result<Option<Event>, DbError> {
    let change = (
        table::title.eq(&row.title),
        table::body.eq(&row.text),
        table::link_url.eq(row.link_url.as_ref()),
        table::picture_url.eq(row.image_url.as_ref()),
        table::starts_on.eq(row.from),
        table::ends_on.eq(row.until),
        table::updated_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::update(table::table.find(id)).set(change).execute(c))?;
    let query = table::table.find(id).select(COLUMNS);
    let found = on!(db, c => query.first::<Columns>(c).optional())?;
    Ok(found.map(typed))
}

/// Deletes an event. Says whether there was one.
///
/// # Errors
/// Database errors.
pub fn delete(db: &mut Db, id: i64) -> Result<bool, DbError> {
    let deleted = on!(db, c => diesel::delete(table::table.find(id)).execute(c))?;
    Ok(deleted > 0)
}

/// A page of all of them, newest first, and how many there are.
///
/// # Errors
/// Database errors.
pub fn page(db: &mut Db, limit: i64, offset: i64) -> Result<(Vec<Event>, i64), DbError> {
    let total = on!(db, c => table::table.count().get_result::<i64>(c))?;
    let query = table::table
        .order(table::id.desc())
        .limit(limit)
        .offset(offset)
        .select(COLUMNS);
    let rows = on!(db, c => query.load::<Columns>(c))?;
    Ok((rows.into_iter().map(typed).collect(), total))
}

/// Those that run on a day, at most `most`: which end first, then which began first.
///
/// # Errors
/// Database errors.
pub fn running(db: &mut Db, day: NaiveDate, most: i64) -> Result<Vec<Event>, DbError> {
    let query = table::table
        .filter(table::ends_on.ge(day))
        .filter(table::starts_on.le(day))
        .order((table::ends_on, table::starts_on, table::id))
        .limit(most)
        .select(COLUMNS);
    let rows = on!(db, c => query.load::<Columns>(c))?;
    Ok(rows.into_iter().map(typed).collect())
}
