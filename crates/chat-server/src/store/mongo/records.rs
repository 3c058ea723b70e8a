//! Small things in MongoDB.

use mongodb::bson::{Bson, Document, doc};

use super::documents::{date, not_over};
use super::{Connection, is_duplicate};
use crate::store::engine::{Kind, Page, Record};
use crate::store::error::StoreError;
use crate::store::model::Moment;

type Result<T> = std::result::Result<T, StoreError>;

fn name(kind: Kind, id: &str) -> String {
    format!("{}:{id}", kind.as_str())
}

fn document(record: &Record) -> Document {
    doc! {
        "_id": name(record.kind, &record.id),
        "kind": record.kind.as_str(),
        "id": &record.id,
        "owner": &record.owner,
        "sort": record.sort,
        "expiresAt": date(record.expires_at),
        "body": &record.body,
    }
}

fn read(kind: Kind, document: &Document) -> Result<Record> {
    let unreadable = |error| StoreError::Unreadable(Box::new(error));
    let text = |field| document.get_str(field).map(str::to_owned);
    Ok(Record {
        kind,
        id: text("id").map_err(unreadable)?,
        owner: text("owner").map_err(unreadable)?,
        sort: document.get_i64("sort").map_err(unreadable)?,
        expires_at: match document.get("expiresAt") {
            Some(Bson::DateTime(at)) => Some(Moment::from_millis(at.timestamp_millis())),
            _ => None,
        },
        body: text("body").map_err(unreadable)?,
    })
}

impl Connection {
    pub(super) async fn put(&self, record: &Record) -> Result<()> {
        let document = document(record);
        let same = doc! {"_id": name(record.kind, &record.id)};
        self.records
            .replace_one(same, document)
            .upsert(true)
            .await?;
        Ok(())
    }

    pub(super) async fn add(&self, record: &Record) -> Result<bool> {
        match self.records.insert_one(document(record)).await {
            Ok(_) => Ok(true),
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn raise(&self, record: &Record) -> Result<bool> {
        let lower = doc! {
            "_id": name(record.kind, &record.id),
            "sort": {"$lt": record.sort},
        };
        let raise = self.records.replace_one(lower, document(record));
        match raise.upsert(true).await {
            Ok(_) => Ok(true),
            // One that is as high is there: it isn't found, and none can be made.
            Err(error) if is_duplicate(&error) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn record(&self, kind: Kind, id: &str, now: Moment) -> Result<Option<Record>> {
        let filter = doc! {"_id": name(kind, id), "$or": not_over("expiresAt", now)};
        let found = self.records.find_one(filter).await?;
        found.map(|found| read(kind, &found)).transpose()
    }

    pub(super) async fn page(&self, page: &Page) -> Result<Vec<Record>> {
        let mut filter = doc! {
            "kind": page.kind.as_str(),
            "$or": not_over("expiresAt", page.now),
        };
        if let Some(owner) = &page.owner {
            filter.insert("owner", owner);
        }
        if let Some(below) = page.below {
            filter.insert("sort", doc! {"$lt": below});
        }
        let query = self.records.find(filter).sort(doc! {"sort": -1, "_id": 1});
        let mut cursor = query.limit(page.limit).await?;
        let mut found = Vec::new();
        while cursor.advance().await? {
            found.push(read(page.kind, &cursor.deserialize_current()?)?);
        }
        Ok(found)
    }

    pub(super) async fn remove(&self, kind: Kind, id: &str) -> Result<bool> {
        let removed = self
            .records
            .delete_one(doc! {"_id": name(kind, id)})
            .await?;
        Ok(removed.deleted_count > 0)
    }

    pub(super) async fn remove_owned(&self, kind: Kind, owner: &str) -> Result<()> {
        let owned = doc! {"kind": kind.as_str(), "owner": owner};
        self.records.delete_many(owned).await?;
        Ok(())
    }

    pub(super) async fn count(&self, record: &Record) -> Result<()> {
        let same = doc! {"_id": name(record.kind, &record.id)};
        let change = doc! {
            "$inc": {"sort": 1_i64},
            "$set": {"expiresAt": date(record.expires_at)},
            "$setOnInsert": {
                "kind": record.kind.as_str(),
                "id": &record.id,
                "owner": &record.owner,
                "body": &record.body,
            },
        };
        let count = || {
            let count = self.records.update_one(same.clone(), change.clone());
            count.upsert(true)
        };
        match count().await {
            Ok(_) => Ok(()),
            // Two made it at the same time: now it is there.
            Err(error) if is_duplicate(&error) => {
                count().await?;
                Ok(())
            }
            Err(error) => Err(error.into()),
        }
    }
}
