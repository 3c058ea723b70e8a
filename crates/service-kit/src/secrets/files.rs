//! Keys in the data folder: made once, readable by the server alone.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use zeroize::Zeroizing;

use super::{Key32, random};

/// Longest file of a key.
const LONGEST: u64 = 4_096;

/// Why a file gives no key.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// It can't be read or written.
    #[error("the key file {0} can't be used")]
    Unusable(PathBuf, #[source] std::io::Error),
    /// It holds something else.
    #[error(
        "the key file {0} holds no key: put the right one back, what is sealed with it is lost otherwise"
    )]
    NoKey(PathBuf),
}

/// The key of a file, which is made where there is none. Blocking.
///
/// # Errors
/// As [`read_or_make`].
pub fn key_file(path: &Path) -> Result<Key32, KeyFileError> {
    read_or_make(path, || Key32::new(*random::<32>()).to_text())
}

/// A key of any kind from a file, which is made where there is none. Blocking.
///
/// # Errors
/// A file that can't be read or written, or holds no key: what is there is never replaced.
pub fn read_or_make<K: FromStr>(
    path: &Path,
    make: impl FnOnce() -> Zeroizing<String>,
) -> Result<K, KeyFileError> {
    let unusable = |error| KeyFileError::Unusable(path.to_owned(), error);
    let text = match read(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            write(path, make().as_bytes(), 0o600, false).map_err(unusable)?;
            tracing::info!(path = %path.display(), "a key was made");
            read(path)
        }
        other => other,
    };
    let text = text.map_err(unusable)?;
    text.trim()
        .parse()
        .map_err(|_| KeyFileError::NoKey(path.to_owned()))
}

fn read(path: &Path) -> std::io::Result<Zeroizing<String>> {
    let mut text = Zeroizing::new(String::new());
    File::open(path)?.take(LONGEST).read_to_string(&mut text)?;
    Ok(text)
}

/// Writes the public keys for others to read; they see the old file or the new one, never a part.
///
/// # Errors
/// When it can't be written.
pub fn publish(path: &Path, text: &str) -> Result<(), KeyFileError> {
    write(path, text.as_bytes(), 0o644, true)
        .map_err(|error| KeyFileError::Unusable(path.to_owned(), error))
}

/// Writes beside the file, then puts it in place. Without `replace` the first of several that start
/// at once wins, and the others read what it wrote.
fn write(path: &Path, bytes: &[u8], mode: u32, replace: bool) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let beside = path.with_extension(format!("{}.new", uuid::Uuid::new_v4()));
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(mode)
        .open(&beside)?;
    // Whatever the process's mask is: the other server reads the public keys.
    let written = file
        .set_permissions(Permissions::from_mode(mode))
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| file.sync_all());
    let placed = written.and_then(|()| {
        if replace {
            return fs::rename(&beside, path);
        }
        match fs::hard_link(&beside, path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(()),
        }
    });
    if !replace || placed.is_err() {
        // What is left over is a copy, or nothing of use.
        drop(fs::remove_file(&beside));
    }
    placed?;
    File::open(folder)?.sync_all()
}
