//! Where the server's time goes, by `perf`.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::Context;
use test_kit::process;

use super::contest::{Pace, alone};
use super::generator::Generator;
use super::mixes::Asked;
use super::stand::Serving;

/// Samples a second: odd, so as not to keep step with timers.
const FREQUENCY: &str = "997";

/// Writes a list of functions by their own time while this is asked; where it is, or why it isn't.
pub(super) fn record(
    (name, asked): (&str, &Asked),
    pace: Pace,
    serving: &Serving,
    generator: &Generator<'_>,
    target: &Path,
) -> anyhow::Result<String> {
    let Some(perf) = process::find_program("perf") else {
        return Ok("not taken: there is no perf on the PATH".to_owned());
    };
    let folder = target.join("bench");
    std::fs::create_dir_all(&folder)?;
    let data = folder.join("catalogue.perf");
    let pid = serving.server.pid().to_string();
    let mut command = process::owned_command(&perf);
    command
        .args(["record", "--quiet", "-F", FREQUENCY, "-p", &pid, "-o"])
        .arg(&data)
        .stdout(Stdio::null());
    let mut recording = process::spawn(command).context("can't start perf")?;
    let asked = alone(&asked.paths, &asked.order, pace, serving, generator);
    process::signal(&recording, nix::sys::signal::Signal::SIGINT)?;
    recording.wait()?;
    asked?;
    let list = list(
        &perf,
        &data,
        &folder.join(format!("catalogue-profile-{name}.txt")),
    )?;
    std::fs::remove_file(&data)?;
    // The report is kept, and this machine's folders are nobody's business.
    let list = list.strip_prefix(crate::cargo::root()).unwrap_or(&list);
    Ok(format!("written to {}", list.display()))
}

fn list(perf: &Path, data: &Path, file: &Path) -> anyhow::Result<PathBuf> {
    let output = Command::new(perf)
        .args([
            "report",
            "--stdio",
            "--percent-limit",
            "0.4",
            "--sort",
            "symbol",
            "-i",
        ])
        .arg(data)
        .output()?;
    anyhow::ensure!(
        output.status.success(),
        "perf report failed: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    std::fs::write(file, &output.stdout)?;
    Ok(file.to_owned())
}
