//! What is written into a review, and how much of it others can read.

use chrono::{DateTime, NaiveDateTime, Utc};
use diesel::prelude::*;
use domain::account::TextVersion;
use domain::catalogue::MedicineId;
use domain::review::{ModerationState, Publication, Rating, ReviewText};

use super::{Stored, counts};
use crate::db::schema::reviews as table;
use crate::db::{Db, DbError, on, to_stored};

/// Who reviews which medicine.
#[derive(Debug, Clone, Copy)]
pub struct Written<'a> {
    /// The id that the review gets.
    pub id: &'a str,
    /// The key of its author.
    pub author: i64,
    /// What it is about.
    pub medicine: MedicineId,
    /// When.
    pub at: DateTime<Utc>,
}

/// What a review says, how, and to whom.
#[derive(Debug, Clone)]
pub struct Content<'a> {
    /// From 1 to 5.
    pub rating: Rating,
    /// Its text, which is stored where everybody may read it.
    pub text: &'a ReviewText,
    /// The same, sealed, which is stored where nobody else may.
    pub sealed: Option<Vec<u8>>,
    /// Who sees it.
    pub publication: &'a Publication,
}

type Noticed<'a> = (Option<&'a TextVersion>, Option<NaiveDateTime>);

impl Content<'_> {
    fn public_text(&self) -> Option<&str> {
        self.is_public().then(|| self.text.as_str())
    }

    fn folded(&self) -> Option<String> {
        self.is_public().then(|| self.text.folded())
    }

    fn sealed_text(&self) -> Option<&[u8]> {
        self.sealed.as_deref().filter(|_| !self.is_public())
    }

    fn is_public(&self) -> bool {
        matches!(self.publication, Publication::Public { .. })
    }

    fn noticed(&self) -> Noticed<'_> {
        match self.publication {
            Publication::Private => (None, None),
            Publication::Public {
                notice,
                acknowledged_at,
            } => (Some(notice), Some(to_stored(*acknowledged_at))),
        }
    }
}

/// Stores a review. Inside a transaction that holds its author.
///
/// # Errors
/// [`DbError::Conflict`] where there is one of his of this medicine; database errors.
pub fn add(db: &mut Db, written: &Written<'_>, content: &Content<'_>) -> Result<(), DbError> {
    let at = to_stored(written.at);
    let (version, acknowledged_at) = content.noticed();
    let row = (
        table::public_id.eq(written.id),
        table::user_id.eq(written.author),
        table::medicine_id.eq(written.medicine.get()),
        table::rating.eq(i32::from(content.rating.get())),
        table::body.eq(content.public_text()),
        table::folded.eq(content.folded()),
        table::sealed.eq(content.sealed_text()),
        table::visibility.eq(content.publication.visibility().as_str()),
        table::notice_version.eq(version.map(TextVersion::as_str)),
        table::notice_acknowledged_at.eq(acknowledged_at),
        table::state.eq(ModerationState::Shown.as_str()),
        table::created_at.eq(at),
        table::updated_at.eq(at),
    );
    on!(db, c => diesel::insert_into(table::table).values(row).execute(c))?;
    let shown = content.is_public().then_some(content.rating);
    counts::change(db, written.medicine, None, shown)
}

/// Writes a review anew, whose author and which the transaction holds.
///
/// # Errors
/// Database errors.
pub fn change(
    db: &mut Db,
    before: &Stored,
    content: &Content<'_>,
    now: DateTime<Utc>,
) -> Result<(), DbError> {
    let (version, acknowledged_at) = content.noticed();
    let change = (
        table::rating.eq(i32::from(content.rating.get())),
        table::body.eq(content.public_text()),
        table::folded.eq(content.folded()),
        table::sealed.eq(content.sealed_text()),
        table::visibility.eq(content.publication.visibility().as_str()),
        table::notice_version.eq(version.map(TextVersion::as_str)),
        table::notice_acknowledged_at.eq(acknowledged_at),
        table::updated_at.eq(to_stored(now)),
    );
    on!(db, c => diesel::update(table::table.find(before.key)).set(change).execute(c))?;
    let shown = content.is_public() && before.moderation.state == ModerationState::Shown;
    let after = shown.then_some(content.rating);
    counts::change(db, before.medicine, before.shown_rating(), after)
}
