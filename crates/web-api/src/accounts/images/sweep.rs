//! Deleting files that nobody needs, again and again until they are gone.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use futures_util::{StreamExt as _, stream};
use tokio_util::sync::CancellationToken;

use super::{Images, files};
use crate::accounts::Accounts;
use crate::accounts::store::images::{self as store, deletions, uploads};
use crate::db::{Db, DbError, Pool, chain};

/// How often the list is looked at when nobody says that there is something.
const EVERY: Duration = Duration::from_secs(5);
/// Files of one look at the list.
const BATCH: i64 = 50;
/// Files that are deleted at the same time.
const AT_A_TIME: usize = 4;
/// How long permissions are kept: longer than any limit counts back.
const KEPT: TimeDelta = TimeDelta::days(1);

/// Forgets everything of a member's pictures, inside the caller's transaction. Gives the files: they
/// are deleted soon, or at once by [`Images::delete_now`].
///
/// # Errors
/// Database errors.
pub fn forget(db: &mut Db, user: i64, now: DateTime<Utc>) -> Result<Vec<String>, DbError> {
    store::forget(db, user, now, files::upload)
}

impl Images {
    /// Deletes files that are marked. What can't be deleted now is deleted later; says whether
    /// nothing of them is left.
    ///
    /// # Errors
    /// Database errors.
    pub async fn delete_now(
        &self,
        pool: &Pool,
        files: Vec<String>,
        now: DateTime<Utc>,
    ) -> Result<bool, DbError> {
        let deleted = stream::iter(files).map(|file| self.delete_one(pool, file, now));
        let deleted: Vec<_> = deleted.buffer_unordered(AT_A_TIME).collect().await;
        let mut all = true;
        for one in deleted {
            all &= one?;
        }
        Ok(all)
    }

    async fn delete_one(
        &self,
        pool: &Pool,
        file: String,
        now: DateTime<Utc>,
    ) -> Result<bool, DbError> {
        if let Err(error) = self.files.delete(&file, now).await {
            let cause: &dyn std::error::Error = &error;
            tracing::warn!(cause, "a file of pictures can't be deleted yet");
            return Ok(false);
        }
        pool.run(move |db| deletions::done(db, &file, now)).await?;
        Ok(true)
    }
}

impl Accounts {
    /// Pictures of members.
    #[must_use]
    pub fn images(&self) -> &Images {
        &self.images
    }

    /// Deletes files until `stop`. What was begun is finished: its time is limited.
    pub(crate) async fn sweep_images(self: Arc<Self>, stop: CancellationToken) {
        let mut told = false;
        loop {
            match self.sweep_once().await {
                Ok(more) => {
                    told = false;
                    if more && !stop.is_cancelled() {
                        continue;
                    }
                }
                Err(error) if !told => {
                    told = true;
                    tracing::warn!(cause = %chain(&error), "files of pictures can't be tidied up");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = self.images.woken() => {}
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }

    /// One look at the list; says whether there may be more.
    async fn sweep_once(&self) -> Result<bool, DbError> {
        let now = self.clock.now();
        let taken = self
            .pool
            .run(move |db| {
                uploads::purge(db, later(now, -KEPT))?;
                deletions::take(db, now, BATCH)
            })
            .await?;
        let full = i64::try_from(taken.len()).is_ok_and(|taken| taken >= BATCH);
        self.images.delete_now(&self.pool, taken, now).await?;
        Ok(full)
    }
}
