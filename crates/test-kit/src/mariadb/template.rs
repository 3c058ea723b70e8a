//! The prepared, empty data folder that every private server starts from: made once per user and version.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, bail};

use crate::process;

/// What must be installed.
#[derive(Debug)]
pub(super) struct Programs {
    pub(super) server: PathBuf,
    install: PathBuf,
}

/// Finds MariaDB's programs.
pub(super) fn programs() -> anyhow::Result<Programs> {
    let find = |name: &str| {
        process::find_program(name).with_context(|| {
            format!("{name} isn't installed; on Debian: apt-get install mariadb-server-core mariadb-client-core")
        })
    };
    Ok(Programs {
        server: find("mariadbd")?,
        install: find("mariadb-install-db")?,
    })
}

/// Copies the template, which is made first where it is missing, to a folder that doesn't exist yet.
pub(super) fn copy_to(target: &Path) -> anyhow::Result<()> {
    copy_folder(&template()?, target)
        .with_context(|| format!("can't copy MariaDB's template to {}", target.display()))
}

fn template() -> anyhow::Result<PathBuf> {
    let programs = programs()?;
    let cache = cache_folder()?;
    // A version's template is useless to another version, so its name says which it is.
    let ready = cache.join(format!("mariadb-template-{}", version(&programs.server)?));
    if ready.exists() {
        return Ok(ready);
    }
    let lock = File::create(cache.join("mariadb-template.lock"))?;
    lock.lock()
        .context("can't lock the cache of MariaDB's template")?;
    if ready.exists() {
        return Ok(ready);
    }
    let unfinished = cache.join("mariadb-template.unfinished");
    if unfinished.exists() {
        fs::remove_dir_all(&unfinished)?;
    }
    make(&programs.install, &unfinished)?;
    fs::rename(&unfinished, &ready)?;
    Ok(ready)
}

fn make(install: &Path, target: &Path) -> anyhow::Result<()> {
    // --force: a minimal machine can't look up its own name, and nothing here needs it.
    let mut command = Command::new(install);
    command.args([
        "--no-defaults",
        "--force",
        "--auth-root-authentication-method=normal",
        "--skip-test-db",
    ]);
    if process::is_root() {
        command.arg("--user=root");
    }
    let output = command
        .arg(format!("--datadir={}", target.display()))
        .args(super::FAST)
        .stdin(Stdio::null())
        .output()
        .context("can't run mariadb-install-db")?;
    if !output.status.success() {
        bail!(
            "mariadb-install-db failed ({}): {}{}",
            output.status,
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(())
}

fn version(server: &Path) -> anyhow::Result<String> {
    let output = Command::new(server)
        .args(["--no-defaults", "--version"])
        .output()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let word = text
        .split_whitespace()
        .skip_while(|word| *word != "Ver")
        .nth(1)
        .unwrap_or("unknown");
    Ok(word
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '.' {
                c
            } else {
                '-'
            }
        })
        .collect())
}

fn cache_folder() -> anyhow::Result<PathBuf> {
    let base = std::env::var_os("XDG_CACHE_HOME")
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| std::env::home_dir().map(|home| home.join(".cache")))
        .unwrap_or_else(std::env::temp_dir);
    let folder = base.join("pillnuts");
    fs::create_dir_all(&folder).with_context(|| format!("can't make {}", folder.display()))?;
    Ok(folder)
}

fn copy_folder(from: &Path, to: &Path) -> std::io::Result<()> {
    fs::create_dir(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}
