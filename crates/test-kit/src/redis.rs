//! A private Redis: its own port, nothing on disk, gone with its owner.

use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;

use crate::process;

/// The environment variable that names a Redis for tests, as `redis://host:port`.
pub const SERVER: &str = "TEST_REDIS_URL";

const PROGRAM: &str = "redis-server";
const START_DEADLINE: Duration = Duration::from_secs(90);

/// A running Redis of this process's own. `Drop` kills it.
#[derive(Debug)]
pub struct Redis {
    child: Child,
    port: u16,
}

impl Redis {
    /// Whether Redis is installed here.
    #[must_use]
    pub fn is_installed() -> bool {
        process::find_program(PROGRAM).is_some()
    }

    /// Starts an empty server and waits until it answers.
    ///
    /// # Errors
    /// When Redis isn't installed or doesn't come up.
    pub fn start() -> anyhow::Result<Self> {
        let port = crate::ports::free_port()?;
        let mut server = Self {
            child: launch(port)?,
            port,
        };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    /// `redis://127.0.0.1:PORT/`
    #[must_use]
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}/", self.port)
    }

    /// The TCP port of 127.0.0.1 that it listens on, the same after a restart.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// SIGKILL: what it held is lost.
    ///
    /// # Errors
    /// When the process can't be waited for.
    pub fn kill(&mut self) -> anyhow::Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// SIGSTOP: connections stay open and nothing answers.
    ///
    /// # Errors
    /// When the kernel refuses the signal or the process goes on.
    pub fn pause(&self) -> anyhow::Result<()> {
        Ok(process::pause(&self.child)?)
    }

    /// SIGCONT: goes on after [`pause`](Self::pause).
    ///
    /// # Errors
    /// When the kernel refuses the signal.
    pub fn resume(&self) -> anyhow::Result<()> {
        Ok(process::signal(&self.child, Signal::SIGCONT)?)
    }

    /// Starts again on the same port, empty, killing first what still runs.
    ///
    /// # Errors
    /// When it doesn't come up.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        self.child = launch(self.port)?;
        self.wait_until_it_answers()
    }

    fn wait_until_it_answers(&mut self) -> anyhow::Result<()> {
        let end = Instant::now() + START_DEADLINE;
        while !answers(self.port) {
            if let Some(status) = self.child.try_wait()? {
                bail!("Redis ended at its start ({status})");
            }
            if Instant::now() >= end {
                bail!("Redis gave no answer in {START_DEADLINE:?}");
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn launch(port: u16) -> anyhow::Result<Child> {
    let program = process::find_program(PROGRAM)
        .context("Redis isn't installed: on Debian it is the package redis-server")?;
    let mut command = process::owned_command(program);
    // Without a configuration file it listens to nobody else's settings.
    command
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1"])
        .args(["--save", "", "--appendonly", "no", "--daemonize", "no"])
        .args(["--dir", "/", "--maxmemory", "64mb"])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    process::spawn(command).context("can't start redis-server")
}

/// Whether somebody on this port answers a PING as Redis does.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return false;
    };
    let mut answer = [0_u8; 7];
    stream
        .set_read_timeout(Some(Duration::from_secs(2)))
        .is_ok()
        && stream.write_all(b"PING\r\n").is_ok()
        && stream.read_exact(&mut answer).is_ok()
        && &answer == b"+PONG\r\n"
}
