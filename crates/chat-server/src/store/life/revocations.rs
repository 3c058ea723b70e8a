//! What was taken back: sessions that have ended, members that are suspended or gone. Every instance
//! reads it now and then, so that all of them know soon, and after a restart.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use domain::token::{SessionId, UserId};
use serde::{Deserialize, Serialize};

use crate::store::engine::{Engine, Kind, MOST_ROWS, Page, Record};
use crate::store::model::Moment;
use crate::store::{Store, StoreError, on};

/// How long a note stays: longer than any token lives that was issued before it (15 minutes, and a
/// minute between clocks), so that it is gone only when it says nothing any more.
const STAYS: TimeDelta = TimeDelta::minutes(20);
/// How long the end of a suspension is kept: a statement of before, delivered late, must not undo it.
const END_STAYS: TimeDelta = TimeDelta::days(90);
/// Bits that tell those apart that are of the same moment, so that they are listed page by page.
const APART: u32 = 10;

/// Who, or what, isn't believed any more.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum RevokedSubject {
    /// A session of web-api's, or of this server's console.
    Session(SessionId),
    /// A member, until a later [`Reinstated`](Self::Reinstated).
    Suspended(UserId),
    /// A member who isn't suspended any more.
    Reinstated(UserId),
    /// A member that there was.
    Erased(UserId),
}

/// Something that was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Revocation {
    /// What.
    pub subject: RevokedSubject,
    /// When it happened (`toe` of the statement); whole seconds.
    pub toe: DateTime<Utc>,
}

#[derive(Serialize, Deserialize)]
struct Body {
    what: String,
    id: String,
    toe: i64,
}

impl Revocation {
    fn body(&self) -> Body {
        let (what, id) = match &self.subject {
            RevokedSubject::Session(id) => ("session", id.as_str()),
            RevokedSubject::Suspended(id) => ("suspended", id.as_str()),
            RevokedSubject::Reinstated(id) => ("reinstated", id.as_str()),
            RevokedSubject::Erased(id) => ("erased", id.as_str()),
        };
        Body {
            what: what.to_owned(),
            id: id.to_owned(),
            toe: self.toe.timestamp(),
        }
    }

    fn read(record: &Record) -> Result<Self, StoreError> {
        let body: Body = serde_json::from_str(&record.body)?;
        let unreadable = || StoreError::Unreadable("a revocation of something unknown".into());
        let user = || body.id.parse().map_err(|_| unreadable());
        let subject = match body.what.as_str() {
            "session" => RevokedSubject::Session(body.id.parse().map_err(|_| unreadable())?),
            "suspended" => RevokedSubject::Suspended(user()?),
            "reinstated" => RevokedSubject::Reinstated(user()?),
            "erased" => RevokedSubject::Erased(user()?),
            _ => return Err(unreadable()),
        };
        Ok(Self {
            subject,
            toe: DateTime::from_timestamp(body.toe, 0).ok_or_else(unreadable)?,
        })
    }
}

/// The later statement is the higher; of one second, the suspension.
fn rank(user: &UserId, toe: DateTime<Utc>, suspended: bool) -> i64 {
    let moment = toe.timestamp().saturating_mul(2);
    spread(moment.saturating_add(i64::from(suspended)), user.as_str())
}

/// A number for sorting by, different for most names of one moment and always the same for one name.
fn spread(moment: i64, name: &str) -> i64 {
    let place = name.bytes().fold(0_i64, |hash, byte| {
        hash.wrapping_mul(31).wrapping_add(i64::from(byte)) & ((1 << APART) - 1)
    });
    moment.saturating_mul(1 << APART).saturating_add(place)
}

impl Store {
    /// Notes what was taken back; done when it is on disk. Repeating it is harmless, and the order
    /// doesn't matter: how a member stands is what the latest of his statements says.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revoke(&self, revocation: &Revocation, now: Moment) -> Result<(), StoreError> {
        match &revocation.subject {
            RevokedSubject::Suspended(user) => {
                self.stand(revocation, user, true, now).await?;
            }
            RevokedSubject::Reinstated(user) => {
                self.stand(revocation, user, false, now).await?;
            }
            RevokedSubject::Erased(user) => {
                on!(self, engine => engine.remove(Kind::Standing, user.as_str()).await)?;
            }
            RevokedSubject::Session(_) => {}
        }
        let body = revocation.body();
        let id = format!("{}:{}:{}", body.what, body.id, body.toe);
        let record = Record {
            kind: Kind::Revocation,
            sort: spread(now.millis(), &id),
            id,
            owner: String::new(),
            expires_at: Some(now.plus(STAYS)),
            body: serde_json::to_string(&body)?,
        };
        on!(self, engine => engine.put(record).await)
    }

    async fn stand(
        &self,
        revocation: &Revocation,
        user: &UserId,
        suspended: bool,
        now: Moment,
    ) -> Result<(), StoreError> {
        let record = Record {
            kind: Kind::Standing,
            id: user.as_str().to_owned(),
            owner: String::new(),
            sort: rank(user, revocation.toe, suspended),
            expires_at: (!suspended).then(|| now.plus(END_STAYS)),
            body: serde_json::to_string(&revocation.body())?,
        };
        on!(self, engine => engine.raise(record).await)?;
        Ok(())
    }

    /// What was noted since a moment, or all that still counts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn revocations(
        &self,
        since: Option<Moment>,
        now: Moment,
    ) -> Result<Vec<Revocation>, StoreError> {
        self.every(
            Kind::Revocation,
            since.map(|since| spread(since.millis(), "")),
            now,
        )
        .await
    }

    /// How members stand who are, or were lately, suspended: the latest of each.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn standings(&self, now: Moment) -> Result<Vec<Revocation>, StoreError> {
        self.every(Kind::Standing, None, now).await
    }

    async fn every(
        &self,
        kind: Kind,
        since: Option<i64>,
        now: Moment,
    ) -> Result<Vec<Revocation>, StoreError> {
        let mut seen: HashSet<String> = HashSet::new();
        let mut found = Vec::new();
        let mut below = None;
        loop {
            let page = Page {
                kind,
                owner: None,
                below,
                limit: MOST_ROWS,
                now,
            };
            let page = on!(self, engine => engine.records(page).await)?;
            let full = i64::try_from(page.len()).is_ok_and(|rows| rows >= MOST_ROWS);
            let Some(last) = page.last().map(|record| record.sort) else {
                return Ok(found);
            };
            for record in &page {
                let new = since.is_none_or(|since| record.sort >= since);
                if new && seen.insert(record.id.clone()) {
                    found.push(Revocation::read(record)?);
                }
            }
            if !full || since.is_some_and(|since| last < since) {
                return Ok(found);
            }
            // Some of the same moment may stand on the next page.
            let again = last.saturating_add(1);
            below = Some(if below == Some(again) { last } else { again });
        }
    }
}
