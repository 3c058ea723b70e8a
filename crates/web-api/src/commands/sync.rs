//! `web-api sync`: one synchronisation, now.

use std::io::IsTerminal as _;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval_at};
use tokio_util::sync::CancellationToken;

use crate::db::{DatabaseSettings, DbError, Pool};
use crate::mfds::client::{Client, FeedError};
use crate::mfds::sync::{Outcome, Progress, Synchroniser};
use crate::mfds::{MfdsSettings, SyncSettings};

/// Without a terminal, how far it is goes to the log this often.
const LOG_EVERY: Duration = Duration::from_secs(5);

/// Why nothing could be synchronised.
#[derive(Debug, thiserror::Error)]
pub enum SyncCommandError {
    /// The client can't be made.
    #[error("the feed can't be asked: {0}")]
    Feed(#[from] FeedError),
    /// The database fails.
    #[error(transparent)]
    Db(#[from] DbError),
}

/// The exit code of an outcome: 0 done, 1 failed or interrupted, 2 paused by the quota, 3 another
/// instance is at it.
#[must_use]
pub fn exit_code(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Swapped(_) => 0,
        Outcome::Failed { .. } | Outcome::Interrupted { .. } => 1,
        Outcome::PausedByQuota => 2,
        Outcome::Busy => 3,
    }
}

/// Synchronises once, after bringing the schema up to date.
///
/// # Errors
/// [`SyncCommandError`]; what the feed does is an [`Outcome`].
pub async fn run(
    database: &DatabaseSettings,
    mfds: &MfdsSettings,
    sync: &SyncSettings,
    stop: &CancellationToken,
) -> Result<Outcome, SyncCommandError> {
    let client = Client::new(mfds)?;
    let pool = Pool::new(database);
    pool.migrate().await?;
    let synchroniser = Synchroniser::new(pool, client, sync.clone());
    let progress = synchroniser.progress();
    let over = CancellationToken::new();
    let watching = tokio::spawn(watch(progress, over.clone()));
    let result = synchroniser.run(stop).await;
    over.cancel();
    if let Err(error) = watching.await {
        tracing::debug!(%error, "the progress was not shown to its end");
    }
    Ok(result?)
}

async fn watch(progress: watch::Receiver<Progress>, over: CancellationToken) {
    if std::io::stderr().is_terminal() {
        draw(progress, over).await;
    } else {
        log(progress, over).await;
    }
}

/// Records that are stored, and records in all, as far as the feed told.
fn totals(progress: &Progress) -> (u64, u64) {
    progress
        .operations
        .values()
        .fold((0, 0), |(done, total), operation| {
            let records = u64::from(operation.records) + u64::from(operation.rejected);
            (done + records, total + u64::from(operation.total))
        })
}

async fn draw(mut progress: watch::Receiver<Progress>, over: CancellationToken) {
    let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
    let template =
        "{msg:24} [{elapsed_precise}] {wide_bar} {human_pos}/{human_len} records ({per_sec})";
    if let Ok(style) = ProgressStyle::with_template(template) {
        bar.set_style(style);
    }
    loop {
        tokio::select! {
            () = over.cancelled() => break,
            changed = progress.changed() => if changed.is_err() { break },
        }
        let progress = progress.borrow_and_update().clone();
        let (done, total) = totals(&progress);
        bar.set_length(total);
        bar.set_position(done);
        bar.set_message(progress.phase.to_string());
    }
    bar.finish_and_clear();
}

async fn log(progress: watch::Receiver<Progress>, over: CancellationToken) {
    let mut ticks = interval_at(Instant::now() + LOG_EVERY, LOG_EVERY);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = over.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let (done, total, phase) = {
            let progress = progress.borrow();
            let (done, total) = totals(&progress);
            (done, total, progress.phase)
        };
        tracing::info!(%phase, records = done, of = total, "synchronising");
    }
}
