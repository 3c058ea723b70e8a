//! The task that empties the outbox of statements. As many as there are instances run at once; a
//! statement is one's at a time, by its lease.

use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use domain::clock::later;
use futures_util::future::join_all;
use tokio_util::sync::CancellationToken;

use super::ChatEvents;
use crate::accounts::Accounts;
use crate::accounts::store::statements::{self, Taken};
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
        let told = join_all(taken.into_iter().map(|taken| self.one(taken))).await;
        let told = told.into_iter().collect::<Result<Vec<_>, _>>()?;
        Ok(told
            .into_iter()
            .filter(|acknowledged| *acknowledged)
            .count())
    }

    fn now(&self) -> DateTime<Utc> {
        self.accounts.clock.now()
    }

    async fn one(&self, taken: Taken) -> Result<bool, DbError> {
        let event = taken.stated.statement.event();
        let claims = self.accounts.statements.issue(&taken.stated, self.now());
        let signed = self.accounts.keys.signer.sign_statement(&claims);
        let signed = signed.map_err(DbError::data)?;
        let told = self.chat.tell(signed).await;
        let (now, owner) = (self.now(), self.owner.clone());
        let pool = &self.accounts.pool;
        if let Err(error) = &told {
            let (id, attempt) = (taken.stated.id.clone(), taken.attempts);
            tracing::warn!(statement = %id, event, attempt, %error, "chat-server hasn't acknowledged a statement yet");
            metrics::counter!("statements_refused_total").increment(1);
            let next_at = later(now, pause(taken.attempts));
            pool.run(move |db| statements::put_back(db, &owner, &taken, next_at))
                .await?;
            return Ok(false);
        }
        pool.run(move |db| statements::acknowledged(db, &taken, now))
            .await?;
        metrics::counter!("statements_acknowledged_total", "event" => event).increment(1);
        Ok(true)
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
