//! Pictures of members. A client is permitted to upload one, sends the bytes to a signed address
//! (of an object store, or of this server where there is none), and then says that it is to be his
//! picture: only then somebody looks at the bytes, and what others see is made anew from the pixels.
//!
//! No crash leaves a file that nobody knows: a file's row in `image_deletions` stands before the file
//! does, and goes in the transaction that makes the file somebody's picture.

pub(crate) mod answers;
mod bodies;
mod error;
mod files;
mod kind;
mod local;
mod picture;
mod s3;
mod service;
mod settings;
mod sweep;
mod ticket;
mod workshop;

use std::sync::Arc;

use chrono::TimeDelta;
use tokio::sync::{Notify, Semaphore};

pub(crate) use error::{ImageError, Refusal};
pub(crate) use files::CONTENT_TYPE;
pub use files::FileError;
pub(crate) use kind::ImageKind;
pub(crate) use service::Sent;
pub use settings::{ImageSettings, S3Settings, StoreSettings};
pub use sweep::forget;

use bodies::Bodies;
use files::Files;
use workshop::Workshop;

/// The largest upload in bytes.
pub(crate) const LARGEST: u32 = 5 * 1_024 * 1_024;
/// Uploads that a member may begin in [`WINDOW`].
const MOST_UPLOADS: usize = 20;
const WINDOW: TimeDelta = TimeDelta::hours(1);
/// From the permission on, how long an upload can become a picture.
const USABLE: TimeDelta = TimeDelta::minutes(15);
/// From the permission on, when an upload is deleted at the latest: nobody works on it any more.
const ABANDONED: TimeDelta = TimeDelta::minutes(25);
/// How long one request may work on an upload; longer than everything that it does.
const LEASE: TimeDelta = TimeDelta::seconds(90);
/// When a picture is deleted that was written and didn't become anybody's; longer than the lease.
const UNCLAIMED: TimeDelta = TimeDelta::minutes(10);
/// Pictures that it shows at the same time; not out of the same places: senders may be slow.
const MOST_SHOWN: usize = 64;

/// What pictures need.
#[derive(Debug)]
pub struct Images {
    files: Files,
    workshop: Workshop,
    bodies: Bodies,
    shown: Arc<Semaphore>,
    /// Told when there is a file to delete.
    wake: Notify,
}

impl Images {
    /// Opens the store. Blocking.
    ///
    /// # Errors
    /// A folder that can't be made, a bucket whose name or address can't be one.
    pub fn open(settings: &ImageSettings) -> Result<Self, FileError> {
        Ok(Self {
            files: Files::open(&settings.store)?,
            workshop: Workshop::new(settings.workers),
            bodies: Bodies::new(),
            shown: Arc::new(Semaphore::new(MOST_SHOWN)),
            wake: Notify::new(),
        })
    }

    /// The address of a picture for browsers; one that begins with a slash is this server's.
    pub(crate) fn address(&self, file: &str) -> String {
        self.files.address(file)
    }
}
