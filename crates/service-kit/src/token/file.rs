//! Keys from a file that is reread while the server runs.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use tokio::task::spawn_blocking;
use tokio_util::sync::CancellationToken;

use super::{KeySet, KeySetError, MOST_KEY_SET_BYTES, TokenVerifier};

/// A file of keys and the verifier that gets them.
///
/// Content is compared and not the time of the change, which two writes can share. Whatever is wrong
/// with the file, the keys that were good before go on being used: a missing or half-written file
/// signs nobody out. To take a key out of use the file is replaced by one without it.
///
/// web-api publishes a new key at least one interval before it signs with it, so no token comes
/// before its key.
#[derive(Debug)]
pub struct KeyFile {
    path: PathBuf,
    verifier: Arc<TokenVerifier>,
    seen: Option<Result<String, KeyFileError>>,
}

/// What came of rereading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reload {
    /// The file is as it was, good or bad.
    Unchanged,
    /// Its keys are in use now.
    Replaced {
        /// How many there are.
        keys: usize,
    },
    /// It changed and is no good; the keys from before stay.
    Kept(KeyFileError),
}

/// Why a file gives no keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyFileError {
    /// It isn't there, or can't be read.
    #[error("the file can't be read ({0})")]
    Unreadable(ErrorKind),
    /// It is no set of keys.
    #[error(transparent)]
    Keys(#[from] KeySetError),
}

impl KeyFile {
    /// Names a file. Nothing is read yet, and it needn't be there.
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, verifier: Arc<TokenVerifier>) -> Self {
        Self {
            path: path.into(),
            verifier,
            seen: None,
        }
    }

    /// Reads the file, blocking, and exchanges the keys if it has others. A change is logged once.
    pub fn reload(&mut self) -> Reload {
        let content = self.read();
        if self.seen.as_ref() == Some(&content) {
            return Reload::Unchanged;
        }
        let parsed = match &content {
            Ok(text) => KeySet::parse(text).map_err(KeyFileError::from),
            Err(error) => Err(*error),
        };
        self.seen = Some(content);
        match parsed {
            Ok(set) => {
                let ids: Vec<&str> = set.ids().map(domain::token::KeyId::as_str).collect();
                let keys = ids.len();
                tracing::info!(path = %self.path.display(), ?ids, "keys of access tokens read");
                self.verifier.replace_keys(set);
                Reload::Replaced { keys }
            }
            Err(error) => {
                let in_use = self.verifier.keys().ids().count();
                tracing::warn!(path = %self.path.display(), %error, in_use, "no keys of access tokens");
                Reload::Kept(error)
            }
        }
    }

    /// Rereads the file again and again until `stop`. A second is short enough for a rotation, and a
    /// few hundred bytes a second cost nothing.
    pub async fn follow(mut self, interval: Duration, stop: CancellationToken) {
        loop {
            let reread = spawn_blocking(move || {
                self.reload();
                self
            });
            match reread.await {
                Ok(file) => self = file,
                Err(error) => {
                    tracing::error!(%error, "keys of access tokens are no longer reread");
                    return;
                }
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(interval) => {}
            }
        }
    }

    fn read(&self) -> Result<String, KeyFileError> {
        let unreadable = |error: std::io::Error| KeyFileError::Unreadable(error.kind());
        // A pipe would block until somebody writes to it.
        if !std::fs::metadata(&self.path).map_err(unreadable)?.is_file() {
            return Err(KeyFileError::Unreadable(ErrorKind::InvalidInput));
        }
        let file = File::open(&self.path).map_err(unreadable)?;
        let mut text = String::new();
        let limit = u64::try_from(MOST_KEY_SET_BYTES).unwrap_or(u64::MAX);
        file.take(limit.saturating_add(1))
            .read_to_string(&mut text)
            .map_err(unreadable)?;
        Ok(text)
    }
}
