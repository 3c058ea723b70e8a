//! From the bot to a counsellor and back: `bot → waiting → live → closed → bot`.

use chrono::TimeDelta;

use super::apply::{Effect, Step};
use super::{
    Closer, Counsellor, DeliveryId, Ended, Moment, Refusal, StaffId, State, Subject, Topic,
};

impl Step<'_> {
    pub(super) fn request(
        &mut self,
        topic: Option<&Topic>,
        id: DeliveryId,
        at: Moment,
    ) -> Result<Effect, Refusal> {
        match self.head.state {
            State::Waiting => return Ok(Effect::repeated()),
            State::Live => return Err(Refusal::State(State::Live)),
            State::Bot | State::Closed => {}
        }
        self.begin_episode(topic, at);
        self.enter(State::Waiting);
        self.tell(id, Subject::Requested, at)?;
        Ok(Effect::default())
    }

    pub(super) fn cancel(&mut self, at: Moment) -> Result<Effect, Refusal> {
        match self.head.state {
            State::Bot | State::Closed => return Ok(Effect::repeated()),
            State::Live => return Err(Refusal::State(State::Live)),
            State::Waiting => {}
        }
        self.hand_to_bot();
        self.purge_all(at);
        Ok(Effect::default())
    }

    /// The one winner is whoever's step is written; everybody later finds him here.
    pub(super) fn claim(
        &mut self,
        counsellor: &Counsellor,
        lease: Moment,
        at: Moment,
    ) -> Result<Effect, Refusal> {
        match (self.head.state, &self.head.counsellor) {
            (State::Waiting, _) => {}
            (State::Bot | State::Closed, _) if self.head.unanswered => {
                let topic = self.head.topic.clone();
                self.begin_episode(topic.as_ref(), at);
            }
            (State::Live, Some(holder)) if holder.id == counsellor.id => {
                return Ok(Effect::repeated());
            }
            (State::Live, Some(holder)) => return Err(Refusal::AlreadyClaimed(holder.clone())),
            (state, _) => return Err(Refusal::State(state)),
        }
        self.enter(State::Live);
        self.head.counsellor = Some(counsellor.clone());
        self.head.claimed_at = Some(at);
        self.head.lease_until = Some(lease);
        self.head.returned = false;
        Ok(Effect::default())
    }

    pub(super) fn renew(&mut self, staff: &StaffId, lease: Moment) -> Result<Effect, Refusal> {
        self.holds(staff)?;
        if self.head.lease_until >= Some(lease) {
            return Ok(Effect::repeated());
        }
        self.head.lease_until = Some(lease);
        Ok(Effect::default())
    }

    pub(super) fn give_back(&mut self, at: Moment) -> Result<Effect, Refusal> {
        if self.head.state != State::Live {
            return Err(Refusal::State(self.head.state));
        }
        if self.head.lease_until.is_some_and(|until| until > at) {
            return Err(Refusal::LeaseRuns);
        }
        self.requeue_first(at);
        Ok(Effect::default())
    }

    pub(super) fn give_up(&mut self, staff: &StaffId, at: Moment) -> Result<Effect, Refusal> {
        self.holds(staff)?;
        self.requeue_first(at);
        Ok(Effect::default())
    }

    pub(super) fn transfer(
        &mut self,
        from: &StaffId,
        to: &Counsellor,
        lease: Moment,
        at: Moment,
    ) -> Result<Effect, Refusal> {
        if self.holds(&to.id).is_ok() {
            return Ok(Effect::repeated());
        }
        self.holds(from)?;
        self.head.counsellor = Some(to.clone());
        self.head.lease_until = Some(lease);
        self.head.last_at = self.head.last_at.max(at);
        Ok(Effect::default())
    }

    pub(super) fn close(&mut self, closer: &Closer, at: Moment) -> Result<Effect, Refusal> {
        match closer {
            Closer::Counsellor(staff) if self.head.state != State::Closed => self.holds(staff)?,
            Closer::Idle(seq) if *seq != self.head.last_seq => return Err(Refusal::Overtaken),
            Closer::Counsellor(_) | Closer::Visitor | Closer::Idle(_) => {}
        }
        match self.head.state {
            State::Closed => return Ok(Effect::repeated()),
            State::Bot | State::Waiting => return Err(Refusal::State(self.head.state)),
            State::Live => {}
        }
        self.enter(State::Closed);
        self.head.lease_until = None;
        self.head.closed_at = Some(at);
        self.head.ended = Some(match closer {
            Closer::Visitor => Ended::Visitor,
            Closer::Counsellor(_) => Ended::Counsellor,
            Closer::Idle(_) => Ended::Idle,
        });
        self.purge_all(at);
        Ok(Effect::default())
    }

    pub(super) fn escalate(
        &mut self,
        id: DeliveryId,
        after: TimeDelta,
        at: Moment,
    ) -> Result<Effect, Refusal> {
        if self.head.state != State::Waiting {
            return Err(Refusal::State(self.head.state));
        }
        let since = self.head.queued_at.map(|since| since.plus(after));
        if self.head.escalated || since.is_some_and(|due| due > at) {
            return Ok(Effect::repeated());
        }
        self.head.escalated = true;
        self.tell(id, Subject::Escalated, at)?;
        Ok(Effect::default())
    }

    /// Whether this counsellor holds the conversation.
    pub(super) fn holds(&self, staff: &StaffId) -> Result<(), Refusal> {
        let holder = self.head.counsellor.as_ref().map(|one| &one.id);
        let holds = self.head.state == State::Live && holder == Some(staff);
        holds.then_some(()).ok_or(Refusal::NotYours)
    }

    /// Changes who answers. What the bot still thinks about dies with it.
    pub(super) fn enter(&mut self, state: State) {
        self.head.state = state;
        self.head.bot_turn = self.head.bot_turn.saturating_add(1);
    }

    pub(super) fn hand_to_bot(&mut self) {
        self.enter(State::Bot);
        self.head.queued_at = None;
        self.head.returned = false;
        self.head.lease_until = None;
    }

    /// From when on everything that was said may be deleted; while something waits: not yet.
    pub(super) fn purge_all(&mut self, at: Moment) {
        let Some(from) = self.purge_from(at) else {
            return;
        };
        self.head.purge_at = Some(from);
        self.head.purge_to = self.head.last_seq;
        for message in &mut self.added {
            message.purge_at = Some(from);
        }
    }

    fn begin_episode(&mut self, topic: Option<&Topic>, at: Moment) {
        let head = &mut self.head;
        head.episode = head.episode.saturating_add(1);
        head.topic = topic.cloned();
        head.queued_at = Some(at);
        head.returned = false;
        head.claimed_at = None;
        head.counsellor = None;
        head.lease_until = None;
        head.closed_at = None;
        head.ended = None;
        head.escalated = false;
        // What was to be deleted has to wait for this episode's end as well.
        head.purge_at = None;
    }

    pub(super) fn requeue_first(&mut self, at: Moment) {
        self.enter(State::Waiting);
        self.head.counsellor = None;
        self.head.lease_until = None;
        self.head.returned = true;
        self.head.queued_at.get_or_insert(at);
    }
}
