//! Who is there to counsel, and how long counsellings take: what a wait is reckoned from.

use chrono::TimeDelta;
use uuid::Uuid;

use crate::store::engine::{Engine, Kind, MOST_ROWS, Page, Record};
use crate::store::model::{Conversation, Moment, StaffId};
use crate::store::{Store, StoreError, on};

/// How long a counselling says something about the next ones.
const COUNTS: TimeDelta = TimeDelta::days(7);

impl Store {
    /// Notes that a counsellor takes conversations, until a moment; repeated as a sign of life.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_present(&self, staff: &StaffId, until: Moment) -> Result<(), StoreError> {
        let record = Record {
            kind: Kind::Presence,
            id: staff.as_str().to_owned(),
            owner: String::new(),
            sort: until.millis(),
            expires_at: Some(until),
            body: "{}".to_owned(),
        };
        on!(self, engine => engine.put(record).await)
    }

    /// Notes that a counsellor takes no more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_absent(&self, staff: &StaffId) -> Result<(), StoreError> {
        on!(self, engine => engine.remove(Kind::Presence, staff.as_str()).await)?;
        Ok(())
    }

    /// How many counsellors take conversations, on all instances.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn present(&self, now: Moment) -> Result<u32, StoreError> {
        let found = self.at_work(Kind::Presence, MOST_ROWS, now).await?;
        Ok(u32::try_from(found.len()).unwrap_or(u32::MAX))
    }

    /// How long the last counsellings took, in seconds, the latest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn lengths(&self, limit: i64, now: Moment) -> Result<Vec<u32>, StoreError> {
        let found = self.at_work(Kind::Handled, limit, now).await?;
        let seconds = |record: &Record| record.body.parse().ok();
        Ok(found.iter().filter_map(seconds).collect())
    }

    /// Notes how long a counselling took that has just ended; of whom isn't kept. A figure that is lost
    /// changes an estimate, so a failure is only logged.
    pub(super) async fn note_length(&self, ended: &Conversation) {
        let (Some(from), Some(to)) = (ended.claimed_at, ended.closed_at) else {
            return;
        };
        let seconds = to.millis().saturating_sub(from.millis()).max(0) / 1_000;
        let record = Record {
            kind: Kind::Handled,
            id: Uuid::new_v4().to_string(),
            owner: String::new(),
            sort: to.millis(),
            expires_at: Some(to.plus(COUNTS)),
            body: u32::try_from(seconds).unwrap_or(u32::MAX).to_string(),
        };
        if let Err(error) = on!(self, engine => engine.put(record).await) {
            tracing::debug!(%error, "the length of a counselling could not be noted");
        }
    }

    async fn at_work(
        &self,
        kind: Kind,
        limit: i64,
        now: Moment,
    ) -> Result<Vec<Record>, StoreError> {
        let page = Page {
            kind,
            owner: None,
            below: None,
            limit: super::rows(limit),
            now,
        };
        on!(self, engine => engine.records(page).await)
    }
}
