//! A private server that speaks MongoDB's protocol: its own data folder, its own port, gone with its owner.
//!
//! `mongod` where it is on the `PATH`; else `SecantusDB`, whose storage engine is MongoDB's own (`WiredTiger`). It is run as
//! a process and never linked. `cargo xtask test` installs it into [`secantus_folder`].

use std::fs::File;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;

use crate::process;
use crate::scratch::Scratch;

/// The environment variable that names a MongoDB for tests, as `mongodb://host:port/`.
pub const SERVER: &str = "TEST_MONGODB_URI";

/// The version of `SecantusDB` that the tests are known to pass with.
pub const SECANTUS_VERSION: &str = "0.6.0b17";

const START_DEADLINE: Duration = Duration::from_secs(30);
const PROBE_LIMIT: Duration = Duration::from_secs(2);
/// Sparse files: much less is written.
const ROOM: u64 = 1 << 30;
const LOG: &str = "server.log";

/// `OP_MSG {hello: 1, $db: "admin"}` (MongoDB Wire Protocol): length, request id, response to, opcode 2013, flags, a
/// section of kind 0, a BSON document.
const HELLO: &[u8] = b"\x34\0\0\0\x01\0\0\0\0\0\0\0\xdd\x07\0\0\0\0\0\0\0\
    \x1f\0\0\0\x10hello\0\x01\0\0\0\x02$db\0\x06\0\0\0admin\0\0";

/// A running server of this process's own. `Drop` kills it and deletes its data.
#[derive(Debug)]
pub struct Mongo {
    child: Child,
    port: u16,
    scratch: Scratch,
}

impl Mongo {
    /// Whether a server that can be started is here.
    #[must_use]
    pub fn is_installed() -> bool {
        program().is_some()
    }

    /// Starts an empty server and waits until it answers.
    ///
    /// # Errors
    /// When none is installed or it doesn't come up.
    pub fn start() -> anyhow::Result<Self> {
        let scratch = Scratch::new(ROOM)?;
        let port = crate::ports::free_port()?;
        let child = launch(scratch.path(), port)?;
        let mut server = Self {
            child,
            port,
            scratch,
        };
        server.wait_until_it_answers()?;
        Ok(server)
    }

    /// `mongodb://127.0.0.1:PORT/`, as one server and not as a member of a set.
    #[must_use]
    pub fn uri(&self) -> String {
        format!("mongodb://127.0.0.1:{}/?directConnection=true", self.port)
    }

    /// The TCP port of 127.0.0.1 that it listens on, the same after a restart.
    #[must_use]
    pub fn port(&self) -> u16 {
        self.port
    }

    /// SIGKILL: what it acknowledged stays on disk.
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
        self.child = launch(self.scratch.path(), self.port)?;
        self.wait_until_it_answers()
    }

    fn wait_until_it_answers(&mut self) -> anyhow::Result<()> {
        let end = Instant::now() + START_DEADLINE;
        while !answers(self.port) {
            if let Some(status) = self.child.try_wait()? {
                bail!("the server ended at its start ({status}):\n{}", self.log());
            }
            if Instant::now() >= end {
                bail!(
                    "the server gave no answer in {START_DEADLINE:?}:\n{}",
                    self.log()
                );
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(())
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.scratch.path().join(LOG)).unwrap_or_default()
    }
}

impl Drop for Mongo {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Where `SecantusDB` is, or is to be, installed: a folder of its version beside the builds.
#[must_use]
pub fn secantus_folder() -> PathBuf {
    let builds = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target"),
        PathBuf::from,
    );
    builds.join(format!("tools/secantusdb-{SECANTUS_VERSION}"))
}

enum Program {
    Mongod(PathBuf),
    Secantus(PathBuf),
}

fn program() -> Option<Program> {
    if let Some(mongod) = process::find_program("mongod") {
        return Some(Program::Mongod(mongod));
    }
    let installed = secantus_folder().join("secantusdb.scripts/secantusd-rs");
    if installed.is_file() {
        return Some(Program::Secantus(installed));
    }
    process::find_program("secantusd-rs").map(Program::Secantus)
}

fn launch(folder: &Path, port: u16) -> anyhow::Result<Child> {
    let program = program().context(
        "no MongoDB is installed: neither mongod nor secantusd-rs is on the PATH (cargo xtask test installs the \
         latter)",
    )?;
    let data = folder.join("data");
    std::fs::create_dir_all(&data)?;
    let port = port.to_string();
    let mut command = match program {
        Program::Mongod(program) => {
            let mut command = process::owned_command(program);
            command.args(["--bind_ip", "127.0.0.1", "--port", &port]);
            command.args(["--wiredTigerCacheSizeGB", "0.25", "--dbpath"]);
            command.arg(&data);
            command
        }
        Program::Secantus(program) => {
            let mut command = process::owned_command(program);
            command.args(["--host", "127.0.0.1", "--port", &port]);
            command.args(["--cache-size", "256M", "--log-file-max", "128MB"]);
            // Without it a kill loses what was acknowledged.
            command.args([
                "--log-level",
                "WARNING",
                "--sync-on-commit",
                "--storage-path",
            ]);
            command.arg(&data);
            command
        }
    };
    let log = File::options()
        .create(true)
        .append(true)
        .open(folder.join(LOG))?;
    command
        .current_dir(folder)
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    process::spawn(command).context("can't start the MongoDB server")
}

/// Whether somebody on this port answers as MongoDB does.
fn answers(port: u16) -> bool {
    let Ok(mut stream) = TcpStream::connect((Ipv4Addr::LOCALHOST, port)) else {
        return false;
    };
    let mut header = [0_u8; 16];
    stream.set_read_timeout(Some(PROBE_LIMIT)).is_ok()
        && stream.write_all(HELLO).is_ok()
        && stream.read_exact(&mut header).is_ok()
        && header.ends_with(b"\xdd\x07\0\0")
}
