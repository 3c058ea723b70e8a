//! Pages of reviews. Each begins behind the last of the page before, by an index: the last page costs
//! what the first does.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use domain::catalogue::MedicineId;
use domain::review::{Cursor, Keyword, ModerationState, Sort, Visibility};

use super::{Row, Stored, columns, stored, walk};
use crate::db::schema::{reviews as table, users};
use crate::db::{Db, DbError, on, to_stored};

/// A review, and by what name others see its author.
#[derive(Debug, Clone)]
pub struct Shown {
    /// The review.
    pub review: Stored,
    /// The nickname of its author.
    pub author: Option<String>,
    /// The id of its author.
    pub author_id: String,
}

/// What of a medicine's reviews is asked for.
#[derive(Debug, Clone)]
pub struct Wanted {
    /// Of which medicine.
    pub medicine: MedicineId,
    /// In which order.
    pub sort: Sort,
    /// What they say, if that matters.
    pub keyword: Option<Keyword>,
    /// Behind which one.
    pub after: Option<Cursor>,
    /// How many, at most.
    pub most: i64,
}

/// Where a list goes on.
pub(super) struct Place {
    pub(super) helpful: i64,
    pub(super) at: NaiveDateTime,
    pub(super) id: String,
}

impl Place {
    /// Behind this one, or before all that there are.
    pub(super) fn after(cursor: Option<&Cursor>) -> Self {
        match cursor {
            Some(cursor) => Self {
                helpful: i64::from(cursor.helpful),
                at: to_stored(cursor.at),
                id: cursor.id.clone(),
            },
            None => Self {
                helpful: i64::MAX,
                at: NaiveDate::from_ymd_opt(9999, 1, 1)
                    .unwrap_or(NaiveDate::MAX)
                    .into(),
                id: "~".to_owned(),
            },
        }
    }
}

/// Behind a place, newest first. The first bound is what an index is entered by.
macro_rules! older {
    ($place:expr) => {
        table::created_at.le($place.at).and(
            table::created_at.lt($place.at).or(table::created_at
                .eq($place.at)
                .and(table::public_id.lt($place.id.clone()))),
        )
    };
}

/// A page of what everybody may read of a medicine.
#[derive(Debug)]
pub struct Page {
    /// What is on it.
    pub items: Vec<Shown>,
    /// Where to go on, where there may be more.
    pub next: Option<Cursor>,
}

/// A page of what everybody may read of a medicine. It may be short, or empty, though there is more: where a
/// keyword is looked for, and where something went while it was read.
///
/// # Errors
/// Database errors.
pub fn shown(db: &mut Db, wanted: &Wanted) -> Result<Page, DbError> {
    let (keys, next) = walk::keys(db, wanted)?;
    let query = table::table
        .inner_join(users::table.on(users::id.eq(table::user_id)))
        .filter(table::id.eq_any(&keys))
        // Since it was come past its author may have made it private, or readers may have hidden it.
        .filter(table::visibility.eq(Visibility::Public.as_str()))
        .filter(table::state.eq(ModerationState::Shown.as_str()))
        .select((columns!(), users::nickname, users::public_id));
    let rows: Vec<Joined> = on!(db, c => query.load(c))?;
    let items: Result<Vec<Shown>, DbError> = rows.into_iter().map(joined).collect();
    let mut items = items?;
    items.sort_by_key(|shown| keys.iter().position(|key| *key == shown.review.key));
    Ok(Page { items, next })
}

/// A page of what a member wrote, newest first.
///
/// # Errors
/// Database errors.
pub fn own(
    db: &mut Db,
    user: i64,
    after: Option<&Cursor>,
    most: i64,
) -> Result<Vec<Stored>, DbError> {
    let place = Place::after(after);
    let query = table::table
        .filter(table::user_id.eq(user))
        .filter(older!(place))
        .order((table::created_at.desc(), table::public_id.desc()))
        .limit(most)
        .select(columns!());
    let rows: Vec<Row> = on!(db, c => query.load(c))?;
    rows.into_iter().map(stored).collect()
}

/// What admins look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Public ones with reports that nobody has decided on, whether these hide it or not; also those
    /// that are hidden still when their reporters left: nobody else brings them back.
    Open,
    /// Public ones that are in this state.
    In(ModerationState),
}

/// A page of what admins look at, newest first. What is its author's alone is none of theirs.
///
/// # Errors
/// Database errors.
pub fn standing(
    db: &mut Db,
    standing: Standing,
    after: Option<&Cursor>,
    most: i64,
) -> Result<Vec<Shown>, DbError> {
    let place = Place::after(after);
    let public = table::table
        .inner_join(users::table.on(users::id.eq(table::user_id)))
        .filter(table::visibility.eq(Visibility::Public.as_str()))
        .filter(older!(place))
        .order((table::created_at.desc(), table::public_id.desc()))
        .limit(most)
        .select((columns!(), users::nickname, users::public_id));
    let rows: Vec<Joined> = match standing {
        Standing::Open => {
            let reported = table::state.eq(ModerationState::Reported.as_str());
            let query = public.filter(table::open_reports.gt(0).or(reported));
            on!(db, c => query.load(c))?
        }
        Standing::In(state) => {
            let query = public.filter(table::state.eq(state.as_str()));
            on!(db, c => query.load(c))?
        }
    };
    rows.into_iter().map(joined).collect()
}

type Joined = (Row, Option<String>, String);

fn joined((row, author, author_id): Joined) -> Result<Shown, DbError> {
    Ok(Shown {
        review: stored(row)?,
        author,
        author_id,
    })
}
