//! `GET /me/export`: everything that is stored of a member.

use chrono::{DateTime, NaiveDate, Utc};
use domain::account::ConsentEntry;
use domain::token::{SessionId, UserId};
use zeroize::Zeroizing;

use crate::accounts::store::audit::{self, Action};
use crate::accounts::store::consents;
use crate::accounts::store::personal::{self, KnownAction, KnownSession, KnownVerification};
use crate::accounts::store::users::{self, User};
use crate::accounts::{AccountError, Accounts, EMAIL_OF_USER, PHONE_OF_USER};
use crate::db::{Db, DbError};

/// Rows of one table, at most: more than anybody makes in two years within his budgets, and a bound on
/// the memory of one answer.
const MOST: i64 = 20_000;

/// Everything of a member.
#[derive(Debug)]
pub(crate) struct Export {
    pub(crate) at: DateTime<Utc>,
    pub(crate) email: Option<Zeroizing<String>>,
    pub(crate) phone: Option<Zeroizing<String>>,
    pub(crate) stored: Stored,
}

/// The same, as it is stored.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) user: User,
    pub(crate) consents: Vec<ConsentEntry>,
    pub(crate) days: Vec<NaiveDate>,
    pub(crate) sessions: Vec<KnownSession>,
    pub(crate) wishes: Vec<(i64, DateTime<Utc>)>,
    pub(crate) verifications: Vec<KnownVerification>,
    pub(crate) actions: Vec<KnownAction>,
}

impl Stored {
    /// Whether no list was cut off.
    pub(crate) fn is_complete(&self) -> bool {
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        [
            self.days.len(),
            self.sessions.len(),
            self.wishes.len(),
            self.verifications.len(),
            self.actions.len(),
        ]
        .into_iter()
        .all(|length| length < most)
    }
}

impl Accounts {
    /// Everything of a member, as it stands at one moment. That it was asked for is recorded.
    pub(crate) async fn export(
        &self,
        id: UserId,
        session: SessionId,
    ) -> Result<Export, AccountError> {
        let now = self.clock.now();
        let stored = self
            .pool
            .run(move |db| db.write_tx(|db| stored(db, &id, &session, now)))
            .await?
            .ok_or(AccountError::SessionOver)?;
        let open = |place: &str, sealed: &Option<Vec<u8>>| {
            let sealed = sealed.as_deref();
            let opened = sealed.map(|sealed| self.keys.sealer.open(place, sealed));
            opened.transpose().map_err(AccountError::internal)
        };
        Ok(Export {
            at: now,
            email: open(EMAIL_OF_USER, &stored.user.email)?,
            phone: open(PHONE_OF_USER, &stored.user.phone)?,
            stored,
        })
    }
}

fn stored(
    db: &mut Db,
    id: &UserId,
    session: &SessionId,
    now: DateTime<Utc>,
) -> Result<Option<Stored>, DbError> {
    let Some(user) = users::by_id(db, id)? else {
        return Ok(None);
    };
    audit::note(db, Action::Exported, Some(id), id, Some(session), now)?;
    let verifications = match &user.phone_index {
        Some(phone) => personal::verifications(db, phone, MOST)?,
        None => Vec::new(),
    };
    Ok(Some(Stored {
        consents: consents::ledger(db, user.key)?,
        days: personal::days(db, user.key, MOST)?,
        sessions: personal::sessions(db, user.key, MOST)?,
        wishes: personal::wishes(db, user.key, MOST)?,
        verifications,
        actions: personal::actions(db, id, MOST)?,
        user,
    }))
}
