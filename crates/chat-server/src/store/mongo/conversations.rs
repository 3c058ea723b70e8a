//! Steps in conversations.

use std::collections::HashMap;
use std::time::Duration;

use mongodb::Collection;
use mongodb::bson::{Document, doc};

use super::documents::{conversation, date, message, read_conversation, read_message};
use super::{Connection, is_duplicate};
use crate::store::error::{ChangeError, StoreError};
use crate::store::model::{
    Changed, Command, Conversation, ConversationId, Message, Moment, Refusal, Rules, Sealed, Seq,
    Step,
};

/// Most attempts to write over the version that was read; others write in between.
const ATTEMPTS: u32 = 40;

/// Longest pause between two of them.
const LONGEST_PAUSE: Duration = Duration::from_millis(64);

type Result<T> = std::result::Result<T, StoreError>;

/// What became of each command of a group.
pub(super) type Outcomes = Vec<std::result::Result<Changed, Refusal>>;

impl Connection {
    /// Takes steps in one conversation, all in one write.
    pub(super) async fn change(
        &self,
        id: ConversationId,
        commands: &[Command],
        rules: &Rules,
    ) -> Result<Outcomes> {
        for attempt in 0..ATTEMPTS {
            if let Some(outcomes) = self.try_change(id, commands, rules).await? {
                return Ok(outcomes);
            }
            // Somebody else was quicker. Different for each, so that they don't meet again.
            let spread = u64::try_from(uuid::Uuid::new_v4().as_u128() & 7).unwrap_or(0);
            let pause = Duration::from_millis(u64::from(attempt).saturating_add(spread));
            tokio::time::sleep(pause.min(LONGEST_PAUSE)).await;
        }
        Err(StoreError::Contended)
    }

    /// `None`: somebody else has written since it was read.
    async fn try_change(
        &self,
        id: ConversationId,
        commands: &[Command],
        rules: &Rules,
    ) -> Result<Option<Outcomes>> {
        let found = self.conversations.find_one(by_id(id)).await?;
        let Some(found) = found else {
            let none = commands.iter().map(|_| Err(Refusal::NoConversation));
            return Ok(Some(none.collect()));
        };
        let person = found.get("person").cloned();
        let (head, tail) = read_conversation(found)?;
        // Left by somebody who died before he copied it.
        self.copy(id, &tail).await?;
        let version = head.version;
        let known = self.known(id, commands).await?;
        let mut step = Step::new(head, &known, rules);
        let mut outcomes: Outcomes = commands.iter().map(|one| step.apply(one)).collect();
        let changes = step.changes();
        let (head, added) = step.finish();
        if let [Ok(changed)] = outcomes.as_mut_slice() {
            // Of several it stays what it was: only the last of them is what is stored, and who follows looks again.
            changed.conversation.version = head.version;
        }
        if changes {
            let mut document = conversation(&head, &added)?;
            // Never another one: servers differ in when they let go of a unique value.
            document.insert("person", person);
            let over = doc! {"_id": id.to_string(), "version": version};
            let written = self.conversations.replace_one(over, document).await?;
            if written.matched_count == 0 {
                return Ok(None);
            }
        }
        if head.sealed == Some(Sealed::Erased) {
            // Also when it is repeated: it may have been interrupted.
            self.finish_erasure(&head).await?;
        } else if let Err(error) = self.copy(id, &added).await {
            // The step is taken; whoever comes next does this.
            tracing::debug!(%error, "messages are copied later");
        }
        Ok(Some(outcomes))
    }

    /// Deletes what an erased person said, and frees his name for a new conversation. The empty
    /// conversation stays, under a name of nobody's.
    async fn finish_erasure(&self, head: &Conversation) -> Result<()> {
        self.delete_messages(head.id).await?;
        let named = doc! {
            "_id": head.id.to_string(),
            "person": {"$ne": head.keys().person},
        };
        let freed = self.conversations.delete_one(named).await?;
        if freed.deleted_count > 0 {
            insert(&self.conversations, &conversation(head, &[])?).await?;
        }
        Ok(())
    }

    /// Copies messages to their collection, in order, and takes them out of the conversation.
    async fn copy(&self, id: ConversationId, tail: &[Message]) -> Result<()> {
        let Some(last) = tail.last() else {
            return Ok(());
        };
        let documents = tail
            .iter()
            .map(|one| message(id, one))
            .collect::<Result<Vec<_>>>()?;
        match self.messages.insert_many(&documents).ordered(true).await {
            Ok(_) => {}
            Err(error) if is_duplicate(&error) => {
                // Some are there: one after the other, still in order.
                for document in &documents {
                    insert(&self.messages, document).await?;
                }
            }
            Err(error) => return Err(error.into()),
        }
        let alive = doc! {"_id": id.to_string(), "erased": false};
        let copied = doc! {"$pull": {"tail": {"seq": {"$lte": last.seq}}}};
        let updated = self.conversations.update_one(alive, copied).await?;
        if updated.matched_count == 0 {
            // Erased meanwhile: what was on its way must go as well.
            self.delete_messages(id).await?;
        }
        Ok(())
    }

    pub(super) async fn delete_messages(&self, id: ConversationId) -> Result<()> {
        let all = doc! {"conversation": id.to_string()};
        self.messages.delete_many(all).await?;
        Ok(())
    }

    /// Writes down at each message when it is deleted.
    pub(super) async fn purge(&self, id: ConversationId, at: Moment, to: Seq) -> Result<()> {
        // What was said since then may wait for an answer.
        let those = doc! {"conversation": id.to_string(), "seq": {"$lte": to}};
        let set = doc! {"$set": {"purgeAt": date(Some(at))}};
        self.messages.update_many(those, set).await?;
        Ok(())
    }

    /// The messages that are there under these keys. All of them are copied.
    async fn known(
        &self,
        id: ConversationId,
        commands: &[Command],
    ) -> Result<HashMap<String, Message>> {
        let keys: Vec<String> = commands.iter().flat_map(Command::keys).collect();
        if keys.is_empty() {
            return Ok(HashMap::new());
        }
        let filter = doc! {"conversation": id.to_string(), "key": {"$in": keys}};
        let mut cursor = self.messages.find(filter).await?;
        let mut known = HashMap::new();
        while cursor.advance().await? {
            let message = read_message(cursor.deserialize_current()?)?;
            known.insert(message.key.clone(), message);
        }
        Ok(known)
    }

    pub(super) async fn open(&self, new: &Conversation) -> Result<Conversation> {
        let keys = new.keys();
        if let Some(known) = self.find(doc! {"person": &keys.person}).await? {
            if known.sealed != Some(Sealed::Erased) {
                return Ok(known);
            }
            self.finish_erasure(&known).await?;
        }
        let document = conversation(new, &[])?;
        insert(&self.conversations, &document).await?;
        let known = self.find(doc! {"person": &keys.person}).await?;
        known.ok_or(StoreError::Contended)
    }

    pub(super) async fn bury(&self, id: ConversationId) -> Result<()> {
        self.delete_messages(id).await?;
        let gone = doc! {"_id": id.to_string(), "erased": true};
        self.conversations.delete_one(gone).await?;
        Ok(())
    }
}

pub(super) fn by_id(id: ConversationId) -> Document {
    doc! {"_id": id.to_string()}
}

/// Inserts what may be there already.
async fn insert(collection: &Collection<Document>, document: &Document) -> Result<bool> {
    match collection.insert_one(document).await {
        Ok(_) => Ok(true),
        Err(error) if is_duplicate(&error) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// For each of a group: what went wrong for all.
pub(super) fn same_for_each(error: &StoreError) -> ChangeError {
    let error = match error {
        StoreError::TimedOut => StoreError::TimedOut,
        StoreError::Contended => StoreError::Contended,
        other => StoreError::NoAnswer(other.to_string().into()),
    };
    error.into()
}
