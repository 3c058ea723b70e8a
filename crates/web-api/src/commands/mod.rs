//! What the binary does; one file a command.

pub mod healthcheck;
pub mod migrate;
pub mod samples;
pub mod serve;
pub mod sync;
#[cfg(feature = "bench")]
pub mod token_cost;
pub mod user;

use tokio::signal::unix::{SignalKind, signal};
use tokio_util::sync::CancellationToken;

/// A token that SIGTERM or SIGINT cancels: a command ends cleanly.
///
/// # Errors
/// Where the signals can't be listened to.
pub fn stop_on_signals() -> std::io::Result<CancellationToken> {
    let (mut terminate, mut interrupt) = (
        signal(SignalKind::terminate())?,
        signal(SignalKind::interrupt())?,
    );
    let stop = CancellationToken::new();
    let asked = stop.clone();
    tokio::spawn(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        asked.cancel();
    });
    Ok(stop)
}
