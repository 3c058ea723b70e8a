//! Ctrl-C and SIGTERM as a flag, so that what was started is stopped in order.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::flag;

/// The exit code of a command that was interrupted: 128 and the number of SIGINT.
pub(crate) const EXIT_CODE: u8 = 130;

/// Whether somebody asked us to stop.
#[derive(Clone)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// Takes over SIGINT, SIGTERM and SIGHUP. A second signal ends this process at once, and with it, by the kernel's
    /// hand, everything that it started.
    ///
    /// Handlers and not a blocked mask: children inherit a mask, and would never see a SIGTERM of ours.
    pub(crate) fn install() -> anyhow::Result<Self> {
        let set = Arc::new(AtomicBool::new(false));
        for signal in [SIGINT, SIGTERM, SIGHUP] {
            // In this order: the first signal finds the flag unset, then sets it.
            flag::register_conditional_shutdown(signal, i32::from(EXIT_CODE), Arc::clone(&set))?;
            flag::register(signal, Arc::clone(&set))?;
        }
        Ok(Self(set))
    }

    /// Whether to stop now.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}
