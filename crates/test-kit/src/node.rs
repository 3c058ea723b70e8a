//! Node.js and the stock JavaScript client of Socket.IO: what browsers use, as an independent check of our server.
//!
//! The client's release and every file that it needs are named by hash in [`LOCK`]; `cargo xtask test` installs them
//! into [`folder`].

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process;

/// What to install: npm's two files, in chat-server's tests.
pub const MANIFESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../chat-server/tests/js");

/// The file that names every package by version and hash.
pub const LOCK: &str = "package-lock.json";

/// The oldest release that the scripts and the client run on: that of Debian 12.
const OLDEST: u32 = 18;

/// Node.js, where one that is new enough is here.
#[must_use]
pub fn program() -> Option<PathBuf> {
    let program = process::find_program("node")?;
    let output = Command::new(&program).arg("--version").output().ok()?;
    let version = String::from_utf8(output.stdout).ok()?;
    let major = version.trim().strip_prefix('v')?.split('.').next()?;
    (major.parse::<u32>().ok()? >= OLDEST).then_some(program)
}

/// Whether the client is installed, of the release that is asked for.
#[must_use]
pub fn has_client() -> bool {
    let wanted = std::fs::read(Path::new(MANIFESTS).join(LOCK));
    let installed = std::fs::read(folder().join(LOCK));
    matches!((wanted, installed), (Ok(wanted), Ok(installed)) if wanted == installed)
}

/// Where the client is, or is to be, installed: a folder beside the builds.
#[must_use]
pub fn folder() -> PathBuf {
    let builds = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    builds.join("tools/socket.io-client")
}

/// Where its packages are: the `NODE_PATH` of a script that asks for them.
#[must_use]
pub fn modules() -> PathBuf {
    folder().join("node_modules")
}
