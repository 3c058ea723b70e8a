//! Quotes, at positions that run from 1 without a gap.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;

use crate::db::schema::{health_quotes as table, locks};
use crate::db::{Db, DbError, last_id, on, to_stored};

/// The row that changes of quotes wait for.
const LOCK: &str = "health-quotes";
/// Draws that may meet a quote which is deleted at that moment.
const DRAWS: usize = 5;

/// What a quote says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QuoteRow {
    /// The quote.
    pub text: String,
    /// Whose words they are, or from where.
    pub source: Option<String>,
}

/// A quote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Its number, for ever.
    pub id: i64,
    /// What it says.
    pub row: QuoteRow,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was changed last.
    pub updated_at: DateTime<Utc>,
}

type Columns = (i64, String, Option<String>, NaiveDateTime, NaiveDateTime);

const COLUMNS: (
    table::id,
    table::body,
    table::source,
    table::created_at,
    table::updated_at,
) = (
    table::id,
    table::body,
    table::source,
    table::created_at,
    table::updated_at,
);

fn typed((id, text, source, created_at, updated_at): Columns) -> Quote {
    Quote {
        id,
        row: QuoteRow { text, source },
        created_at: created_at.and_utc(),
        updated_at: updated_at.and_utc(),
    }
}

/// Lets changes come one after another, until the transaction ends.
fn one_at_a_time(db: &mut Db) -> Result<(), DbError> {
    // The row is there but for the first time. Inserting first would take a shared lock of it on MySQL,
    // and two who then both want to change it wait for each other.
    if touch(db)? == 0 {
        let row = (
            locks::name.eq(LOCK),
            locks::owner.eq(""),
            locks::expires_at.eq(DateTime::UNIX_EPOCH.naive_utc()),
        );
        on!(db, c => diesel::insert_into(locks::table).values(row).on_conflict_do_nothing().execute(c))?;
        touch(db)?;
    }
    Ok(())
}

fn touch(db: &mut Db) -> Result<usize, DbError> {
    let change = locks::owner.eq(uuid::Uuid::now_v7().to_string());
    Ok(on!(db, c => diesel::update(locks::table.find(LOCK)).set(change).execute(c))?)
}

/// The last position and who has it, as it stands now: not as it stood when the transaction first read.
fn last(db: &mut Db) -> Result<Option<(i64, i64)>, DbError> {
    let query = table::table
        .order(table::position.desc())
        .limit(1)
        .select((table::id, table::position));
    Ok(match db {
        Db::Mysql(c) => query.for_update().get_result(&mut **c).optional()?,
        // The one writer that there is.
        Db::Sqlite(c) => query.get_result(&mut **c).optional()?,
    })
}

/// Makes a quote, in a transaction.
///
/// # Errors
/// Database errors.
pub fn add(db: &mut Db, row: &QuoteRow, now: DateTime<Utc>) -> Result<Quote, DbError> {
    one_at_a_time(db)?;
    let position = last(db)?.map_or(1, |(_, position)| position + 1);
    let at = to_stored(now);
    let values = (
        table::position.eq(position),
        table::body.eq(&row.text),
        table::source.eq(row.source.as_ref()),
        table::created_at.eq(at),
        table::updated_at.eq(at),
    );
    on!(db, c => diesel::insert_into(table::table).values(values).execute(c))?;
    Ok(Quote {
        id: last_id(db)?,
        row: row.clone(),
        created_at: at.and_utc(),
        updated_at: at.and_utc(),
    })
}

/// Changes a quote; `None` where there is none of this number.
///
/// # Errors
/// Database errors.
pub fn change(
    db: &mut Db,
    id: i64,
    row: &QuoteRow,
    now: DateTime<Utc>,
) -> Result<Option<Quote>, DbError> {
    let change = (
        table::body.eq(&row.text),
        table::source.eq(row.source.as_ref()),
        table::updated_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::update(table::table.find(id)).set(change).execute(c))?;
    let query = table::table.find(id).select(COLUMNS);
    let found = on!(db, c => query.first::<Columns>(c).optional())?;
    Ok(found.map(typed))
}

/// Deletes a quote, in a transaction; the last one takes its place. Says whether there was one.
///
/// # Errors
/// Database errors.
pub fn delete(db: &mut Db, id: i64) -> Result<bool, DbError> {
    one_at_a_time(db)?;
    let query = table::table.find(id).select(table::position);
    let position: Option<i64> = match db {
        Db::Mysql(c) => query.for_update().get_result(&mut **c).optional()?,
        Db::Sqlite(c) => query.get_result(&mut **c).optional()?,
    };
    let Some(position) = position else {
        return Ok(false);
    };
    on!(db, c => diesel::delete(table::table.find(id)).execute(c))?;
    if let Some((last, of_last)) = last(db)?
        && of_last > position
    {
        let change = table::position.eq(position);
        on!(db, c => diesel::update(table::table.find(last)).set(change).execute(c))?;
    }
    Ok(true)
}

/// A page, newest first, and how many there are.
///
/// # Errors
/// Database errors.
pub fn page(db: &mut Db, limit: i64, offset: i64) -> Result<(Vec<Quote>, i64), DbError> {
    let total = on!(db, c => table::table.count().get_result::<i64>(c))?;
    let query = table::table
        .order(table::id.desc())
        .limit(limit)
        .offset(offset)
        .select(COLUMNS);
    let rows = on!(db, c => query.load::<Columns>(c))?;
    Ok((rows.into_iter().map(typed).collect(), total))
}

/// A quote by chance: `draw` gives a number from 1 to its argument. `None` where none is stored.
///
/// # Errors
/// Database errors.
pub fn random(db: &mut Db, mut draw: impl FnMut(i64) -> i64) -> Result<Option<Quote>, DbError> {
    for _ in 0..DRAWS {
        let query = table::table
            .order(table::position.desc())
            .limit(1)
            .select(table::position);
        let Some(count) = on!(db, c => query.first::<i64>(c).optional())? else {
            return Ok(None);
        };
        let query = table::table
            .filter(table::position.eq(draw(count)))
            .select(COLUMNS);
        // One may be deleted between the two statements: draw again, so that no other is preferred.
        if let Some(found) = on!(db, c => query.first::<Columns>(c).optional())? {
            return Ok(Some(typed(found)));
        }
    }
    Err(DbError::data("quotes have gaps between their positions"))
}
