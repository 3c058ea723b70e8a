//! What Slack is told, at least once each, under one id.

use chrono::TimeDelta;

use crate::store::engine::{Engine, Kind, MOST_ROWS, Record, Which};
use crate::store::model::{
    Attempt, Changed, Command, Conversation, ConversationId, Delivery, DeliveryId, Moment,
};
use crate::store::{ChangeError, Store, StoreError, on};

/// How many conversations are looked at for one delivery: others take some at the same time.
const LOOK_AT: i64 = 32;
/// Turns that are tried before somebody is told to ask later.
const MOST_TURNS: i64 = 64;
/// How long a turn is remembered after it has passed: longer than clocks of instances differ.
const TURN_KEPT: TimeDelta = TimeDelta::minutes(5);
/// Until when nothing is sent; one record.
const HELD: &str = "held";

/// What lies in the outboxes of all conversations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Backlog {
    /// Deliveries that are tried or will be.
    pub waiting: usize,
    /// Since when the oldest of them waits.
    pub oldest: Option<Moment>,
    /// Deliveries that were given up.
    pub dead: usize,
}

impl Store {
    /// Takes the delivery that is due first. Until the lease ends nobody else gets it; after it,
    /// somebody does, unless [`report`](Self::report) was called.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn next_delivery(
        &self,
        lease: TimeDelta,
        at: Moment,
    ) -> Result<Option<(Conversation, Delivery)>, StoreError> {
        for head in self.conversations(Which::DeliveryDue(at), LOOK_AT).await? {
            let take = Command::TakeDelivery(at, at.plus(lease));
            match self.step(head.id, take).await {
                Ok(Changed {
                    conversation,
                    delivery: Some(delivery),
                    ..
                }) => return Ok(Some((conversation, delivery))),
                // Somebody else was quicker.
                Ok(_) | Err(ChangeError::Refused(_)) => {}
                Err(ChangeError::Store(error)) => return Err(error),
            }
        }
        Ok(None)
    }

    /// Says what became of a delivery.
    ///
    /// # Errors
    /// When the conversation is gone or the store fails.
    pub async fn report(
        &self,
        id: ConversationId,
        delivery: DeliveryId,
        attempt: Attempt,
        at: Moment,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::Report(delivery, attempt, at)).await
    }

    /// Deliveries that were given up, the longest first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn dead_letters(
        &self,
        limit: i64,
    ) -> Result<Vec<(ConversationId, Delivery)>, StoreError> {
        let heads = self.conversations(Which::DeadLetters, limit).await?;
        let dead = |head: Conversation| {
            let id = head.id;
            let given_up = |one: &Delivery| one.due().is_none();
            head.outbox
                .into_iter()
                .filter(given_up)
                .map(move |one| (id, one))
        };
        Ok(heads.into_iter().flat_map(dead).collect())
    }

    /// Tries one that was given up again, from the beginning.
    ///
    /// # Errors
    /// When there is none of this id, or the store fails.
    pub async fn resend(
        &self,
        id: ConversationId,
        delivery: DeliveryId,
        at: Moment,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::Resend(delivery, at)).await
    }

    /// Whether a delivery is due.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn delivery_is_due(&self, at: Moment) -> Result<bool, StoreError> {
        let heads = self.conversations(Which::DeliveryDue(at), 1).await?;
        Ok(!heads.is_empty())
    }

    /// What waits and what was given up, of at most [`MOST_ROWS`] conversations each.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn backlog(&self) -> Result<Backlog, StoreError> {
        let whenever = Which::DeliveryDue(Moment::from_millis(i64::MAX));
        let heads = self.conversations(whenever, MOST_ROWS).await?;
        let due = heads.iter().flat_map(|head| &head.outbox);
        let due = due.filter(|one| one.due().is_some());
        Ok(Backlog {
            waiting: due.clone().count(),
            oldest: due.map(|one| one.created_at).min(),
            dead: self.dead_letters(MOST_ROWS).await?.len(),
        })
    }

    /// The next turn to send, given to nobody else: turns of all instances are `gap` apart. `None`:
    /// all of the next ones are taken.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sending_turn(
        &self,
        gap: TimeDelta,
        at: Moment,
    ) -> Result<Option<Moment>, StoreError> {
        let gap = gap.num_milliseconds().max(1);
        let next = at.millis().div_euclid(gap).saturating_add(1);
        for number in next..next.saturating_add(MOST_TURNS) {
            let turn = Moment::from_millis(number.saturating_mul(gap));
            let record = Record {
                kind: Kind::Slack,
                id: format!("turn:{gap}:{number}"),
                owner: String::new(),
                sort: turn.millis(),
                expires_at: Some(turn.plus(TURN_KEPT)),
                body: "{}".to_owned(),
            };
            if on!(self, engine => engine.add(record).await)? {
                return Ok(Some(turn));
            }
        }
        Ok(None)
    }

    /// Nothing is sent by any instance before this moment: Slack has asked for it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn hold_sending(&self, until: Moment) -> Result<(), StoreError> {
        let record = Record {
            kind: Kind::Slack,
            id: HELD.to_owned(),
            owner: String::new(),
            sort: until.millis(),
            expires_at: Some(until),
            body: "{}".to_owned(),
        };
        on!(self, engine => engine.put(record).await)
    }

    /// Until when nothing may be sent, where that is so.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sending_held(&self, at: Moment) -> Result<Option<Moment>, StoreError> {
        let held = on!(self, engine => engine.record(Kind::Slack, HELD, at).await)?;
        Ok(held.and_then(|record| record.expires_at))
    }
}
