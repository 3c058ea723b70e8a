//! The rules of accounts: what a member may be called, how a number is verified, how long a sign-in
//! lasts, who has to agree to what.
//!
//! Nothing is stored, sent or drawn at random here. Stores count and remember; time, randomness and
//! secrets are parameters; what is decided is decided in this module, so that it can be tested over
//! every order of events. What identifies a person hides itself from `Debug`.
//!
//! | module's types | rule |
//! |---|---|
//! | [`LoginId`], [`Nickname`], [`Password`], [`EmailAddress`], [`PhoneNumber`] | what may be entered |
//! | [`VerificationCode`], [`Verification`], [`verification_sms`] | proving a phone number |
//! | [`SendLimits`] | how many messages are sent to whom, for whom, at what cost |
//! | [`Consents`], [`sign_up_consents`] | who has agreed to what, and since when |
//! | [`Role`], [`UserState`] | what an account may do at all |
//! | [`RefreshKeys`], [`SessionFamily`] | staying signed in |
//! | [`SignInFailures`] | slowing those who guess |
//! | [`AttendanceDay`] | days on which somebody was here |

mod attendance;
mod code;
mod consent;
mod email;
mod login_id;
mod nickname;
mod password;
mod phone;
mod role;
mod secret;
mod session;
mod slowing;
mod sms;
mod verification;

pub use attendance::AttendanceDay;
pub use code::{CodeHash, VerificationCode, VerificationCodeError};
pub use consent::{
    ConsentAnswer, ConsentEntry, ConsentError, ConsentKind, Consents, MARKETING_REMINDER,
    TextVersion, TextVersionError, sign_up_consents,
};
pub use email::{EmailAddress, EmailAddressError};
pub use login_id::{LoginId, LoginIdError};
pub use nickname::{Nickname, NicknameError};
pub use password::{Password, PasswordAttempt, PasswordError};
pub use phone::{PhoneNumber, PhoneNumberError};
pub(crate) use role::named;
pub use role::{Role, UnknownName, UserState};
pub use secret::{HmacSecret, HmacSecretError};
pub use session::{
    FamilyHash, FamilyId, PresentedToken, REFRESH_LIFE, REPLAY_GRACE, RefreshDecision, RefreshKeys,
    RefreshKeysError, RefreshToken, SESSION_LONGEST, SessionFamily,
};
pub use slowing::{AddressKey, FAILURE_MEMORY, Failures, SignInFailures, Slowing};
pub use sms::verification_sms;
pub use verification::{
    CODE_LIFE, CODE_TRIES, Confirmation, RESEND_AFTER, RedeemError, SendCounts, SendLimit,
    SendLimits, SendRefusal, VERIFICATION_TOKEN_LIFE, Verification, VerificationPhase,
    VerificationPurpose,
};
