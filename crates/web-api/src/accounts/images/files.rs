//! Where files lie: in a folder or in a bucket, by names of our own making.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};

use super::local::Folder;
use super::s3::S3;
use super::settings::StoreSettings;
use crate::accounts::keys::random;

/// Where uploads lie; nobody reads there but this server.
const UPLOADS: &str = "uploads/";
/// Where pictures lie that everybody may see who knows their names.
const IMAGES: &str = "images/";
/// The ending of every picture.
const ENDING: &str = ".jpg";
/// The type of every picture.
pub(crate) const CONTENT_TYPE: &str = "image/jpeg";
/// Random bytes of a name: nobody guesses it.
const NAME_BYTES: usize = 20;

/// Why the store didn't do something.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The folder.
    #[error("the folder of pictures can't be used")]
    Io(#[from] std::io::Error),
    /// Nobody answered, or not in time.
    #[error("the object store can't be reached")]
    Network(#[source] reqwest::Error),
    /// Another answer than expected.
    #[error("the object store answers {0}")]
    Status(reqwest::StatusCode),
    /// The answer isn't what was asked for.
    #[error("the object store's answer can't be used")]
    Answer,
    /// The settings.
    #[error("the object store can't be set up")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
}

/// How and where to send the bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// The address; one that begins with a slash is this server's.
    pub(crate) url: String,
    /// Headers that have to be sent as they are.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// A store.
#[derive(Debug)]
pub(crate) enum Files {
    Local(Folder),
    S3(Box<S3>),
}

impl Files {
    /// The store of the settings.
    ///
    /// # Errors
    /// A folder that can't be made, an address that can't be one.
    pub(crate) fn open(settings: &StoreSettings) -> Result<Self, FileError> {
        match settings {
            StoreSettings::Local(folder) => {
                Folder::open(folder, &[UPLOADS, IMAGES]).map(Self::Local)
            }
            StoreSettings::S3(settings) => S3::new(settings).map(Box::new).map(Self::S3),
        }
    }

    /// What a file holds; `None` where it isn't there. One that is longer than `most` bytes is no
    /// answer.
    pub(crate) async fn read(
        &self,
        file: &str,
        most: usize,
        now: DateTime<Utc>,
    ) -> Result<Option<Bytes>, FileError> {
        match self {
            Self::Local(folder) => folder.read(file, most).await,
            Self::S3(s3) => s3.read(file, most, now).await,
        }
    }

    /// Writes a file, wholly or not at all.
    pub(crate) async fn write(
        &self,
        file: &str,
        bytes: Bytes,
        now: DateTime<Utc>,
    ) -> Result<(), FileError> {
        match self {
            Self::Local(folder) => folder.write(file, bytes).await,
            Self::S3(s3) => s3.write(file, bytes, CONTENT_TYPE, now).await,
        }
    }

    /// Deletes a file; one that isn't there is deleted.
    pub(crate) async fn delete(&self, file: &str, now: DateTime<Utc>) -> Result<(), FileError> {
        match self {
            Self::Local(folder) => folder.delete(file).await,
            Self::S3(s3) => s3.delete(file, now).await,
        }
    }

    /// The address of a picture for browsers.
    pub(crate) fn address(&self, file: &str) -> String {
        let base = match self {
            Self::Local(_) => None,
            Self::S3(s3) => s3.public_url(),
        };
        let name = file.strip_prefix(IMAGES).unwrap_or(file);
        base.map_or_else(
            || crate::routes::profile_image(name),
            |base| format!("{}/{file}", base.as_str().trim_end_matches('/')),
        )
    }
}

/// How long a signed address is good.
pub(crate) const VALID: TimeDelta = TimeDelta::minutes(5);

/// The file of an upload.
pub(crate) fn upload(id: &str) -> String {
    format!("{UPLOADS}{id}")
}

/// The file of a new picture.
pub(crate) fn new_image() -> String {
    use std::fmt::Write as _;
    let mut file = IMAGES.to_owned();
    for byte in random::<NAME_BYTES>().iter() {
        // Writing into a string can't fail.
        let _written = write!(file, "{byte:02x}");
    }
    file.push_str(ENDING);
    file
}

/// The file of a picture's public name, if that can be one: nothing else is ever looked for.
pub(crate) fn image(name: &str) -> Option<String> {
    let digits = name.strip_suffix(ENDING)?;
    let hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    let is_name = digits.len() == 2 * NAME_BYTES && digits.bytes().all(hex);
    is_name.then(|| format!("{IMAGES}{name}"))
}

#[cfg(test)]
mod tests {
    use super::{image, new_image};

    #[test]
    fn only_names_of_our_own_are_files() {
        let file = new_image();
        let name = file.strip_prefix("images/").unwrap();
        assert_eq!(image(name), Some(file.clone()));
        assert_ne!(new_image(), file);
        for wrong in [
            "",
            ".jpg",
            "../uploads/1",
            "..%2f..%2fkeys%2findex.key",
            &name.to_uppercase(),
            &format!("/{name}"),
            &format!("{name}/"),
            &name.replace(".jpg", ".png"),
        ] {
            assert_eq!(image(wrong), None, "{wrong}");
        }
    }
}
