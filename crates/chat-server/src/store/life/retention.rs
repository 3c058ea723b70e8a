//! What is deleted, and when.

use chrono::TimeDelta;

use crate::store::engine::{Engine, MOST_ROWS, Which};
use crate::store::model::Moment;
use crate::store::{Store, StoreError, on};

/// How long the empty name of an erased conversation stays: longer than any write is on its way.
const NAME_STAYS: TimeDelta = TimeDelta::days(1);

/// What a sweep did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Swept {
    /// Messages and records that had expired, as far as the database doesn't delete them itself.
    pub deleted: usize,
    /// Merges that were finished and erased names that went.
    pub tidied: usize,
}

impl Store {
    /// Deletes what has expired and finishes what was interrupted. To be called now and then, by
    /// any instance, also by several at once.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self, now: Moment) -> Result<Swept, StoreError> {
        for head in self.conversations(Which::PendingPurge, MOST_ROWS).await? {
            on!(self, engine => engine.settle(head.id).await)?;
        }
        let tidied = self.tidy_sealed(now.plus(-NAME_STAYS), now).await?;
        let deleted = on!(self, engine => engine.sweep(now).await)?;
        Ok(Swept { deleted, tidied })
    }
}
