//! Reviews as they are stored. Synchronous functions on [`Db`], called inside
//! [`Pool::run`](crate::db::Pool::run). Whoever changes something holds the member who does it first,
//! then the review, then the counts of its medicine; two who meet the other way round (authors who
//! withdraw at once) are run again by [`Db::write_tx`].

pub mod counts;
pub mod pages;
pub mod reactions;
pub mod reports;
mod walk;
pub mod writing;

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::catalogue::MedicineId;
use domain::review::{Moderation, ModerationState, Publication, Rating, Reactions};

use crate::accounts::store::named;
use crate::db::schema::reviews as table;
use crate::db::{Db, DbError, on};

/// What a review says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// To everybody.
    Publicly(String),
    /// To its author, sealed.
    Privately(Vec<u8>),
}

/// A review.
#[derive(Debug, Clone)]
pub struct Stored {
    /// Inside of the database.
    pub key: i64,
    /// Outside of it.
    pub id: String,
    /// The key of its author.
    pub author: i64,
    /// What it is about.
    pub medicine: MedicineId,
    /// From 1 to 5.
    pub rating: Rating,
    /// Its text.
    pub said: Said,
    /// Who sees it, and what its author read before.
    pub publication: Publication,
    /// Whether something hides it.
    pub moderation: Moderation,
    /// What readers think of it.
    pub reactions: Reactions,
    /// When it was written.
    pub created_at: DateTime<Utc>,
    /// When its author changed it last.
    pub updated_at: DateTime<Utc>,
}

impl Stored {
    /// Whether everybody may read it.
    #[must_use]
    pub fn is_shown(&self) -> bool {
        matches!(self.publication, Publication::Public { .. })
            && self.moderation.state == ModerationState::Shown
    }

    /// The rating, as far as everybody sees it.
    #[must_use]
    pub fn shown_rating(&self) -> Option<Rating> {
        self.is_shown().then_some(self.rating)
    }
}

/// The columns of a review, as Diesel gives them.
pub(crate) type Row = (
    (i64, String, i64, i64, i32),
    (Option<String>, Option<Vec<u8>>),
    (String, Option<String>, Option<NaiveDateTime>),
    (String, i64, i64, i64),
    (NaiveDateTime, NaiveDateTime),
);

/// The columns of [`Row`].
macro_rules! columns {
    () => {{
        use crate::db::schema::reviews as table;
        (
            (
                table::id,
                table::public_id,
                table::user_id,
                table::medicine_id,
                table::rating,
            ),
            (table::body, table::sealed),
            (
                table::visibility,
                table::notice_version,
                table::notice_acknowledged_at,
            ),
            (
                table::state,
                table::open_reports,
                table::helpful,
                table::unhelpful,
            ),
            (table::created_at, table::updated_at),
        )
    }};
}
pub(crate) use columns;

pub(crate) fn stored(row: Row) -> Result<Stored, DbError> {
    let ((key, id, author, medicine, rating), text, seen, standing, (created_at, updated_at)) = row;
    let (visibility, version, acknowledged_at) = seen;
    let (state, open, helpful, unhelpful) = standing;
    let publication = match (visibility.as_str(), version, acknowledged_at) {
        ("private", _, _) => Publication::Private,
        ("public", Some(version), Some(at)) => Publication::Public {
            notice: named(&version)?,
            acknowledged_at: at.and_utc(),
        },
        _ => return Err(DbError::data("a review is public without a notice")),
    };
    let said = match text {
        (Some(text), None) => Said::Publicly(text),
        (None, Some(sealed)) => Said::Privately(sealed),
        _ => return Err(DbError::data("a review has no text, or two")),
    };
    Ok(Stored {
        key,
        id,
        author,
        medicine: MedicineId::new(medicine).map_err(DbError::data)?,
        rating: Rating::try_from(i64::from(rating)).map_err(DbError::data)?,
        said,
        publication,
        moderation: Moderation {
            state: named(&state)?,
            open: count(open),
        },
        reactions: Reactions {
            helpful: count(helpful),
            unhelpful: count(unhelpful),
        },
        created_at: created_at.and_utc(),
        updated_at: updated_at.and_utc(),
    })
}

fn count(stored: i64) -> u32 {
    u32::try_from(stored).unwrap_or(u32::MAX)
}

/// The review of an id.
///
/// # Errors
/// Database errors.
pub fn find(db: &mut Db, id: &str) -> Result<Option<Stored>, DbError> {
    let query = table::table
        .filter(table::public_id.eq(id))
        .select(columns!());
    let row = on!(db, c => query.first::<Row>(c).optional())?;
    row.map(stored).transpose()
}

/// The same, held until the transaction ends: as it stands now, and nobody changes it meanwhile.
///
/// # Errors
/// Database errors.
pub fn hold(db: &mut Db, id: &str) -> Result<Option<Stored>, DbError> {
    let query = table::table
        .filter(table::public_id.eq(id))
        .select(columns!());
    let row: Option<Row> = match db {
        Db::Mysql(c) => query.for_update().get_result(&mut **c).optional()?,
        // The one writer that there is.
        Db::Sqlite(c) => query.get_result(&mut **c).optional()?,
    };
    row.map(stored).transpose()
}

/// How many reviews a member has, and whether one of them is of this medicine.
///
/// # Errors
/// Database errors.
pub fn written(db: &mut Db, user: i64, medicine: MedicineId) -> Result<(i64, bool), DbError> {
    let all = table::table.filter(table::user_id.eq(user));
    let one = all.filter(table::medicine_id.eq(medicine.get())).count();
    let all = all.count();
    let all: i64 = on!(db, c => all.get_result(c))?;
    let one: i64 = on!(db, c => one.get_result(c))?;
    Ok((all, one > 0))
}

/// Deletes a review that the transaction holds, with what readers said of it.
///
/// # Errors
/// Database errors.
pub fn delete(db: &mut Db, review: &Stored) -> Result<(), DbError> {
    on!(db, c => diesel::delete(table::table.find(review.key)).execute(c))?;
    counts::change(db, review.medicine, review.shown_rating(), None)
}

/// Deletes every review of a member. Inside a transaction that holds him.
///
/// # Errors
/// Database errors.
pub(crate) fn forget(db: &mut Db, user: i64) -> Result<(), DbError> {
    let query = table::table
        .filter(table::user_id.eq(user))
        .order(table::id.asc())
        .select(columns!());
    let rows: Vec<Row> = match db {
        Db::Mysql(c) => query.for_update().load(&mut **c)?,
        Db::Sqlite(c) => query.load(&mut **c)?,
    };
    for row in rows {
        delete(db, &stored(row)?)?;
    }
    Ok(())
}

/// Notes what hides a review that the transaction holds, or brings it back.
///
/// # Errors
/// Database errors.
pub fn moderate(db: &mut Db, before: &Stored, after: Moderation) -> Result<(), DbError> {
    let change = (
        table::state.eq(after.state.as_str()),
        table::open_reports.eq(i64::from(after.open)),
    );
    on!(db, c => diesel::update(table::table.find(before.key)).set(change).execute(c))?;
    let moderated = Stored {
        moderation: after,
        ..before.clone()
    };
    let (was, is) = (before.shown_rating(), moderated.shown_rating());
    counts::change(db, before.medicine, was, is)
}
