//! Accounts: signing up and in, staying signed in, one's own profile. The rules are
//! [`domain::account`]'s; here they meet the database, the clock and the network.

pub(crate) mod answers;
pub(crate) mod audit_answers;
mod error;
mod export_reviews;
pub(crate) mod handlers;
pub mod images;
pub mod keys;
pub mod personal;
pub(crate) mod personal_answers;
pub(crate) mod recovery_answers;
mod reinstate;
mod revoked;
mod service;
mod settings;
pub mod sms;
pub mod social;
pub(crate) mod social_answers;
pub(crate) mod staff_answers;
pub mod statements;
pub mod store;
mod tidy;
#[cfg(feature = "bench")]
pub mod token_cost;
mod totp;
mod turns;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use domain::account::{ConsentKind, TextVersion, VerificationCode};
use domain::clock::Clock;
use domain::token::{StatementRules, TokenRules, TokenRulesError};
use service_kit::token::{KeySet, KeySetError, TokenVerifier};
use tokio::sync::Notify;

pub(crate) use error::{AccountError, Field, Rule};
pub use keys::{Keys, KeysError};
pub use revoked::Revoked;
pub(crate) use service::{Person, Whom};
pub use service_kit::passwords::{Passwords, PasswordsError};
pub use settings::{AccountSettings, SensSettings, SmsSettings};

use crate::db::Pool;
use keys::What;
use turns::Turns;

/// What sealed numbers of verifications are bound to.
pub(crate) const PHONE_OF_VERIFICATION: &str = "phone_verifications.phone";
/// What sealed numbers of members are bound to.
pub(crate) const PHONE_OF_USER: &str = "users.phone";
/// What sealed e-mail addresses of members are bound to.
pub(crate) const EMAIL_OF_USER: &str = "users.email";

/// How far clocks of two servers may be apart.
const LEEWAY: TimeDelta = TimeDelta::seconds(5);

/// Everything that accounts need.
#[derive(Debug)]
pub struct Accounts {
    pub(crate) pool: Pool,
    pub(crate) keys: Keys,
    pub(crate) clock: Arc<dyn SharedClock>,
    pub(crate) passwords: Passwords,
    /// Tries of one address are counted one after another.
    pub(crate) turns: Turns,
    pub(crate) settings: AccountSettings,
    pub(crate) rules: TokenRules,
    /// What statements for chat-server look like.
    pub(crate) statements: StatementRules,
    /// Pictures of members.
    pub(crate) images: images::Images,
    /// Other services to sign in by, where there are any.
    pub(crate) social: Option<social::Social>,
    /// Sessions that ended and members who are suspended, in memory.
    pub(crate) revoked: Arc<Revoked>,
    /// Told when there is a message to send.
    pub(crate) wake: Arc<Notify>,
}

/// A clock that can be shown as "a clock".
pub trait SharedClock: Clock + std::fmt::Debug {}
impl<C: Clock + std::fmt::Debug> SharedClock for C {}

/// The system's clock.
#[derive(Debug, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> DateTime<Utc> {
        Utc::now()
    }
}

/// Why accounts can't be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// A key.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// Passwords.
    #[error(transparent)]
    Passwords(#[from] PasswordsError),
    /// The store of pictures.
    #[error(transparent)]
    Images(#[from] images::FileError),
    /// Names of access tokens.
    #[error(transparent)]
    Rules(#[from] TokenRulesError),
    /// Our own public keys.
    #[error(transparent)]
    KeySet(#[from] KeySetError),
    /// Calls to other services.
    #[error("other services can't be called")]
    Social(#[source] reqwest::Error),
}

impl Accounts {
    /// Opens the keys, which are made where they are missing, and tries out the hash. Blocking.
    ///
    /// # Errors
    /// [`OpenError`].
    pub fn open(
        settings: AccountSettings,
        pool: Pool,
        clock: Arc<dyn SharedClock>,
    ) -> Result<Self, OpenError> {
        let keys = Keys::open(&settings.keys, &settings.key_folder)?;
        let passwords = Passwords::new(settings.password_cost, settings.password_workers)?;
        let images = images::Images::open(&settings.images)?;
        let rules = TokenRules::new(&settings.issuer, &settings.audience, LEEWAY)?;
        let statements = StatementRules::new(&settings.issuer, LEEWAY)?;
        let social = settings.social.clone().map(social::Social::new);
        let social = social.transpose().map_err(OpenError::Social)?;
        let verifier = TokenVerifier::new(rules.clone().even_restricted());
        verifier.replace_keys(KeySet::parse(&keys.signer.key_set())?);
        let revoked = Arc::new(Revoked::new(verifier, Arc::clone(&clock)));
        Ok(Self {
            pool,
            keys,
            clock,
            passwords,
            turns: Turns::default(),
            settings,
            rules,
            statements,
            images,
            social,
            revoked,
            wake: Arc::default(),
        })
    }

    /// What hashes passwords.
    #[must_use]
    pub fn passwords(&self) -> &Passwords {
        &self.passwords
    }

    /// Who checks access tokens.
    #[must_use]
    pub fn revoked(&self) -> Arc<Revoked> {
        Arc::clone(&self.revoked)
    }

    /// Told when there is a message to send.
    #[must_use]
    pub fn wake(&self) -> Arc<Notify> {
        Arc::clone(&self.wake)
    }

    /// The account at the SMS provider.
    #[must_use]
    pub fn sens(&self) -> Option<&SensSettings> {
        self.settings.sms.sens.as_ref()
    }

    /// Where chat-server takes statements.
    #[must_use]
    pub fn chat_events(&self) -> Option<&url::Url> {
        self.settings.chat_events.as_ref()
    }

    /// The code of a verification: computed, so that it stands nowhere.
    pub(crate) fn code_of(&self, verification: &str) -> VerificationCode {
        let hash = self.keys.code_source.of(What::Code(verification));
        let mut bytes = [0; 16];
        for (byte, part) in bytes.iter_mut().zip(hash) {
            *byte = part;
        }
        VerificationCode::from_random(&bytes)
    }

    /// The version of the text of a consent that is in force. One for all of them.
    pub(crate) fn text_in_force(&self, _kind: ConsentKind) -> Option<TextVersion> {
        self.settings.consent_version.clone()
    }
}
