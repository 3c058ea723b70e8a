//! MongoDB as every store.

use std::collections::HashMap;

use tokio::sync::oneshot;

use super::conversations::{Outcomes, same_for_each};
use super::lanes::Waiting;
use super::{MongoStore, within};
use crate::store::engine::{Engine, Kind, Page, Record, Span, Which};
use crate::store::error::{ChangeError, StoreError};
use crate::store::model::{
    Changed, Command, Conversation, ConversationId, Message, Moment, Person,
};

use mongodb::bson::doc;

type Result<T> = std::result::Result<T, StoreError>;

impl MongoStore {
    /// Writes group after group, until nobody waits.
    async fn drive(self, id: ConversationId) {
        loop {
            let group = self.lanes.next(id);
            if group.is_empty() {
                return;
            }
            let (commands, answers): (Vec<_>, Vec<_>) = group
                .into_iter()
                .map(|one| (one.command, one.answer))
                .unzip();
            let mut outcomes = self.write(id, &commands).await.map(Vec::into_iter);
            for answer in answers {
                let result = match &mut outcomes {
                    Ok(outcomes) => outcomes.next().map_or_else(
                        || Err(StoreError::Contended.into()),
                        |one| one.map_err(ChangeError::from),
                    ),
                    Err(error) => Err(same_for_each(error)),
                };
                // Nobody may be waiting any more.
                drop(answer.send(result));
            }
        }
    }

    async fn write(&self, id: ConversationId, commands: &[Command]) -> Result<Outcomes> {
        let outcomes = within(super::CALL, async {
            let connection = self.connection().await?;
            connection.change(id, commands, &self.rules).await
        })
        .await?;
        let last = outcomes.iter().rev().find_map(|one| one.as_ref().ok());
        if let Some(changed) = last
            && let Err(error) = self.note_purge(&changed.conversation).await
        {
            tracing::debug!(%error, "the end of messages is written down by the next sweep");
        }
        Ok(outcomes)
    }

    async fn note_purge(&self, head: &Conversation) -> Result<()> {
        let (id, Some(at)) = (head.id, head.purge_at) else {
            return Ok(());
        };
        within(super::CALL, async {
            let connection = self.connection().await?;
            connection.purge(id, at, head.purge_to).await?;
            let noted = [Command::PurgeNoted(at)];
            connection.change(id, &noted, &self.rules).await
        })
        .await?;
        Ok(())
    }
}

impl Engine for MongoStore {
    async fn change(
        &self,
        id: ConversationId,
        command: Command,
    ) -> std::result::Result<Changed, ChangeError> {
        let (answer, answered) = oneshot::channel();
        if self.lanes.join(id, Waiting { command, answer })? {
            // A task of its own: others wait for it, whether the caller goes on waiting or not.
            tokio::spawn(self.clone().drive(id));
        }
        match tokio::time::timeout(super::CALL, answered).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StoreError::NoAnswer("the write was given up".into()).into()),
            Err(_) => Err(StoreError::TimedOut.into()),
        }
    }

    async fn open(&self, new: Conversation) -> Result<Conversation> {
        within(super::CALL, async {
            self.connection().await?.open(&new).await
        })
        .await
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        within(super::CALL, async {
            self.connection()
                .await?
                .find(doc! {"_id": id.to_string()})
                .await
        })
        .await
    }

    async fn versions(&self, ids: Vec<ConversationId>) -> Result<HashMap<ConversationId, i64>> {
        within(super::CALL, async {
            self.connection().await?.versions(&ids).await
        })
        .await
    }

    async fn of_person(&self, person: &Person) -> Result<Option<Conversation>> {
        within(super::CALL, async {
            self.connection()
                .await?
                .find(doc! {"person": person.key()})
                .await
        })
        .await
    }

    async fn list(&self, which: Which, limit: i64) -> Result<Vec<Conversation>> {
        within(super::CALL, async {
            self.connection().await?.list(which, limit).await
        })
        .await
    }

    async fn queue(&self, place: Option<(i64, ConversationId)>) -> Result<(i64, i64)> {
        within(super::CALL, async {
            self.connection().await?.queue(place).await
        })
        .await
    }

    async fn messages(
        &self,
        id: ConversationId,
        span: Span,
        limit: i64,
        now: Moment,
    ) -> Result<Vec<Message>> {
        within(super::CALL, async {
            self.connection()
                .await?
                .messages(id, span, limit, now)
                .await
        })
        .await
    }

    async fn bury(&self, id: ConversationId) -> Result<()> {
        within(super::CALL, async {
            self.connection().await?.bury(id).await
        })
        .await
    }

    async fn settle(&self, id: ConversationId) -> Result<()> {
        match self.conversation(id).await? {
            Some(head) => self.note_purge(&head).await,
            None => Ok(()),
        }
    }

    async fn put(&self, record: Record) -> Result<()> {
        within(super::CALL, async {
            self.connection().await?.put(&record).await
        })
        .await
    }

    async fn add(&self, record: Record) -> Result<bool> {
        within(super::CALL, async {
            self.connection().await?.add(&record).await
        })
        .await
    }

    async fn raise(&self, record: Record) -> Result<bool> {
        within(super::CALL, async {
            self.connection().await?.raise(&record).await
        })
        .await
    }

    async fn record(&self, kind: Kind, id: &str, now: Moment) -> Result<Option<Record>> {
        within(super::CALL, async {
            self.connection().await?.record(kind, id, now).await
        })
        .await
    }

    async fn records(&self, page: Page) -> Result<Vec<Record>> {
        within(super::CALL, async {
            self.connection().await?.page(&page).await
        })
        .await
    }

    async fn remove(&self, kind: Kind, id: &str) -> Result<bool> {
        within(super::CALL, async {
            self.connection().await?.remove(kind, id).await
        })
        .await
    }

    async fn remove_owned(&self, kind: Kind, owner: &str) -> Result<()> {
        within(super::CALL, async {
            self.connection().await?.remove_owned(kind, owner).await
        })
        .await
    }

    async fn count(&self, record: Record) -> Result<()> {
        within(super::CALL, async {
            self.connection().await?.count(&record).await
        })
        .await
    }

    async fn sweep(&self, _now: Moment) -> Result<usize> {
        // Its TTL indexes do, once a minute; until then nobody is shown what is over.
        Ok(0)
    }
}
