//! Small things in the embedded store.

use diesel::prelude::*;
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::schema::records;
use crate::store::engine::{Kind, Page, Record};
use crate::store::error::StoreError;
use crate::store::model::Moment;

type Result<T> = std::result::Result<T, StoreError>;

#[derive(Insertable, AsChangeset)]
#[diesel(table_name = records, treat_none_as_null = true, treat_none_as_default_value = false)]
struct Row {
    kind: &'static str,
    id: String,
    owner: String,
    sort: i64,
    expires_at: Option<i64>,
    body: String,
}

type Columns = (String, String, i64, Option<i64>, String);

impl From<Record> for Row {
    fn from(record: Record) -> Self {
        Self {
            kind: record.kind.as_str(),
            id: record.id,
            owner: record.owner,
            sort: record.sort,
            expires_at: record.expires_at.map(Moment::millis),
            body: record.body,
        }
    }
}

fn record(kind: Kind, (id, owner, sort, expires_at, body): Columns) -> Record {
    Record {
        kind,
        id,
        owner,
        sort,
        expires_at: expires_at.map(Moment::from_millis),
        body,
    }
}

pub(super) fn put(db: &mut SqliteConnection, record: Record) -> Result<()> {
    diesel::replace_into(records::table)
        .values(Row::from(record))
        .execute(db)?;
    Ok(())
}

pub(super) fn add(db: &mut SqliteConnection, record: Record) -> Result<bool> {
    let rows = diesel::insert_or_ignore_into(records::table)
        .values(Row::from(record))
        .execute(db)?;
    Ok(rows > 0)
}

/// In a transaction that writes: nobody comes between the look and the write.
pub(super) fn raise(db: &mut SqliteConnection, record: Record) -> Result<bool> {
    let known: Option<i64> = records::table
        .find((record.kind.as_str(), record.id.as_str()))
        .select(records::sort)
        .first(db)
        .optional()?;
    if known.is_some_and(|known| known >= record.sort) {
        return Ok(false);
    }
    put(db, record)?;
    Ok(true)
}

pub(super) fn find(
    db: &mut SqliteConnection,
    kind: Kind,
    id: &str,
    now: Moment,
) -> Result<Option<Record>> {
    use records as r;
    let row: Option<Columns> = r::table
        .find((kind.as_str(), id))
        .filter(
            r::expires_at
                .is_null()
                .or(r::expires_at.gt(Some(now.millis()))),
        )
        .select((r::id, r::owner, r::sort, r::expires_at, r::body))
        .first(db)
        .optional()?;
    Ok(row.map(|row| record(kind, row)))
}

pub(super) fn page(db: &mut SqliteConnection, page: Page) -> Result<Vec<Record>> {
    use records as r;
    let mut query = r::table
        .filter(r::kind.eq(page.kind.as_str()))
        .filter(
            r::expires_at
                .is_null()
                .or(r::expires_at.gt(Some(page.now.millis()))),
        )
        .select((r::id, r::owner, r::sort, r::expires_at, r::body))
        .order((r::sort.desc(), r::id.asc()))
        .limit(page.limit)
        .into_boxed::<Sqlite>();
    if let Some(owner) = page.owner {
        query = query.filter(r::owner.eq(owner));
    }
    if let Some(below) = page.below {
        query = query.filter(r::sort.lt(below));
    }
    let rows: Vec<Columns> = query.load(db)?;
    Ok(rows.into_iter().map(|row| record(page.kind, row)).collect())
}

pub(super) fn remove(db: &mut SqliteConnection, kind: Kind, id: &str) -> Result<bool> {
    Ok(diesel::delete(records::table.find((kind.as_str(), id))).execute(db)? > 0)
}

pub(super) fn remove_owned(db: &mut SqliteConnection, kind: Kind, owner: &str) -> Result<()> {
    diesel::delete(
        records::table
            .filter(records::kind.eq(kind.as_str()))
            .filter(records::owner.eq(owner)),
    )
    .execute(db)?;
    Ok(())
}

pub(super) fn count(db: &mut SqliteConnection, record: Record) -> Result<()> {
    let expires_at = record.expires_at.map(Moment::millis);
    diesel::insert_into(records::table)
        .values(Row::from(Record { sort: 1, ..record }))
        .on_conflict((records::kind, records::id))
        .do_update()
        .set((
            records::sort.eq(records::sort + 1),
            records::expires_at.eq(expires_at),
        ))
        .execute(db)?;
    Ok(())
}

/// Deletes what has expired.
pub(super) fn sweep(db: &mut SqliteConnection, now: Moment) -> Result<usize> {
    Ok(
        diesel::delete(records::table.filter(records::expires_at.le(Some(now.millis()))))
            .execute(db)?,
    )
}
