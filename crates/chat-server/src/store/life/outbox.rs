//! What Slack is told, at least once each, under one id.

use chrono::TimeDelta;

use crate::store::engine::Which;
use crate::store::model::{
    Attempt, Changed, Command, Conversation, ConversationId, Delivery, DeliveryId, Moment,
};
use crate::store::{ChangeError, Store, StoreError};

/// How many conversations are looked at for one delivery: others take some at the same time.
const LOOK_AT: i64 = 32;

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
}
