//! Signing in, and the devices that one is signed in on.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::moment;
use crate::accounts::service::{Device, Signed};

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
