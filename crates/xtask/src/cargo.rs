//! Calls to cargo, and where its results are.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, bail};
use serde_json::Value;
use test_kit::process;

use crate::interrupt::Interrupt;
use crate::task;

/// The binaries of this workspace that run as processes of their own.
const SERVERS: [&str; 3] = ["web-api", "chat-server", "simulators"];

/// The workspace's folder.
pub(crate) fn root() -> PathBuf {
    let ours = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    ours.ancestors()
        .nth(2)
        .map_or_else(|| PathBuf::from("."), Path::to_path_buf)
}

/// `cargo` with these arguments, in the workspace, as a task that dies with us.
pub(crate) fn command(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = process::owned_command(cargo);
    command.args(arguments).current_dir(root());
    // What `cargo run` tells us about ourselves isn't true of others.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            command.env_remove(name);
        }
    }
    command
}

/// What a short cargo command prints.
pub(crate) fn output(arguments: &[&str]) -> anyhow::Result<String> {
    let output = command(arguments).output().context("can't run cargo")?;
    if !output.status.success() {
        bail!(
            "cargo {} failed: {}",
            arguments.join(" "),
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The folder that cargo builds into, wherever the person's settings put it.
pub(crate) fn target_folder() -> anyhow::Result<PathBuf> {
    let metadata = output(&["metadata", "--format-version=1", "--no-deps", "--locked"])?;
    let metadata: Value = serde_json::from_str(&metadata)?;
    let folder = metadata.get("target_directory").and_then(Value::as_str);
    Ok(PathBuf::from(
        folder.context("cargo metadata names no target_directory")?,
    ))
}

/// Builds the servers in one go and returns the folder that their binaries are in.
pub(crate) fn build_servers(release: bool, interrupt: &Interrupt) -> anyhow::Result<PathBuf> {
    let mut arguments = vec!["build", "--locked", "--bins"];
    arguments.extend(SERVERS.iter().flat_map(|name| ["--package", name]));
    arguments.extend(release.then_some("--release"));
    task::succeed(command(&arguments), "the build", interrupt)?;
    Ok(target_folder()?.join(if release { "release" } else { "debug" }))
}

/// Builds what `bench catalogue` and `bench accounts` need: web-api with the bench's routes, whose path comes first, and the folder of the
/// other programs.
pub(crate) fn build_for_catalogue(interrupt: &Interrupt) -> anyhow::Result<(PathBuf, PathBuf)> {
    let arguments = [
        "build",
        "--locked",
        "--release",
        "--bins",
        "--package=web-api",
        "--package=simulators",
        "--package=load",
        "--features=web-api/bench",
    ];
    task::succeed(command(&arguments), "the build", interrupt)?;
    let target = target_folder()?;
    let (built, ours) = (target.join("release/web-api"), target.join("bench/web-api"));
    std::fs::create_dir_all(target.join("bench"))?;
    // Moved, so that nobody starts a server with those routes by mistake; cargo puts its own there again.
    std::fs::rename(&built, &ours).with_context(|| format!("can't move {}", built.display()))?;
    Ok((ours, target.join("release")))
}
