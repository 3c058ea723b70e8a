//! Signing in: a name, a password and a one-time code, in one question.
//!
//! Whatever is wrong, the answer is the same and so is the work: who doesn't know the password learns
//! nothing, not even whether there is such an account.

use std::net::IpAddr;

use chrono::{DateTime, Utc};
use domain::account::{LoginId, PasswordAttempt, Slowing};
use service_kit::passwords::PasswordsError;
use service_kit::totp::Enrolment;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::factor::Proof;
use super::slowing::Keys;
use super::{ConsoleToken, StaffAccounts, StaffError};
use crate::identity::Staff;
use crate::store::model::Moment;
use crate::store::{StaffAccount, StoreError};

/// Longest name that is told from others.
const LONGEST_LOGIN: usize = 64;

/// What came of it.
#[derive(Debug)]
pub enum SignedIn {
    /// Signed in.
    Session {
        /// For the cookie.
        token: ConsoleToken,
        /// Who.
        staff: Staff,
    },
    /// The password is right and there is no second factor yet: this one, once a code of it is entered.
    Enrol(Enrolment),
}

/// Why nobody is signed in.
#[derive(Debug, thiserror::Error)]
pub enum SignInError {
    /// Something is wrong, whatever it is.
    #[error("the name, the password or the code is wrong")]
    Refused,
    /// Too many failures: nothing was looked at.
    #[error("too many failures")]
    Slowed {
        /// When the next try is looked at.
        retry_at: DateTime<Utc>,
    },
    /// Too many at once.
    #[error("too many at once")]
    Busy,
    /// Our fault.
    #[error(transparent)]
    Failed(#[from] StaffError),
}

impl From<StoreError> for SignInError {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

impl From<PasswordsError> for SignInError {
    fn from(error: PasswordsError) -> Self {
        match error {
            PasswordsError::Busy => Self::Busy,
            other @ PasswordsError::Failed(_) => Self::Failed(other.into()),
        }
    }
}

impl StaffAccounts {
    /// Signs somebody in who comes from this address.
    ///
    /// # Errors
    /// [`SignInError`].
    pub async fn sign_in(
        &self,
        login: &str,
        password: &str,
        code: Option<&str>,
        address: IpAddr,
    ) -> Result<SignedIn, SignInError> {
        let tools = self.tools().await?;
        let typed = login.get(..login.floor_char_boundary(LONGEST_LOGIN));
        let keys = Keys::of(&tools.index, typed.unwrap_or_default(), address);
        let attempt = Uuid::new_v4().to_string();
        match self.slowing(&keys, &attempt, self.now()).await? {
            Slowing::Refuse { retry_at } => return Err(SignInError::Slowed { retry_at }),
            Slowing::Hold(hold) => tokio::time::sleep(hold).await,
        }
        let now = self.now();
        let account = match login.parse::<LoginId>() {
            Ok(login) => self.0.store.staff_account(&login, now).await?,
            Err(_) => None,
        };
        let account = account.filter(|account| !account.disabled);
        let hash = account.as_ref().map(|account| account.password.clone());
        let entered = PasswordAttempt::new(password);
        let text = entered.as_ref().map_or("", PasswordAttempt::expose);
        let text = Zeroizing::new(text.to_owned());
        let right = tools.passwords.verify(text, hash).await;
        if matches!(right, Err(PasswordsError::Busy)) {
            // Nothing was looked at.
            self.take_back(&keys, &attempt).await?;
        }
        let account = account.filter(|_| matches!(right, Ok(true)) && entered.is_some());
        right?;
        let Some(account) = account else {
            tracing::info!("a sign-in to the console failed");
            return Err(SignInError::Refused);
        };
        self.with_code(account, code, &keys, &attempt, now).await
    }

    /// The password is right.
    async fn with_code(
        &self,
        account: StaffAccount,
        code: Option<&str>,
        keys: &Keys,
        attempt: &str,
        now: Moment,
    ) -> Result<SignedIn, SignInError> {
        let id = account.id.clone();
        let refused = |what: &str| {
            // The record of what went on needs to say whose password is known.
            tracing::warn!(staff = id.as_str(), what, "a sign-in to the console failed");
            Err(SignInError::Refused)
        };
        let code = code.filter(|code| !code.trim().is_empty());
        let Some(code) = code else {
            return match self.propose(account, now).await? {
                Some(enrolment) => {
                    self.take_back(keys, attempt).await?;
                    Ok(SignedIn::Enrol(enrolment))
                }
                None => refused("no code"),
            };
        };
        if !self.may_try_code(&account.id, attempt, now).await? {
            return refused("too many wrong codes");
        }
        if self.prove(account.clone(), code, now).await? == Proof::Wrong {
            return refused("wrong code");
        }
        self.code_was_right(&account.id).await?;
        self.take_back(keys, attempt).await?;
        self.forgive(keys).await?;
        let (token, staff) = self.begin(&account, now).await?;
        Ok(SignedIn::Session { token, staff })
    }
}
