//! What pictures are told, and tell, as it leaves and comes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::service::Permitted;
use crate::accounts::answers::moment;

/// A picture that is to come.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImageUploadRequest)]
pub(crate) struct ImageUploadBody {
    /// `image/jpeg`, `image/png` or `image/webp`.
    #[schema(example = "image/jpeg")]
    pub(crate) content_type: String,
    /// Its exact length in bytes.
    #[schema(minimum = 1, maximum = 5_242_880, example = 81_920)]
    pub(crate) size: u64,
}

/// Where to send a picture.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ImageUpload)]
pub(crate) struct ImageUploadAnswer {
    /// To name it by.
    upload_id: String,
    /// How to send it: `PUT`.
    method: &'static str,
    /// Where, good once; one that begins with a slash is this server's.
    url: String,
    /// Headers to send as they are.
    headers: BTreeMap<&'static str, String>,
    /// Until when it may be sent.
    #[schema(format = DateTime)]
    expires_at: String,
}

impl From<Permitted> for ImageUploadAnswer {
    fn from(permitted: Permitted) -> Self {
        Self {
            upload_id: permitted.id,
            method: "PUT",
            url: permitted.target.url,
            headers: permitted.target.headers.into_iter().collect(),
            expires_at: moment(permitted.expires_at),
        }
    }
}

/// What is to be one's picture.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProfileImageChange)]
pub(crate) struct ImageBody {
    /// An upload of one's own.
    pub(crate) upload_id: String,
}

/// One's picture.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = ProfileImage)]
pub(crate) struct ImageAnswer {
    /// Its address; one that begins with a slash is this server's.
    pub(crate) profile_image_url: String,
}
