//! What is told and asked where something was forgotten or a number changes.

use chrono::SecondsFormat;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::store::users::User;

/// The proof of a number.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = LoginIdRecovery)]
pub(crate) struct RecoveryBody {
    /// Of a number that was verified to find a login id.
    pub(crate) verification_token: String,
}

/// What somebody is called here.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = RecoveredAccount)]
pub(crate) struct RecoveredAccount {
    /// The name that one signs in with; `null` where one signs in by another service only.
    login_id: Option<String>,
    /// How one signs in: `local`.
    login_types: Vec<&'static str>,
    /// When one signed up.
    #[schema(format = DateTime)]
    created_at: String,
}

/// The accounts of a number.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = RecoveredAccounts)]
pub(crate) struct RecoveredAccounts {
    /// One at most; none where nobody signed up with this number.
    #[schema(max_items = 1)]
    items: Vec<RecoveredAccount>,
}

impl From<Option<User>> for RecoveredAccounts {
    fn from(user: Option<User>) -> Self {
        let answer = |user: User| {
            let local = user.password_hash.is_some();
            RecoveredAccount {
                login_types: if local { vec!["local"] } else { Vec::new() },
                created_at: user.created_at.to_rfc3339_opts(SecondsFormat::Millis, true),
                login_id: user.login_id,
            }
        };
        Self {
            items: user.into_iter().map(answer).collect(),
        }
    }
}

/// Another password instead of a forgotten one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PasswordReset)]
pub(crate) struct ResetBody {
    /// Of a number that was verified to reset a password.
    pub(crate) verification_token: String,
    /// The login id of the account that has this number.
    #[schema(example = "haneul7")]
    pub(crate) login_id: String,
    /// 8 to 64 characters, at most 71 bytes, with a letter and a digit.
    #[schema(format = Password)]
    pub(crate) new_password: String,
}

/// Another number.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PhoneChange)]
pub(crate) struct PhoneBody {
    /// Of the next number, which was verified to change to it.
    pub(crate) verification_token: String,
}
