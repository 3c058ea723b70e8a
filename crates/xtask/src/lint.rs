//! `cargo xtask lint`: every check that needs no server.

mod dependencies;
mod migrations;

use std::process::ExitCode;

use anyhow::bail;

use crate::interrupt::Interrupt;
use crate::say::say;
use crate::{cargo, task, vendor};

/// Runs every check, and reports all that failed, not only the first.
pub(crate) fn run(interrupt: &Interrupt) -> anyhow::Result<ExitCode> {
    let mut failed = Vec::new();
    let mut check = |name: &'static str, result: anyhow::Result<()>| -> anyhow::Result<()> {
        match result {
            Ok(()) => say(&format!("ok      {name}")),
            Err(error) if error.is::<task::Interrupted>() => return Err(error),
            Err(error) => {
                say(&format!("FAILED  {name}: {error:#}"));
                failed.push(name);
            }
        }
        Ok(())
    };
    check("format", format(interrupt))?;
    check("dependency rules", dependencies::check())?;
    check(
        "migrations",
        migrations::check(&cargo::root().join("migrations")),
    )?;
    check("vendored libraries", vendor::check(&cargo::root()))?;
    check("clippy", clippy(interrupt))?;
    check("documentation", documentation(interrupt))?;
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    bail!("failed: {}", failed.join(", "))
}

fn format(interrupt: &Interrupt) -> anyhow::Result<()> {
    task::succeed(
        cargo::command(&["fmt", "--all", "--check"]),
        "cargo fmt --all --check",
        interrupt,
    )
}

fn clippy(interrupt: &Interrupt) -> anyhow::Result<()> {
    let arguments = [
        "clippy",
        "--locked",
        "--workspace",
        "--all-targets",
        // What only a bench builds is code too.
        "--features",
        "web-api/bench",
        "--",
        "-D",
        "warnings",
    ];
    task::succeed(cargo::command(&arguments), "cargo clippy", interrupt)
}

/// Unresolved links and the like, private items included: the people who read these pages work on the code.
fn documentation(interrupt: &Interrupt) -> anyhow::Result<()> {
    let arguments = [
        "doc",
        "--locked",
        "--workspace",
        "--no-deps",
        "--document-private-items",
    ];
    let mut command = cargo::command(&arguments);
    command.env("RUSTDOCFLAGS", "-D warnings");
    task::succeed(command, "cargo doc", interrupt)
}
