//! Memory: whose it is, and when it goes back to the system.

use std::os::unix::process::CommandExt as _;
use std::process::Command;

/// The system's keeps what the threads that load a catalogue have freed, a third more than is in use.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long the allocator keeps what was freed, in milliseconds. It reads this before `main` begins, so it has to stand
/// in the environment of the process.
const DELAY: &str = "MIMALLOC_PURGE_DELAY";

/// Begins anew, as the same process, with an allocator that gives back at once what was freed; returns where it does
/// that already, or where that can't be done. Its own second of delay ends when next something is freed, which on a
/// quiet server is never: some 15 MB of a loaded catalogue would stay for nothing (docs/bench/catalogue.md).
pub(crate) fn give_back_at_once() {
    if std::env::var_os(DELAY).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let mut arguments = std::env::args_os();
    let mut again = Command::new(program);
    if let Some(name) = arguments.next() {
        again.arg0(name);
    }
    // Gives an error or doesn't come back. Without it the server needs more memory and lacks nothing.
    drop(again.args(arguments).env(DELAY, "0").exec());
}
