//! What can go wrong with pictures, without a word of HTTP.

use chrono::{DateTime, Utc};

use super::files::FileError;
use crate::db::DbError;

/// Why bytes aren't taken as a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Refusal {
    /// Neither JPEG nor PNG nor WebP by its first bytes, or broken.
    #[error("the bytes are no picture of a known type")]
    NotAnImage,
    /// One of the three, and not the one that was announced.
    #[error("a picture of another type than announced")]
    OtherType,
    /// More or fewer bytes than announced.
    #[error("another length than announced")]
    OtherLength,
    /// Too wide, too high, or too many pixels.
    #[error("too many pixels")]
    TooManyPixels,
    /// More than one picture.
    #[error("a moving picture")]
    Animated,
}

/// Why something wasn't done.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ImageError {
    /// The bytes are no picture that is taken.
    #[error(transparent)]
    Refused(#[from] Refusal),
    /// The announced type is none of the three.
    #[error("no such type of pictures")]
    UnknownType,
    /// The announced length is none.
    #[error("no such length")]
    UnknownSize,
    /// Too many permissions in a short time.
    #[error("too many uploads")]
    TooMany {
        /// From when on there is one more.
        retry_at: DateTime<Utc>,
    },
    /// No such upload of this member.
    #[error("no such upload")]
    UnknownUpload,
    /// Its time is over, or it was used.
    #[error("the upload is over")]
    Over,
    /// The permission isn't one for this.
    #[error("the upload isn't permitted")]
    NotPermitted,
    /// Nothing has come yet.
    #[error("nothing was uploaded")]
    NothingThere,
    /// Another request works on it.
    #[error("another request works on the upload")]
    InWork,
    /// No such picture.
    #[error("no such picture")]
    UnknownImage,
    /// The account is gone.
    #[error("no such member")]
    NoMember,
    /// Too much to do at the moment, or it took too long.
    #[error("too much to do")]
    Busy,
    /// The store.
    #[error(transparent)]
    File(#[from] FileError),
    /// The database.
    #[error(transparent)]
    Db(#[from] DbError),
    /// A mistake of ours.
    #[error("a picture can't be made")]
    Internal(#[source] Box<dyn std::error::Error + Send + Sync>),
}
