//! The outbox: taken for a while, done, tried again, given up, sent again.

use super::apply::{Effect, Step};
use super::{Attempt, Delivery, DeliveryId, Moment, Progress, Refusal};

impl Step<'_> {
    pub(super) fn take_delivery(&mut self, at: Moment, lease: Moment) -> Result<Effect, Refusal> {
        let due = |one: &&mut Delivery| one.due().is_some_and(|due| due <= at);
        let first = self
            .head
            .outbox
            .iter_mut()
            .filter(due)
            .min_by_key(|one| one.due());
        let delivery = first.ok_or(Refusal::NothingThere)?;
        delivery.progress = Progress::Due(lease);
        delivery.attempts = delivery.attempts.saturating_add(1);
        Ok(Effect {
            delivery: Some(delivery.clone()),
            ..Effect::default()
        })
    }

    pub(super) fn report(
        &mut self,
        id: DeliveryId,
        attempt: &Attempt,
        at: Moment,
    ) -> Result<Effect, Refusal> {
        let outbox = &mut self.head.outbox;
        let Some(place) = outbox.iter().position(|one| one.id == id) else {
            // Delivered, and told so before.
            return Ok(Effect::repeated());
        };
        match attempt {
            Attempt::Delivered => drop(outbox.remove(place)),
            Attempt::Postponed { reason, again_in } => {
                let delivery = outbox.get_mut(place).ok_or(Refusal::NothingThere)?;
                delivery.failure = Some((*reason).to_owned());
                delivery.attempts = delivery.attempts.saturating_sub(1);
                delivery.progress = Progress::Due(at.plus(*again_in));
            }
            Attempt::Failed {
                reason,
                again_in,
                most,
            } => {
                let delivery = outbox.get_mut(place).ok_or(Refusal::NothingThere)?;
                delivery.failure = Some((*reason).to_owned());
                delivery.progress = if delivery.attempts >= *most {
                    Progress::Dead
                } else {
                    Progress::Due(at.plus(*again_in))
                };
            }
        }
        Ok(Effect::default())
    }

    pub(super) fn resend(&mut self, id: DeliveryId, at: Moment) -> Result<Effect, Refusal> {
        let delivery = self.head.outbox.iter_mut().find(|one| one.id == id);
        let delivery = delivery.ok_or(Refusal::NothingThere)?;
        if delivery.progress != Progress::Dead {
            return Ok(Effect::repeated());
        }
        delivery.progress = Progress::Due(at);
        delivery.attempts = 0;
        Ok(Effect {
            delivery: Some(delivery.clone()),
            ..Effect::default()
        })
    }
}
