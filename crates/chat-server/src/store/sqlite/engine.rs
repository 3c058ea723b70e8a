//! The embedded store as every store.

use std::collections::HashMap;

use super::{SqliteStore, conversations, records};
use crate::store::engine::{Engine, Kind, Page, Record, Span, Which};
use crate::store::error::{ChangeError, StoreError};
use crate::store::model::{
    Changed, Command, Conversation, ConversationId, Message, Moment, Person,
};

/// Most messages that are deleted in one transaction: others wait for it.
const SWEEP: i64 = 1_000;

type Result<T> = std::result::Result<T, StoreError>;

impl Engine for SqliteStore {
    async fn change(
        &self,
        id: ConversationId,
        command: Command,
    ) -> std::result::Result<Changed, ChangeError> {
        let rules = self.rules;
        self.writer
            .run(move |db| conversations::change(db, id, &command, &rules))
            .await
    }

    async fn open(&self, new: Conversation) -> Result<Conversation> {
        if let Some(person) = &new.person
            && let Some(known) = self.of_person(person).await?
        {
            return Ok(known);
        }
        self.writer
            .run(move |db| conversations::open(db, &new))
            .await
    }

    async fn conversation(&self, id: ConversationId) -> Result<Option<Conversation>> {
        self.read(move |db| conversations::find(db, id)).await
    }

    async fn versions(&self, ids: Vec<ConversationId>) -> Result<HashMap<ConversationId, i64>> {
        self.read(move |db| conversations::versions(db, &ids)).await
    }

    async fn of_person(&self, person: &Person) -> Result<Option<Conversation>> {
        let key = person.key();
        self.read(move |db| conversations::of_person(db, &key))
            .await
    }

    async fn list(&self, which: Which, limit: i64) -> Result<Vec<Conversation>> {
        self.read(move |db| conversations::list(db, which, limit))
            .await
    }

    async fn queue(&self, place: Option<(i64, ConversationId)>) -> Result<(i64, i64)> {
        self.read(move |db| conversations::queue(db, place)).await
    }

    async fn messages(
        &self,
        id: ConversationId,
        span: Span,
        limit: i64,
        now: Moment,
    ) -> Result<Vec<Message>> {
        self.read(move |db| conversations::messages_of(db, id, span, limit, now))
            .await
    }

    async fn bury(&self, id: ConversationId) -> Result<()> {
        self.writer.run(move |db| conversations::bury(db, id)).await
    }

    async fn settle(&self, _id: ConversationId) -> Result<()> {
        // It is done in the transaction that asks for it.
        Ok(())
    }

    async fn put(&self, record: Record) -> Result<()> {
        self.writer.run(move |db| records::put(db, record)).await
    }

    async fn add(&self, record: Record) -> Result<bool> {
        self.writer.run(move |db| records::add(db, record)).await
    }

    async fn raise(&self, record: Record) -> Result<bool> {
        self.writer.run(move |db| records::raise(db, record)).await
    }

    async fn record(&self, kind: Kind, id: &str, now: Moment) -> Result<Option<Record>> {
        let id = id.to_owned();
        self.read(move |db| records::find(db, kind, &id, now)).await
    }

    async fn records(&self, page: Page) -> Result<Vec<Record>> {
        self.read(move |db| records::page(db, page)).await
    }

    async fn remove(&self, kind: Kind, id: &str) -> Result<bool> {
        let id = id.to_owned();
        self.writer
            .run(move |db| records::remove(db, kind, &id))
            .await
    }

    async fn remove_owned(&self, kind: Kind, owner: &str) -> Result<()> {
        let owner = owner.to_owned();
        self.writer
            .run(move |db| records::remove_owned(db, kind, &owner))
            .await
    }

    async fn count(&self, record: Record) -> Result<()> {
        self.writer.run(move |db| records::count(db, record)).await
    }

    async fn sweep(&self, now: Moment) -> Result<usize> {
        let mut deleted: usize = self.writer.run(move |db| records::sweep(db, now)).await?;
        loop {
            let some = self
                .writer
                .run(move |db| conversations::sweep(db, now, SWEEP))
                .await?;
            deleted = deleted.saturating_add(some);
            if some == 0 {
                return Ok(deleted);
            }
        }
    }
}
