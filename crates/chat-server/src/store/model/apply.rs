//! One step, worked out on a copy.

use std::collections::HashMap;

use super::{
    Changed, Command, Conversation, Delivery, Message, Moment, Note, Rating, Refusal, Rules,
    Sealed, Seq, Side, State,
};

/// Most ratings that are kept of one person.
const MOST_RATINGS: usize = 20;
/// Most notes about one person.
const MOST_NOTES: usize = 100;

/// Steps that are written together: the conversation as it becomes, and the messages to add.
#[derive(Debug)]
pub struct Step<'a> {
    pub(super) head: Conversation,
    pub(super) added: Vec<Message>,
    pub(super) known: &'a HashMap<String, Message>,
    pub(super) rules: &'a Rules,
    changes: bool,
}

/// What a command did.
#[derive(Debug, Default)]
pub(super) struct Effect {
    pub(super) message: Option<Message>,
    pub(super) delivery: Option<Delivery>,
    /// Nothing has changed.
    pub(super) repeated: bool,
}

impl Effect {
    pub(super) fn repeated() -> Self {
        Self {
            repeated: true,
            ..Self::default()
        }
    }
}

impl<'a> Step<'a> {
    /// Begins at a conversation as it is stored. `known`: the stored messages among those that the
    /// commands would write ([`Command::keys`]).
    #[must_use]
    pub fn new(head: Conversation, known: &'a HashMap<String, Message>, rules: &'a Rules) -> Self {
        Self {
            head,
            added: Vec::new(),
            known,
            rules,
            changes: false,
        }
    }

    /// Whether there is anything to write.
    #[must_use]
    pub const fn changes(&self) -> bool {
        self.changes
    }

    /// What to write: the head, one version on, and the new messages.
    #[must_use]
    pub fn finish(mut self) -> (Conversation, Vec<Message>) {
        if self.changes {
            self.head.version = self.head.version.saturating_add(1);
        }
        (self.head, self.added)
    }

    /// Does what a command says. After a refusal everything is as before it.
    ///
    /// # Errors
    /// Why not.
    pub fn apply(&mut self, command: &Command) -> Result<Changed, Refusal> {
        let before = self.head.clone();
        let length = self.added.len();
        match self.admit(command).and_then(|()| self.carry_out(command)) {
            Ok(effect) => {
                self.changes |= !effect.repeated;
                Ok(Changed {
                    conversation: self.head.clone(),
                    message: effect.message,
                    repeated: effect.repeated,
                    delivery: effect.delivery,
                })
            }
            Err(refusal) => {
                self.head = before;
                self.added.truncate(length);
                Err(refusal)
            }
        }
    }

    fn admit(&self, command: &Command) -> Result<(), Refusal> {
        match (&self.head.sealed, command) {
            (None, _) | (_, Command::Erase(_) | Command::PurgeNoted(_)) => Ok(()),
            (Some(Sealed::Merged(into)), Command::SealFor(wanted)) if into == wanted => Ok(()),
            (Some(Sealed::Merged(into)), _) => Err(Refusal::Moved(*into)),
            (Some(Sealed::Erased), _) => Err(Refusal::NoConversation),
        }
    }

    fn carry_out(&mut self, command: &Command) -> Result<Effect, Refusal> {
        match command {
            Command::Append(draft) => self.append(draft),
            Command::Leave(draft, topic, id) => self.leave(draft, topic.as_ref(), *id),
            Command::Request(topic, id, at) => self.request(topic.as_ref(), *id, *at),
            Command::Cancel(at) => self.cancel(*at),
            Command::Claim(counsellor, lease, at) => self.claim(counsellor, *lease, *at),
            Command::Renew(staff, lease) => self.renew(staff, *lease),
            Command::Return(at) => self.give_back(*at),
            Command::GiveUp(staff, at) => self.give_up(staff, *at),
            Command::Transfer(from, to, lease, at) => self.transfer(from, to, *lease, *at),
            Command::Close(closer, at) => self.close(closer, *at),
            Command::Rate(rating) => self.rate(rating),
            Command::Read(side, seq) => Ok(self.read(*side, *seq)),
            Command::Note(note) => self.note(note),
            Command::Escalate(id, after, at) => self.escalate(*id, *after, *at),
            Command::TakeDelivery(at, lease) => self.take_delivery(*at, *lease),
            Command::Report(id, attempt, at) => self.report(*id, attempt, *at),
            Command::Resend(id, at) => self.resend(*id, *at),
            Command::SealFor(into) => Ok(self.seal_for(*into)),
            Command::Adopt(from, messages, at) => Ok(self.adopt(*from, messages, *at)),
            Command::AdoptEpisode(episode) => Ok(self.adopt_episode(episode)),
            Command::Erase(at) => Ok(self.erase(*at)),
            Command::PurgeNoted(at) => Ok(self.purge_noted(*at)),
        }
    }

    fn read(&mut self, side: Side, seq: Seq) -> Effect {
        let last = self.head.last_seq;
        let mark = match side {
            Side::Visitor => &mut self.head.visitor_read,
            Side::Staff => &mut self.head.staff_read,
        };
        let seq = seq.min(last);
        if seq <= *mark {
            return Effect::repeated();
        }
        *mark = seq;
        Effect::default()
    }

    fn rate(&mut self, rating: &Rating) -> Result<Effect, Refusal> {
        if !(1..=5).contains(&rating.score) {
            return Err(Refusal::Score);
        }
        let of_last = rating.episode == self.head.episode && self.head.episode > 0;
        if !of_last || self.head.closed_at.is_none() {
            return Err(Refusal::NothingThere);
        }
        if matches!(self.head.state, State::Waiting | State::Live) {
            return Err(Refusal::State(self.head.state));
        }
        let ratings = &mut self.head.ratings;
        if let Some(known) = ratings.iter().find(|one| one.episode == rating.episode) {
            let same = known.score == rating.score && known.comment == rating.comment;
            return if same {
                Ok(Effect::repeated())
            } else {
                Err(Refusal::AlreadyRated)
            };
        }
        if ratings.len() >= MOST_RATINGS {
            ratings.remove(0);
        }
        ratings.push(rating.clone());
        Ok(Effect::default())
    }

    fn note(&mut self, note: &Note) -> Result<Effect, Refusal> {
        let notes = &mut self.head.notes;
        let same = |one: &Note| one.id == note.id && one.by == note.by;
        if notes.iter().any(same) {
            return Ok(Effect::repeated());
        }
        if notes.len() >= MOST_NOTES {
            return Err(Refusal::TooMany);
        }
        notes.push(note.clone());
        Ok(Effect::default())
    }

    fn purge_noted(&mut self, at: Moment) -> Effect {
        if self.head.purge_at != Some(at) {
            return Effect::repeated();
        }
        self.head.purge_at = None;
        Effect::default()
    }
}
