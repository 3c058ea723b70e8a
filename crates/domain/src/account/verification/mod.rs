//! Proving that a phone number is at hand: one code, its tries, and what it is good for.

mod limits;

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::role::{UnknownName, named};
use crate::clock::later;

pub use limits::{SendCounts, SendLimit, SendLimits, SendRefusal};

/// How long a code can be entered (api.md, `POST /auth/phone-verifications`).
pub const CODE_LIFE: TimeDelta = TimeDelta::minutes(3);
/// When another code may be asked for: one message per number in 3 minutes.
pub const RESEND_AFTER: TimeDelta = TimeDelta::minutes(3);
/// How many codes may be tried: five guesses of a million, once per code.
pub const CODE_TRIES: u8 = 5;
/// How long the `verificationToken` is good for after a right code: the time to fill in a form, and
/// not to wait for a number to find a new owner.
pub const VERIFICATION_TOKEN_LIFE: TimeDelta = TimeDelta::minutes(30);

/// What a number is verified for. A token for one purpose is worth nothing for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum VerificationPurpose {
    /// 회원가입.
    SignUp,
    /// 아이디 찾기.
    FindLoginId,
    /// 비밀번호 재설정.
    ResetPassword,
    /// 번호 변경, of somebody who is signed in.
    ChangePhone,
}

named!(
    VerificationPurpose,
    "signUp, findLoginId, resetPassword, changePhone",
    SignUp = "signUp",
    FindLoginId = "findLoginId",
    ResetPassword = "resetPassword",
    ChangePhone = "changePhone"
);

/// How far a verification is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VerificationPhase {
    /// The code is out.
    Waiting,
    /// The code was entered; the token is out.
    Confirmed {
        /// When it was.
        at: DateTime<Utc>,
    },
    /// The token was used.
    Redeemed,
}

/// One verification of one number, as a state that only moves forward:
/// `Waiting → Confirmed → Redeemed`, and dead once its time or its tries are over.
///
/// # What a store must see to
/// Two requests at once must not make one try of two, or redeem a token twice. The new state is
/// written on the condition that the old one still stands (`WHERE tries = … AND phase = …`), *before*
/// the answer is sent; whoever finds it changed reads and decides again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verification {
    /// What it is for.
    pub purpose: VerificationPurpose,
    /// When the code was made.
    pub issued_at: DateTime<Utc>,
    /// Codes tried so far.
    pub tries: u8,
    /// How far it is.
    pub phase: VerificationPhase,
}

/// What became of a code that was entered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Confirmation {
    /// It is right: the caller gets the one token.
    Right,
    /// It is wrong.
    Wrong {
        /// How many more may be tried.
        tries_left: u8,
    },
    /// Its time is over, whatever it is.
    Expired,
    /// Five were tried before, whatever this one is.
    Exhausted,
    /// The token that a right one gave was used.
    AlreadyRedeemed,
}

/// Why a token isn't taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum RedeemError {
    /// It was asked for something else.
    #[error("the verification token was issued for another purpose")]
    OtherPurpose,
    /// It is older than 30 minutes.
    #[error("the verification token has expired: verify the number again")]
    Expired,
    /// It was used.
    #[error("the verification token has been used: verify the number again")]
    AlreadyRedeemed,
    /// Its code was never entered: such a token was never given out.
    #[error("the number has not been verified")]
    NotConfirmed,
}

impl Verification {
    /// A verification whose code was just made.
    #[must_use]
    pub const fn issue(purpose: VerificationPurpose, now: DateTime<Utc>) -> Self {
        Self {
            purpose,
            issued_at: now,
            tries: 0,
            phase: VerificationPhase::Waiting,
        }
    }

    /// First moment at which the code is too late.
    #[must_use]
    pub fn expires_at(&self) -> DateTime<Utc> {
        later(self.issued_at, CODE_LIFE)
    }

    /// First moment at which the number may get another code.
    #[must_use]
    pub fn resend_after(&self) -> DateTime<Utc> {
        later(self.issued_at, RESEND_AFTER)
    }

    /// A code is entered; `right` says whether it is the one. Gives the state to store and what to
    /// answer. Time and tries are looked at first: a right code that is too late isn't right. The right
    /// code may come again until the token is used, because an answer may be lost; wrong ones go on being
    /// counted, so that repeating is no way to guess.
    #[must_use]
    pub fn confirm(self, right: bool, now: DateTime<Utc>) -> (Self, Confirmation) {
        match self.phase {
            VerificationPhase::Redeemed => return (self, Confirmation::AlreadyRedeemed),
            VerificationPhase::Waiting | VerificationPhase::Confirmed { .. } => {}
        }
        if self.tries >= CODE_TRIES {
            return (self, Confirmation::Exhausted);
        }
        if now >= self.expires_at() {
            return (self, Confirmation::Expired);
        }
        if right && matches!(self.phase, VerificationPhase::Confirmed { .. }) {
            return (self, Confirmation::Right);
        }
        let tries = self.tries.saturating_add(1);
        if right {
            let phase = VerificationPhase::Confirmed { at: now };
            return (
                Self {
                    tries,
                    phase,
                    ..self
                },
                Confirmation::Right,
            );
        }
        let tries_left = CODE_TRIES.saturating_sub(tries);
        (Self { tries, ..self }, Confirmation::Wrong { tries_left })
    }

    /// The token is used, once, for what it was asked for. Gives the state to store.
    ///
    /// # Errors
    /// The state stays as it is, also for another purpose: a slip of a form must not cost the token.
    pub fn redeem(
        self,
        purpose: VerificationPurpose,
        now: DateTime<Utc>,
    ) -> Result<Self, RedeemError> {
        let confirmed_at = match self.phase {
            VerificationPhase::Waiting => return Err(RedeemError::NotConfirmed),
            VerificationPhase::Redeemed => return Err(RedeemError::AlreadyRedeemed),
            VerificationPhase::Confirmed { at } => at,
        };
        if self.purpose != purpose {
            return Err(RedeemError::OtherPurpose);
        }
        if now >= later(confirmed_at, VERIFICATION_TOKEN_LIFE) {
            return Err(RedeemError::Expired);
        }
        let phase = VerificationPhase::Redeemed;
        Ok(Self { phase, ..self })
    }
}
