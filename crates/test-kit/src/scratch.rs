//! Throw-away folders, in memory where there is room, that are removed even when their owner was killed.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use anyhow::Context;
use nix::sys::statvfs::statvfs;
use tempfile::TempDir;

const PREFIX: &str = "pillnuts-scratch-";
/// Held locked by a folder's owner for as long as it lives; whoever can lock it may delete the folder.
const OWNER: &str = "owner.lock";

/// A folder that is deleted on `Drop`, or by the next [`Scratch::new`] of anybody after its owner was killed.
#[derive(Debug)]
pub struct Scratch {
    folder: TempDir,
    _owner: File,
}

impl Scratch {
    /// Makes a folder on `/dev/shm` when at least `room` bytes are free there, else in the temporary folder.
    ///
    /// # Errors
    /// When no folder can be made.
    pub fn new(room: u64) -> anyhow::Result<Self> {
        let base = base_folder(room);
        sweep(&base);
        let folder = tempfile::Builder::new()
            .prefix(PREFIX)
            .tempdir_in(&base)
            .with_context(|| format!("can't make a scratch folder in {}", base.display()))?;
        // Locked under another name first: a lock file that isn't locked means an abandoned folder.
        let unnamed = folder.path().join("owner.new");
        let owner = File::create(&unnamed)?;
        owner.lock().context("can't lock a new scratch folder")?;
        fs::rename(&unnamed, folder.path().join(OWNER))?;
        Ok(Self {
            folder,
            _owner: owner,
        })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.folder.path()
    }
}

fn base_folder(room: u64) -> PathBuf {
    let memory = Path::new("/dev/shm");
    match statvfs(memory) {
        Ok(stats)
            if stats
                .blocks_available()
                .saturating_mul(stats.fragment_size())
                >= room =>
        {
            memory.to_path_buf()
        }
        _ => std::env::temp_dir(),
    }
}

/// Deletes what killed owners left behind. What can't be deleted (another user's) stays.
fn sweep(base: &Path) {
    for entry in fs::read_dir(base).into_iter().flatten().flatten() {
        if entry.file_name().to_string_lossy().starts_with(PREFIX) && is_abandoned(&entry.path()) {
            drop(fs::remove_dir_all(entry.path()));
        }
    }
}

/// A folder without a lock file has just been made by somebody who is about to lock it: it isn't abandoned.
fn is_abandoned(folder: &Path) -> bool {
    File::open(folder.join(OWNER))
        .is_ok_and(|file| !matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_whose_owner_lives_survives_a_sweep() {
        let mine = Scratch::new(u64::MAX).unwrap();
        sweep(&std::env::temp_dir());
        assert!(mine.path().exists());
    }

    #[test]
    fn a_folder_whose_owner_was_killed_is_swept() {
        let left = std::env::temp_dir().join(format!("{PREFIX}abandoned-{}", std::process::id()));
        fs::create_dir_all(&left).unwrap();
        File::create(left.join(OWNER)).unwrap();
        sweep(&std::env::temp_dir());
        assert!(!left.exists());
    }
}
