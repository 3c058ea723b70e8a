//! Pages of reviews. Each begins behind the last of the page before, by an index: the last page costs
//! what the first does.

use chrono::{NaiveDate, NaiveDateTime};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text, Timestamp};
use domain::catalogue::MedicineId;
use domain::review::{Cursor, Keyword, ModerationState, Sort, Visibility};

use super::{Row, Stored, columns, stored};
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
struct Place {
    helpful: i64,
    at: NaiveDateTime,
    id: String,
}

impl Place {
    /// Behind this one, or before all that there are.
    fn after(cursor: Option<&Cursor>) -> Self {
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
///
/// # Errors
/// Database errors.
pub fn shown(db: &mut Db, wanted: &Wanted) -> Result<Vec<Shown>, DbError> {
    let keys = keys(db, wanted)?;
    let query = table::table
        .inner_join(users::table.on(users::id.eq(table::user_id)))
        .filter(table::id.eq_any(&keys))
        .select((columns!(), users::nickname, users::public_id));
    let rows: Vec<Joined> = on!(db, c => query.load(c))?;
    let page: Result<Vec<Shown>, DbError> = rows.into_iter().map(joined).collect();
    let mut page = page?;
    page.sort_by_key(|shown| keys.iter().position(|key| *key == shown.review.key));
    Ok(page)
}

#[derive(QueryableByName)]
struct Key {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// The keys of a page, in its order.
///
/// Both databases are told which index to use. Left alone, they may walk from the newest review of all
/// to where the page begins, since a page is short: then the last page costs what all before it did.
fn keys(db: &mut Db, wanted: &Wanted) -> Result<Vec<i64>, DbError> {
    let index = match wanted.sort {
        Sort::Newest => "reviews_newest",
        Sort::Helpful => "reviews_helpful",
    };
    let hint = match db {
        Db::Mysql(_) => format!("FORCE INDEX ({index})"),
        Db::Sqlite(_) => format!("INDEXED BY {index}"),
    };
    let place = Place::after(wanted.after.as_ref());
    if wanted.sort == Sort::Newest {
        return stretch(db, wanted, &hint, None, &place, wanted.most);
    }
    // Those that helped as many as the last, then those that helped fewer: in one stretch, all would
    // be read that helped as many.
    let mut keys = match wanted.after {
        Some(_) => stretch(
            db,
            wanted,
            &hint,
            Some(("=", place.helpful)),
            &place,
            wanted.most,
        )?,
        None => Vec::new(),
    };
    let more = wanted.most - i64::try_from(keys.len()).unwrap_or(i64::MAX);
    if more > 0 {
        let (less, all) = (("<", place.helpful), Place::after(None));
        keys.extend(stretch(db, wanted, &hint, Some(less), &all, more)?);
    }
    Ok(keys)
}

/// Keys behind a place, of reviews that helped as many as it says, or fewer.
fn stretch(
    db: &mut Db,
    wanted: &Wanted,
    hint: &str,
    helpful: Option<(&str, i64)>,
    place: &Place,
    most: i64,
) -> Result<Vec<i64>, DbError> {
    let pattern = match &wanted.keyword {
        Some(keyword) => keyword.pattern(),
        None => "%".to_owned(),
    };
    let (helped, order) = match helpful {
        // Numbers of ours.
        Some((than, count)) => (format!("AND helpful {than} {count}"), "helpful DESC, "),
        None => (String::new(), ""),
    };
    let query = diesel::sql_query(format!(
        "SELECT id FROM reviews {hint} \
         WHERE medicine_id = ? AND visibility = 'public' AND state = 'shown' {helped} \
         AND created_at <= ? AND (created_at < ? OR public_id < ?) AND folded LIKE ? ESCAPE '!' \
         ORDER BY {order}created_at DESC, public_id DESC LIMIT ?"
    ));
    let query = query
        .bind::<BigInt, _>(wanted.medicine.get())
        .bind::<Timestamp, _>(place.at)
        .bind::<Timestamp, _>(place.at)
        .bind::<Text, _>(&place.id)
        .bind::<Text, _>(pattern)
        .bind::<BigInt, _>(most);
    let rows: Vec<Key> = on!(db, c => query.load(c))?;
    Ok(rows.into_iter().map(|row| row.id).collect())
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
