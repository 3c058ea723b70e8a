//! What benches start: the database, the stand-in of the MFDS, programs that run to their end.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::bail;
use test_kit::{Server, free_port};

use super::machine;
use crate::interrupt::Interrupt;
use crate::task::Interrupted;

/// A bigger pool than tests have: an operator's server has at least this.
pub(super) const BUFFER_POOL: &str = "--innodb-buffer-pool-size=256M";
const INTERVAL: Duration = Duration::from_millis(10);

/// Where the catalogue is stored.
#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Database {
    Mariadb,
    Sqlite,
}

/// Starts the stand-in of the MFDS; its port comes with it.
pub(crate) fn simulator(binaries: &Path, arguments: &[&str]) -> anyhow::Result<(u16, Server)> {
    let port = free_port()?;
    let server = Server::builder("simulators", binaries.join("simulators"))
        .args(["serve", "--mfds-port", &port.to_string()])
        .args(arguments)
        .ready_at(port, "/_control/health")
        .start()?;
    Ok((port, server))
}

/// Waits for a program's success; the most memory that it had, in bytes.
pub(crate) fn finish(
    mut program: Server,
    deadline: Duration,
    interrupt: &Interrupt,
) -> anyhow::Result<u64> {
    let end = Instant::now() + deadline;
    let mut memory = 0;
    loop {
        memory = machine::peak_memory(program.pid()).unwrap_or(memory);
        match program.wait(INTERVAL)? {
            Some(status) if status.success() => return Ok(memory),
            Some(status) => bail!(
                "{} failed ({status}):\n{}",
                program.name(),
                program.log_tail(30)
            ),
            None if interrupt.is_set() => bail!(Interrupted),
            None if Instant::now() >= end => {
                bail!("{} wasn't done in {deadline:?}", program.name())
            }
            None => {}
        }
    }
}
