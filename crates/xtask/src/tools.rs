//! The programs that tests need and Debian doesn't have: from pip and npm, into folders beside the builds.

use std::path::Path;

use anyhow::bail;
use test_kit::{Mongo, mongo, node, process};

use crate::interrupt::Interrupt;
use crate::say::say;
use crate::task;

/// Sees to it that a server that speaks MongoDB's protocol is here. No Debian has one: `SecantusDB` comes by pip, into a
/// folder beside the builds and nowhere else.
pub(crate) fn ensure_mongo(interrupt: &Interrupt) -> anyhow::Result<()> {
    if Mongo::is_installed() {
        return Ok(());
    }
    let version = mongo::SECANTUS_VERSION;
    let by_hand = format!(
        "the tests need a MongoDB that they may kill: put mongod on the PATH, or install Python with its module \
         venv, with which this command installs SecantusDB {version}"
    );
    say(&format!(
        "Installing SecantusDB {version} below target/tools"
    ));
    let folder = mongo::secantus_folder();
    // Under another name first: half an installation must not be taken for one.
    let unfinished = folder.with_extension(format!("{}.new", std::process::id()));
    let installed = install_secantus(&unfinished, version, interrupt);
    if let Err(error) = installed {
        return if error.is::<task::Interrupted>() {
            Err(error)
        } else {
            Err(error.context(by_hand))
        };
    }
    if std::fs::rename(&unfinished, &folder).is_err() && !Mongo::is_installed() {
        bail!(
            "{} can't be named {}",
            unfinished.display(),
            folder.display()
        );
    }
    Ok(())
}

/// By the pip of a Python of its own: Debian's has none unless somebody asked for it.
fn install_secantus(folder: &Path, version: &str, interrupt: &Interrupt) -> anyhow::Result<()> {
    let python = tempfile::tempdir()?;
    let mut make = process::owned_command("python3");
    make.args(["-m", "venv"]).arg(python.path());
    task::succeed(make, "python3 -m venv", interrupt)?;
    let mut command = process::owned_command(python.path().join("bin/python"));
    command
        .args(["-m", "pip", "install", "--quiet", "--no-deps", "--no-input"])
        .args(["--disable-pip-version-check", "--target"])
        .arg(folder)
        .arg(format!("SecantusDB=={version}"));
    task::succeed(command, "pip install SecantusDB", interrupt)
}

/// Sees to it that the stock client of Socket.IO is here: from npm, every file known by its hash, into a folder beside
/// the builds and nowhere else. No script of a package is run.
pub(crate) fn ensure_socket_io_client(interrupt: &Interrupt) -> anyhow::Result<()> {
    if node::has_client() {
        return Ok(());
    }
    let Some(npm) = process::find_program("npm") else {
        bail!("npm isn't on the PATH, and the tests need the client of Socket.IO from it");
    };
    say("Installing the client of Socket.IO below target/tools");
    let folder = node::folder();
    // Under another name first: half an installation must not be taken for one.
    let unfinished = folder.with_extension(format!("{}.new", std::process::id()));
    std::fs::create_dir_all(&unfinished)?;
    for name in ["package.json", node::LOCK] {
        std::fs::copy(Path::new(node::MANIFESTS).join(name), unfinished.join(name))?;
    }
    let mut command = process::owned_command(npm);
    command
        .args([
            "ci",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
        ])
        .current_dir(&unfinished);
    task::succeed(command, "npm ci", interrupt)?;
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::rename(&unfinished, &folder)?;
    Ok(())
}
