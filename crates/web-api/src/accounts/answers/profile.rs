//! One's own profile.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::moment;
use crate::accounts::service::Profile;

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
