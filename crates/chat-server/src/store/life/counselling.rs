//! From the queue to a counsellor, to the end.

use chrono::TimeDelta;

use super::rows;
use crate::store::engine::{Engine, MOST_ROWS, Which};
use crate::store::model::{
    Changed, Closer, Command, Conversation, ConversationId, Counsellor, DeliveryId, Moment, Rating,
    StaffId, Topic,
};
use crate::store::{ChangeError, Store, StoreError, on};

/// A place in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1 on.
    pub position: i64,
    /// How many wait.
    pub waiting: i64,
}

impl Store {
    /// Joins the queue; Slack is told in the same step. Who waits already goes on waiting.
    ///
    /// # Errors
    /// When a counsellor is there already, or the store fails.
    pub async fn request(
        &self,
        id: ConversationId,
        topic: Option<Topic>,
        at: Moment,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::Request(topic, DeliveryId::random(), at))
            .await
    }

    /// Leaves the queue.
    ///
    /// # Errors
    /// When a counsellor is there already, or the store fails.
    pub async fn cancel(&self, id: ConversationId, at: Moment) -> Result<Changed, ChangeError> {
        self.step(id, Command::Cancel(at)).await
    }

    /// Takes a conversation: exactly one counsellor can. The bot is silent from this step on.
    ///
    /// # Errors
    /// [`AlreadyClaimed`](crate::store::model::Refusal::AlreadyClaimed) with the winner.
    pub async fn claim(
        &self,
        id: ConversationId,
        counsellor: Counsellor,
        lease: TimeDelta,
        at: Moment,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::Claim(counsellor, at.plus(lease), at))
            .await
    }

    /// A sign of life of a counsellor: prolongs all that he holds. How many.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn renew(
        &self,
        staff: &StaffId,
        lease: TimeDelta,
        at: Moment,
    ) -> Result<usize, StoreError> {
        let held = self
            .conversations(Which::HeldBy(staff.clone()), MOST_ROWS)
            .await?;
        let until = at.plus(lease);
        let renewed = self
            .each(held, |_| Command::Renew(staff.clone(), until))
            .await?;
        Ok(renewed.len())
    }

    /// Puts those whose counsellor gives no sign of life at the head of the queue.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn return_lost(&self, at: Moment) -> Result<Vec<Changed>, StoreError> {
        let lost = self.conversations(Which::LeaseOut(at), MOST_ROWS).await?;
        self.each(lost, |_| Command::Return(at)).await
    }

    /// A counsellor gives a conversation up: to the head of the queue.
    ///
    /// # Errors
    /// When it isn't his, or the store fails.
    pub async fn give_up(
        &self,
        id: ConversationId,
        staff: StaffId,
        at: Moment,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::GiveUp(staff, at)).await
    }

    /// Hands a conversation to another counsellor.
    ///
    /// # Errors
    /// When it isn't his, or the store fails.
    pub async fn transfer(
        &self,
        id: ConversationId,
        from: StaffId,
        to: Counsellor,
        lease: TimeDelta,
        at: Moment,
    ) -> Result<Changed, ChangeError> {
        self.step(id, Command::Transfer(from, to, at.plus(lease), at))
            .await
    }

    /// Ends a counselling.
    ///
    /// # Errors
    /// When there is none, it isn't his, something was said meanwhile, or the store fails.
    pub async fn end(
        &self,
        id: ConversationId,
        closer: Closer,
        at: Moment,
    ) -> Result<Changed, ChangeError> {
        let ended = self.step(id, Command::Close(closer, at)).await?;
        if !ended.repeated {
            self.note_length(&ended.conversation).await;
        }
        Ok(ended)
    }

    /// Rates the last counselling, once.
    ///
    /// # Errors
    /// When there is none that has ended, or it is rated otherwise.
    pub async fn rate(&self, id: ConversationId, rating: Rating) -> Result<Changed, ChangeError> {
        self.step(id, Command::Rate(rating)).await
    }

    /// Where a conversation stands in the queue; `None`: it doesn't wait.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn place(&self, conversation: &Conversation) -> Result<Option<Place>, StoreError> {
        let Some(key) = conversation.queue_key() else {
            return Ok(None);
        };
        let place = Some((key, conversation.id));
        let (before, waiting) = on!(self, engine => engine.queue(place).await)?;
        let position = before.saturating_add(1);
        Ok(Some(Place {
            position,
            waiting: waiting.max(position),
        }))
    }

    /// How many wait.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn waiting(&self) -> Result<i64, StoreError> {
        let (_, waiting) = on!(self, engine => engine.queue(None).await)?;
        Ok(waiting)
    }

    /// Calls somebody (through the outbox) for all who have waited so long, once an episode.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn escalate(&self, after: TimeDelta, at: Moment) -> Result<Vec<Changed>, StoreError> {
        let due = |one: &Conversation| {
            !one.escalated && one.queued_at.is_some_and(|since| since.plus(after) <= at)
        };
        let mut waiting = self.conversations(Which::Waiting, rows(MOST_ROWS)).await?;
        waiting.retain(due);
        self.each(waiting, |_| {
            Command::Escalate(DeliveryId::random(), after, at)
        })
        .await
    }

    /// The same step for several; those that refuse it were quicker, and are left out.
    pub(super) async fn each(
        &self,
        heads: Vec<Conversation>,
        command: impl Fn(&Conversation) -> Command,
    ) -> Result<Vec<Changed>, StoreError> {
        let mut done = Vec::with_capacity(heads.len());
        for head in heads {
            match self.step(head.id, command(&head)).await {
                Ok(changed) => done.push(changed),
                Err(ChangeError::Refused(_)) => {}
                Err(ChangeError::Store(error)) => return Err(error),
            }
        }
        Ok(done)
    }
}
