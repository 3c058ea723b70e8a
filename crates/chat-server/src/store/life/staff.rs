//! Accounts of counsellors that this server keeps itself.

use std::fmt;

use domain::account::LoginId;
use serde::{Deserialize, Serialize};

use crate::store::engine::{Engine, Kind, MOST_ROWS, Page, Record};
use crate::store::model::{Moment, StaffId};
use crate::store::{Store, StoreError, on};

/// A counsellor's account. Neither its password nor its second factor is ever printed.
#[derive(Clone, PartialEq, Eq)]
pub struct StaffAccount {
    /// The name that he signs in with.
    pub login: LoginId,
    /// Who he is in conversations and in the record of what staff did.
    pub id: StaffId,
    /// The name that visitors see.
    pub name: String,
    /// Whether he is a pharmacist.
    pub pharmacist: bool,
    /// Whether he may administer.
    pub admin: bool,
    /// Whether he is shut out.
    pub disabled: bool,
    /// bcrypt's.
    pub password: String,
    /// The second factor, where one was begun.
    pub factor: Option<Factor>,
    /// When it was made.
    pub created_at: Moment,
    /// No session counts that began up to then: as of then it is another password, or another state.
    pub changed_at: Moment,
    /// How often it was changed: of two who change the same version, one does.
    pub version: i64,
}

/// A second factor.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Factor {
    /// The secret, sealed for this account.
    pub sealed: Vec<u8>,
    /// Whether a code of it was entered.
    pub confirmed: bool,
    /// The step of the last code that was taken.
    pub last_step: i64,
    /// When it was shown for the first time.
    pub proposed_at: Moment,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    id: StaffId,
    name: String,
    pharmacist: bool,
    admin: bool,
    disabled: bool,
    password: String,
    factor: Option<Factor>,
    created_at: Moment,
    changed_at: Moment,
}

impl fmt::Debug for StaffAccount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("StaffAccount")
            .field("id", &self.id)
            .field("version", &self.version)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Factor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Factor(not shown)")
    }
}

impl StaffAccount {
    fn record(&self, version: i64) -> Result<Record, StoreError> {
        let body = Body {
            id: self.id.clone(),
            name: self.name.clone(),
            pharmacist: self.pharmacist,
            admin: self.admin,
            disabled: self.disabled,
            password: self.password.clone(),
            factor: self.factor.clone(),
            created_at: self.created_at,
            changed_at: self.changed_at,
        };
        Ok(Record {
            kind: Kind::Staff,
            id: self.login.as_str().to_owned(),
            owner: self.id.as_str().to_owned(),
            sort: version,
            expires_at: None,
            body: serde_json::to_string(&body)?,
        })
    }

    fn read(record: &Record) -> Result<Self, StoreError> {
        let body: Body = serde_json::from_str(&record.body)?;
        let login = record.id.parse();
        Ok(Self {
            login: login.map_err(|_| StoreError::Unreadable("an account has no name".into()))?,
            id: body.id,
            name: body.name,
            pharmacist: body.pharmacist,
            admin: body.admin,
            disabled: body.disabled,
            password: body.password,
            factor: body.factor,
            created_at: body.created_at,
            changed_at: body.changed_at,
            version: record.sort,
        })
    }
}

impl Store {
    /// Makes an account; `false` where the name is taken.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn add_staff(&self, account: &StaffAccount) -> Result<bool, StoreError> {
        let record = account.record(account.version)?;
        on!(self, engine => engine.add(record).await)
    }

    /// The account of this name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn staff_account(
        &self,
        login: &LoginId,
        now: Moment,
    ) -> Result<Option<StaffAccount>, StoreError> {
        let record = on!(self, engine => engine.record(Kind::Staff, login.as_str(), now).await)?;
        record.as_ref().map(StaffAccount::read).transpose()
    }

    /// All accounts.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn staff_accounts(&self, now: Moment) -> Result<Vec<StaffAccount>, StoreError> {
        let page = Page {
            kind: Kind::Staff,
            owner: None,
            below: None,
            limit: MOST_ROWS,
            now,
        };
        let found = on!(self, engine => engine.records(page).await)?;
        found.iter().map(StaffAccount::read).collect()
    }

    /// Writes a changed account over the version that it was made from; `false` where somebody else
    /// was quicker, and nothing has changed.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn change_staff(&self, account: &StaffAccount) -> Result<bool, StoreError> {
        let record = account.record(account.version.saturating_add(1))?;
        on!(self, engine => engine.raise(record).await)
    }
}
