//! Codes by SMS.

use domain::account::VerificationPurpose;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::moment;
use crate::accounts::service::Requested;

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
