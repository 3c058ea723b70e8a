//! The synchronisation: stage → check → swap.
//!
//! The pages of the three smaller operations are staged; each page of permit detail, which is read
//! last, is merged with them and written as content of a new generation that nobody sees. When all is
//! read and every check passes, one transaction moves the pointer. Each page is one transaction that
//! also notes the page, so that a run which was stopped anywhere goes on with the others.

mod carry;
mod check;
mod clean;
mod detail;
mod heartbeat;
mod known;
mod operations;
mod outcome;
mod page;
mod pages;
mod progress;
pub(super) mod records;
mod rejects;
mod run;
mod shortfall;
mod stage;
mod staged;
mod swap;

use std::sync::Arc;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

pub use outcome::{Outcome, Summary};
pub use progress::{OperationProgress, Phase, Progress};
pub use shortfall::Shortfall;

use super::client::Client;
use super::{Operation, SyncSettings};
use crate::db::lease::Lease;
use crate::db::{Db, DbError, Pool, now};
use detail::DetailPage;
use heartbeat::Heartbeat;
use known::Known;
use outcome::Halt;
use run::Run;
pub(super) use run::{Ended, latest, running};
use stage::StagedPage;

/// The name of the lease that a runner holds.
const LEASE: &str = "mfds-sync";

/// Brings the feed into the catalogue.
#[derive(Debug, Clone)]
pub struct Synchroniser {
    pool: Pool,
    client: Client,
    settings: SyncSettings,
    progress: watch::Sender<Progress>,
}

/// Written down in the transaction that begins a run, with the run's number.
pub(crate) type Note = Arc<dyn Fn(&mut Db, i64) -> Result<(), DbError> + Send + Sync>;

/// A run that has begun, and keeps its lease until [`Synchroniser::finish`].
#[derive(Debug)]
pub(crate) struct Begun {
    run: Run,
    lease: Lease,
    heartbeat: Heartbeat,
}

impl Begun {
    /// The number of the run.
    pub(crate) fn id(&self) -> i64 {
        self.run.id
    }
}

/// What every step of one run shares.
#[derive(Debug)]
struct Context {
    run: Run,
    lease: Lease,
    known: Known,
    /// Ends with the process's stop or with the lease.
    stop: CancellationToken,
}

impl Synchroniser {
    /// Nothing runs yet.
    #[must_use]
    pub fn new(pool: Pool, client: Client, settings: SyncSettings) -> Self {
        Self {
            pool,
            client,
            settings,
            progress: watch::Sender::new(Progress::default()),
        }
    }

    /// What a run is doing, for a person who watches.
    #[must_use]
    pub fn progress(&self) -> watch::Receiver<Progress> {
        self.progress.subscribe()
    }

    /// Runs one synchronisation to its end, or goes on with the one that was stopped.
    ///
    /// # Errors
    /// [`DbError`] where the database fails; whatever the feed does is an [`Outcome`].
    pub async fn run(&self, stop: &CancellationToken) -> Result<Outcome, DbError> {
        match self.begin(stop, None).await? {
            Some(begun) => self.finish(begun).await,
            None => Ok(self.busy()),
        }
    }

    /// Another instance is at it.
    pub(crate) fn busy(&self) -> Outcome {
        self.report(Outcome::Busy)
    }

    /// Takes the lease and begins a run, or goes on with the one that was stopped; `None` where another
    /// instance is at it.
    ///
    /// # Errors
    /// [`DbError`] where the database fails.
    pub(crate) async fn begin(
        &self,
        stop: &CancellationToken,
        note: Option<Note>,
    ) -> Result<Option<Begun>, DbError> {
        self.progress.send_replace(Progress::default());
        let lease = Lease::new(LEASE, self.settings.lease);
        let ours = lease.clone();
        if !self.pool.run(move |db| ours.acquire(db)).await? {
            return Ok(None);
        }
        let span = self.settings.lease;
        let heartbeat = Heartbeat::start(self.pool.clone(), lease.clone(), stop, span);
        let ours = lease.clone();
        let begin = move |db: &mut Db| run::begin(db, &ours, now(), note.as_ref());
        match self.pool.run(begin).await {
            Ok(run) => Ok(Some(Begun {
                run,
                lease,
                heartbeat,
            })),
            Err(error) => {
                self.give_back(lease, heartbeat).await;
                metrics::counter!("sync_runs_total", "outcome" => "error").increment(1);
                Err(error)
            }
        }
    }

    /// Takes a run that has begun to its end.
    ///
    /// # Errors
    /// As [`Synchroniser::run`].
    pub(crate) async fn finish(&self, begun: Begun) -> Result<Outcome, DbError> {
        let Begun {
            run,
            lease,
            heartbeat,
        } = begun;
        let result = self.leased(run, &lease, heartbeat.token()).await;
        self.give_back(lease, heartbeat).await;
        if result.is_err() {
            metrics::counter!("sync_runs_total", "outcome" => "error").increment(1);
        }
        Ok(self.report(result?))
    }

    async fn give_back(&self, lease: Lease, heartbeat: Heartbeat) {
        heartbeat.end().await;
        if let Err(error) = self.pool.run(move |db| lease.release(db)).await {
            tracing::warn!(%error, "the lease of the synchronisation ends by itself");
        }
    }

    /// The steps, and how they ended; called by the holder of the lease.
    async fn leased(
        &self,
        run: Run,
        lease: &Lease,
        stop: CancellationToken,
    ) -> Result<Outcome, DbError> {
        tracing::info!(
            run = run.id,
            resumed = run.resumed,
            "the synchronisation begins"
        );
        let result = self.steps(run, lease, stop).await;
        let outcome = match result {
            Ok(summary) => return Ok(Outcome::Swapped(summary)),
            Err(halt) => halt,
        };
        let (state, outcome) = match outcome {
            Halt::LeaseLost => return Ok(lease_lost()),
            Halt::Quota => (run::State::PausedByQuota, Ok(Outcome::PausedByQuota)),
            Halt::Check(shortfall) => {
                let reason = shortfall.to_string();
                (run::State::Failed, Ok(Outcome::Failed { reason }))
            }
            // What can't be read or written won't be the next time either: that begins anew.
            Halt::Db(error @ DbError::Internal(_)) => (run::State::Failed, Err(error)),
            Halt::Db(error) => (run::State::Interrupted, Err(error)),
            other @ (Halt::Stopped | Halt::Feed { .. }) => (
                run::State::Interrupted,
                Ok(Outcome::Interrupted {
                    reason: other.to_string(),
                }),
            ),
        };
        let reason = match &outcome {
            Ok(outcome) => outcome.to_string(),
            Err(error) => error.to_string(),
        };
        let ours = lease.clone();
        let ending = self
            .pool
            .run(move |db| run::end(db, &ours, run, state, &reason))
            .await;
        match (outcome, ending) {
            // Found out by the heartbeat; the run is the other instance's now.
            (Ok(_), Err(DbError::LeaseLost)) => Ok(lease_lost()),
            (Err(error), _) | (Ok(_), Err(error)) => Err(error),
            (Ok(outcome), Ok(())) => Ok(outcome),
        }
    }

    async fn steps(
        &self,
        run: Run,
        lease: &Lease,
        stop: CancellationToken,
    ) -> Result<Summary, Halt> {
        let ours = lease.clone();
        self.pool
            .run_within(clean::LIMIT, move |db| clean::abandoned(db, &ours, run))
            .await?;
        let known = self.pool.run(Known::load).await?;
        let context = Arc::new(Context {
            run,
            lease: lease.clone(),
            known,
            stop,
        });
        for operation in Operation::ALL {
            self.set_phase(Phase::Reading(operation));
            match operation {
                Operation::PermitDetail => self.read::<DetailPage>(&context, operation).await?,
                _ => self.read::<StagedPage>(&context, operation).await?,
            }
        }
        self.set_phase(Phase::Checking);
        let limit = self.settings.max_drop_percent;
        let complete = self
            .pool
            .run_within(clean::LIMIT, move |db| check::run(db, run, limit))
            .await??;
        self.set_phase(Phase::Swapping);
        carry::run(&self.pool, &context, complete).await?;
        if context.stop.is_cancelled() {
            return Err(Halt::Stopped);
        }
        let ours = Arc::clone(&context);
        let summary = self
            .pool
            .run_within(clean::LIMIT, move |db| swap::run(db, &ours.lease, ours.run))
            .await?;
        self.set_phase(Phase::Cleaning);
        // The new catalogue is there: what can't be cleaned now is cleaned by the next run.
        if let Err(error) = clean::after_swap(&self.pool, &context).await {
            tracing::warn!(%error, "old generations were not cleaned up; the next run does it");
        }
        Ok(summary)
    }

    fn set_phase(&self, phase: Phase) {
        tracing::info!(%phase, "synchronisation");
        self.progress.send_modify(|progress| progress.phase = phase);
    }

    fn report(&self, outcome: Outcome) -> Outcome {
        metrics::counter!("sync_runs_total", "outcome" => outcome.name()).increment(1);
        match &outcome {
            Outcome::Swapped(_) | Outcome::Busy => {
                tracing::info!(%outcome, "the synchronisation ended");
            }
            _ => tracing::warn!(%outcome, "the synchronisation ended"),
        }
        self.progress
            .send_modify(|progress| progress.phase = Phase::Ended);
        outcome
    }
}

fn lease_lost() -> Outcome {
    Outcome::Interrupted {
        reason: Halt::LeaseLost.to_string(),
    }
}
