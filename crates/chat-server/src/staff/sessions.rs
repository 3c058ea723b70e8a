//! Sessions of the console, from the cookie to who it is.

use std::time::Duration;

use axum::http::HeaderMap;
use chrono::TimeDelta;
use domain::token::SessionId;
use futures_util::FutureExt as _;
use futures_util::future::BoxFuture;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{ConsoleToken, StaffAccounts, StaffError};
use crate::hub::Hub;
use crate::identity::{Staff, StaffSessions};
use crate::store::model::{Moment, StaffId};
use crate::store::{
    Access, AccessKind, Revocation, RevokedSubject, StaffAccount, StaffSession, StoreError,
};

/// Most sessions of one counsellor; the one that was used longest ago gives way.
const MOST: usize = 10;
/// Pause between two looks at the sessions of open sockets.
const LOOK: Duration = Duration::from_secs(5);
/// How exactly the last use is known: a write for each request is too many.
const TOUCH: TimeDelta = TimeDelta::minutes(1);

impl StaffAccounts {
    /// Begins a session for somebody who has proved himself.
    pub(super) async fn begin(
        &self,
        account: &StaffAccount,
        now: Moment,
    ) -> Result<(ConsoleToken, Staff), StaffError> {
        let store = &self.0.store;
        let open = store.staff_sessions(&account.id, now).await?;
        for old in open.iter().skip(MOST.saturating_sub(1)) {
            self.end(&account.id, Some(&old.id)).await?;
        }
        let id = format!("console-{}", Uuid::new_v4().simple());
        let id: SessionId = id.parse().map_err(|_| StaffError::Lost)?;
        let session = StaffSession {
            id,
            staff: account.id.clone(),
            login: account.login.clone(),
            since: now,
            used_at: now,
            until: now.plus(self.0.settings.session_life),
        };
        store
            .record_access(&Access {
                staff: account.id.clone(),
                kind: AccessKind::SignedIn,
                conversation: None,
                at: now,
            })
            .await?;
        let token = ConsoleToken::random();
        let idle = self.0.settings.session_idle;
        store
            .keep_staff_session(token.hash(), &session, idle)
            .await?;
        Ok((token, staff(account, &session)))
    }

    /// Whose session the cookie of these headers holds; `None` when it has ended, was idle for too long,
    /// or the account was disabled.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn resolve(&self, headers: &HeaderMap) -> Result<Option<Staff>, StoreError> {
        let Some(token) = ConsoleToken::of(headers, self.0.settings.secure) else {
            return Ok(None);
        };
        let (store, now) = (&self.0.store, self.now());
        let Some(session) = store.staff_session(token.hash(), now).await? else {
            return Ok(None);
        };
        let account = store.staff_account(&session.login, now).await?;
        let account = account.filter(|one| {
            one.id == session.staff && !one.disabled && session.since > one.changed_at
        });
        let Some(account) = account else {
            return Ok(None);
        };
        if session.used_at.plus(TOUCH) <= now {
            let used = StaffSession {
                used_at: now,
                ..session.clone()
            };
            let idle = self.0.settings.session_idle;
            store.keep_staff_session(token.hash(), &used, idle).await?;
        }
        Ok(Some(staff(&account, &session)))
    }

    /// Signs out of one session; its sockets end on every instance.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sign_out(&self, staff: &Staff) -> Result<(), StoreError> {
        let now = self.now();
        let access = Access {
            staff: staff.id.clone(),
            kind: AccessKind::SignedOut,
            conversation: None,
            at: now,
        };
        self.0.store.record_access(&access).await?;
        self.end(&staff.id, staff.session.as_ref()).await
    }

    /// Looks after sessions that have sockets here, until `stop`: an event counts as a use, and the sockets of one
    /// that wasn't used for too long end with it.
    pub async fn follow(self, hub: Hub, stop: CancellationToken) {
        loop {
            tokio::select! {
                () = tokio::time::sleep(LOOK) => {}
                () = stop.cancelled() => return,
            }
            if let Err(error) = self.look(&hub).await {
                // Told by the store's own watch. Nobody is ended by an outage.
                tracing::debug!(%error, "sessions of the console can't be read");
            }
        }
    }

    async fn look(&self, hub: &Hub) -> Result<(), StoreError> {
        let (store, times) = (&self.0.store, (self.0.settings.session_idle, TOUCH));
        for (session, (staff, used_at)) in hub.console_sessions() {
            let of = (&staff, &session);
            let touched = store.touch_staff_session(of, used_at, times, self.now());
            if !touched.await? {
                hub.end_session(&session);
            }
        }
        Ok(())
    }

    /// Ends one session or all of them, and tells every instance, whose sockets end.
    pub(super) async fn end(
        &self,
        staff: &StaffId,
        only: Option<&SessionId>,
    ) -> Result<(), StoreError> {
        let now = self.now();
        let ended = self.0.store.end_staff_sessions(staff, only, now).await?;
        for session in ended {
            let revocation = Revocation {
                subject: RevokedSubject::Session(session.id),
                toe: now.date_time(),
            };
            self.0.store.revoke(&revocation, now).await?;
        }
        Ok(())
    }

    /// Whether browsers send the cookie over TLS only.
    #[must_use]
    pub fn secure(&self) -> bool {
        self.0.settings.secure
    }
}

fn staff(account: &StaffAccount, session: &StaffSession) -> Staff {
    Staff {
        id: account.id.clone(),
        name: account.name.clone(),
        pharmacist: account.pharmacist,
        admin: account.admin,
        until: session.until.date_time(),
        session: Some(session.id.clone()),
    }
}

impl StaffSessions for StaffAccounts {
    fn resolve<'a>(
        &'a self,
        headers: &'a HeaderMap,
    ) -> BoxFuture<'a, Result<Option<Staff>, StoreError>> {
        Self::resolve(self, headers).boxed()
    }
}
