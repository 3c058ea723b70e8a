//! The servers that run together: one that ends early ends all, and all stop in order.

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use anyhow::bail;
use nix::sys::signal::Signal;
use test_kit::Server;
use test_kit::server::Builder;

use crate::interrupt::Interrupt;
use crate::say::say;
use crate::task::Interrupted;

const INTERVAL: Duration = Duration::from_millis(50);
const READY_DEADLINE: Duration = Duration::from_secs(60);
/// Above the servers' own deadline for a graceful stop (25 s by default).
const STOP_DEADLINE: Duration = Duration::from_secs(30);
const LAST_LINES: usize = 15;

/// What has been started so far, in that order.
pub(super) struct Fleet<'a> {
    servers: Vec<Server>,
    interrupt: &'a Interrupt,
}

impl<'a> Fleet<'a> {
    pub(super) fn new(interrupt: &'a Interrupt) -> Self {
        Self {
            servers: Vec::new(),
            interrupt,
        }
    }

    /// Starts a server and waits until it is ready.
    pub(super) fn add(&mut self, how: Builder) -> anyhow::Result<()> {
        self.servers.push(how.spawn()?);
        let end = Instant::now() + READY_DEADLINE;
        loop {
            self.check()?;
            match self.servers.last() {
                Some(server) if !server.is_ready() => {
                    if Instant::now() >= end {
                        bail!("{} wasn't ready in {READY_DEADLINE:?}", server.name());
                    }
                }
                _ => return Ok(()),
            }
            std::thread::sleep(INTERVAL);
        }
    }

    /// Runs a program beside the servers to its end; how it ended. Its log has said why.
    pub(super) fn run_beside(&mut self, how: Builder) -> anyhow::Result<ExitStatus> {
        let mut program = how.spawn()?;
        loop {
            if let Some(status) = program.wait(Duration::ZERO)? {
                return Ok(status);
            }
            self.check()?;
            std::thread::sleep(INTERVAL);
        }
    }

    /// Waits until the person wants to stop; an error when a server ends by itself.
    pub(super) fn watch(&mut self) -> anyhow::Result<()> {
        loop {
            match self.check() {
                Err(error) if error.is::<Interrupted>() => return Ok(()),
                other => other?,
            }
            std::thread::sleep(INTERVAL);
        }
    }

    /// An error when a server has ended or the person wants to stop.
    pub(super) fn check(&mut self) -> anyhow::Result<()> {
        if self.interrupt.is_set() {
            bail!(Interrupted);
        }
        for server in &mut self.servers {
            if let Some(status) = server.wait(Duration::ZERO)? {
                let (name, lines) = (server.name(), server.log_tail(LAST_LINES));
                bail!("{name} ended by itself ({status}); its last lines:\n{lines}");
            }
        }
        Ok(())
    }

    /// SIGTERM to all, SIGKILL to those that are still there at the deadline.
    pub(super) fn stop(mut self) {
        for server in &self.servers {
            // It has ended already: nothing to do.
            drop(server.signal(Signal::SIGTERM));
        }
        let end = Instant::now() + STOP_DEADLINE;
        for server in &mut self.servers {
            let left = end.saturating_duration_since(Instant::now());
            if matches!(server.wait(left), Ok(Some(_))) {
                say(&format!("{} stopped", server.name()));
            } else {
                say(&format!(
                    "{} didn't stop in {STOP_DEADLINE:?} and is killed",
                    server.name()
                ));
                drop(server.kill());
            }
        }
    }
}
