//! Files in a folder of this machine.

use std::io::{self, Read as _, Write as _};
use std::path::{Path, PathBuf};

use bytes::Bytes;

use super::files::FileError;

/// What a file is called while it is written.
const PART: &str = ".part";

/// A folder.
#[derive(Debug, Clone)]
pub(crate) struct Folder(PathBuf);

impl Folder {
    /// The folder, with these below it; made where they are missing, for nobody but this user.
    pub(crate) fn open(folder: &Path, below: &[&str]) -> Result<Self, FileError> {
        for name in below {
            let mut builder = std::fs::DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder.join(name))?;
        }
        Ok(Self(folder.to_owned()))
    }

    /// Names come from [`super::files`] and hold no path but the folder in front.
    fn path(&self, file: &str) -> PathBuf {
        self.0.join(file)
    }

    pub(crate) async fn read(&self, file: &str, most: usize) -> Result<Option<Bytes>, FileError> {
        let path = self.path(file);
        blocking(move || {
            let open = match std::fs::File::open(path) {
                Ok(open) => open,
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            let mut bytes = Vec::new();
            let limit = u64::try_from(most).unwrap_or(u64::MAX).saturating_add(1);
            open.take(limit).read_to_end(&mut bytes)?;
            if bytes.len() > most {
                return Err(FileError::Answer);
            }
            Ok(Some(bytes.into()))
        })
        .await
    }

    pub(crate) async fn write(&self, file: &str, bytes: Bytes) -> Result<(), FileError> {
        let (path, part) = (self.path(file), self.path(&format!("{file}{PART}")));
        blocking(move || {
            let mut open = std::fs::File::create(&part)?;
            open.write_all(&bytes)?;
            // What the database says is there must be there after a power cut.
            open.sync_all()?;
            std::fs::rename(&part, &path)?;
            if let Some(folder) = path.parent() {
                std::fs::File::open(folder)?.sync_all()?;
            }
            Ok(())
        })
        .await
    }

    /// Deletes the file, and what a writer that was killed left of it.
    pub(crate) async fn delete(&self, file: &str) -> Result<(), FileError> {
        let paths = [self.path(file), self.path(&format!("{file}{PART}"))];
        blocking(move || {
            for path in paths {
                match std::fs::remove_file(path) {
                    Err(error) if error.kind() != io::ErrorKind::NotFound => {
                        return Err(error.into());
                    }
                    Ok(()) | Err(_) => {}
                }
            }
            Ok(())
        })
        .await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, FileError> + Send + 'static,
) -> Result<T, FileError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|failed| Err(io::Error::other(failed).into()))
}
