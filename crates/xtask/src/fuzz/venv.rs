//! schemathesis in a folder of its own below `target`, every file of it known by its hash.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use sha2::{Digest as _, Sha256};
use test_kit::process;

use crate::cargo;
use crate::interrupt::Interrupt;
use crate::say::say;
use crate::task;

const REQUIREMENTS: &str = "crates/xtask/src/fuzz/requirements.txt";
/// Lies in a folder that was filled to the end.
const COMPLETE: &str = "complete";

/// The program; downloads it where it isn't there yet, or other versions are asked for.
pub(super) fn ensure(folder: &Path, interrupt: &Interrupt) -> anyhow::Result<PathBuf> {
    let requirements = cargo::root().join(REQUIREMENTS);
    let wanted = std::fs::read(&requirements)
        .with_context(|| format!("can't read {}", requirements.display()))?;
    let name: String = Sha256::digest(&wanted)
        .iter()
        .take(6)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let own = folder.join(format!("python-{name}"));
    let program = own.join("bin/schemathesis");
    if own.join(COMPLETE).is_file() && runs(&program) {
        return Ok(program);
    }
    if own.exists() {
        std::fs::remove_dir_all(&own)?;
    }
    std::fs::create_dir_all(folder)?;
    say("Installing schemathesis below target/fuzz");
    let mut make = process::owned_command("python3");
    make.args(["-m", "venv"]).arg(&own);
    task::succeed(make, "python3 -m venv", interrupt)?;
    let mut fill = process::owned_command(own.join("bin/python"));
    fill.args(["-m", "pip", "install", "--quiet", "--require-hashes"])
        .args(["--disable-pip-version-check", "--requirement"])
        .arg(&requirements);
    task::succeed(fill, "pip install", interrupt)?;
    std::fs::write(own.join(COMPLETE), "")?;
    Ok(program)
}

/// A folder breaks when the system's Python is replaced by another version.
fn runs(program: &Path) -> bool {
    let output = Command::new(program).arg("--version").output();
    output.is_ok_and(|output| output.status.success())
}
