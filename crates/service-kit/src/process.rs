//! What the operating system grants this process.

use std::io;

use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::stat::{Mode, umask};

/// Takes away from everybody but the owner and the group the right to read what this process
/// writes from now on: conversations and logs are nobody else's business. To be called before
/// any file is made.
pub fn keep_files_private() {
    umask(Mode::S_IWGRP | Mode::S_IRWXO);
}

/// Raises the number of files and connections that may be open to what the system allows at
/// most. The usual soft limit of 1,024 is from a time of other servers.
///
/// # Errors
/// When the system refuses; the limit then stays as it is.
pub fn raise_open_files() -> io::Result<()> {
    let (soft, hard) = getrlimit(Resource::RLIMIT_NOFILE)?;
    if soft < hard {
        setrlimit(Resource::RLIMIT_NOFILE, hard, hard)?;
    }
    Ok(())
}

/// How many files and connections may be open at a time.
///
/// # Errors
/// When the system doesn't tell.
pub fn open_files() -> io::Result<u64> {
    Ok(getrlimit(Resource::RLIMIT_NOFILE)?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn as_many_files_as_the_system_allows() {
        let (_, hard) = getrlimit(Resource::RLIMIT_NOFILE).expect("told");
        raise_open_files().expect("allowed");
        assert_eq!(open_files().expect("told"), hard);
    }
}
