//! What accounts are told, and tell, as it leaves and comes.

use chrono::{DateTime, SecondsFormat, Utc};
use domain::account::{ConsentEntry, ConsentKind, VerificationPurpose};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::{Device, Profile, Requested, Signed};

/// A moment as the contract writes it.
pub(crate) fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// What a number is verified for.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) enum PurposeBody {
    /// To sign up.
    SignUp,
    /// To be told one's login id.
    FindLoginId,
    /// To choose another password.
    ResetPassword,
    /// To have another number.
    ChangePhone,
}

impl From<PurposeBody> for VerificationPurpose {
    fn from(purpose: PurposeBody) -> Self {
        match purpose {
            PurposeBody::SignUp => Self::SignUp,
            PurposeBody::FindLoginId => Self::FindLoginId,
            PurposeBody::ResetPassword => Self::ResetPassword,
            PurposeBody::ChangePhone => Self::ChangePhone,
        }
    }
}

/// A number to send a code to.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PhoneVerificationRequest)]
pub(crate) struct VerificationBody {
    /// A Korean mobile number.
    #[schema(example = "010-1234-5678", max_length = 40)]
    pub(crate) phone_number: String,
    /// What it is verified for.
    pub(crate) purpose: PurposeBody,
}

/// A code is on its way.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PhoneVerification)]
pub(crate) struct VerificationAnswer {
    /// Names the verification.
    verification_id: String,
    /// Until when the code can be entered.
    #[schema(format = DateTime)]
    expires_at: String,
    /// From when on another one can be asked for.
    #[schema(format = DateTime)]
    resend_after: String,
}

impl From<Requested> for VerificationAnswer {
    fn from(requested: Requested) -> Self {
        Self {
            verification_id: requested.id,
            expires_at: moment(requested.expires_at),
            resend_after: moment(requested.resend_after),
        }
    }
}

/// The code of the message.
#[derive(Deserialize, ToSchema)]
#[schema(as = PhoneVerificationCode)]
pub(crate) struct CodeBody {
    /// Six digits.
    #[schema(example = "048213", max_length = 32)]
    pub(crate) code: String,
}

/// The number is verified.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PhoneVerified)]
pub(crate) struct TokenAnswer {
    /// Good once, for 30 minutes, for this number and purpose.
    pub(crate) verification_token: String,
}

/// Whether a name is to be had.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Availability)]
pub(crate) struct AvailabilityAnswer {
    /// At this moment.
    pub(crate) available: bool,
}

/// An answer to one question.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ConsentAnswer)]
pub(crate) struct ConsentBody {
    /// What is asked.
    #[schema(value_type = ConsentKindSchema)]
    pub(crate) kind: ConsentKind,
    /// Yes or no.
    pub(crate) agreed: bool,
    /// The version of the text that was shown; without it the one in force.
    #[schema(nullable = false, max_length = 20)]
    pub(crate) version: Option<String>,
}

/// What is agreed to. `terms`, `privacy` and `age14` are required.
#[derive(ToSchema)]
#[schema(as = ConsentKind, rename_all = "camelCase")]
#[expect(dead_code, reason = "describes the domain's type in OpenAPI")]
pub(crate) enum ConsentKindSchema {
    Terms,
    Privacy,
    Age14,
    Sensitive,
    Marketing,
}

/// Somebody who signs up: by `loginId`, `password` and `verificationToken`, or by `signUpToken`, which
/// goes without the first two.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignUp)]
pub(crate) struct SignUpBody {
    /// 4 to 20 lower-case letters and digits.
    #[schema(nullable = false, example = "haneul7")]
    pub(crate) login_id: Option<String>,
    /// 8 to 64 characters, at most 71 bytes, with a letter and a digit.
    #[schema(nullable = false, format = Password)]
    pub(crate) password: Option<String>,
    /// Of somebody whom another service named (`POST /auth/social/exchange`).
    #[schema(nullable = false, max_length = 200)]
    pub(crate) sign_up_token: Option<String>,
    /// 2 to 12 characters.
    #[schema(example = "하늘")]
    pub(crate) nickname: String,
    /// Kept with the account. It can't be verified yet, because no mail is sent, and only a verified
    /// address signs in: this one doesn't.
    #[schema(nullable = false, max_length = 254)]
    pub(crate) email: Option<String>,
    /// Of a number that was verified to sign up; with `signUpToken` it may be left out.
    #[schema(nullable = false)]
    pub(crate) verification_token: Option<String>,
    /// Each at most once.
    #[schema(max_items = 5)]
    pub(crate) consents: Vec<ConsentBody>,
}

/// A new member.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = NewMember)]
pub(crate) struct NewMemberAnswer {
    /// His id.
    pub(crate) id: String,
}

/// Somebody who signs in: by `loginId` or by `email`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignIn)]
pub(crate) struct SignInBody {
    /// The name that was chosen.
    #[schema(nullable = false, example = "haneul7")]
    pub(crate) login_id: Option<String>,
    /// A verified address. None is verified yet, because no mail is sent: this is always refused, as a
    /// wrong password is. Sign in by `loginId`.
    #[schema(nullable = false)]
    pub(crate) email: Option<String>,
    /// The password.
    #[schema(format = Password)]
    pub(crate) password: String,
}

/// A refresh token. Sent in the cookie instead with `X-Refresh-Transport: cookie`.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Refresh)]
pub(crate) struct RefreshBody {
    /// The last one that was given.
    pub(crate) refresh_token: String,
}

/// Signed in.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Session)]
pub(crate) struct SignedAnswer {
    /// The device's session, as in the list of devices.
    session_id: String,
    /// For `Authorization: Bearer`.
    access_token: String,
    /// `Bearer`.
    token_type: &'static str,
    /// Until when the access token is good.
    #[schema(format = DateTime)]
    access_token_expires_at: String,
    /// Good once; absent where it is in the cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// Until when the refresh token is good.
    #[schema(format = DateTime)]
    refresh_token_expires_at: String,
    /// Only while one is suspended. The session is good for `GET` and `DELETE /me`, the export, consents,
    /// devices and signing out; the rest answers `account_suspended`. Once it is over, a refresh gives a
    /// token for everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    suspended: Option<SuspendedAnswer>,
}

/// That one is suspended.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Suspended)]
pub(crate) struct SuspendedAnswer {
    /// Until when; without it, until an admin ends it.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false, format = DateTime)]
    until: Option<String>,
}

impl SignedAnswer {
    /// The answer, without the refresh token where that goes by cookie.
    pub(crate) fn new(signed: &Signed, by_cookie: bool) -> Self {
        Self {
            session_id: signed.session.as_str().to_owned(),
            access_token: signed.access.as_str().to_owned(),
            token_type: "Bearer",
            access_token_expires_at: moment(signed.access_expires_at),
            refresh_token: (!by_cookie).then(|| signed.refresh.expose().to_owned()),
            refresh_token_expires_at: moment(signed.refresh_expires_at),
            suspended: signed.suspended.map(|suspension| SuspendedAnswer {
                until: suspension.until.map(moment),
            }),
        }
    }
}

/// A device that one is signed in on.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Device)]
pub(crate) struct DeviceAnswer {
    /// To sign it out by.
    id: String,
    /// What it called itself.
    device: String,
    /// When one signed in there.
    #[schema(format = DateTime)]
    signed_in_at: String,
    /// When it was used last, to the length of an access token's life.
    #[schema(format = DateTime)]
    last_used_at: String,
    /// Whether this call comes from it.
    current: bool,
}

/// Devices.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Devices)]
pub(crate) struct DevicesAnswer {
    /// The one that was used last first.
    pub(crate) items: Vec<DeviceAnswer>,
}

impl DevicesAnswer {
    /// As seen from the session `current`.
    pub(crate) fn new(devices: Vec<Device>, current: &str) -> Self {
        let answer = |device: Device| DeviceAnswer {
            current: device.session.as_str() == current,
            id: device.session.as_str().to_owned(),
            device: device.label,
            signed_in_at: moment(device.since),
            last_used_at: moment(device.last_used_at),
        };
        Self {
            items: devices.into_iter().map(answer).collect(),
        }
    }
}

/// One's own profile.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Me)]
pub(crate) struct MeAnswer {
    /// One's id.
    id: String,
    /// The name that one signs in with; `null` where one signs in by another service only.
    login_id: Option<String>,
    /// The name that others see.
    nickname: Option<String>,
    /// The address, if one gave one.
    email: Option<String>,
    /// Whether one proved to read it; false as long as no mail is sent.
    email_verified: bool,
    /// The number, with stars.
    #[schema(example = "010-****-5678")]
    phone_number: Option<String>,
    /// The address of the picture, which is another one with each picture; one that begins with a slash is this
    /// server's. `null` where there is none.
    profile_image_url: Option<String>,
    /// `member`, `counsellor` or `admin`.
    role: &'static str,
    /// How one signs in: `local`, `naver`, `google`, `kakao`.
    login_types: Vec<&'static str>,
    /// Days on which one was here.
    days_attended: u32,
    /// When one signed up.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<Profile> for MeAnswer {
    fn from(profile: Profile) -> Self {
        let user = profile.user;
        let local = user.password_hash.is_some();
        Self {
            id: user.id.as_str().to_owned(),
            login_id: user.login_id,
            nickname: user.nickname,
            email: profile.email.map(|email| email.as_str().to_owned()),
            email_verified: user.email_verified,
            phone_number: profile.phone,
            profile_image_url: profile.image_url,
            role: user.role.as_str(),
            login_types: local
                .then_some("local")
                .into_iter()
                .chain(profile.social)
                .collect(),
            days_attended: profile.days_attended,
            created_at: moment(user.created_at),
        }
    }
}

/// What of one's profile changes.
#[derive(Deserialize, ToSchema)]
#[schema(as = MeChange)]
pub(crate) struct MeBody {
    /// Another name that others see.
    #[schema(example = "하늘")]
    pub(crate) nickname: String,
}

/// Another password.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasswordChange)]
pub(crate) struct PasswordBody {
    /// The present one.
    #[schema(format = Password)]
    pub(crate) current_password: String,
    /// The next one.
    #[schema(format = Password)]
    pub(crate) new_password: String,
}

/// Yes or no.
#[derive(Debug, Deserialize, ToSchema)]
#[schema(as = ConsentChange)]
pub(crate) struct AgreedBody {
    /// Yes or no.
    pub(crate) agreed: bool,
    /// The version of the text that was shown; without it the one in force.
    #[schema(nullable = false, max_length = 20)]
    pub(crate) version: Option<String>,
}

/// A line of the ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentLine)]
pub(crate) struct ConsentAnswerBody {
    /// What was asked.
    #[schema(value_type = ConsentKindSchema)]
    kind: ConsentKind,
    /// Yes or no.
    agreed: bool,
    /// The version of the text.
    version: String,
    /// When it was said.
    #[schema(format = DateTime)]
    at: String,
}

impl From<ConsentEntry> for ConsentAnswerBody {
    fn from(entry: ConsentEntry) -> Self {
        Self {
            kind: entry.kind,
            agreed: entry.agreed,
            version: entry.version.as_str().to_owned(),
            at: moment(entry.at),
        }
    }
}

/// The ledger.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentLedger)]
pub(crate) struct ConsentsAnswer {
    /// Oldest first; of each kind the last one counts.
    pub(crate) items: Vec<ConsentAnswerBody>,
}
