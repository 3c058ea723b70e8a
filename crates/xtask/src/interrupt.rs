//! Ctrl-C and SIGTERM as a flag, so that what was started is stopped in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::sys::signal::{SigSet, Signal};

/// The exit code of a command that was interrupted: 128 and the number of SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

/// Whether somebody asked us to stop.
#[derive(Clone)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Takes over SIGINT, SIGTERM and SIGHUP. Called before any other thread starts, so that all of them leave these
    /// signals to the one that waits for them. A second signal ends this process at once, and with it, by the
    /// kernel's hand, everything that it started.
    pub(crate) fn install() -> anyhow::Result<Self> {
        let mut signals = SigSet::empty();
        for signal in [Signal::SIGINT, Signal::SIGTERM, Signal::SIGHUP] {
            signals.add(signal);
        }
        signals.thread_block()?;
        let flag = Arc::new(AtomicBool::new(false));
        let ours = Arc::clone(&flag);
        std::thread::spawn(move || {
            while signals.wait().is_ok() {
                if ours.swap(true, Ordering::SeqCst) {
                    std::process::exit(i32::from(EXIT_CODE));
                }
            }
        });
        Ok(Self(flag))
    }

    /// Whether to stop now.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
