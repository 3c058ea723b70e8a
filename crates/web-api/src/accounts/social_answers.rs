//! What sign-in by other services is told, and tells.

use chrono::{DateTime, SecondsFormat, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// The code that stood in the fragment.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SocialExchange)]
pub(crate) struct ExchangeBody {
    /// Good once, for 60 seconds, in the browser that began.
    #[schema(max_length = 200)]
    pub(crate) exchange_code: String,
}

/// Somebody whom nobody here is linked with.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = SignUpRequired)]
pub(crate) struct SignUpRequiredAnswer {
    /// Always true.
    sign_up_required: bool,
    /// For `POST /users`; good once.
    sign_up_token: String,
    /// Until when.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl SignUpRequiredAnswer {
    pub(crate) fn new(token: &str, expires_at: DateTime<Utc>) -> Self {
        Self {
            sign_up_required: true,
            sign_up_token: token.to_owned(),
            expires_at: moment(expires_at),
        }
    }
}

/// A proof of who is there: one of the two.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reauthentication)]
pub(crate) struct ReauthenticationBody {
    /// The password.
    #[schema(nullable = false, format = Password)]
    pub(crate) password: Option<String>,
    /// Of a way that was begun with `purpose=reauthenticate`.
    #[schema(nullable = false, max_length = 200)]
    pub(crate) exchange_code: Option<String>,
}

/// The session is fresh.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Reauthenticated)]
pub(crate) struct FreshAnswer {
    /// Until when what can't be undone may be done.
    #[schema(format = DateTime)]
    fresh_until: String,
}

impl FreshAnswer {
    pub(crate) fn new(until: DateTime<Utc>) -> Self {
        Self {
            fresh_until: moment(until),
        }
    }
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Millis, true)
}
