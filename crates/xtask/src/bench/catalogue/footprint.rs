//! What the server needs: time to start, memory.

use super::super::machine;
use super::contest::{Pace, alone};
use super::generator::Generator;
use super::mixes::Mixes;
use super::stand::{Serving, Stand};

/// What is logged by default.
const LOG_LEVEL: &str = "info";

/// In bytes.
#[derive(Clone, Copy)]
pub(super) struct Memory {
    pub(super) loaded: u64,
    pub(super) after_mix: u64,
    pub(super) peak: u64,
}

/// Starts a server so many times; the last one goes on. Times come in their order.
pub(super) fn starts(
    stand: &Stand<'_>,
    count: usize,
) -> anyhow::Result<(Serving, Vec<std::time::Duration>)> {
    let mut times = Vec::new();
    for _ in 1..count {
        let serving = stand.serve(LOG_LEVEL)?;
        times.push(serving.start);
        serving.stop()?;
    }
    let serving = stand.serve(LOG_LEVEL)?;
    times.push(serving.start);
    times.sort_unstable();
    Ok((serving, times))
}

/// Memory before and after everything was asked of it at full speed: by then its caches are full.
pub(super) fn memory(
    serving: &Serving,
    mixes: &Mixes,
    pace: Pace,
    generator: &Generator<'_>,
) -> anyhow::Result<Memory> {
    let pid = serving.server.pid();
    let loaded = machine::resident_memory(pid).unwrap_or(u64::MAX);
    for (paths, order) in mixes.all() {
        alone(paths, order, pace, serving, generator)?;
    }
    Ok(Memory {
        loaded,
        after_mix: machine::resident_memory(pid).unwrap_or(u64::MAX),
        peak: machine::peak_memory(pid).unwrap_or(u64::MAX),
    })
}
