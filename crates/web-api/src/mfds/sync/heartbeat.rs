//! Keeps the lease while a run waits for the feed.

use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time::{MissedTickBehavior, interval};
use tokio_util::sync::CancellationToken;

use crate::db::lease::Lease;
use crate::db::{DbError, Pool};

/// A task that prolongs the lease three times in its span.
#[derive(Debug)]
pub(super) struct Heartbeat {
    /// Ends with the process's stop, or when the lease is lost.
    run: CancellationToken,
    over: CancellationToken,
    task: JoinHandle<()>,
}

impl Heartbeat {
    pub(super) fn start(
        pool: Pool,
        lease: Lease,
        stop: &CancellationToken,
        span: Duration,
    ) -> Self {
        let run = stop.child_token();
        let over = CancellationToken::new();
        let task = tokio::spawn(beat(pool, lease, span / 3, run.clone(), over.clone()));
        Self { run, over, task }
    }

    pub(super) fn token(&self) -> CancellationToken {
        self.run.clone()
    }

    pub(super) async fn end(self) {
        self.over.cancel();
        if let Err(error) = self.task.await {
            tracing::warn!(%error, "the heartbeat of the synchronisation ended badly");
        }
    }
}

async fn beat(
    pool: Pool,
    lease: Lease,
    every: Duration,
    run: CancellationToken,
    over: CancellationToken,
) {
    let mut ticks = interval(every);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = over.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let ours = lease.clone();
        match pool.run(move |db| ours.hold(db)).await {
            Ok(()) => {}
            Err(DbError::LeaseLost) => {
                tracing::warn!("the lease of the synchronisation is lost: this run stops");
                run.cancel();
                return;
            }
            // The steps meet the same outage and decide themselves.
            Err(error) => tracing::debug!(%error, "the lease could not be prolonged this time"),
        }
    }
}
