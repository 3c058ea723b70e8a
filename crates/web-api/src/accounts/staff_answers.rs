//! What staff is told, and tells, as it leaves and comes.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use zeroize::Zeroizing;

use super::service::Person;
use super::totp::Proposal;

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// The password, once more; who has none leaves it out.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SecondFactorSetup)]
pub(crate) struct FactorSetupBody {
    /// The present one.
    #[schema(nullable = false, format = Password)]
    pub(crate) current_password: Option<String>,
}

/// A secret to be taken over by an authenticator app. It is shown once.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SecondFactorProposal)]
pub(crate) struct ProposalAnswer {
    /// In base 32, to be typed.
    #[schema(example = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")]
    secret: String,
    /// To be opened by an app on the same device.
    otpauth_uri: String,
    /// The same as a QR code: an SVG document.
    qr_code: String,
}

impl From<&Proposal> for ProposalAnswer {
    fn from(proposal: &Proposal) -> Self {
        Self {
            secret: proposal.secret.as_str().to_owned(),
            otpauth_uri: proposal.uri.as_str().to_owned(),
            qr_code: proposal.picture.as_str().to_owned(),
        }
    }
}

/// A code of the app.
#[derive(Deserialize, ToSchema)]
#[schema(as = SecondFactorCode)]
pub(crate) struct FactorCodeBody {
    /// Six digits.
    #[schema(example = "287082", max_length = 64)]
    pub(crate) code: String,
}

/// The second factor counts from now on. Refresh to get an access token that says so.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecoveryCodes)]
pub(crate) struct RecoveryCodesAnswer {
    /// Each stands in for a code of the app once; shown here and never again.
    recovery_codes: Vec<String>,
}

impl RecoveryCodesAnswer {
    /// Of these.
    pub(crate) fn new(codes: &[Zeroizing<String>]) -> Self {
        let recovery_codes = codes.iter().map(|code| code.as_str().to_owned()).collect();
        Self { recovery_codes }
    }
}

/// What removes a second factor.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SecondFactorRemoval)]
pub(crate) struct FactorRemovalBody {
    /// The present password; who has none leaves it out.
    #[schema(nullable = false, format = Password)]
    pub(crate) current_password: Option<String>,
    /// Six digits of the app, or a recovery code.
    #[schema(max_length = 64)]
    pub(crate) code: String,
}

/// The second half of signing in.
#[derive(Deserialize, ToSchema)]
#[schema(as = SecondFactorSignIn)]
pub(crate) struct SecondSignInBody {
    /// The `secondFactorToken` of the first half.
    #[schema(max_length = 1000)]
    pub(crate) token: String,
    /// Six digits of the app, or a recovery code.
    #[schema(max_length = 64)]
    pub(crate) code: String,
}

/// What somebody is to the service.
#[derive(Deserialize, ToSchema)]
#[schema(as = RoleChange)]
pub(crate) struct RoleBody {
    /// `member`, `counsellor` or `admin`.
    #[schema(example = "counsellor")]
    pub(crate) role: String,
}

/// Why somebody is shut out, and until when.
#[derive(Deserialize, ToSchema)]
#[schema(as = Suspension)]
pub(crate) struct SuspensionBody {
    /// For other admins: 1 to 200 characters.
    #[schema(max_length = 200)]
    pub(crate) reason: String,
    /// Within ten years; without it, until an admin lets him in again.
    #[schema(nullable = false, format = DateTime)]
    pub(crate) until: Option<String>,
}

/// A member as admins see him: nothing that tells who he is.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AdminUser)]
pub(crate) struct PersonAnswer {
    /// His id.
    id: String,
    /// `member`, `counsellor` or `admin`.
    role: &'static str,
    /// `active`, `suspended` or `withdrawn`.
    state: &'static str,
    /// Why he is suspended.
    suspended_reason: Option<String>,
    /// Until when.
    #[schema(format = DateTime)]
    suspended_until: Option<String>,
    /// Whether he has set up a second factor.
    second_factor: bool,
    /// When he signed up.
    #[schema(format = DateTime)]
    created_at: String,
}

impl From<Person> for PersonAnswer {
    fn from(person: Person) -> Self {
        Self {
            id: person.id.as_str().to_owned(),
            role: person.role.as_str(),
            state: person.state.as_str(),
            suspended_reason: person.suspended_reason,
            suspended_until: person.suspended_until.map(moment),
            second_factor: person.second_factor,
            created_at: moment(person.created_at),
        }
    }
}

/// Members that were looked for.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = AdminUsers)]
pub(crate) struct PeopleAnswer {
    /// None or one.
    pub(crate) items: Vec<PersonAnswer>,
}
