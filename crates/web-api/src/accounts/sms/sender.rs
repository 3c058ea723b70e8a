//! The task that empties the outbox. As many as there are instances run at once; a message is one's at
//! a time, by its lease.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::{PhoneNumber, verification_sms};
use domain::clock::later;
use futures_util::future::join_all;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use zeroize::Zeroizing;

use super::{Delivery, Sens, SensError};
use crate::accounts::store::outbox::{self, End, News, Step, Taken};
use crate::accounts::{Accounts, PHONE_OF_VERIFICATION};
use crate::db::{DbError, chain};

/// Longer than everything that is done with a message while it is held.
const LEASE: TimeDelta = TimeDelta::seconds(45);
/// Messages that are held at a time.
const BATCH: i64 = 10;
/// How often the outbox is looked at when nobody says that there is something.
const IDLE: Duration = Duration::from_secs(1);
/// From one question about a delivery until the next.
const FOLLOW_EVERY: TimeDelta = TimeDelta::seconds(3);
/// Nobody is asked any more about a message whose code has been too old for so long.
const FOLLOW_FOR: TimeDelta = TimeDelta::minutes(10);
/// How often a message is sent of which nobody knows whether it was sent before, at most: the provider
/// may have taken it and its answer was lost. Each may cost, and reach somebody.
const MOST_UNSURE: u32 = 3;
/// Longest pause between two tries: a code lives for three minutes.
const LONGEST_PAUSE: i64 = 15;

/// Sends what is in the outbox.
#[derive(Debug)]
pub struct Sender {
    accounts: Arc<Accounts>,
    sens: Sens,
    owner: String,
}

impl Sender {
    /// A sender of this server.
    #[must_use]
    pub fn new(accounts: Arc<Accounts>, sens: Sens) -> Self {
        let owner = uuid::Uuid::now_v7().to_string();
        Self {
            accounts,
            sens,
            owner,
        }
    }

    /// Sends until `stop`. What was begun is finished: its time is limited.
    pub async fn run(self, wake: Arc<Notify>, stop: CancellationToken) {
        let mut down = false;
        loop {
            match self.turn().await {
                Ok(0) => {}
                // There may be more.
                Ok(_) if !stop.is_cancelled() => continue,
                Ok(_) => return,
                Err(error) if !down => {
                    down = true;
                    tracing::warn!(cause = %chain(&error), "the outbox of messages can't be read");
                }
                Err(_) => {}
            }
            if !down {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = wake.notified() => {}
                    () = tokio::time::sleep(IDLE) => {}
                }
                continue;
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(IDLE) => down = false,
            }
        }
    }

    /// Takes what is due and does it; gives how many there were.
    ///
    /// # Errors
    /// Database errors.
    pub async fn turn(&self) -> Result<usize, DbError> {
        let (owner, now) = (self.owner.clone(), self.now());
        let pool = &self.accounts.pool;
        let taken = pool
            .run(move |db| outbox::take(db, &owner, now, LEASE, BATCH))
            .await?;
        let count = taken.len();
        let told = join_all(taken.into_iter().map(|message| self.one(message))).await;
        told.into_iter().collect::<Result<(), _>>()?;
        Ok(count)
    }

    fn now(&self) -> DateTime<Utc> {
        self.accounts.clock.now()
    }

    async fn one(&self, taken: Taken) -> Result<(), DbError> {
        let (news, wait) = match &taken.step {
            Step::Send => self.send(&taken).await,
            Step::Follow { request, message } => {
                self.follow(&taken, request, message.as_deref()).await
            }
        };
        if let News::Over { end, outcome } = &news {
            metrics::counter!("sms_messages_total", "end" => end.as_str()).increment(1);
            if *end != End::Delivered {
                tracing::warn!(
                    message = taken.id,
                    end = end.as_str(),
                    outcome,
                    "a message did not arrive"
                );
            }
        }
        let (owner, now) = (self.owner.clone(), self.now());
        let next_at = later(now, wait);
        let held = self
            .accounts
            .pool
            .run(move |db| outbox::tell(db, &owner, &taken, &news, next_at, now))
            .await?;
        if !held {
            tracing::warn!("a message took longer than its lease; another sender has it");
        }
        Ok(())
    }

    async fn send(&self, taken: &Taken) -> (News, TimeDelta) {
        let over = |end, outcome: &str| {
            let outcome = outcome.to_owned();
            (News::Over { end, outcome }, TimeDelta::zero())
        };
        if self.now() >= taken.expires_at {
            return over(End::Dead, "expired");
        }
        let Some(to) = self.number(taken) else {
            return over(End::Dead, "unreadable");
        };
        if taken.abandoned {
            tracing::warn!(
                message = taken.id,
                unsure = taken.unsure,
                "a sender died over a message"
            );
            if taken.unsure >= MOST_UNSURE {
                return over(End::Failed, "abandoned");
            }
        }
        if taken.unsure > 0 {
            tracing::warn!(
                message = taken.id,
                unsure = taken.unsure,
                "a message that may have been sent is sent again"
            );
            metrics::counter!("sms_resent_total").increment(1);
        }
        let code = self.accounts.code_of(&taken.verification);
        let text = Zeroizing::new(verification_sms(taken.purpose, &code));
        match self.sens.send(&to, &text, self.now()).await {
            Ok(request) => (News::Accepted { request }, TimeDelta::seconds(1)),
            // A second one would cost, and nothing is lost: whoever waits in vain asks again.
            Err(SensError::Unreadable) => over(End::Failed, "unreadable answer"),
            Err(error) if error.is_final() => {
                tracing::error!(message = taken.id, %error, "a message is refused for good");
                over(End::Dead, "refused")
            }
            Err(error) => {
                tracing::warn!(message = taken.id, attempt = taken.attempts, %error, "a message isn't accepted yet");
                if !error.is_unsure() {
                    return (News::Later { tried: true }, pause(taken.attempts));
                }
                if taken.unsure.saturating_add(1) >= MOST_UNSURE {
                    return over(End::Failed, "no answer");
                }
                (News::Unsure, pause(taken.attempts))
            }
        }
    }

    fn number(&self, taken: &Taken) -> Option<PhoneNumber> {
        let opened = self
            .accounts
            .keys
            .sealer
            .open(PHONE_OF_VERIFICATION, &taken.phone);
        match opened {
            Ok(text) => text.parse().ok(),
            Err(error) => {
                tracing::error!(message = taken.id, %error, "the number of a message can't be read");
                None
            }
        }
    }

    async fn follow(
        &self,
        taken: &Taken,
        request: &str,
        message: Option<&str>,
    ) -> (News, TimeDelta) {
        let over = |end, outcome: String| (News::Over { end, outcome }, TimeDelta::zero());
        if self.now() >= later(taken.expires_at, FOLLOW_FOR) {
            return over(End::Failed, "unknown".to_owned());
        }
        let Some(message) = message else {
            return match self.sens.message_of(request, self.now()).await {
                Ok(message) => (News::Named { message }, TimeDelta::zero()),
                Err(error) => {
                    tracing::debug!(message = taken.id, %error, "a message has no name yet");
                    (News::Later { tried: true }, FOLLOW_EVERY)
                }
            };
        };
        match self.sens.delivery(message, self.now()).await {
            Ok(Delivery::Delivered) => over(End::Delivered, "0".to_owned()),
            Ok(Delivery::Failed(code)) => over(End::Failed, code),
            Ok(Delivery::Processing) => (News::Later { tried: true }, FOLLOW_EVERY),
            Err(error) => {
                tracing::debug!(message = taken.id, %error, "nobody knows what became of a message");
                (News::Later { tried: true }, FOLLOW_EVERY)
            }
        }
    }
}

/// From one try until the next, of which so many came before.
fn pause(attempts: u32) -> TimeDelta {
    let seconds = 1_i64.checked_shl(attempts.min(8)).unwrap_or(LONGEST_PAUSE);
    TimeDelta::seconds(seconds.min(LONGEST_PAUSE))
}
