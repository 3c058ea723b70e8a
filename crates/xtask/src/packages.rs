//! The programs that tests need and Debian has: there before the first test, or a clear sentence.

use std::process::Command;

use anyhow::bail;
use test_kit::{MariaDb, process};

use crate::interrupt::Interrupt;
use crate::say::say;
use crate::task;

const SERVER: &str = "mariadb-server-core";
const CLIENT: &str = "mariadb-client-core";

/// Sees to it that a MySQL client is here and, unless a server was named from outside, MariaDB's server too.
pub(crate) fn ensure(server_too: bool, interrupt: &Interrupt) -> anyhow::Result<()> {
    let missing = missing(server_too);
    if missing.is_empty() {
        return Ok(());
    }
    let names = missing.join(" ");
    if process::find_program("apt-get").is_none() {
        bail!(
            "the tests need MariaDB (mariadbd, mariadb-install-db and the mariadb client, version 10.6 or later) on the \
             PATH, and this isn't a Debian system where they could be installed ({names}); install MariaDB with your \
             system's package manager and run this command again"
        );
    }
    say(&format!("Installing from Debian's packages: {names}"));
    apt(&["update", "-qq"], interrupt)?;
    let mut install = vec!["install", "-qq", "-y", "--no-install-recommends"];
    install.extend(&missing);
    apt(&install, interrupt)?;
    if !self::missing(server_too).is_empty() {
        bail!("{names} is installed, and its programs are still not on the PATH");
    }
    Ok(())
}

fn missing(server_too: bool) -> Vec<&'static str> {
    let mut missing = Vec::new();
    if server_too && !MariaDb::is_installed() {
        missing.push(SERVER);
    }
    if process::find_program("mariadb")
        .or_else(|| process::find_program("mysql"))
        .is_none()
    {
        missing.push(CLIENT);
    }
    missing
}

fn apt(arguments: &[&str], interrupt: &Interrupt) -> anyhow::Result<()> {
    let mut command = if process::is_root() {
        process::owned_command("env")
    } else if may_sudo() {
        let mut command = process::owned_command("sudo");
        command.args(["-n", "env"]);
        command
    } else {
        bail!(
            "apt-get needs root, and sudo would ask for a password; run once as root: apt-get install \
             --no-install-recommends {SERVER} {CLIENT}"
        );
    };
    // Another apt-get, such as a fresh machine's own first update, may hold the lock for a while.
    command
        .args([
            "DEBIAN_FRONTEND=noninteractive",
            "apt-get",
            "-o",
            "DPkg::Lock::Timeout=300",
        ])
        .args(arguments);
    task::succeed(
        command,
        &format!("apt-get {}", arguments.join(" ")),
        interrupt,
    )
}

fn may_sudo() -> bool {
    Command::new("sudo")
        .args(["-n", "true"])
        .output()
        .is_ok_and(|output| output.status.success())
}
