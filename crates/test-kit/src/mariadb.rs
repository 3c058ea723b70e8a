//! A private MariaDB server: its own data folder, its own port, gone with its owner.

mod template;

use std::fs::File;
use std::io::Read;
use std::net::{Ipv4Addr, TcpStream};
use std::path::Path;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;

use crate::process;
use crate::scratch::Scratch;

/// A fresh server needs 30 MB; a full load of the catalogue some hundred more.
const ROOM: u64 = 1 << 30;
/// More than there is: what has to be on a disk isn't laid in memory.
const ON_DISK: u64 = u64::MAX;
/// As servers are run that must not lose what they acknowledged when the power goes: against [`FAST`].
const DURABLE: [&str; 4] = [
    "--innodb-flush-log-at-trx-commit=1",
    "--innodb-flush-method=O_DIRECT",
    "--innodb-doublewrite=1",
    "--innodb-log-file-size=96M",
];
const START_DEADLINE: Duration = Duration::from_secs(90);
const LOG: &str = "server.log";

/// Options that trade safety against power cuts for speed. Commits still reach the operating system one by one
/// (`flush-log-at-trx-commit=2`): a killed server loses nothing that it acknowledged.
const FAST: [&str; 18] = [
    "--innodb-flush-log-at-trx-commit=2",
    "--innodb-flush-method=nosync",
    "--innodb-doublewrite=0",
    "--innodb-use-native-aio=0",
    "--innodb-buffer-pool-size=32M",
    "--innodb-log-file-size=8M",
    "--innodb-log-buffer-size=2M",
    "--innodb-buffer-pool-load-at-startup=0",
    "--innodb-buffer-pool-dump-at-shutdown=0",
    "--innodb-stats-persistent=0",
    "--sync-binlog=0",
    "--skip-log-bin",
    "--skip-name-resolve",
    "--performance-schema=0",
    "--key-buffer-size=64K",
    "--aria-pagecache-buffer-size=1M",
    "--aria-log-file-size=8M",
    "--max-connections=300",
];

/// A running MariaDB of this process's own. `Drop` kills it and deletes its data.
#[derive(Debug)]
pub struct MariaDb {
    child: Child,
    port: u16,
    options: Vec<String>,
    scratch: Scratch,
}

impl MariaDb {
    /// Whether MariaDB's server and the script that prepares its data are installed here.
    #[must_use]
    pub fn is_installed() -> bool {
        template::programs().is_ok()
    }

    /// Starts a server with an empty root password and waits until it answers.
    ///
    /// # Errors
    /// When MariaDB isn't installed (the message says how to install it) or doesn't come up.
    pub fn start() -> anyhow::Result<Self> {
        Self::start_with(&[])
    }

    /// As [`start`](Self::start), with more options, which win over the fast defaults.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_with(options: &[&str]) -> anyhow::Result<Self> {
        Self::start_in(Scratch::new(ROOM)?, options)
    }

    /// As [`start_with`](Self::start_with), with its data in the temporary folder and each commit on the disk before
    /// it is answered: for measuring what writes cost.
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub fn start_durable(options: &[&str]) -> anyhow::Result<Self> {
        Self::start_in(Scratch::new(ON_DISK)?, &[&DURABLE, options].concat())
    }

    fn start_in(scratch: Scratch, options: &[&str]) -> anyhow::Result<Self> {
        template::copy_to(&scratch.path().join("data"))?;
        let port = crate::ports::free_port()?;
        let options: Vec<String> = options.iter().map(ToString::to_string).collect();
        let child = launch(scratch.path(), port, &options)?;
        let mut server = Self {
            child,
            port,
            options,
            scratch,
        };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    /// `mysql://root@127.0.0.1:PORT/`: the server, without a database. See [`crate::TestDatabase`].
    #[must_use]
    pub fn url(&self) -> String {
        format!("mysql://root@127.0.0.1:{}/", self.port)
    }

    /// The TCP port of 127.0.0.1 that it listens on, the same after a restart.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The server's process id, of the latest start.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// SIGKILL: as if the power went. The data stays for [`restart`](Self::restart).
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

    /// Starts again on the same port with the same data, killing first what still runs.
    ///
    /// # Errors
    /// When it doesn't come up.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        self.child = launch(self.scratch.path(), self.port, &self.options)?;
        self.wait_until_it_answers()
    }

    fn wait_until_it_answers(&mut self) -> anyhow::Result<()> {
        let end = Instant::now() + START_DEADLINE;
        while !greets(self.port) {
            if let Some(status) = self.child.try_wait()? {
                bail!("MariaDB ended at its start ({status}): {}", self.log_tail());
            }
            if Instant::now() >= end {
                bail!(
                    "MariaDB gave no answer in {START_DEADLINE:?}: {}",
                    self.log_tail()
                );
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Ok(())
    }

    fn log_tail(&self) -> String {
        let text = std::fs::read(self.scratch.path().join(LOG)).unwrap_or_default();
        let text = String::from_utf8_lossy(&text).into_owned();
        let lines: Vec<&str> = text.lines().rev().take(15).collect();
        lines.into_iter().rev().collect::<Vec<_>>().join("\n")
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn launch(folder: &Path, port: u16, options: &[String]) -> anyhow::Result<Child> {
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join(LOG))?;
    let mut command = process::owned_command(template::programs()?.server);
    command.arg("--no-defaults");
    if process::is_root() {
        command.arg("--user=root");
    }
    command
        .arg(format!("--datadir={}", folder.join("data").display()))
        .arg(format!("--socket={}", folder.join("s.sock").display()))
        .arg(format!(
            "--pid-file={}",
            folder.join("server.pid").display()
        ))
        .arg(format!("--port={port}"))
        .args(["--bind-address=127.0.0.1", "--character-set-server=utf8mb4"])
        .args(FAST)
        .args(options)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    process::spawn(command).context("can't start mariadbd")
}

/// Whether somebody on this port opens as the MySQL protocol does: a packet header of four bytes, then version 10.
fn greets(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return false;
    };
    let mut opening = [0_u8; 5];
    stream
        .set_read_timeout(Some(Duration::from_secs(2)))
        .is_ok()
        && stream.read_exact(&mut opening).is_ok()
        && opening.last() == Some(&10)
}
