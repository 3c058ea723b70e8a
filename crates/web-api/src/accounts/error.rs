//! What can go wrong with accounts, without a word of HTTP.

use chrono::{DateTime, Utc};
use domain::account::{ConsentError, NicknameError, PasswordError, RedeemError, SendLimit};
use secrecy::SecretString;

use super::PasswordsError;
use super::social::{SocialError, SocialRule};
use super::store::users::Taken;
use crate::db::DbError;

/// A field of a request.
pub(crate) type Field = &'static str;

/// The rule that a field breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    LoginId,
    Password(PasswordError),
    Nickname(NicknameError),
    Email,
    Phone,
    Code,
    Consent(ConsentError),
    Version,
    /// Of a verification: too long ago, used, for something else.
    Token(RedeemError),
    /// No such token was given out.
    UnknownToken,
    /// The present password isn't this one.
    WrongPassword,
    /// More answers than questions.
    TooManyConsents,
    /// Neither or both of two fields.
    OneOfTwo,
    /// An `Idempotency-Key` that is none.
    IdempotencyKey,
    /// An `Idempotency-Key` that came with another body.
    OtherBody,
    /// Neither six digits nor a recovery code.
    FactorCode,
    /// Another role than there are.
    Role,
    /// No reason, or too long a one.
    Reason,
    /// No moment, or one that isn't ahead.
    Until,
    /// Of sign-in by other services.
    Social(SocialRule),
}

/// Why something wasn't done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AccountError {
    /// Fields that break rules.
    #[error("fields break rules")]
    Invalid(Vec<(Field, Rule)>),
    /// Somebody has it already.
    #[error("something is taken")]
    Taken(Vec<Taken>),
    /// No more messages for now.
    #[error("no more messages for now")]
    NoMessage {
        limit: SendLimit,
        retry_at: DateTime<Utc>,
    },
    /// No such verification.
    #[error("no such verification")]
    UnknownVerification,
    /// The code isn't the one.
    #[error("a wrong code")]
    WrongCode { tries_left: u8 },
    /// Its time is over, its tries are, or it was entered before.
    #[error("the verification is over")]
    VerificationOver,
    /// No such member, or another password.
    #[error("wrong credentials")]
    WrongCredentials,
    /// Too many of those.
    #[error("slowed")]
    Slowed { retry_at: DateTime<Utc> },
    /// Shut out by an admin.
    #[error("suspended")]
    Suspended,
    /// The refresh token is none, or its session has ended.
    #[error("the session has ended")]
    SessionOver,
    /// The password was right; the second factor is still to come.
    #[error("the second factor is still to come")]
    SecondFactorNeeded {
        /// Names the sign-in that waits for it.
        token: SecretString,
        expires_at: DateTime<Utc>,
    },
    /// The sign-in that waited for a second factor is over.
    #[error("the sign-in that waited for a second factor is over")]
    SecondFactorOver,
    /// Another code than the one, or one that was used.
    #[error("a wrong second factor")]
    WrongSecondFactor,
    /// No second factor is set up, or none is waiting to be confirmed.
    #[error("no second factor")]
    NoSecondFactor,
    /// One is set up already.
    #[error("a second factor is set up already")]
    SecondFactorExists,
    /// Only staff has one.
    #[error("not for this role")]
    OtherRole,
    /// No such member.
    #[error("no such member")]
    UnknownUser,
    /// Nobody would be left to administer.
    #[error("the last admin")]
    LastAdmin,
    /// Not for oneself.
    #[error("not for oneself")]
    Oneself,
    /// No such session of this member.
    #[error("no such session")]
    UnknownSession,
    /// Of sign-in by other services.
    #[error(transparent)]
    Social(#[from] SocialError),
    /// Passwords.
    #[error(transparent)]
    Passwords(#[from] PasswordsError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
}

impl AccountError {
    /// One field that breaks a rule.
    pub(crate) fn invalid(field: Field, rule: Rule) -> Self {
        Self::Invalid(vec![(field, rule)])
    }

    /// A mistake of ours.
    pub(crate) fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Db(DbError::data(cause))
    }
}
