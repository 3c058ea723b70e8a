//! Messages get their numbers here.

use super::apply::{Effect, Step};
use super::{
    Author, Delivery, DeliveryId, Draft, MOST_DELIVERIES, MOST_LINKS, MOST_QUICK_REPLIES, Message,
    MessageId, Moment, Refusal, Speaker, State, Subject, Topic,
};

impl Step<'_> {
    pub(super) fn append(&mut self, draft: &Draft) -> Result<Effect, Refusal> {
        // First of all: who repeats himself is answered as the first time, whatever has changed.
        if let Some(message) = self.earlier(&draft.key()) {
            return Ok(Effect {
                message: Some(message),
                repeated: true,
                ..Effect::default()
            });
        }
        let too_many =
            draft.links.len() > MOST_LINKS || draft.quick_replies.len() > MOST_QUICK_REPLIES;
        if too_many {
            return Err(Refusal::TooMany);
        }
        if draft
            .if_last_seq
            .is_some_and(|seq| seq != self.head.last_seq)
        {
            return Err(Refusal::Overtaken);
        }
        self.may_speak(&draft.author)?;
        let speaker = draft.author.speaker();
        match speaker {
            // The next word after a counselling goes to the bot.
            Speaker::Visitor if self.head.state == State::Closed => self.hand_to_bot(),
            Speaker::Counsellor => self.head.unanswered = false,
            Speaker::Visitor | Speaker::Bot | Speaker::System => {}
        }
        let message = self.push(
            Message {
                seq: 0,
                id: MessageId::random(),
                key: draft.key(),
                from: speaker,
                staff: match &draft.author {
                    Author::Counsellor(staff) => Some(staff.clone()),
                    Author::Visitor | Author::Bot { .. } | Author::System => None,
                },
                text: draft.text.clone(),
                links: draft.links.clone(),
                quick_replies: draft.quick_replies.clone(),
                sent_at: draft.at,
                purge_at: None,
            },
            draft.at,
        );
        Ok(Effect {
            message: Some(message),
            ..Effect::default()
        })
    }

    pub(super) fn leave(
        &mut self,
        draft: &Draft,
        topic: Option<&Topic>,
        id: DeliveryId,
    ) -> Result<Effect, Refusal> {
        if matches!(self.head.state, State::Waiting | State::Live) {
            // Said again after the state has moved on, it is still the message that it was.
            return match self.earlier(&draft.key()) {
                Some(_) => self.append(draft),
                None => Err(Refusal::State(self.head.state)),
            };
        }
        // Before the message, so that it is kept as what waits for an answer.
        let was = std::mem::replace(&mut self.head.unanswered, true);
        let effect = self.append(draft)?;
        if effect.repeated {
            self.head.unanswered = was;
            return Ok(effect);
        }
        self.head.topic = topic.cloned();
        self.tell(id, Subject::Left, draft.at)?;
        Ok(effect)
    }

    /// Puts a message at the end; it gets its number.
    pub(super) fn push(&mut self, mut message: Message, at: Moment) -> Message {
        let head = &mut self.head;
        head.last_seq = head.last_seq.saturating_add(1);
        head.last_at = head.last_at.max(at);
        head.last_from = Some(message.from);
        message.seq = head.last_seq;
        message.purge_at = self.purge_from(at);
        match message.from {
            Speaker::Visitor => self.head.visitor_read = message.seq,
            Speaker::Counsellor => self.head.staff_read = message.seq,
            Speaker::Bot | Speaker::System => {}
        }
        self.added.push(message.clone());
        message
    }

    /// A message that has this key already.
    pub(super) fn earlier(&self, key: &str) -> Option<Message> {
        let added = self.added.iter().find(|message| message.key == key);
        added.or_else(|| self.known.get(key)).cloned()
    }

    /// From when on a message of now is deleted. While somebody waits for an answer: not yet.
    pub(super) fn purge_from(&self, at: Moment) -> Option<Moment> {
        let idle = matches!(self.head.state, State::Bot | State::Closed);
        (idle && !self.head.unanswered).then(|| at.plus(self.rules.keep_messages))
    }

    /// Puts a delivery into the outbox. Where it is full, the oldest that was given up makes room:
    /// a broken webhook must not keep anybody from asking for help.
    pub(super) fn tell(
        &mut self,
        id: DeliveryId,
        subject: Subject,
        at: Moment,
    ) -> Result<(), Refusal> {
        if !self.rules.notify {
            return Ok(());
        }
        let topic = self.head.topic.clone();
        let outbox = &mut self.head.outbox;
        if outbox.len() >= MOST_DELIVERIES {
            let dead = outbox.iter().position(|one| one.due().is_none());
            drop(outbox.remove(dead.ok_or(Refusal::TooMany)?));
        }
        outbox.push(Delivery::new(id, subject, topic, at));
        Ok(())
    }

    fn may_speak(&self, author: &Author) -> Result<(), Refusal> {
        match author {
            Author::Visitor | Author::System => Ok(()),
            Author::Bot { turn } => {
                let its_turn = self.head.state == State::Bot && self.head.bot_turn == *turn;
                its_turn.then_some(()).ok_or(Refusal::BotSilenced)
            }
            Author::Counsellor(staff) => self.holds(staff),
        }
    }
}
