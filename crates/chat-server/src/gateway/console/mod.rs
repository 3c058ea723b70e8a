//! Events of counsellors, one file each, and what they may see.
//!
//! A counsellor reads what is his, what waits, and what was left for anybody; an admin reads everything. Only the
//! holder of a conversation may act in it. What somebody opens, reads or changes is recorded before it happens;
//! without the record it doesn't.

mod canned;
mod claim;
mod close;
mod history;
mod note;
mod open;
mod presence;
mod read;
mod send;
mod transfer;
mod typing;

use super::call::{Call, Event, Needs, Reply, Then};
use super::failure::Failure;
use crate::identity::Staff;
use crate::store::model::{Conversation, ConversationId, Refusal, State};
use crate::store::{Access, AccessKind};

/// All of them.
pub(super) const EVENTS: &[&Event] = &[
    &canned::EVENT,
    &claim::EVENT,
    &close::EVENT,
    &history::EVENT,
    &note::EVENT,
    &open::EVENT,
    &presence::EVENT,
    &read::EVENT,
    &send::EVENT,
    &transfer::EVENT,
    &typing::EVENT,
];

/// Whether a counsellor may read a conversation.
fn may_read(head: &Conversation, staff: &Staff) -> bool {
    let own = head
        .counsellor
        .as_ref()
        .is_some_and(|one| one.id == staff.id);
    let idle = matches!(head.state, State::Bot | State::Closed);
    head.is_held_by(&staff.id)
        || head.state == State::Waiting
        || (head.unanswered && idle)
        || (own && head.state == State::Closed)
        || staff.admin
}

impl Call {
    /// A conversation that the counsellor may read.
    async fn readable(&self, id: ConversationId) -> Result<(Staff, Conversation), Failure> {
        let (staff, head) = self.found(id).await?;
        if !may_read(&head, &staff) {
            return Err(Refusal::NotYours.into());
        }
        Ok((staff, head))
    }

    /// A conversation that the counsellor holds.
    async fn held(&self, id: ConversationId) -> Result<(Staff, Conversation), Failure> {
        let (staff, head) = self.found(id).await?;
        if !head.is_held_by(&staff.id) {
            return Err(Refusal::NotYours.into());
        }
        Ok((staff, head))
    }

    /// A conversation of somebody else: nobody counsels himself, or reads the notes about himself.
    async fn found(&self, id: ConversationId) -> Result<(Staff, Conversation), Failure> {
        let staff = self.staff()?;
        let head = self.house.store.conversation(id).await?;
        let head = head.filter(|head| head.sealed.is_none());
        let head = head.ok_or(Refusal::NoConversation)?;
        if head.person.is_some() && head.person == self.who.person {
            let text = "자신의 상담은 맡거나 볼 수 없어요.";
            return Err(Failure::new("own_conversation", text));
        }
        Ok((staff, head))
    }

    /// Records what the counsellor is about to do. What can't be recorded isn't done.
    async fn record(
        &self,
        staff: &Staff,
        kind: AccessKind,
        conversation: Option<ConversationId>,
    ) -> Result<(), Failure> {
        let access = Access {
            staff: staff.id.clone(),
            kind,
            conversation,
            at: self.now(),
        };
        self.house.store.record_access(&access).await?;
        Ok(())
    }

    /// Makes sure that this socket counts as a counsellor's, which keeps his conversations.
    async fn stay(&self, staff: &Staff) -> Result<(), Failure> {
        if self.house.console.knows(self.session.key, &staff.id) {
            return Ok(());
        }
        self.enter(staff).await
    }

    /// The same with a sign of life at once, which keeps what he held before he was cut off.
    async fn enter(&self, staff: &Staff) -> Result<(), Failure> {
        let store = &self.house.store;
        let all = store.colleagues(self.now()).await?;
        let known = all.iter().find(|one| one.counsellor.id == staff.id);
        let console = &self.house.console;
        let own = console.enter(&self.session, staff, known, self.now());
        console.beat(store, &own, self.now()).await?;
        Ok(())
    }
}
