//! A guest becomes a member; a person is forgotten. Both go on where they were interrupted.

use domain::token::UserId;

use crate::store::engine::{Engine, MOST_ROWS, Span, Which};
use crate::store::model::{
    Command, Conversation, ConversationId, Episode, GuestId, Moment, Person, Refusal, Sealed,
};
use crate::store::{ChangeError, Store, StoreError, on};

/// Messages that move in one step.
const AT_ONCE: i64 = 100;

impl Store {
    /// Joins a guest's history to a member's: his messages come after the member's, a place in the
    /// queue or a counsellor goes with them, his tokens are revoked. Repeating it is harmless.
    /// The member's conversation; `None` where the guest had none.
    ///
    /// # Errors
    /// When the guest's history goes to somebody else already, or the store fails: then the rest
    /// is done by a repetition or by [`sweep`](Self::sweep).
    pub async fn merge(
        &self,
        guest: GuestId,
        member: UserId,
        at: Moment,
    ) -> Result<Option<Conversation>, ChangeError> {
        let Some(from) = self.conversation_of(&Person::Guest(guest)).await? else {
            self.revoke_guest(guest).await?;
            return Ok(None);
        };
        let into = self.open_conversation(Person::Member(member), at).await?;
        match self.step(from.id, Command::SealFor(into.id)).await {
            Ok(sealed) => self.finish_move(&sealed.conversation, into.id, at).await?,
            // Another device of his was quicker, and has finished.
            Err(ChangeError::Refused(Refusal::NoConversation)) => {}
            Err(error) => return Err(error),
        }
        Ok(self.conversation(into.id).await?)
    }

    /// Forgets a person: his conversation with everything in it, and a guest's tokens. Repeating
    /// it is harmless. Done means that nothing of him is found any more.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn erase(&self, person: &Person, at: Moment) -> Result<(), ChangeError> {
        // Also one that is erased and not yet deleted.
        if let Some(head) = on!(self, engine => engine.of_person(person).await)? {
            self.erase_conversation(head.id, at).await?;
            // What was on its way to him as a guest's.
            for other in self.conversations(Which::Sealed, MOST_ROWS).await? {
                if other.sealed == Some(Sealed::Merged(head.id)) {
                    self.drop_moved(&other, at).await?;
                }
            }
        }
        if let Person::Guest(guest) = person {
            self.revoke_guest(*guest).await?;
        }
        Ok(())
    }

    /// Finishes what a merge has begun.
    pub(super) async fn finish_move(
        &self,
        from: &Conversation,
        into: ConversationId,
        at: Moment,
    ) -> Result<(), ChangeError> {
        match self.move_messages(from, into, at).await {
            // The member was erased meanwhile, and his guest's history with him.
            Err(ChangeError::Refused(Refusal::NoConversation)) => {}
            other => other?,
        }
        self.drop_moved(from, at).await
    }

    async fn move_messages(
        &self,
        from: &Conversation,
        into: ConversationId,
        at: Moment,
    ) -> Result<(), ChangeError> {
        let mut after = 0;
        loop {
            let span = Span::After(after);
            let messages = on!(self, engine => engine.messages(from.id, span, AT_ONCE, at).await)?;
            let Some(last) = messages.last() else {
                break;
            };
            after = last.seq;
            self.step(into, Command::Adopt(from.id, messages, at))
                .await?;
        }
        let episode = Episode {
            of: Box::new(from.clone()),
            at,
        };
        self.step(into, Command::AdoptEpisode(episode)).await?;
        Ok(())
    }

    async fn drop_moved(&self, from: &Conversation, at: Moment) -> Result<(), ChangeError> {
        if let Some(Person::Guest(guest)) = &from.person {
            self.revoke_guest(*guest).await?;
        }
        self.erase_conversation(from.id, at).await
    }

    async fn erase_conversation(&self, id: ConversationId, at: Moment) -> Result<(), ChangeError> {
        match self.step(id, Command::Erase(at)).await {
            Ok(_) | Err(ChangeError::Refused(Refusal::NoConversation)) => Ok(()),
            Err(error) => Err(error),
        }
    }

    /// Goes on with merges that were interrupted, and buries what was erased long ago.
    pub(super) async fn tidy_sealed(
        &self,
        buried_before: Moment,
        at: Moment,
    ) -> Result<usize, StoreError> {
        let mut done: usize = 0;
        for head in self.conversations(Which::Sealed, MOST_ROWS).await? {
            match head.sealed {
                Some(Sealed::Merged(into)) => match self.finish_move(&head, into, at).await {
                    Ok(()) | Err(ChangeError::Refused(_)) => {}
                    Err(ChangeError::Store(error)) => return Err(error),
                },
                Some(Sealed::Erased) if head.last_at <= buried_before => {
                    on!(self, engine => engine.bury(head.id).await)?;
                }
                Some(Sealed::Erased) | None => continue,
            }
            done = done.saturating_add(1);
        }
        Ok(done)
    }
}
