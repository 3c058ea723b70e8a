//! Keys in the data folder: made once, readable by the server alone.

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use zeroize::Zeroizing;

use super::material::Key32;
use super::random;
use super::signing::SigningKey;

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

/// The key of a file, which is made where there is none.
pub(super) fn key(path: &Path) -> Result<Key32, KeyFileError> {
    read_or_make(path, || Key32::new(*random::<32>()).to_text())
}

/// The signing key of a file, which is made where there is none.
pub(super) fn signing_key(path: &Path) -> Result<SigningKey, KeyFileError> {
    read_or_make(path, SigningKey::generate)
}

fn read_or_make<K: FromStr>(
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
pub(super) fn publish(path: &Path, text: &str) -> Result<(), KeyFileError> {
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

#[cfg(test)]
mod tests {
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    use crate::accounts::keys::{KeySettings, Keys};

    #[test]
    fn keys_are_made_once_and_for_the_server_alone() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("keys");
        let settings = KeySettings::default();
        let opened: Vec<_> = std::thread::scope(|scope| {
            let open = || scope.spawn(|| Keys::open(&settings, &keys).unwrap());
            let threads = [open(), open(), open(), open()];
            threads.map(|thread| thread.join().unwrap()).into()
        });
        let sealed = opened.first().unwrap().sealer.seal("p", "text").unwrap();
        for one in &opened {
            assert_eq!(*one.sealer.open("p", &sealed).unwrap(), "text");
        }
        let mut names: Vec<_> = fs::read_dir(&keys)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        assert_eq!(
            names,
            [
                "access.jwks",
                "access.pem",
                "index.key",
                "personal.key",
                "token.key"
            ]
        );
        for name in names.iter().filter(|name| *name != "access.jwks") {
            let mode = fs::metadata(keys.join(name)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{name}");
        }
    }

    #[test]
    fn a_damaged_key_is_an_error_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("personal.key");
        fs::write(&path, "damaged").unwrap();
        let error = Keys::open(&KeySettings::default(), folder.path()).unwrap_err();
        assert!(error.to_string().contains("personal.key"), "{error}");
        assert_eq!(fs::read_to_string(&path).unwrap(), "damaged");
    }
}
