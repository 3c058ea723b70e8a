//! What is done to accounts from the command line. Servers that run see it within a second.

use domain::account::{LoginId, Password};
use uuid::Uuid;
use zeroize::Zeroizing;

use super::{StaffAccounts, StaffError};
use crate::store::{StaffAccount, StoreError};

/// Most characters of a name.
const LONGEST_NAME: usize = 30;
/// How often an account is read again because somebody else has changed it.
const TRIES: u32 = 5;
/// Most accounts.
const MOST: usize = 200;

/// An account to be made.
#[derive(Debug)]
pub struct NewCounsellor {
    /// The name that he signs in with.
    pub login: LoginId,
    /// The name that visitors see.
    pub name: String,
    /// Whether he is a pharmacist.
    pub pharmacist: bool,
    /// Whether he may administer.
    pub admin: bool,
    /// His password.
    pub password: Password,
}

/// Why an account isn't made or changed.
#[derive(Debug, thiserror::Error)]
pub enum ManageError {
    /// There is one of this name.
    #[error("there is an account of this name already")]
    Taken,
    /// There is none of this name.
    #[error("there is no account of this name")]
    Unknown,
    /// The name that visitors see.
    #[error("expected --name with 1 to {LONGEST_NAME} characters, no control characters")]
    Name,
    /// More than anybody needs.
    #[error("there are {MOST} accounts already")]
    TooMany,
    /// Our fault.
    #[error(transparent)]
    Failed(#[from] StaffError),
}

impl From<StoreError> for ManageError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl StaffAccounts {
    /// Makes an account. Its owner sets the second factor up when he signs in for the first time.
    ///
    /// # Errors
    /// [`ManageError`].
    pub async fn add(&self, new: NewCounsellor) -> Result<StaffAccount, ManageError> {
        let name = new.name.trim().to_owned();
        let count = name.chars().count();
        if !(1..=LONGEST_NAME).contains(&count) || name.chars().any(char::is_control) {
            return Err(ManageError::Name);
        }
        let now = self.now();
        if self.0.store.staff_accounts(now).await?.len() >= MOST {
            return Err(ManageError::TooMany);
        }
        let id = format!("c:{}", Uuid::new_v4().simple());
        let account = StaffAccount {
            login: new.login,
            id: id.parse().map_err(|_| StaffError::Lost)?,
            name,
            pharmacist: new.pharmacist,
            admin: new.admin,
            disabled: false,
            password: self.hash(&new.password).await?,
            factor: None,
            created_at: now,
            changed_at: now,
            version: 1,
        };
        if !self.0.store.add_staff(&account).await? {
            return Err(ManageError::Taken);
        }
        Ok(account)
    }

    /// All accounts, by name.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn list(&self) -> Result<Vec<StaffAccount>, StoreError> {
        let mut all = self.0.store.staff_accounts(self.now()).await?;
        all.sort_by(|a, b| a.login.cmp(&b.login));
        Ok(all)
    }

    /// Gives somebody another password; he is signed out everywhere.
    ///
    /// # Errors
    /// [`ManageError`].
    pub async fn set_password(
        &self,
        login: &LoginId,
        password: &Password,
    ) -> Result<(), ManageError> {
        let hash = self.hash(password).await?;
        self.change(login, |account| account.password.clone_from(&hash))
            .await
    }

    /// Forgets a second factor that was lost: the next sign-in sets up another. He is signed out
    /// everywhere.
    ///
    /// # Errors
    /// [`ManageError`].
    pub async fn reset_factor(&self, login: &LoginId) -> Result<(), ManageError> {
        self.change(login, |account| account.factor = None).await
    }

    /// Shuts somebody out, or lets him in again; his sessions and sockets end.
    ///
    /// # Errors
    /// [`ManageError`].
    pub async fn set_disabled(&self, login: &LoginId, disabled: bool) -> Result<(), ManageError> {
        self.change(login, |account| account.disabled = disabled)
            .await
    }

    async fn hash(&self, password: &Password) -> Result<String, StaffError> {
        let text = Zeroizing::new(password.expose().to_owned());
        Ok(self.tools().await?.passwords.hash(text).await?)
    }

    /// Changes an account and ends its sessions. One that is just beginning, by what was right before,
    /// began before [`StaffAccount::changed_at`].
    async fn change(
        &self,
        login: &LoginId,
        change: impl Fn(&mut StaffAccount),
    ) -> Result<(), ManageError> {
        for _ in 0..TRIES {
            let now = self.now();
            let known = self.0.store.staff_account(login, now).await?;
            let mut account = known.ok_or(ManageError::Unknown)?;
            change(&mut account);
            account.changed_at = now;
            if self.0.store.change_staff(&account).await? {
                return Ok(self.end(&account.id, None).await?);
            }
        }
        Err(StaffError::Contended.into())
    }
}
