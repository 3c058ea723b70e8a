//! Walking along an index of reviews, from where a page begins.
//!
//! Both databases are told which index to use. Left alone, they may walk from the newest review of all to
//! where the page begins, since a page is short: then the last page costs what all before it did.

use chrono::NaiveDateTime;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use domain::review::{Cursor, Sort};

use super::pages::{Place, Wanted};
use crate::db::{Db, DbError, on};

/// Reviews that are looked through for a keyword at a time, at most: a text is long, everybody may ask, and
/// ten thousand of them take a database a quarter of a second.
const MOST_LOOKED_AT: i64 = 1_000;

/// A review that was come past.
#[derive(QueryableByName)]
struct Passed {
    #[diesel(sql_type = BigInt)]
    id: i64,
    #[diesel(sql_type = Text)]
    public_id: String,
    #[diesel(sql_type = BigInt)]
    helpful: i64,
    #[diesel(sql_type = Timestamp)]
    created_at: NaiveDateTime,
    /// 1 where it holds the keyword.
    #[diesel(sql_type = BigInt)]
    hit: i64,
}

/// The keys of a page, in its order, and where the next one begins. That is behind what was come past here,
/// whatever becomes of it until it is read.
pub(super) fn keys(db: &mut Db, wanted: &Wanted) -> Result<(Vec<i64>, Option<Cursor>), DbError> {
    let most = match wanted.keyword {
        Some(_) => MOST_LOOKED_AT,
        // One beyond the page: whether there is a next one.
        None => wanted.most.saturating_add(1),
    };
    let passed = walk(db, wanted, most)?;
    let size = usize::try_from(wanted.most).unwrap_or(usize::MAX);
    let hits: Vec<&Passed> = passed.iter().filter(|one| one.hit != 0).collect();
    let on_page = hits.get(..size).unwrap_or(&hits);
    let last = if hits.len() > size {
        on_page.last().copied()
    } else {
        // What wasn't looked through may hold more.
        passed.last().filter(|_| count(&passed) == most)
    };
    let next = last.map(|one| one.cursor(wanted.sort));
    Ok((on_page.iter().map(|one| one.id).collect(), next))
}

impl Passed {
    fn cursor(&self, sort: Sort) -> Cursor {
        Cursor {
            sort,
            helpful: match sort {
                Sort::Newest => 0,
                Sort::Helpful => u32::try_from(self.helpful).unwrap_or(u32::MAX),
            },
            at: self.created_at.and_utc(),
            id: self.public_id.clone(),
        }
    }
}

fn walk(db: &mut Db, wanted: &Wanted, most: i64) -> Result<Vec<Passed>, DbError> {
    let place = Place::after(wanted.after.as_ref());
    if wanted.sort == Sort::Newest {
        return stretch(db, wanted, None, &place, most);
    }
    // Those that helped as many as the last, then those that helped fewer: in one stretch, all would
    // be read that helped as many.
    let mut passed = match wanted.after {
        Some(_) => stretch(db, wanted, Some(("=", place.helpful)), &place, most)?,
        None => Vec::new(),
    };
    let more = most - count(&passed);
    if more > 0 {
        let (less, all) = (("<", place.helpful), Place::after(None));
        passed.extend(stretch(db, wanted, Some(less), &all, more)?);
    }
    Ok(passed)
}

fn count(passed: &[Passed]) -> i64 {
    i64::try_from(passed.len()).unwrap_or(i64::MAX)
}

/// Reviews behind a place that helped as many as it says, or fewer.
fn stretch(
    db: &mut Db,
    wanted: &Wanted,
    helpful: Option<(&str, i64)>,
    place: &Place,
    most: i64,
) -> Result<Vec<Passed>, DbError> {
    let pattern = match &wanted.keyword {
        Some(keyword) => keyword.pattern(),
        None => "%".to_owned(),
    };
    let (index, helped, order) = match helpful {
        // Numbers of ours.
        Some((than, count)) => (
            "reviews_helpful",
            format!("AND helpful {than} {count}"),
            "helpful DESC, ",
        ),
        None => ("reviews_newest", String::new(), ""),
    };
    let hint = match db {
        Db::Mysql(_) => format!("FORCE INDEX ({index})"),
        Db::Sqlite(_) => format!("INDEXED BY {index}"),
    };
    let query = diesel::sql_query(format!(
        "SELECT id, public_id, helpful, created_at, CAST(folded LIKE ? ESCAPE '!' AS SIGNED) AS hit FROM reviews {hint} \
         WHERE medicine_id = ? AND visibility = 'public' AND state = 'shown' {helped} \
         AND created_at <= ? AND (created_at < ? OR public_id < ?) \
         ORDER BY {order}created_at DESC, public_id DESC LIMIT ?"
    ));
    let query = query
        .bind::<Text, _>(pattern)
        .bind::<BigInt, _>(wanted.medicine.get())
        .bind::<Timestamp, _>(place.at)
        .bind::<Timestamp, _>(place.at)
        .bind::<Text, _>(&place.id)
        .bind::<BigInt, _>(most);
    Ok(on!(db, c => query.load(c))?)
}
