//! Signing up.

use domain::account::ConsentKind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
