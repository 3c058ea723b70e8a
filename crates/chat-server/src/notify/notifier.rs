//! The task that empties the outbox. As many as there are instances run at once: a delivery is one's
//! at a time, by its lease, and their turns to send are one second apart in all.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Utc};
use tokio_util::sync::CancellationToken;

use super::message::{pause, payload};
use super::webhook::{Answer, Webhook};
use crate::store::model::{Attempt, Conversation, ConversationId, Delivery, Moment, Refusal};
use crate::store::{ChangeError, Store, StoreError};

/// How often the figures are taken.
const MEASURE_EVERY: Duration = Duration::from_secs(15);
/// How often it is tried to write down what became of a delivery.
const REPORTS: u32 = 5;
/// Thousandths of a pause that are drawn: a quarter more or less.
const SHARES: std::ops::RangeInclusive<i64> = 750..=1_250;
/// Pause after a failure of the store. Outages are told by the watch over it.
const STORE_PAUSE: Duration = Duration::from_secs(1);

/// How fast, and how often.
#[derive(Debug, Clone, Copy)]
pub struct Pace {
    /// From one message to the next, of all instances: Slack takes one a second.
    pub gap: TimeDelta,
    /// How long a delivery is held by whoever takes it: longer than a message, its answer and the
    /// note about it.
    pub lease: TimeDelta,
    /// Before the second attempt.
    pub first_pause: TimeDelta,
    /// Before any attempt.
    pub longest_pause: TimeDelta,
    /// Attempts after which a delivery is given up: with these pauses about eight hours.
    pub most_attempts: u32,
    /// How often the outbox is looked at while it is empty.
    pub idle: Duration,
}

impl Pace {
    /// For messages that may take so long.
    #[must_use]
    pub fn within(timeout: Duration) -> Self {
        let timeout = TimeDelta::from_std(timeout).unwrap_or(TimeDelta::seconds(30));
        Self {
            gap: TimeDelta::milliseconds(1_050),
            lease: timeout + timeout + TimeDelta::seconds(5),
            first_pause: TimeDelta::seconds(2),
            longest_pause: TimeDelta::minutes(5),
            most_attempts: 100,
            idle: Duration::from_secs(1),
        }
    }
}

/// Sends what is in the outbox.
#[derive(Debug)]
pub struct Notifier {
    store: Store,
    webhook: Webhook,
    pace: Pace,
    /// Until when Slack wants to hear nothing, also where the store couldn't be told.
    held: Option<Moment>,
}

/// When to go on.
#[derive(Debug, PartialEq, Eq)]
enum Next {
    AtOnce,
    After(Duration),
}

impl Notifier {
    /// A notifier of this instance.
    #[must_use]
    pub fn new(store: Store, webhook: Webhook, pace: Pace) -> Self {
        describe();
        Self {
            store,
            webhook,
            pace,
            held: None,
        }
    }

    /// Sends until `stop`. What was begun is finished: its time is limited.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut measured: Option<Instant> = None;
        while !stop.is_cancelled() {
            if measured.is_none_or(|at| at.elapsed() >= MEASURE_EVERY) {
                self.measure().await;
                measured = Some(Instant::now());
            }
            let next = self.turn(&stop).await.unwrap_or_else(|error| {
                tracing::debug!(%error, "the outbox can't be read");
                Next::After(STORE_PAUSE)
            });
            if let Next::After(pause) = next {
                // Not longer than until the next measurement.
                let pause = pause.min(MEASURE_EVERY);
                tokio::select! {
                    () = tokio::time::sleep(pause) => {}
                    () = stop.cancelled() => {}
                }
            }
        }
    }

    async fn turn(&mut self, stop: &CancellationToken) -> Result<Next, StoreError> {
        if let Some(wait) = self.wait().await? {
            return Ok(Next::After(wait));
        }
        if !self.store.delivery_is_due(now()).await? {
            return Ok(Next::After(self.pace.idle));
        }
        let Some(turn) = self.store.sending_turn(self.pace.gap, now()).await? else {
            return Ok(Next::After(self.pace.idle));
        };
        tokio::select! {
            () = tokio::time::sleep(until(turn)) => {}
            () = stop.cancelled() => return Ok(Next::AtOnce),
        }
        // Another instance may have been told meanwhile.
        if let Some(wait) = self.wait().await? {
            return Ok(Next::After(wait));
        }
        let taken = self.store.next_delivery(self.pace.lease, now()).await?;
        if let Some((conversation, delivery)) = taken {
            let payload = payload(&conversation, &delivery, now());
            let answer = self.webhook.post(delivery.id, &payload).await;
            self.note(&conversation, &delivery, answer, stop).await;
        }
        Ok(Next::AtOnce)
    }

    /// How long Slack wants to hear nothing, if so.
    async fn wait(&self) -> Result<Option<Duration>, StoreError> {
        let now = now();
        let told = self.store.sending_held(now).await?;
        let held = told.max(self.held).filter(|held| *held > now);
        Ok(held.map(until))
    }

    async fn note(
        &mut self,
        conversation: &Conversation,
        delivery: &Delivery,
        answer: Answer,
        stop: &CancellationToken,
    ) {
        let (outcome, attempt) = self.judge(delivery, answer);
        metrics::counter!("slack_attempts_total", "outcome" => outcome).increment(1);
        if let Answer::Wait(_, wait) = answer {
            let wait = TimeDelta::from_std(wait).unwrap_or(TimeDelta::MAX);
            let until = now().plus(wait);
            self.held = Some(until);
            if let Err(error) = self.store.hold_sending(until).await {
                tracing::debug!(%error, "other instances don't know that Slack wants to wait");
            }
        }
        if let Attempt::Failed { reason, most, .. } = &attempt {
            let given_up = delivery.attempts >= *most;
            tracing::warn!(
                delivery = %delivery.id,
                conversation = conversation.id.number(),
                attempt = delivery.attempts,
                reason,
                given_up,
                "Slack was not told"
            );
        }
        self.report(conversation.id, delivery, attempt, stop).await;
    }

    fn judge(&self, delivery: &Delivery, answer: Answer) -> (&'static str, Attempt) {
        let pace = &self.pace;
        match answer {
            Answer::Delivered => ("delivered", Attempt::Delivered),
            Answer::Wait(reason, wait) => {
                let again_in = TimeDelta::from_std(wait).unwrap_or(pace.longest_pause);
                let attempt = Attempt::Postponed { reason, again_in };
                ("postponed", attempt)
            }
            Answer::Failed(reason) => {
                let (first, longest) = (pace.first_pause, pace.longest_pause);
                let attempt = Attempt::Failed {
                    reason,
                    again_in: pause(delivery.attempts, first, longest, fastrand::i64(SHARES)),
                    most: pace.most_attempts,
                };
                ("failed", attempt)
            }
            Answer::Refused(reason) => {
                let attempt = Attempt::Failed {
                    reason,
                    again_in: TimeDelta::zero(),
                    // The first attempt was one too many.
                    most: 1,
                };
                ("refused", attempt)
            }
        }
    }

    /// What isn't written down is done again after the lease, under the same id.
    async fn report(
        &self,
        of: ConversationId,
        delivery: &Delivery,
        attempt: Attempt,
        stop: &CancellationToken,
    ) {
        let mut of = of;
        for _ in 0..REPORTS {
            let told = self.store.report(of, delivery.id, attempt.clone(), now());
            match told.await {
                Ok(_) => return,
                // A guest signed in meanwhile, and his conversation moved to the member's.
                Err(ChangeError::Refused(Refusal::Moved(into))) => of = into,
                // He was erased, and the delivery with him.
                Err(ChangeError::Refused(_)) => return,
                Err(ChangeError::Store(error)) => {
                    tracing::debug!(%error, "what became of a delivery can't be written down");
                    if stop.is_cancelled() {
                        return;
                    }
                    tokio::time::sleep(STORE_PAUSE).await;
                }
            }
        }
    }

    async fn measure(&self) {
        let backlog = match self.store.backlog().await {
            Ok(backlog) => backlog,
            Err(error) => {
                tracing::debug!(%error, "the outbox can't be counted");
                return;
            }
        };
        let count = |number: usize| f64::from(u32::try_from(number).unwrap_or(u32::MAX));
        let age = backlog.oldest.map_or(0, |oldest| {
            now().millis().saturating_sub(oldest.millis()).max(0) / 1_000
        });
        let age = f64::from(u32::try_from(age).unwrap_or(u32::MAX));
        metrics::gauge!("slack_deliveries_waiting").set(count(backlog.waiting));
        metrics::gauge!("slack_delivery_oldest_age_seconds").set(age);
        metrics::gauge!("slack_dead_letters").set(count(backlog.dead));
    }
}

fn now() -> Moment {
    Moment::from(Utc::now())
}

fn until(moment: Moment) -> Duration {
    let millis = moment.millis().saturating_sub(now().millis());
    Duration::from_millis(u64::try_from(millis).unwrap_or(0))
}

fn describe() {
    metrics::describe_counter!("slack_attempts_total", "Messages to Slack, by outcome.");
    metrics::describe_gauge!(
        "slack_deliveries_waiting",
        "Messages that Slack doesn't have yet, of at most 500 conversations."
    );
    metrics::describe_gauge!(
        "slack_delivery_oldest_age_seconds",
        "Age of the oldest of them."
    );
    metrics::describe_gauge!(
        "slack_dead_letters",
        "Messages to Slack that were given up, of at most 500 conversations."
    );
}
