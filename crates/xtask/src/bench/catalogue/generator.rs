//! The load generator, a process of its own: jobs go to it as JSON, what it saw comes back as JSON.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use anyhow::{Context, anyhow, bail};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use test_kit::process;

use crate::interrupt::Interrupt;
use crate::task::Interrupted;

const INTERVAL: Duration = Duration::from_millis(20);

/// Where the program is, and who may interrupt it.
#[derive(Clone)]
pub(in crate::bench) struct Generator<'a> {
    program: PathBuf,
    interrupt: &'a Interrupt,
}

/// Answers that came back the same.
#[derive(Debug, Deserialize)]
pub(in crate::bench) struct Recorded {
    /// Of their bodies, in bytes.
    pub(in crate::bench) lengths: Vec<u64>,
}

/// What one side of a contest saw; times are in microseconds.
#[derive(Debug, Deserialize)]
pub(in crate::bench) struct Side {
    pub(in crate::bench) rounds: Vec<Round>,
    pub(in crate::bench) p50: u64,
    pub(in crate::bench) p99: u64,
    pub(in crate::bench) max: u64,
}

#[derive(Debug, Deserialize)]
pub(in crate::bench) struct Round {
    pub(in crate::bench) requests: u32,
    pub(in crate::bench) bytes: u64,
    pub(in crate::bench) elapsed: u64,
    pub(in crate::bench) server_cpu: u64,
    pub(in crate::bench) own_cpu: u64,
}

/// A request that was made alone.
#[derive(Debug, Deserialize)]
pub(in crate::bench) struct One {
    pub(in crate::bench) micros: u64,
    pub(in crate::bench) total: Option<u64>,
}

/// Requests at a steady rate.
#[derive(Debug, Deserialize)]
pub(in crate::bench) struct Steady {
    /// When each was due (microseconds since 1970), and how long after that it was answered.
    pub(in crate::bench) samples: Vec<(u64, u64)>,
    pub(in crate::bench) errors: u64,
    pub(in crate::bench) first_error: Option<String>,
}

impl<'a> Generator<'a> {
    pub(in crate::bench) fn new(binaries: &Path, interrupt: &'a Interrupt) -> Self {
        Self {
            program: binaries.join("load"),
            interrupt,
        }
    }

    /// Does one job to its end.
    pub(in crate::bench) fn run<T: DeserializeOwned>(
        &self,
        port: u16,
        encoding: &str,
        work: &Value,
    ) -> anyhow::Result<T> {
        let job = json!({ "port": port, "encoding": encoding, "work": work });
        let mut running = self.start(&job)?;
        while running.child.try_wait()?.is_none() {
            if self.interrupt.is_set() {
                bail!(Interrupted);
            }
            std::thread::sleep(INTERVAL);
        }
        running.finish()
    }

    /// Starts a job that goes on until it is told to finish.
    pub(in crate::bench) fn steady(&self, port: u16, work: &Value) -> anyhow::Result<Running> {
        self.start(&json!({ "port": port, "encoding": "identity", "work": work }))
    }

    fn start(&self, job: &Value) -> anyhow::Result<Running> {
        let mut command = process::owned_command(&self.program);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = process::spawn(command)
            .with_context(|| format!("can't start {}", self.program.display()))?;
        let mut input = child.stdin.take().context("no standard input")?;
        let mut output = child.stdout.take().context("no standard output")?;
        // All the time: a result is longer than a pipe holds.
        let reader = std::thread::spawn(move || {
            let mut text = String::new();
            output.read_to_string(&mut text).map(|_| text)
        });
        let written = writeln!(input, "{job}");
        let running = Running {
            child,
            input: Some(input),
            reader: Some(reader),
        };
        written?;
        Ok(running)
    }
}

/// A job under way. `Drop` kills it.
pub(in crate::bench) struct Running {
    child: Child,
    input: Option<ChildStdin>,
    reader: Option<JoinHandle<std::io::Result<String>>>,
}

impl Running {
    /// Tells it to finish, and gives what it saw.
    pub(in crate::bench) fn finish<T: DeserializeOwned>(mut self) -> anyhow::Result<T> {
        drop(self.input.take());
        let status = self.child.wait()?;
        let reader = self.reader.take().context("no reader")?;
        let text = reader
            .join()
            .map_err(|_| anyhow!("the reader panicked"))??;
        if !status.success() {
            bail!("the load generator failed ({status}); its reason stands above");
        }
        serde_json::from_str(&text).context("the load generator's result has another form")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}
