//! What staff opened, searched and read (개인정보의 안전성 확보조치 기준, 제8조), and what web-api
//! has stated.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::rows;
use crate::store::engine::{Engine, Kind, Page, Record};
use crate::store::model::{ConversationId, Moment, StaffId};
use crate::store::{Store, StoreError, on};

/// What was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum AccessKind {
    /// A conversation was opened.
    Opened,
    /// Conversations were searched for.
    Searched,
    /// Older messages were read.
    Read,
    /// Something was changed: claimed, closed, handed on.
    Changed,
    /// Signed in with an account of this server.
    SignedIn,
    /// Signed out of one.
    SignedOut,
    /// A keyword answer was written or removed.
    KeywordsChanged,
    /// A holiday was set or removed.
    HolidaysChanged,
    /// A canned reply was written or removed.
    CannedRepliesChanged,
    /// What the bot didn't know was read.
    WordsRead,
    /// A word that the bot didn't know was forgotten.
    WordForgotten,
    /// Deliveries that were given up were read.
    DeadLettersRead,
    /// One of them was sent again.
    Resent,
    /// This record was read.
    LogRead,
}

/// One entry of the record. It holds no text of anybody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// Who.
    pub staff: StaffId,
    /// What.
    pub kind: AccessKind,
    /// In which conversation.
    pub conversation: Option<ConversationId>,
    /// When.
    pub at: Moment,
}

impl Store {
    /// Records what staff does, before it is done.
    ///
    /// # Errors
    /// When the store fails: then it must not be done.
    pub async fn record_access(&self, access: &Access) -> Result<(), StoreError> {
        let record = Record {
            kind: Kind::Access,
            id: Uuid::now_v7().to_string(),
            owner: access.staff.as_str().to_owned(),
            sort: access.at.millis(),
            expires_at: Some(access.at.plus(self.rules.keep_access)),
            body: serde_json::to_string(access)?,
        };
        on!(self, engine => engine.put(record).await)
    }

    /// What staff did, all or one, the latest first, before a moment.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn access_log(
        &self,
        staff: Option<&StaffId>,
        before: Option<Moment>,
        limit: i64,
        now: Moment,
    ) -> Result<Vec<Access>, StoreError> {
        let page = Page {
            kind: Kind::Access,
            owner: staff.map(|staff| staff.as_str().to_owned()),
            below: before.map(Moment::millis),
            limit: rows(limit),
            now,
        };
        let found = on!(self, engine => engine.records(page).await)?;
        found
            .iter()
            .map(|record| Ok(serde_json::from_str(&record.body)?))
            .collect()
    }

    /// Whether a statement of this id was carried out before.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn statement_done(&self, jti: &str, now: Moment) -> Result<bool, StoreError> {
        let record = on!(self, engine => engine.record(Kind::Statement, jti, now).await)?;
        Ok(record.is_some())
    }

    /// Notes that a statement was carried out, until it can't come again. Whether it was the first
    /// to note it.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_statement(&self, jti: &str, until: Moment) -> Result<bool, StoreError> {
        let record = Record {
            kind: Kind::Statement,
            id: jti.to_owned(),
            owner: String::new(),
            sort: until.millis(),
            expires_at: Some(until),
            body: "{}".to_owned(),
        };
        on!(self, engine => engine.add(record).await)
    }
}
