//! What accounts are told, and tell, as it leaves and comes.

mod consents;
mod profile;
mod sessions;
mod sign_up;
mod verification;

use chrono::{DateTime, SecondsFormat, Utc};

pub(crate) use self::consents::{AgreedBody, ConsentAnswerBody, ConsentsAnswer};
pub(crate) use self::profile::{MeAnswer, MeBody, PasswordBody};
pub(crate) use self::sessions::{DevicesAnswer, RefreshBody, SignInBody, SignedAnswer};
pub(crate) use self::sign_up::{AvailabilityAnswer, ConsentBody, NewMemberAnswer, SignUpBody};
pub(crate) use self::verification::{CodeBody, TokenAnswer, VerificationAnswer, VerificationBody};

/// A moment as the contract writes it.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
