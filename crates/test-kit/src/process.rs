//! Processes that can't outlive the one that started them.

use std::ffi::OsStr;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command};
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, SyncSender, channel, sync_channel};
use std::thread;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;

type Order = (Command, SyncSender<io::Result<Child>>);

/// How long a process may take to stand still: far more than a busy machine keeps a thread waiting.
const STOP_DEADLINE: Duration = Duration::from_secs(10);

/// Where system servers live that an ordinary user's `PATH` leaves out.
const SYSTEM_FOLDERS: [&str; 4] = ["/usr/local/sbin", "/usr/sbin", "/sbin", "/usr/libexec"];

/// The first executable of this name on `PATH`, or in the folders of system servers.
#[must_use]
pub fn find_program(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(SYSTEM_FOLDERS.iter().map(PathBuf::from))
        .map(|folder| folder.join(name))
        .find(|candidate| is_executable(candidate))
}

fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    path.metadata()
        .is_ok_and(|meta| meta.is_file() && meta.permissions().mode() & 0o111 != 0)
}

/// A command that the kernel kills when its owner dies, in a process group of its own, so that a Ctrl-C in the
/// terminal reaches the owner alone and the owner decides the order in which things stop.
///
/// The binding needs `setpriv` of util-linux; where that is absent, only `Drop` ends the process.
/// Start it with [`spawn`].
#[must_use]
pub fn owned_command(program: impl AsRef<OsStr>) -> Command {
    let mut command = match find_program("setpriv") {
        Some(setpriv) => {
            let mut command = Command::new(setpriv);
            command.args(["--pdeathsig", "KILL", "--"]).arg(program);
            command
        }
        None => Command::new(program),
    };
    command.process_group(0);
    command
}

/// Starts a command from a thread that lives as long as this process.
///
/// The kernel's parent-death signal follows the *thread* that forked: started from a test's own thread, a server
/// that several tests share would die with the first of them.
///
/// # Errors
/// When the program can't be started.
pub fn spawn(command: Command) -> io::Result<Child> {
    static SPAWNER: OnceLock<Sender<Order>> = OnceLock::new();
    let spawner = SPAWNER.get_or_init(|| {
        let (sender, orders) = channel();
        thread::spawn(move || serve(&orders));
        sender
    });
    let (reply, answer) = sync_channel(1);
    spawner
        .send((command, reply))
        .map_err(|_| io::Error::other("the spawning thread is gone"))?;
    answer
        .recv()
        .map_err(|_| io::Error::other("the spawning thread gave no answer"))?
}

fn serve(orders: &Receiver<Order>) {
    for (mut command, reply) in orders {
        if let Err(unwanted) = reply.send(command.spawn()) {
            // Nobody waits any more: an orphan is worse than a lost answer.
            if let Ok(mut child) = unwanted.0 {
                drop(child.kill());
                drop(child.wait());
            }
        }
    }
}

/// Sends a signal to one child. `Ok` also when it has already ended.
///
/// # Errors
/// When the kernel refuses the signal.
pub fn signal(child: &Child, signal: Signal) -> io::Result<()> {
    accept_gone(kill(pid_of(child)?, signal))
}

/// SIGSTOP, and back only when the child stands still.
///
/// The kernel lets the other threads go on until the one that got the signal has a processor: on a busy machine a
/// server still answers for some milliseconds after the signal was sent.
///
/// # Errors
/// When the kernel refuses the signal, or a thread still runs after ten seconds.
pub fn pause(child: &Child) -> io::Result<()> {
    signal(child, Signal::SIGSTOP)?;
    let end = Instant::now() + STOP_DEADLINE;
    while !stands_still(child.id())? {
        if Instant::now() >= end {
            return Err(io::Error::other("the process goes on after SIGSTOP"));
        }
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Whether every thread is stopped or gone, as `/proc/PID/task/TID/stat` says (proc(5): the state stands behind the
/// name in brackets, which may itself hold brackets).
fn stands_still(process: u32) -> io::Result<bool> {
    for thread in std::fs::read_dir(format!("/proc/{process}/task"))? {
        let Ok(stat) = std::fs::read_to_string(thread?.path().join("stat")) else {
            continue;
        };
        let state = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.chars().next());
        if !matches!(state, Some('T' | 't' | 'Z' | 'X')) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Sends a signal to a child's whole process group: the child and everything that it started.
///
/// # Errors
/// When the kernel refuses the signal.
pub fn signal_group(child: &Child, signal: Signal) -> io::Result<()> {
    accept_gone(killpg(pid_of(child)?, signal))
}

fn pid_of(child: &Child) -> io::Result<Pid> {
    i32::try_from(child.id())
        .map(Pid::from_raw)
        .map_err(io::Error::other)
}

fn accept_gone(result: nix::Result<()>) -> io::Result<()> {
    match result {
        Err(nix::errno::Errno::ESRCH) => Ok(()),
        other => other.map_err(io::Error::from),
    }
}

/// Whether this process runs as root.
#[must_use]
pub fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata("/proc/self").is_ok_and(|meta| meta.uid() == 0)
}
