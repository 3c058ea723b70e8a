//! A program that runs to its end while we stay ready to stop it.

use std::fmt;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use test_kit::process;

use crate::interrupt::Interrupt;

const INTERVAL: Duration = Duration::from_millis(50);
const STOP_DEADLINE: Duration = Duration::from_secs(10);

/// The person interrupted us; what ran has been stopped.
#[derive(Debug)]
pub(crate) struct Interrupted;

impl fmt::Display for Interrupted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("interrupted")
    }
}

impl std::error::Error for Interrupted {}

/// Runs a command made by [`process::owned_command`] to its end.
///
/// # Errors
/// [`Interrupted`] after a Ctrl-C, when the command and all that it started have been stopped.
pub(crate) fn finish(command: Command, interrupt: &Interrupt) -> anyhow::Result<ExitStatus> {
    let name = format!("{command:?}");
    let mut child = process::spawn(command).with_context(|| format!("can't start {name}"))?;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if interrupt.is_set() {
            stop_group(&mut child)?;
            bail!(Interrupted);
        }
        std::thread::sleep(INTERVAL);
    }
}

/// As [`finish`], and anything but success is an error.
pub(crate) fn succeed(command: Command, what: &str, interrupt: &Interrupt) -> anyhow::Result<()> {
    let status = finish(command, interrupt)?;
    if !status.success() {
        bail!("{what} failed ({status})");
    }
    Ok(())
}

fn stop_group(child: &mut Child) -> anyhow::Result<()> {
    process::signal_group(child, Signal::SIGTERM)?;
    let end = Instant::now() + STOP_DEADLINE;
    while child.try_wait()?.is_none() && Instant::now() < end {
        std::thread::sleep(INTERVAL);
    }
    // Also when the leader has ended: what it started may still run.
    process::signal_group(child, Signal::SIGKILL)?;
    child.wait()?;
    Ok(())
}
