//! One of this workspace's binaries, running: started with its settings, watched, signalled, killed.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::process::{Child, ExitStatus, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use nix::sys::signal::Signal;
use tempfile::TempDir;

use crate::log::Log;
use crate::{http, process};

const READY_DEADLINE: Duration = Duration::from_secs(60);
const PROBE_LIMIT: Duration = Duration::from_secs(2);
const INTERVAL: Duration = Duration::from_millis(20);

/// Variables of our own environment that a server gets in any case: where programs are, not how it behaves.
const PASSED_ON: [&str; 6] = [
    "PATH",
    "HOME",
    "TMPDIR",
    "LANG",
    "RUST_BACKTRACE",
    "LD_LIBRARY_PATH",
];

/// How a binary is to be started. By default it knows nothing of our environment and runs in an empty folder of its
/// own, so that neither the developer's variables nor a `.env` file change what a test sees.
#[derive(Debug)]
#[must_use]
pub struct Builder {
    name: String,
    program: PathBuf,
    arguments: Vec<OsString>,
    variables: Vec<(OsString, OsString)>,
    inherit: bool,
    folder: Option<PathBuf>,
    probe: Option<(u16, String)>,
    echo: bool,
}

/// A running binary. `Drop` kills it.
#[derive(Debug)]
pub struct Server {
    how: Builder,
    child: Child,
    readers: Vec<JoinHandle<()>>,
    log: Log,
    own_folder: TempDir,
}

impl Builder {
    /// Adds an argument.
    pub fn arg(mut self, argument: impl AsRef<OsStr>) -> Self {
        self.arguments.push(argument.as_ref().to_owned());
        self
    }

    /// Adds arguments.
    pub fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.arguments.extend(
            arguments
                .into_iter()
                .map(|argument| argument.as_ref().to_owned()),
        );
        self
    }

    /// Sets an environment variable.
    pub fn env(mut self, name: impl AsRef<OsStr>, value: impl AsRef<OsStr>) -> Self {
        self.variables
            .push((name.as_ref().to_owned(), value.as_ref().to_owned()));
        self
    }

    /// Lets it see our whole environment, which [`env`](Self::env) still overrides.
    pub fn inherit_env(mut self) -> Self {
        self.inherit = true;
        self
    }

    /// Runs it in this folder.
    pub fn current_dir(mut self, folder: impl AsRef<Path>) -> Self {
        self.folder = Some(folder.as_ref().to_owned());
        self
    }

    /// It is ready when `GET path` on this port of 127.0.0.1 answers 2xx. Without it, as soon as it runs.
    pub fn ready_at(mut self, port: u16, path: &str) -> Self {
        self.probe = Some((port, path.to_owned()));
        self
    }

    /// Prints its log lines to our standard output, its name in front of each.
    pub fn echo(mut self) -> Self {
        self.echo = true;
        self
    }

    /// Starts it and waits until it is ready.
    ///
    /// # Errors
    /// When it can't be started, ends early or isn't ready in a minute; with its last log lines.
    pub fn start(self) -> anyhow::Result<Server> {
        let mut server = self.spawn()?;
        server.wait_until_ready(READY_DEADLINE)?;
        Ok(server)
    }

    /// Starts it and doesn't wait.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn spawn(self) -> anyhow::Result<Server> {
        let own_folder = tempfile::tempdir()?;
        let log = Log::new(self.echo.then(|| format!("{:>11} | ", self.name)));
        let (child, readers) = self.launch(&log, own_folder.path())?;
        Ok(Server {
            how: self,
            child,
            readers,
            log,
            own_folder,
        })
    }

    fn launch(&self, log: &Log, own: &Path) -> anyhow::Result<(Child, Vec<JoinHandle<()>>)> {
        let mut command = process::owned_command(&self.program);
        if !self.inherit {
            let kept = PASSED_ON
                .iter()
                .filter_map(|name| Some((name, std::env::var_os(name)?)));
            command.env_clear().envs(kept);
        }
        command
            .args(&self.arguments)
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .current_dir(self.folder.as_deref().unwrap_or(own))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = process::spawn(command)
            .with_context(|| format!("can't start {} ({})", self.name, self.program.display()))?;
        let mut readers = Vec::new();
        readers.extend(child.stdout.take().map(|stream| log.follow(stream)));
        readers.extend(child.stderr.take().map(|stream| log.follow(stream)));
        Ok((child, readers))
    }
}

impl Server {
    /// Describes a binary to start; `name` stands in messages.
    pub fn builder(name: &str, program: impl AsRef<Path>) -> Builder {
        Builder {
            name: name.to_owned(),
            program: program.as_ref().to_owned(),
            arguments: Vec::new(),
            variables: Vec::new(),
            inherit: false,
            folder: None,
            probe: None,
            echo: false,
        }
    }

    /// Its name in messages.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.how.name
    }

    /// Its process id, of the latest start.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Everything it has printed so far, over all its starts.
    #[must_use]
    pub fn log(&self) -> String {
        self.log.text()
    }

    /// The last lines that it printed.
    #[must_use]
    pub fn log_tail(&self, lines: usize) -> String {
        self.log.tail(lines)
    }

    /// The folder that it runs in where none was given.
    #[must_use]
    pub fn own_folder(&self) -> &Path {
        self.own_folder.path()
    }

    /// Whether its probe answers 2xx now.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.how.probe.as_ref().is_none_or(|(port, path)| {
            http::get(*port, path, PROBE_LIMIT).is_ok_and(|answer| answer.is_success())
        })
    }

    /// How it ended, if it has.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn ended(&mut self) -> anyhow::Result<Option<ExitStatus>> {
        Ok(self.child.try_wait()?)
    }

    /// Waits until its probe answers 2xx.
    ///
    /// # Errors
    /// When it ends first or the deadline passes; with its last log lines.
    pub fn wait_until_ready(&mut self, deadline: Duration) -> anyhow::Result<()> {
        let end = Instant::now() + deadline;
        while !self.is_ready() {
            if let Some(status) = self.ended()? {
                self.join_readers();
                bail!(
                    "{} ended before it was ready ({status}):\n{}",
                    self.name(),
                    self.log_tail(20)
                );
            }
            if Instant::now() >= end {
                bail!(
                    "{} wasn't ready in {deadline:?}:\n{}",
                    self.name(),
                    self.log_tail(20)
                );
            }
            std::thread::sleep(INTERVAL);
        }
        Ok(())
    }

    /// Sends it a signal and doesn't wait.
    ///
    /// # Errors
    /// When the kernel refuses.
    pub fn signal(&self, signal: Signal) -> anyhow::Result<()> {
        Ok(process::signal(&self.child, signal)?)
    }

    /// Waits until it ends by itself. `None`: it still runs at the deadline.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn wait(&mut self, deadline: Duration) -> anyhow::Result<Option<ExitStatus>> {
        let end = Instant::now() + deadline;
        loop {
            if let Some(status) = self.ended()? {
                self.join_readers();
                return Ok(Some(status));
            }
            if Instant::now() >= end {
                return Ok(None);
            }
            std::thread::sleep(INTERVAL);
        }
    }

    /// SIGTERM, and SIGKILL at the deadline; how it ended.
    ///
    /// # Errors
    /// When the kernel refuses or the system can't tell.
    pub fn stop(&mut self, deadline: Duration) -> anyhow::Result<ExitStatus> {
        self.signal(Signal::SIGTERM)?;
        match self.wait(deadline)? {
            Some(status) => Ok(status),
            None => self.kill(),
        }
    }

    /// SIGKILL; how it ended.
    ///
    /// # Errors
    /// When the system can't tell.
    pub fn kill(&mut self) -> anyhow::Result<ExitStatus> {
        // With what it may have started itself: that would hold the log's pipe open for ever.
        process::signal_group(&self.child, Signal::SIGKILL)?;
        let status = self.child.wait()?;
        self.join_readers();
        Ok(status)
    }

    /// Starts it again as before, killing first what still runs. Doesn't wait until it is ready.
    ///
    /// # Errors
    /// When it can't be started.
    pub fn restart(&mut self) -> anyhow::Result<()> {
        self.kill()?;
        (self.child, self.readers) = self.how.launch(&self.log, self.own_folder.path())?;
        Ok(())
    }

    fn join_readers(&mut self) {
        for reader in self.readers.drain(..) {
            drop(reader.join());
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.kill());
    }
}
