//! Counsellors whose accounts this server keeps itself, for a service without admins at web-api, or
//! while web-api is away: made by a command, with a password and a one-time code.

mod cookie;
mod factor;
mod manage;
mod sessions;
mod settings;
mod sign_in;
mod slowing;

use std::sync::Arc;

use domain::clock::Clock;
use service_kit::passwords::{Passwords, PasswordsError};
use service_kit::secrets::{self, Key32, KeyFileError, Sealer};
use service_kit::totp::TotpError;
use tokio::sync::OnceCell;

use crate::store::model::Moment;
use crate::store::{Store, StoreError};

pub use cookie::ConsoleToken;
pub use manage::{ManageError, NewCounsellor};
pub use settings::StaffSettings;
pub use sign_in::{SignInError, SignedIn};

/// Threads that hash passwords: few people sign in here.
const THREADS: usize = 1;

/// The accounts; a cheap handle.
#[derive(Clone)]
pub struct StaffAccounts(Arc<Inner>);

struct Inner {
    store: Store,
    clock: Arc<dyn Clock>,
    settings: StaffSettings,
    tools: OnceCell<Tools>,
}

/// What is made when the first one signs in: most servers never need it.
struct Tools {
    passwords: Passwords,
    sealer: Sealer,
    index: Key32,
}

/// Why an account can't be used. For the log.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The key file.
    #[error(transparent)]
    Key(#[from] KeyFileError),
    /// There is none, and a file won't do.
    #[error(
        "CHAT_STAFF_KEY: expected 32 random bytes in base64 where APP_ENV=production, for example the output of \
         openssl rand -base64 32"
    )]
    KeyUnset,
    /// Passwords.
    #[error(transparent)]
    Passwords(#[from] PasswordsError),
    /// One-time codes.
    #[error(transparent)]
    Totp(#[from] TotpError),
    /// Sealed under another key: instances that share a store share `CHAT_STAFF_KEY`.
    #[error(transparent)]
    Sealed(#[from] secrets::UnsealError),
    /// The account was changed by others again and again.
    #[error("the account is changed by too many at once")]
    Contended,
    /// A thread was lost.
    #[error("the work was abandoned")]
    Lost,
}

impl StaffAccounts {
    /// The accounts in a store.
    #[must_use]
    pub fn new(store: Store, clock: Arc<dyn Clock>, settings: StaffSettings) -> Self {
        Self(Arc::new(Inner {
            store,
            clock,
            settings,
            tools: OnceCell::new(),
        }))
    }

    fn now(&self) -> Moment {
        Moment::from(self.0.clock.now())
    }

    async fn tools(&self) -> Result<&Tools, StaffError> {
        self.0.tools.get_or_try_init(|| self.make_tools()).await
    }

    async fn make_tools(&self) -> Result<Tools, StaffError> {
        let settings = self.0.settings.clone();
        let made = tokio::task::spawn_blocking(move || {
            let key = match settings.key {
                Some(key) => key,
                None if settings.key_required => return Err(StaffError::KeyUnset),
                None => secrets::key_file(&settings.key_file)?,
            };
            Ok(Tools {
                passwords: Passwords::new(settings.password_cost, THREADS)?,
                sealer: Sealer::new(&key, settings.former_keys.as_slice()),
                index: key,
            })
        });
        made.await.unwrap_or(Err(StaffError::Lost))
    }
}

impl std::fmt::Debug for StaffAccounts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("StaffAccounts(…)")
    }
}
