//! `cargo xtask vendor`: the JavaScript of others that this repository holds, from npm, unchanged and provably so.

mod table;

use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, bail, ensure};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256, Sha512};
use test_kit::process;

use crate::cargo;
use crate::interrupt::Interrupt;
use crate::say::say;
use crate::task;

use table::{LIBRARIES, Library};

/// The file beside each library that says which version it is.
const VERSION: &str = "VERSION";
/// Longest file that is taken over.
const MAX_FILE: usize = 4 * 1024 * 1024;

#[derive(clap::Args)]
pub(crate) struct Options {
    /// Say which versions are here and whether they are still what the table says; no network
    #[arg(long)]
    check: bool,
    /// Only these libraries
    names: Vec<String>,
}

/// Downloads and writes what the table names, or only checks it.
pub(crate) fn run(options: &Options, interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    for name in &options.names {
        ensure!(
            LIBRARIES.iter().any(|library| library.name == *name),
            "{name} isn't in crates/xtask/src/vendor/table.rs"
        );
    }
    let chosen = |library: &&Library| {
        options.names.is_empty() || options.names.iter().any(|name| name == library.name)
    };
    let root = cargo::root();
    for library in LIBRARIES.iter().filter(chosen) {
        if !options.check {
            download(library, &root, interrupt)?;
        }
    }
    check_all(&root, LIBRARIES.iter().filter(chosen))?;
    Ok(ExitCode::SUCCESS)
}

/// Checks every library of the table against its files, without the network.
pub(crate) fn check(root: &Path) -> anyhow::Result<()> {
    check_all(root, LIBRARIES.iter())
}

fn check_all(root: &Path, libraries: impl Iterator<Item = &'static Library>) -> anyhow::Result<()> {
    let mut wrong = Vec::new();
    for library in libraries {
        let found = differences(library, root);
        say(&format!(
            "{} {} ({}) in {}: {}",
            library.name,
            library.version,
            library.license,
            library.folder,
            if found.is_empty() {
                "as released"
            } else {
                "DIFFERS"
            }
        ));
        wrong.extend(found);
    }
    if !wrong.is_empty() {
        bail!(
            "{}; `cargo xtask vendor` writes the files anew",
            wrong.join("; ")
        );
    }
    Ok(())
}

/// What of a library isn't as the table says, in words.
fn differences(library: &Library, root: &Path) -> Vec<String> {
    let folder = root.join(library.folder);
    let mut wrong = Vec::new();
    for (path, hash) in library.files {
        let file = folder.join(file_name(path));
        match fs::read(&file) {
            Ok(bytes) if sha256(&bytes) == *hash => {}
            Ok(_) => wrong.push(format!("{} was changed", file.display())),
            Err(error) => wrong.push(format!("{}: {error}", file.display())),
        }
    }
    let version = folder.join(VERSION);
    if fs::read_to_string(&version).ok() != Some(version_text(library)) {
        wrong.push(format!(
            "{} doesn't name {} {}",
            version.display(),
            library.name,
            library.version
        ));
    }
    wrong
}

fn download(library: &Library, root: &Path, interrupt: &Interrupt) -> anyhow::Result<()> {
    let Some(npm) = process::find_program("npm") else {
        bail!("`cargo xtask vendor` downloads with npm, which isn't on the PATH");
    };
    let scratch = tempfile::tempdir()?;
    let mut pack = process::owned_command(npm);
    pack.args(["pack", "--silent", "--ignore-scripts", "--pack-destination"])
        .arg(scratch.path())
        .arg(format!("{}@{}", library.name, library.version))
        .current_dir(scratch.path());
    task::succeed(pack, &format!("npm pack {}", library.name), interrupt)?;
    let archive = only_archive(scratch.path())?;
    let bytes = fs::read(&archive)?;
    let found = integrity(&bytes);
    ensure!(
        found == library.integrity,
        "{} {} is not the release that the table names: its integrity is {found}, expected {}",
        library.name,
        library.version,
        library.integrity
    );
    write_files(library, &archive, &root.join(library.folder))
}

/// Writes all files or, where one isn't what the table expects, none.
fn write_files(library: &Library, archive: &Path, folder: &Path) -> anyhow::Result<()> {
    let mut contents = Vec::new();
    let mut unexpected = Vec::new();
    for (path, hash) in library.files {
        let bytes = extract(archive, path)?;
        let found = sha256(&bytes);
        if found != *hash {
            unexpected.push(format!("(\"{path}\", \"{found}\")"));
        }
        contents.push((file_name(path), bytes));
    }
    if !unexpected.is_empty() {
        bail!(
            "the release is the one that the table names, and these files of it are not; if the version is new, the \
             table's lines are: {}",
            unexpected.join(", ")
        );
    }
    fs::create_dir_all(folder).with_context(|| format!("can't make {}", folder.display()))?;
    for (name, bytes) in contents {
        fs::write(folder.join(name), bytes)?;
    }
    fs::write(folder.join(VERSION), version_text(library))?;
    Ok(())
}

fn only_archive(folder: &Path) -> anyhow::Result<std::path::PathBuf> {
    let is_archive = |path: &std::path::PathBuf| path.extension().is_some_and(|end| end == "tgz");
    fs::read_dir(folder)?
        .flatten()
        .map(|entry| entry.path())
        .find(is_archive)
        .context("npm pack has left no .tgz file")
}

fn extract(archive: &Path, path: &str) -> anyhow::Result<Vec<u8>> {
    let output = Command::new("tar")
        .args(["--extract", "--gzip", "--to-stdout", "--file"])
        .arg(archive)
        .arg(format!("package/{path}"))
        .output()
        .context("can't run tar")?;
    ensure!(
        output.status.success(),
        "{path} isn't in the package: {}",
        String::from_utf8_lossy(&output.stderr).trim()
    );
    ensure!(
        output.stdout.len() <= MAX_FILE,
        "{path} is longer than {MAX_FILE} bytes"
    );
    Ok(output.stdout)
}

/// What npm calls the integrity of a package: Subresource Integrity with SHA-512.
fn integrity(bytes: &[u8]) -> String {
    format!("sha512-{}", BASE64_STANDARD.encode(Sha512::digest(bytes)))
}

fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn file_name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn version_text(library: &Library) -> String {
    format!(
        "{} {} (npm), licence {}, {}\n",
        library.name, library.version, library.license, library.integrity
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &str = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    fn library(hash: &'static str) -> Library {
        Library {
            name: "example",
            version: "1.2.3",
            license: "MIT",
            integrity: "sha512-x",
            folder: "here",
            files: Box::leak(Box::new([("dist/a.js", hash)])),
        }
    }

    #[test]
    fn everything_vendored_is_as_released() {
        for library in &LIBRARIES {
            assert_eq!(
                differences(library, &cargo::root()),
                Vec::<String>::new(),
                "{}",
                library.name
            );
        }
    }

    #[test]
    fn every_library_brings_its_licence() {
        for library in &LIBRARIES {
            let licence = |(path, _): &(&str, &str)| {
                let name = file_name(path).to_ascii_uppercase();
                name.starts_with("LICEN") || name.starts_with("COPYING")
            };
            assert!(library.files.iter().any(licence), "{}", library.name);
        }
    }

    #[test]
    fn a_changed_a_missing_and_a_stale_file_are_told_apart() {
        let root = tempfile::tempdir().unwrap();
        let here = root.path().join("here");
        fs::create_dir(&here).unwrap();
        assert_eq!(differences(&library(HELLO), root.path()).len(), 2);
        fs::write(here.join("a.js"), "hello").unwrap();
        fs::write(here.join(VERSION), version_text(&library(HELLO))).unwrap();
        assert_eq!(
            differences(&library(HELLO), root.path()),
            Vec::<String>::new()
        );
        let changed = differences(&library("00"), root.path()).join("");
        assert!(changed.ends_with("a.js was changed"), "{changed}");
        fs::write(here.join(VERSION), "example 1.2.2").unwrap();
        let stale = differences(&library(HELLO), root.path()).join("");
        assert!(stale.ends_with("doesn't name example 1.2.3"), "{stale}");
    }

    #[test]
    fn the_integrity_is_npms() {
        // The SHA-512 of nothing, as every table of test vectors has it.
        assert_eq!(
            integrity(b""),
            "sha512-z4PhNX7vuL3xVChQ1m2AB9Yg5AULVxXcg/SpIdNs6c5H0NE8XYXysP+DGNKHfuwvY7kxvUdBeoGlODJ6+SfaPg=="
        );
    }
}
