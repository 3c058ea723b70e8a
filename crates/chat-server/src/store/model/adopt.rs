//! A guest's conversation moves into a member's; a person is forgotten.

use super::apply::{Effect, Step};
use super::command::adopted_key;
use super::{
    Conversation, ConversationId, Delivery, Episode, MOST_DELIVERIES, Message, Moment, Person,
    Sealed, State,
};

/// Most conversations that are remembered as taken over: a move is repeated soon or never.
const MOST_ADOPTED: usize = 8;

impl Step<'_> {
    pub(super) fn seal_for(&mut self, into: ConversationId) -> Effect {
        if self.head.sealed.is_some() {
            return Effect::repeated();
        }
        // The person stays until all has moved, so that an interrupted move is found again.
        self.head.sealed = Some(Sealed::Merged(into));
        self.head.bot_turn = self.head.bot_turn.saturating_add(1);
        Effect::default()
    }

    pub(super) fn adopt(
        &mut self,
        from: ConversationId,
        messages: &[Message],
        at: Moment,
    ) -> Effect {
        let mut taken = false;
        for message in messages {
            let key = adopted_key(from, message.seq);
            if self.earlier(&key).is_some() {
                continue;
            }
            taken = true;
            let message = Message {
                key,
                ..message.clone()
            };
            self.push(message, at);
        }
        Effect {
            repeated: !taken,
            ..Effect::default()
        }
    }

    pub(super) fn adopt_episode(&mut self, episode: &Episode) -> Effect {
        let other = &episode.of;
        // A counsellor who is there goes before a place in the queue.
        let rank = |state| match state {
            State::Bot | State::Closed => 0,
            State::Waiting => 1,
            State::Live => 2,
        };
        let goes_on = rank(other.state) > rank(self.head.state);
        if self.head.adopted.contains(&other.id) {
            // Taken over before, by a move that was interrupted. What has happened since isn't undone.
            return Effect::repeated();
        }
        if self.head.adopted.len() >= MOST_ADOPTED {
            self.head.adopted.remove(0);
        }
        self.head.adopted.push(other.id);
        self.head.unanswered |= other.unanswered;
        if goes_on {
            self.enter(other.state);
            let head = &mut self.head;
            head.episode = head.episode.saturating_add(1);
            head.topic.clone_from(&other.topic);
            head.queued_at = other.queued_at;
            head.returned = other.returned;
            head.claimed_at = other.claimed_at;
            head.counsellor.clone_from(&other.counsellor);
            head.lease_until = other.lease_until;
            head.escalated = other.escalated;
            head.closed_at = None;
            head.ended = None;
            head.purge_at = None;
            self.part_from_oneself(episode.at);
        }
        self.adopt_outbox(&other.outbox);
        for note in &other.notes {
            if !self.head.notes.contains(note) {
                self.head.notes.push(note.clone());
            }
        }
        if !goes_on {
            self.purge_all(episode.at);
        }
        Effect::default()
    }

    /// Nobody counsels himself: who has claimed a guest that turns out to be himself gives it back.
    fn part_from_oneself(&mut self, at: Moment) {
        let oneself = self.head.person.as_ref().and_then(Person::staff);
        if oneself.is_some_and(|staff| self.holds(&staff).is_ok()) {
            self.requeue_first(at);
        }
    }

    /// All that Slack is still to be told. Only what was given up makes room, as everywhere.
    fn adopt_outbox(&mut self, other: &[Delivery]) {
        let outbox = &mut self.head.outbox;
        for delivery in other {
            if outbox.iter().all(|one| one.id != delivery.id) {
                outbox.push(delivery.clone());
            }
        }
        while outbox.len() > MOST_DELIVERIES {
            let Some(dead) = outbox.iter().position(|one| one.due().is_none()) else {
                break;
            };
            outbox.remove(dead);
        }
    }

    /// What stays is a name without a person, so that a message that was on its way is found and
    /// deleted with it.
    pub(super) fn erase(&mut self, at: Moment) -> Effect {
        if self.head.sealed == Some(Sealed::Erased) {
            return Effect::repeated();
        }
        let head = &mut self.head;
        *head = Conversation {
            person: None,
            id: head.id,
            version: head.version,
            state: State::Closed,
            last_seq: head.last_seq,
            episode: head.episode,
            bot_turn: head.bot_turn.saturating_add(1),
            topic: None,
            queued_at: None,
            returned: false,
            claimed_at: None,
            counsellor: None,
            lease_until: None,
            closed_at: None,
            ended: None,
            unanswered: false,
            escalated: false,
            last_at: at,
            last_from: None,
            visitor_read: 0,
            staff_read: 0,
            ratings: Vec::new(),
            notes: Vec::new(),
            outbox: Vec::new(),
            purge_at: None,
            purge_to: 0,
            adopted: Vec::new(),
            sealed: Some(Sealed::Erased),
            created_at: head.created_at,
        };
        self.added.clear();
        Effect::default()
    }
}
