//! The programs that tests need and Debian has: there before the first test, or a clear sentence.

use std::path::Path;
use std::process::Command;

use anyhow::bail;
use test_kit::{MariaDb, Redis, browser, node, process};

use crate::interrupt::Interrupt;
use crate::say::say;
use crate::task;

/// What the chosen tests start.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Needs {
    /// MariaDB's server, unless another was named from outside.
    pub(crate) server: bool,
    /// MariaDB's client.
    pub(crate) client: bool,
    /// A browser: for the pages.
    pub(crate) browser: bool,
    /// Redis: for what instances share.
    pub(crate) redis: bool,
    /// Python with what makes a folder of its own for packages: for `fuzz`, and for a MongoDB.
    pub(crate) python: bool,
    /// Node.js and what installs the client of Socket.IO: for chat-server.
    pub(crate) node: bool,
}

impl Needs {
    /// A private MariaDB and nothing else.
    pub(crate) const MARIADB: Self = Self {
        server: true,
        client: true,
        ..Self::NOTHING
    };
    /// Python and nothing else.
    pub(crate) const PYTHON: Self = Self {
        python: true,
        ..Self::NOTHING
    };
    const NOTHING: Self = Self {
        server: false,
        client: false,
        browser: false,
        redis: false,
        python: false,
        node: false,
    };
}

/// A program of Debian's, and what to say where it can't be installed.
struct Program {
    package: &'static str,
    needed: fn(Needs) -> bool,
    present: fn() -> bool,
    /// Tests fail without it.
    vital: bool,
    by_hand: &'static str,
}

const MARIADB: &str =
    "MariaDB (mariadbd, mariadb-install-db and the mariadb client, version 10.6 or later)";
const CHROMIUM: &str = "Chromium (or Chrome) and chromedriver of the same version";

const PROGRAMS: [Program; 9] = [
    Program {
        package: "mariadb-server-core",
        needed: |needs| needs.server,
        present: MariaDb::is_installed,
        vital: true,
        by_hand: MARIADB,
    },
    Program {
        package: "mariadb-client-core",
        needed: |needs| needs.client,
        present: has_sql_client,
        vital: true,
        by_hand: MARIADB,
    },
    Program {
        package: "redis-server",
        needed: |needs| needs.redis,
        present: Redis::is_installed,
        vital: true,
        by_hand: "redis-server (6.2 or later)",
    },
    Program {
        package: "chromium",
        needed: |needs| needs.browser,
        present: browser::is_installed,
        vital: true,
        by_hand: CHROMIUM,
    },
    Program {
        package: "chromium-driver",
        needed: |needs| needs.browser,
        present: browser::is_installed,
        vital: true,
        by_hand: CHROMIUM,
    },
    Program {
        package: "python3-venv",
        needed: |needs| needs.python,
        present: has_python,
        vital: true,
        by_hand: "Python 3.11 or later with its modules venv and ensurepip",
    },
    Program {
        package: "nodejs",
        needed: |needs| needs.node,
        present: || node::program().is_some(),
        vital: true,
        by_hand: "Node.js (18 or later)",
    },
    Program {
        package: "npm",
        needed: |needs| needs.node && !node::has_client(),
        present: || process::find_program("npm").is_some(),
        vital: true,
        by_hand: "npm",
    },
    // Screenshots are for people; pages are laid out without it too.
    Program {
        package: "fonts-nanum",
        needed: |needs| needs.browser,
        present: has_korean_font,
        vital: false,
        by_hand: "a Korean font",
    },
];

/// Sees to it that what the tests need is here.
pub(crate) fn ensure(needs: Needs, interrupt: &Interrupt) -> anyhow::Result<()> {
    let missing = missing(needs);
    if missing.is_empty() {
        return Ok(());
    }
    if process::find_program("apt-get").is_none() {
        return by_hand(
            &missing,
            "this isn't a Debian system where they could be installed",
        );
    }
    apt(&["update", "-qq"], &missing, interrupt)?;
    let (known, unknown): (Vec<&Program>, Vec<&Program>) = missing
        .into_iter()
        .partition(|program| is_known(program.package));
    by_hand(&unknown, "this system's packages don't have it")?;
    let names = names(&known);
    say(&format!(
        "Installing from Debian's packages: {}",
        names.join(" ")
    ));
    let mut install = vec!["install", "-qq", "-y", "--no-install-recommends"];
    install.extend(&names);
    apt(&install, &known, interrupt)?;
    by_hand(
        &self::missing(needs),
        "its package is installed, and it is still not on the PATH",
    )
}

/// An error that names what a person has to install, where the tests can't do without.
fn by_hand(missing: &[&Program], why: &str) -> anyhow::Result<()> {
    let mut vital: Vec<&str> = missing
        .iter()
        .filter(|program| program.vital)
        .map(|program| program.by_hand)
        .collect();
    vital.dedup();
    if vital.is_empty() {
        return Ok(());
    }
    bail!(
        "the tests need {} on the PATH, and {why} ({}); install it by your system's means and run this command again",
        vital.join(", and "),
        names(missing).join(" ")
    )
}

fn names(programs: &[&Program]) -> Vec<&'static str> {
    programs.iter().map(|program| program.package).collect()
}

fn missing(needs: Needs) -> Vec<&'static Program> {
    PROGRAMS
        .iter()
        .filter(|program| (program.needed)(needs) && !(program.present)())
        .collect()
}

fn has_sql_client() -> bool {
    ["mariadb", "mysql"]
        .iter()
        .any(|name| process::find_program(name).is_some())
}

fn has_korean_font() -> bool {
    let listed = Command::new("fc-list").arg(":lang=ko").output();
    Path::new("/usr/share/fonts/truetype/nanum").is_dir()
        || listed.is_ok_and(|output| !output.stdout.is_empty())
}

fn has_python() -> bool {
    let probe = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    let output = Command::new("python3").args(["-c", probe]).output();
    output.is_ok_and(|output| output.status.success())
}

/// Ubuntu, which has apt-get as well, ships its browser by other means.
fn is_known(package: &str) -> bool {
    Command::new("apt-cache")
        .args(["--quiet=2", "--no-all-versions", "show", package])
        .output()
        .is_ok_and(|output| output.status.success() && !output.stdout.is_empty())
}

fn apt(arguments: &[&str], wanted: &[&Program], interrupt: &Interrupt) -> anyhow::Result<()> {
    let mut command = if process::is_root() {
        process::owned_command("env")
    } else if may_sudo() {
        let mut command = process::owned_command("sudo");
        command.args(["-n", "env"]);
        command
    } else {
        bail!(
            "apt-get needs root, and sudo would ask for a password; run once as root: apt-get install \
             --no-install-recommends {}",
            names(wanted).join(" ")
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

#[cfg(test)]
mod tests {
    use super::*;

    const ABSENT: Program = Program {
        package: "absent-package",
        needed: |_| true,
        present: || false,
        vital: true,
        by_hand: "the absent program",
    };

    #[test]
    fn what_a_person_has_to_install_is_named_once() {
        let other = Program {
            package: "absent-driver",
            ..ABSENT
        };
        let error = by_hand(&[&ABSENT, &other], "it is far away").unwrap_err();
        assert_eq!(
            error.to_string(),
            "the tests need the absent program on the PATH, and it is far away (absent-package absent-driver); \
             install it by your system's means and run this command again"
        );
    }

    #[test]
    fn what_tests_can_do_without_holds_nobody_up() {
        let pretty = Program {
            vital: false,
            ..ABSENT
        };
        assert!(by_hand(&[&pretty], "it is far away").is_ok());
        assert!(by_hand(&[], "").is_ok());
    }

    #[test]
    fn nothing_is_asked_for_that_the_chosen_tests_dont_start() {
        let asked = |needs| -> Vec<&str> {
            let needed = PROGRAMS.iter().filter(|program| (program.needed)(needs));
            needed.map(|program| program.package).collect()
        };
        let client = Needs {
            client: true,
            ..Needs::NOTHING
        };
        assert_eq!(asked(client), ["mariadb-client-core"]);
        assert_eq!(asked(Needs::PYTHON), ["python3-venv"]);
        let scripts = Needs {
            node: true,
            ..Needs::NOTHING
        };
        assert_eq!(asked(scripts).first(), Some(&"nodejs"));
        assert!(asked(Needs::NOTHING).is_empty());
    }
}
