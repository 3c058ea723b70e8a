//! Writing, changing and judging reviews. Every change holds the member who makes it, then the review.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use domain::account::{ConsentKind, TextVersion};
use domain::catalogue::MedicineId;
use domain::review::{
    Decision, Publication, Rating, Reaction, Reactions, ReportDetail, ReportReason, ReviewText,
    Visibility, publish,
};
use domain::token::UserId;

use super::store::writing::{self, Content, Written};
use super::store::{self, Stored, reactions, reports};
use super::{ReviewError, notice, opened, seal};
use crate::accounts::store::audit::{self, Action, Line};
use crate::accounts::store::{consents, users};
use crate::accounts::{AccountError, Accounts};
use crate::db::{Db, DbError};

/// Reviews of one member, at most.
const MOST: i64 = 1_000;

/// What somebody wants to say.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    pub(super) rating: Rating,
    pub(super) text: ReviewText,
    pub(super) publication: Publication,
}

/// What somebody wants to change.
#[derive(Debug, Clone, Default)]
pub(super) struct Change {
    pub(super) rating: Option<Rating>,
    pub(super) text: Option<ReviewText>,
    pub(super) visibility: Option<Visibility>,
    pub(super) acknowledged: Option<TextVersion>,
}

impl Change {
    /// Whether it makes a review private and does nothing else.
    pub(super) fn only_hides(&self) -> bool {
        self.rating.is_none() && self.text.is_none() && self.visibility == Some(Visibility::Private)
    }
}

/// How a new review comes to be seen.
pub(super) fn publication(
    wanted: Visibility,
    acknowledged: Option<&TextVersion>,
    now: DateTime<Utc>,
) -> Result<Publication, ReviewError> {
    publish(wanted, acknowledged, notice::in_force(), now).map_err(|_| ReviewError::Notice)
}

/// Stores a review of a member whom the transaction holds; gives its id.
pub(super) fn write(
    db: &mut Db,
    accounts: &Accounts,
    author: i64,
    medicine: MedicineId,
    draft: &Draft,
    now: DateTime<Utc>,
) -> Result<Result<String, ReviewError>, DbError> {
    if !consents::holds(db, author, ConsentKind::Sensitive)? {
        return Ok(Err(ReviewError::ConsentRequired));
    }
    match store::written(db, author, medicine)? {
        (_, true) => return Ok(Err(ReviewError::Exists)),
        (MOST.., _) => return Ok(Err(ReviewError::Full)),
        _ => {}
    }
    let id = uuid::Uuid::now_v7().to_string();
    let written = Written {
        id: &id,
        author,
        medicine,
        at: now,
    };
    writing::add(db, &written, &content(accounts, &id, draft)?)?;
    Ok(Ok(id))
}

fn content<'a>(accounts: &Accounts, id: &str, draft: &'a Draft) -> Result<Content<'a>, DbError> {
    let sealed = match draft.publication {
        Publication::Private => {
            let sealed = seal::sealed(&accounts.keys.sealer, id, &draft.text);
            Some(sealed.map_err(DbError::data)?)
        }
        Publication::Public { .. } => None,
    };
    Ok(Content {
        rating: draft.rating,
        text: &draft.text,
        sealed,
        publication: &draft.publication,
    })
}

/// Runs `work` in a transaction that holds the member; it may run several times.
async fn for_member<T: Send + 'static>(
    accounts: &Accounts,
    member: UserId,
    work: impl Fn(&mut Db, i64) -> Result<Result<T, ReviewError>, DbError> + Send + 'static,
) -> Result<T, ReviewError> {
    let work = move |db: &mut Db| match users::hold_by_id(db, &member)? {
        Some(key) => work(db, key).map(Some),
        None => Ok(None),
    };
    let done = accounts.pool.run(move |db| db.write_tx(work)).await?;
    done.ok_or(AccountError::SessionOver)?
}

/// One's own review, held. Others' may be seen and not changed.
fn hold_own(db: &mut Db, id: &str, user: i64) -> Result<Result<Stored, ReviewError>, DbError> {
    Ok(match store::hold(db, id)? {
        Some(review) if review.author == user => Ok(review),
        Some(review) if review.is_shown() => Err(ReviewError::NotOwn),
        _ => Err(ReviewError::Unknown),
    })
}

/// Another's review that is shown, held.
fn hold_others(db: &mut Db, id: &str, user: i64) -> Result<Result<Stored, ReviewError>, DbError> {
    Ok(match store::hold(db, id)? {
        Some(review) if review.author == user => Err(ReviewError::Own),
        Some(review) if review.is_shown() => Ok(review),
        _ => Err(ReviewError::Unknown),
    })
}

/// Changes one's own review; gives it as it is then, with its text.
pub(super) async fn change(
    accounts: Arc<Accounts>,
    member: UserId,
    id: String,
    change: Change,
) -> Result<(Stored, String), ReviewError> {
    let now = accounts.clock.now();
    let of = Arc::clone(&accounts);
    let work = move |db: &mut Db, user| {
        let before = match hold_own(db, &id, user)? {
            Ok(review) => review,
            Err(error) => return Ok(Err(error)),
        };
        let text = opened(&accounts.keys.sealer, &before)?;
        let draft = match changed(&before, &text, &change, now)? {
            Ok(draft) => draft,
            Err(error) => return Ok(Err(error)),
        };
        let same = draft.rating == before.rating
            && draft.text.as_str() == text
            && draft.publication == before.publication;
        if !same {
            writing::change(db, &before, &content(&accounts, &id, &draft)?, now)?;
        }
        let after = store::find(db, &id)?;
        let after = after.ok_or_else(|| DbError::data("a review that is held is gone"))?;
        Ok(Ok((after, draft.text.as_str().to_owned())))
    };
    for_member(&of, member, work).await
}

/// What a review says after a change.
fn changed(
    before: &Stored,
    before_text: &str,
    change: &Change,
    now: DateTime<Utc>,
) -> Result<Result<Draft, ReviewError>, DbError> {
    let was = before.publication.visibility();
    let wanted = change.visibility.unwrap_or(was);
    let text = match &change.text {
        Some(text) => text.clone(),
        None => before_text.parse().map_err(DbError::data)?,
    };
    let rating = change.rating.unwrap_or(before.rating);
    let says_anew = rating != before.rating || text.as_str() != before_text;
    let covered = !says_anew || before.publication.covers_changes(notice::in_force());
    let publication = if wanted == was && covered {
        before.publication.clone()
    } else {
        match publication(wanted, change.acknowledged.as_ref(), now) {
            Ok(publication) => publication,
            Err(error) => return Ok(Err(error)),
        }
    };
    Ok(Ok(Draft {
        rating,
        text,
        publication,
    }))
}

/// Deletes one's own review.
pub(super) async fn delete(
    accounts: &Accounts,
    member: UserId,
    id: String,
) -> Result<(), ReviewError> {
    let work = move |db: &mut Db, user| match hold_own(db, &id, user)? {
        Ok(review) => store::delete(db, &review).map(Ok),
        Err(error) => Ok(Err(error)),
    };
    for_member(accounts, member, work).await
}

/// Notes what a member thinks of another's review; gives the counts.
pub(super) async fn react(
    accounts: &Accounts,
    member: UserId,
    id: String,
    kind: Reaction,
) -> Result<Reactions, ReviewError> {
    let now = accounts.clock.now();
    let work = move |db: &mut Db, user| match hold_others(db, &id, user)? {
        Ok(review) => reactions::set(db, &review, user, Some(kind), now).map(Ok),
        Err(error) => Ok(Err(error)),
    };
    for_member(accounts, member, work).await
}

/// Takes back what a member thinks of a review, also of one that isn't shown any more.
pub(super) async fn take_back(
    accounts: &Accounts,
    member: UserId,
    id: String,
) -> Result<(), ReviewError> {
    let now = accounts.clock.now();
    let work = move |db: &mut Db, user| {
        if let Some(review) = store::hold(db, &id)? {
            reactions::set(db, &review, user, None, now)?;
        }
        Ok(Ok(()))
    };
    for_member(accounts, member, work).await
}

/// Reports another's review; says whether that counts, or one of the member's is open already. In a
/// transaction that holds him.
pub(super) fn report(
    db: &mut Db,
    accounts: &Accounts,
    user: i64,
    id: &str,
    (reason, detail): (ReportReason, Option<&ReportDetail>),
    now: DateTime<Utc>,
) -> Result<Result<bool, ReviewError>, DbError> {
    let review = match hold_others(db, id, user)? {
        Ok(review) => review,
        Err(error) => return Ok(Err(error)),
    };
    let counted = reports::add(db, &review, user, (reason, detail), now)?;
    if counted {
        let hides_at = accounts.settings.hiding_reports;
        store::moderate(db, &review, review.moderation.reported(hides_at))?;
    }
    Ok(Ok(counted))
}

/// Decides on another's public review, which closes its open reports. What is its author's alone is no matter
/// of an admin's.
pub(super) async fn decide(
    accounts: &Accounts,
    admin: UserId,
    id: String,
    decision: Decision,
) -> Result<(), ReviewError> {
    let now = accounts.clock.now();
    let work = move |db: &mut Db| {
        let review = store::hold(db, &id)?;
        let public = review.filter(|one| one.publication.visibility() == Visibility::Public);
        let Some(review) = public else {
            return Ok(Err(ReviewError::Unknown));
        };
        let author = users::by_key(db, review.author)?;
        if author.as_ref().is_some_and(|author| author.id == admin) {
            return Ok(Err(ReviewError::Own));
        }
        reports::close(db, &review, now)?;
        store::moderate(db, &review, review.moderation.decided(decision))?;
        let detail = format!("{decision} {}", review.id);
        let line = Line {
            action: Action::ReviewDecided,
            actor: Some(&admin),
            subject: author.as_ref().map(|author| &author.id),
            session: None,
            detail: Some(&detail),
            at: now,
        };
        audit::add(db, &line)?;
        Ok(Ok(()))
    };
    accounts.pool.run(move |db| db.write_tx(work)).await?
}
