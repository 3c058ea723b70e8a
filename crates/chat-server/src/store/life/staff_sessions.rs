//! Where counsellors are signed in with accounts of this server, and who failed to.

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::{FAILURE_MEMORY, LoginId};
use domain::token::SessionId;
use serde::{Deserialize, Serialize};

use super::TokenHash;
use crate::store::engine::{Engine, Kind, MOST_ROWS, Page, Record};
use crate::store::model::{Moment, StaffId};
use crate::store::{Store, StoreError, on};

/// No use of a session is later than its end.
const ENDED: i64 = i64::MAX;
/// Failures that are told apart; more make no difference to anybody.
const MOST_FAILURES: i64 = 64;

/// A session of the console.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffSession {
    /// Its name, which opens nothing.
    pub id: SessionId,
    /// Whose.
    pub staff: StaffId,
    /// The account.
    pub login: LoginId,
    /// When it began.
    pub since: Moment,
    /// When it was used last.
    pub used_at: Moment,
    /// When it ends, however much it is used.
    pub until: Moment,
}

#[derive(Serialize, Deserialize)]
struct Body {
    id: String,
    login: String,
    since: Moment,
    until: Moment,
    ended: bool,
}

/// Failures under one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FailureCount {
    /// How many, up to 64.
    pub count: u32,
    /// The last one.
    pub last_at: Option<DateTime<Utc>>,
}

impl StaffSession {
    fn record(&self, hash: &str, idle: TimeDelta, ended: bool) -> Result<Record, StoreError> {
        let body = Body {
            id: self.id.as_str().to_owned(),
            login: self.login.as_str().to_owned(),
            since: self.since,
            until: self.until,
            ended,
        };
        let idle_end = self.used_at.plus(idle).min(self.until);
        Ok(Record {
            kind: Kind::StaffSession,
            id: hash.to_owned(),
            owner: self.staff.as_str().to_owned(),
            sort: if ended { ENDED } else { self.used_at.millis() },
            // The end is remembered for as long as somebody could try to prolong it.
            expires_at: Some(if ended { self.until } else { idle_end }),
            body: serde_json::to_string(&body)?,
        })
    }

    /// `None` where it has ended.
    fn read(record: &Record) -> Result<Option<Self>, StoreError> {
        let body: Body = serde_json::from_str(&record.body)?;
        let unreadable = || StoreError::Unreadable("a session of nobody".into());
        let session = Self {
            id: body.id.parse().map_err(|_| unreadable())?,
            staff: record.owner.parse().map_err(|_| unreadable())?,
            login: body.login.parse().map_err(|_| unreadable())?,
            since: body.since,
            used_at: Moment::from_millis(record.sort),
            until: body.until,
        };
        Ok((!body.ended).then_some(session))
    }
}

impl Store {
    /// Notes a session, or that it was used. One that was ended stays ended: `false`.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn keep_staff_session(
        &self,
        token: TokenHash,
        session: &StaffSession,
        idle: TimeDelta,
    ) -> Result<bool, StoreError> {
        let record = session.record(&token.hex(), idle, false)?;
        on!(self, engine => engine.raise(record).await)
    }

    /// The session of a token; `None` when it has ended, was idle for too long, or is none of ours.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn staff_session(
        &self,
        token: TokenHash,
        now: Moment,
    ) -> Result<Option<StaffSession>, StoreError> {
        let id = token.hex();
        let record = on!(self, engine => engine.record(Kind::StaffSession, &id, now).await)?;
        let session = record.as_ref().map(StaffSession::read).transpose()?;
        Ok(session.flatten())
    }

    /// Ends all sessions of a counsellor, or the one of this id; gives those that were open.
    ///
    /// # Errors
    /// When the store fails: some may have ended.
    pub async fn end_staff_sessions(
        &self,
        staff: &StaffId,
        only: Option<&SessionId>,
        now: Moment,
    ) -> Result<Vec<StaffSession>, StoreError> {
        let mut ended = Vec::new();
        for (hash, session) in self.open_sessions(staff, now).await? {
            if only.is_none_or(|only| *only == session.id) {
                let record = session.record(&hash, TimeDelta::zero(), true)?;
                on!(self, engine => engine.put(record).await)?;
                ended.push(session);
            }
        }
        Ok(ended)
    }

    /// Notes that a session was used, if that is news by `step`; whether it is open.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn touch_staff_session(
        &self,
        of: (&StaffId, &SessionId),
        used_at: Moment,
        (idle, step): (TimeDelta, TimeDelta),
        now: Moment,
    ) -> Result<bool, StoreError> {
        let open = self.open_sessions(of.0, now).await?;
        let found = open.into_iter().find(|(_, session)| session.id == *of.1);
        let Some((hash, mut session)) = found else {
            return Ok(false);
        };
        if session.used_at.plus(step) <= used_at {
            session.used_at = used_at;
            let record = session.record(&hash, idle, false)?;
            on!(self, engine => engine.raise(record).await)?;
        }
        Ok(true)
    }

    /// Sessions of a counsellor that are open, the last used first.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn staff_sessions(
        &self,
        staff: &StaffId,
        now: Moment,
    ) -> Result<Vec<StaffSession>, StoreError> {
        let open = self.open_sessions(staff, now).await?;
        Ok(open.into_iter().map(|(_, session)| session).collect())
    }

    async fn open_sessions(
        &self,
        staff: &StaffId,
        now: Moment,
    ) -> Result<Vec<(String, StaffSession)>, StoreError> {
        // Those that have ended come first, whose `sort` is the largest.
        let page = Page {
            kind: Kind::StaffSession,
            owner: Some(staff.as_str().to_owned()),
            below: Some(ENDED),
            limit: MOST_ROWS,
            now,
        };
        let found = on!(self, engine => engine.records(page).await)?;
        let mut open = Vec::new();
        for record in found {
            if let Some(session) = StaffSession::read(&record)? {
                open.push((record.id, session));
            }
        }
        Ok(open)
    }

    /// Notes a failure under a key. `id` names the try.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn note_failure(&self, key: &str, id: &str, now: Moment) -> Result<(), StoreError> {
        let record = Record {
            kind: Kind::SignInFailure,
            id: format!("{key}:{id}"),
            owner: key.to_owned(),
            sort: now.millis(),
            expires_at: Some(now.plus(FAILURE_MEMORY)),
            body: "{}".to_owned(),
        };
        on!(self, engine => engine.put(record).await)
    }

    /// Takes a failure back: it was none.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn take_failure_back(&self, key: &str, id: &str) -> Result<(), StoreError> {
        let id = format!("{key}:{id}");
        on!(self, engine => engine.remove(Kind::SignInFailure, &id).await)?;
        Ok(())
    }

    /// Forgets all failures under a key.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn forgive(&self, key: &str) -> Result<(), StoreError> {
        on!(self, engine => engine.remove_owned(Kind::SignInFailure, key).await)
    }

    /// Failures under a key in the last 15 minutes, without the one of this try.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn failures(
        &self,
        key: &str,
        without: &str,
        now: Moment,
    ) -> Result<FailureCount, StoreError> {
        let page = Page {
            kind: Kind::SignInFailure,
            owner: Some(key.to_owned()),
            below: None,
            limit: MOST_FAILURES,
            now,
        };
        let found = on!(self, engine => engine.records(page).await)?;
        let own = format!("{key}:{without}");
        let others: Vec<&Record> = found.iter().filter(|record| record.id != own).collect();
        let last = others
            .first()
            .map(|record| Moment::from_millis(record.sort));
        Ok(FailureCount {
            count: u32::try_from(others.len()).unwrap_or(u32::MAX),
            last_at: last.map(Moment::date_time),
        })
    }
}
