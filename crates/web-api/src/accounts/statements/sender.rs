//! The task that empties the outbox of statements. As many as there are instances run at once; a
//! statement is one's at a time, by its lease.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use futures_util::future::FutureExt as _;
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio_util::sync::CancellationToken;

use super::ChatEvents;
use crate::accounts::Accounts;
use crate::accounts::store::statements::{self, Outcome, Taken};
use crate::db::{DbError, chain};

/// Longer than everything that is done with a statement while it is held.
const LEASE: TimeDelta = TimeDelta::seconds(45);
/// Statements that are held at a time.
const BATCH: i64 = 20;
/// How often the outbox is looked at: sockets of who signed out end within it.
const IDLE: Duration = Duration::from_secs(1);
/// Longest pause between two tries.
const LONGEST_PAUSE: i64 = 300;
/// How often it is counted what waits.
const MEASURE_EVERY: Duration = Duration::from_secs(15);

/// Sends what is in the outbox, and sends it again until it is acknowledged.
#[derive(Debug)]
pub struct StatementSender {
    accounts: Arc<Accounts>,
    chat: ChatEvents,
    owner: String,
}

impl StatementSender {
    /// A sender of this server.
    #[must_use]
    pub fn new(accounts: Arc<Accounts>, chat: ChatEvents) -> Self {
        let owner = uuid::Uuid::now_v7().to_string();
        Self {
            accounts,
            chat,
            owner,
        }
    }

    /// Sends until `stop`. What was begun is finished: its time is limited.
    pub async fn run(self, stop: CancellationToken) {
        let mut down = false;
        let mut measured: Option<Instant> = None;
        while !stop.is_cancelled() {
            let mut turned = self.turn().await;
            if turned.is_ok() && measured.is_none_or(|at| at.elapsed() >= MEASURE_EVERY) {
                measured = Some(Instant::now());
                turned = self.measure().await.and(turned);
            }
            match turned {
                Ok(acknowledged) => {
                    down = false;
                    // There may be more.
                    if acknowledged > 0 {
                        continue;
                    }
                }
                Err(error) if !down => {
                    down = true;
                    tracing::warn!(cause = %chain(&error), "the outbox of statements can't be read");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(IDLE) => {}
            }
        }
    }

    /// Takes what is due and tells it; gives how many were acknowledged.
    ///
    /// # Errors
    /// Database errors.
    pub async fn turn(&self) -> Result<usize, DbError> {
        let (owner, now) = (self.owner.clone(), self.now());
        let taken = self
            .accounts
            .pool
            .run(move |db| statements::take(db, &owner, now, LEASE, BATCH))
            .await?;
        let mut told: FuturesUnordered<_> = taken.into_iter().map(|one| self.tell(one)).collect();
        let (mut acknowledged, mut failed) = (0, None);
        // What was answered at the same time is written in one transaction: each has to reach the disk.
        while let Some(answers) = ready_chunk(&mut told).await {
            let (told, unsigned): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
            failed = failed.or(unsigned.into_iter().find_map(Result::err));
            match self.settle(told.into_iter().flatten().collect()).await {
                Ok(count) => acknowledged += count,
                Err(error) => failed = failed.or(Some(error)),
            }
        }
        failed.map_or(Ok(acknowledged), Err)
    }

    fn now(&self) -> DateTime<Utc> {
        self.accounts.clock.now()
    }

    /// Sends one and says what is to be written about it.
    async fn tell(&self, taken: Taken) -> Result<(Taken, Outcome), DbError> {
        let event = taken.stated.statement.event();
        let claims = self.accounts.statements.issue(&taken.stated, self.now());
        let signed = self.accounts.keys.signer.sign_statement(&claims);
        let signed = signed.map_err(DbError::data)?;
        let Err(error) = self.chat.tell(signed).await else {
            metrics::counter!("statements_acknowledged_total", "event" => event).increment(1);
            return Ok((taken, Outcome::Acknowledged));
        };
        let (id, attempt) = (&taken.stated.id, taken.attempts);
        tracing::warn!(statement = %id, event, attempt, %error, "chat-server hasn't acknowledged a statement yet");
        metrics::counter!("statements_refused_total").increment(1);
        let next_at = later(self.now(), pause(taken.attempts));
        Ok((taken, Outcome::Again(next_at)))
    }

    async fn settle(&self, answers: Vec<(Taken, Outcome)>) -> Result<usize, DbError> {
        let done = |(_, outcome): &&(Taken, Outcome)| matches!(outcome, Outcome::Acknowledged);
        let acknowledged = answers.iter().filter(done).count();
        let (now, owner) = (self.now(), self.owner.clone());
        self.accounts
            .pool
            .run(move |db| statements::settle(db, &owner, &answers, now))
            .await?;
        Ok(acknowledged)
    }

    async fn measure(&self) -> Result<(), DbError> {
        let waiting = self.accounts.pool.run(statements::waiting).await?;
        let age = waiting.oldest.map_or(0, |oldest| {
            self.now()
                .signed_duration_since(oldest)
                .num_seconds()
                .max(0)
        });
        let number = |count: u64| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        metrics::gauge!("statements_waiting").set(number(waiting.count));
        let age = u64::try_from(age).unwrap_or_default();
        metrics::gauge!("statements_oldest_age_seconds").set(number(age));
        Ok(())
    }
}

/// Waits for one answer, and takes what is there by then.
async fn ready_chunk<T>(told: &mut FuturesUnordered<impl Future<Output = T>>) -> Option<Vec<T>> {
    let mut answers = vec![told.next().await?];
    while let Some(Some(answer)) = told.next().now_or_never() {
        answers.push(answer);
    }
    Some(answers)
}

/// 1 s, 2 s, 4 s … 5 min, each with up to a quarter more, so that what failed together doesn't come
/// together again.
fn pause(attempts: u32) -> TimeDelta {
    let seconds = 1_i64
        .checked_shl(attempts.min(10))
        .unwrap_or(LONGEST_PAUSE)
        .min(LONGEST_PAUSE);
    let more = rand::random_range(0..=seconds.saturating_mul(250));
    TimeDelta::milliseconds(seconds.saturating_mul(1_000).saturating_add(more))
}
