//! The task that tells providers who left. As many as there are instances run at once; a job is one's
//! at a time, by its lease.

use std::sync::Arc;
use std::time::Duration;

use chrono::TimeDelta;
use domain::clock::later;
use tokio_util::sync::CancellationToken;

use super::unlink::Unlinked;
use super::{Provider, ProviderError, SUBJECT, Social, TOKEN, causes};
use crate::accounts::Accounts;
use crate::accounts::store::social::unlinks::{self, Job};
use crate::db::{DbError, chain};

/// Longer than everything that is done while a job is held.
const LEASE: TimeDelta = TimeDelta::seconds(120);
/// Jobs that are held at a time; they are done one after another, so no provider meets a crowd.
const BATCH: i64 = 3;
/// How often it is looked for some.
const IDLE: Duration = Duration::from_secs(2);
/// Longest pause between two tries.
const LONGEST_PAUSE: i64 = 60 * 60;
/// A provider that hears nothing for so long isn't told any more: what is held for it is personal data.
const GIVE_UP: TimeDelta = TimeDelta::days(7);

/// Tells providers who left.
#[derive(Debug)]
pub struct Unlinker {
    accounts: Arc<Accounts>,
    owner: String,
}

impl Unlinker {
    /// One of this server; `None` where no provider is in the settings.
    #[must_use]
    pub fn new(accounts: Arc<Accounts>) -> Option<Self> {
        accounts.social.as_ref()?;
        let owner = uuid::Uuid::now_v7().to_string();
        Some(Self { accounts, owner })
    }

    /// Works until `stop`. What was begun is finished: its time is limited.
    pub async fn run(self, stop: CancellationToken) {
        let mut down = false;
        loop {
            match self.turn().await {
                Ok(0) => down = false,
                Ok(_) if stop.is_cancelled() => return,
                Ok(_) => continue,
                Err(error) => {
                    if !down {
                        tracing::warn!(cause = %chain(&error), "links to end can't be read");
                    }
                    down = true;
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Does what is due; gives how much there was.
    ///
    /// # Errors
    /// Database errors.
    pub async fn turn(&self) -> Result<usize, DbError> {
        let Some(social) = &self.accounts.social else {
            return Ok(0);
        };
        let (owner, now) = (self.owner.clone(), self.accounts.clock.now());
        let work = move |db: &mut crate::db::Db| unlinks::take(db, &owner, now, LEASE, BATCH);
        let jobs = self.accounts.pool.run(work).await?;
        let count = jobs.len();
        for job in jobs {
            self.one(social, job).await?;
        }
        Ok(count)
    }

    async fn one(&self, social: &Social, job: Job) -> Result<(), DbError> {
        let provider = job.provider;
        if self.came_back(&job).await? {
            metrics::counter!("social_unlinks_total", "provider" => provider.as_str(), "end" => "linked again")
                .increment(1);
            return Ok(());
        }
        let place = if provider == Provider::Kakao {
            SUBJECT
        } else {
            TOKEN
        };
        let end = match self.accounts.keys.sealer.open(place, &job.sealed) {
            Ok(secret) => match social.unlink(provider, &secret).await {
                Ok(Unlinked::Done) => Some("done"),
                Ok(Unlinked::Already) => Some("already"),
                Err(error) => self.later(&job, &error),
            },
            Err(error) => {
                tracing::error!(job = job.id, %error, "a link to end can't be read");
                Some("unreadable")
            }
        };
        let (owner, now) = (self.owner.clone(), self.accounts.clock.now());
        if let Some(end) = end {
            let provider = provider.as_str();
            metrics::counter!("social_unlinks_total", "provider" => provider, "end" => end)
                .increment(1);
            let work = move |db: &mut crate::db::Db| unlinks::over(db, &owner, job.id);
            return self.accounts.pool.run(work).await;
        }
        let pause = 1_i64
            .checked_shl(job.attempts.min(20))
            .unwrap_or(LONGEST_PAUSE);
        let next = later(now, TimeDelta::seconds(pause.min(LONGEST_PAUSE)));
        let work = move |db: &mut crate::db::Db| unlinks::again(db, &owner, &job, next);
        self.accounts.pool.run(work).await
    }

    /// Drops a job whose person has come again since: what he agreed to anew isn't to be ended. Looked for
    /// after the job was taken: whoever comes later than that sees that it is.
    async fn came_back(&self, job: &Job) -> Result<bool, DbError> {
        let (owner, job) = (self.owner.clone(), job.clone());
        let work = move |db: &mut crate::db::Db| unlinks::drop_taken(db, &owner, &job);
        self.accounts.pool.run(work).await
    }

    /// `None` for once more.
    fn later(&self, job: &Job, error: &ProviderError) -> Option<&'static str> {
        let (provider, job_id) = (job.provider.as_str(), job.id);
        let error = causes(error);
        if self.accounts.clock.now() >= later(job.created_at, GIVE_UP) {
            tracing::error!(job = job_id, provider, %error, "a provider was never told that somebody left");
            return Some("given up");
        }
        tracing::warn!(job = job_id, provider, attempt = job.attempts, %error, "a provider isn't told yet that somebody left");
        None
    }
}
