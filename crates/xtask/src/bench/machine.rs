//! What a figure was measured on, and the memory of a running process.

use std::fs;
use std::process::Command;

use crate::cargo;

/// One line about the processor, the memory and the system.
pub(super) fn describe() -> String {
    let cpus = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let model =
        field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    let kernel = fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    format!("{cpus} × {model}, memory {memory}, Linux {}", kernel.trim())
}

/// The commit that was measured, marked when the work tree differs from it.
pub(super) fn commit() -> String {
    let git = |arguments: &[&str]| {
        let output = Command::new("git")
            .args(arguments)
            .current_dir(cargo::root())
            .output();
        output
            .map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned())
            .unwrap_or_default()
    };
    let changed = if git(&["status", "--porcelain", "--untracked-files=no"]).is_empty() {
        ""
    } else {
        " + changes"
    };
    format!("{}{changed}", git(&["rev-parse", "--short=12", "HEAD"]))
}

/// The most memory that a process has had resident, in bytes (`VmHWM`). `None` once it has ended.
pub(super) fn peak_memory(pid: u32) -> Option<u64> {
    memory(pid, "VmHWM")
}

/// The memory that a process has resident now, in bytes (`VmRSS`). `None` once it has ended.
pub(super) fn resident_memory(pid: u32) -> Option<u64> {
    memory(pid, "VmRSS")
}

fn memory(pid: u32, what: &str) -> Option<u64> {
    let text = field(&format!("/proc/{pid}/status"), what)?;
    let kibibytes: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(kibibytes * 1024)
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    text.lines().find_map(|line| {
        let (key, value) = line.split_once(':')?;
        (key.trim() == name).then(|| value.trim().to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_peak_memory_is_plausible() {
        let bytes = peak_memory(std::process::id()).unwrap();
        assert!((100_000..10_000_000_000).contains(&bytes), "{bytes}");
        assert_eq!(peak_memory(u32::MAX), None);
        // Read before the peak: other tests' threads allocate meanwhile.
        let now = resident_memory(std::process::id()).unwrap();
        let peak = peak_memory(std::process::id()).unwrap();
        assert!((100_000..=peak).contains(&now), "{now} {peak}");
    }
}
