//! Panics as log lines.

use std::any::Any;
use std::backtrace::{Backtrace, BacktraceStatus};

/// Longest panic message that is logged, in characters.
const MAX_MESSAGE: usize = 2_000;

/// Logs every panic of the process from now on, with its place and the fields of the spans it
/// happens in (the request id among them), in place of the usual text on standard error.
pub fn install() {
    std::panic::set_hook(Box::new(|info| {
        let location = info.location().map(ToString::to_string).unwrap_or_default();
        let message: String = message(info.payload()).chars().take(MAX_MESSAGE).collect();
        let thread = std::thread::current();
        let thread = thread.name().unwrap_or("unnamed");
        let backtrace = Backtrace::capture();
        if backtrace.status() == BacktraceStatus::Captured {
            tracing::error!(target: "panic", location, thread, %backtrace, "panic: {message}");
        } else {
            tracing::error!(target: "panic", location, thread, "panic: {message}");
        }
    }));
}

/// The text of `panic!`, which comes as either kind of string.
fn message(payload: &(dyn Any + Send)) -> &str {
    payload
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| payload.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("(no message)")
}
