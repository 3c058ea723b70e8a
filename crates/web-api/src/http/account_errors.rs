//! The one place where errors of accounts become answers.

use std::time::Duration;

use chrono::{SecondsFormat, Utc};
use domain::account::SendLimit;
use service_kit::problem::ProblemKind;

use super::account_texts::AccountText;
use super::problem::{Problem, SecondFactorWaits};
use super::problem_texts::{Message, Narrow};
use crate::accounts::social::SocialError;
use crate::accounts::store::users::Taken;
use crate::accounts::{AccountError, PasswordsError};
use crate::db::{DbError, chain};

/// What a database or a queue that is busy needs.
const SHORTLY: Duration = Duration::from_secs(2);

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Invalid(fields) => {
                fields
                    .into_iter()
                    .fold(Self::invalid(Vec::new()), |problem, (field, rule)| {
                        problem.with_error(field, Message::Account(AccountText::Rule(rule)))
                    })
            }
            AccountError::Taken(taken) => taken.into_iter().fold(
                Self::narrow(ProblemKind::Conflict, Narrow::Taken),
                |problem, taken| {
                    let field = match taken {
                        Taken::LoginId => "loginId",
                        Taken::Nickname => "nickname",
                        Taken::Phone => "verificationToken",
                    };
                    problem.with_error(field, Message::Account(AccountText::Taken(taken)))
                },
            ),
            AccountError::NoMessage { limit, retry_at } => no_message(limit, retry_at),
            AccountError::WrongCode { tries_left } => {
                Self::invalid_field("code", Message::Account(AccountText::WrongCode(tries_left)))
            }
            AccountError::UnknownVerification => {
                Self::narrow(ProblemKind::NotFound, Narrow::VerificationNotFound)
            }
            AccountError::VerificationOver => {
                Self::narrow(ProblemKind::Gone, Narrow::VerificationOver)
            }
            AccountError::WrongCredentials => {
                Self::narrow(ProblemKind::Unauthorized, Narrow::WrongCredentials)
            }
            AccountError::Slowed { retry_at } => {
                Self::narrow(ProblemKind::TooManyRequests, Narrow::SignInSlowed)
                    .with_retry_after(until(retry_at))
            }
            AccountError::SessionOver => {
                Self::narrow(ProblemKind::Unauthorized, Narrow::InvalidToken)
            }
            error @ (AccountError::SecondFactorNeeded { .. }
            | AccountError::SecondFactorOver
            | AccountError::WrongSecondFactor
            | AccountError::NoSecondFactor
            | AccountError::SecondFactorExists
            | AccountError::OtherRole
            | AccountError::UnknownUser
            | AccountError::LastAdmin
            | AccountError::Oneself) => of_staff(error),
            AccountError::UnknownSession => {
                Self::narrow(ProblemKind::NotFound, Narrow::SessionNotFound)
            }
            AccountError::Social(error) => of_social(error),
            AccountError::Passwords(error) => of_passwords(&error),
            AccountError::Db(error) => of_database(&error),
        }
    }
}

/// What concerns staff and second factors.
fn of_staff(error: AccountError) -> Problem {
    match error {
        AccountError::SecondFactorNeeded { token, expires_at } => {
            let expires_at = expires_at.to_rfc3339_opts(SecondsFormat::Millis, true);
            Problem::narrow(ProblemKind::Unauthorized, Narrow::SecondFactorRequired)
                .with_second_factor(SecondFactorWaits { token, expires_at })
        }
        AccountError::SecondFactorOver => {
            Problem::narrow(ProblemKind::Unauthorized, Narrow::SecondFactorOver)
        }
        AccountError::WrongSecondFactor => {
            Problem::narrow(ProblemKind::Unauthorized, Narrow::WrongSecondFactor)
        }
        AccountError::NoSecondFactor => {
            Problem::narrow(ProblemKind::NotFound, Narrow::SecondFactorNotFound)
        }
        AccountError::SecondFactorExists => {
            Problem::narrow(ProblemKind::Conflict, Narrow::SecondFactorExists)
        }
        AccountError::OtherRole => Problem::new(ProblemKind::Forbidden),
        AccountError::UnknownUser => Problem::narrow(ProblemKind::NotFound, Narrow::UserNotFound),
        AccountError::LastAdmin => Problem::narrow(ProblemKind::Conflict, Narrow::LastAdmin),
        AccountError::Oneself => Problem::narrow(ProblemKind::Conflict, Narrow::OwnAccount),
        other => {
            tracing::error!(cause = %other, "an error of accounts has no answer");
            Problem::new(ProblemKind::Internal)
        }
    }
}

fn no_message(limit: SendLimit, retry_at: chrono::DateTime<Utc>) -> Problem {
    let kind = if limit == SendLimit::DailyCost {
        ProblemKind::Unavailable
    } else {
        ProblemKind::TooManyRequests
    };
    Problem::narrow(kind, Narrow::NoMoreMessages).with_retry_after(until(retry_at))
}

/// From the system's clock: a test that moves the other one sees another number of seconds.
fn until(at: chrono::DateTime<Utc>) -> Duration {
    at.signed_duration_since(Utc::now())
        .to_std()
        .unwrap_or_default()
}

fn of_social(error: SocialError) -> Problem {
    let (kind, narrow) = match error {
        SocialError::NotOffered => (ProblemKind::NotFound, Narrow::ProviderNotOffered),
        SocialError::Taken => (ProblemKind::Conflict, Narrow::IdentityTaken),
        SocialError::OtherLinked => (ProblemKind::Conflict, Narrow::OtherIdentityLinked),
        SocialError::LastWay => (ProblemKind::Conflict, Narrow::LastSignInMethod),
        SocialError::Stale => (ProblemKind::Forbidden, Narrow::ReauthenticationRequired),
    };
    Problem::narrow(kind, narrow)
}

fn of_passwords(error: &PasswordsError) -> Problem {
    match error {
        PasswordsError::Busy => {
            tracing::warn!("too many passwords at once: somebody is sent away");
            Problem::new(ProblemKind::Unavailable).with_retry_after(SHORTLY)
        }
        PasswordsError::Failed(cause) => {
            tracing::error!(%cause, "a password can't be hashed");
            Problem::new(ProblemKind::Internal)
        }
    }
}

pub(super) fn of_database(error: &DbError) -> Problem {
    let cause = chain(error);
    match error {
        DbError::Unavailable(_) | DbError::Busy(_) => {
            tracing::warn!(
                cause,
                "a call of accounts met a database that is away or busy"
            );
            Problem::new(ProblemKind::Unavailable).with_retry_after(SHORTLY)
        }
        DbError::Conflict(_) | DbError::LeaseLost | DbError::Internal(_) => {
            tracing::error!(cause, "a call of accounts failed");
            Problem::new(ProblemKind::Internal)
        }
    }
}
