//! Tells the health registry how the store is.

use std::error::Error;
use std::time::Duration;

use service_kit::ops::{Dependency, DependencyStatus};
use tokio_util::sync::CancellationToken;

use super::{Store, StoreError};

/// Pause between two signs of life while all is well.
const WHEN_UP: Duration = Duration::from_secs(5);

/// Pause while it is not: recovery should be noticed soon.
const WHEN_DOWN: Duration = Duration::from_secs(1);

/// Pings the store until `stop`, at first at once.
pub(crate) async fn watch(store: Store, dependency: Dependency, stop: CancellationToken) {
    let mut cause_known = false;
    loop {
        let result = tokio::select! {
            result = store.ping() => result,
            () = stop.cancelled() => return,
        };
        match result {
            Ok(()) => {
                cause_known = false;
                dependency.up();
            }
            Err(error) => {
                // Once for each outage: the same line every second would hide all others.
                if !cause_known {
                    tracing::warn!(error = %Chain(&error), "the store failed");
                    cause_known = true;
                }
                dependency.down(detail(&error));
            }
        }
        let pause = match dependency.status() {
            DependencyStatus::Up => WHEN_UP,
            DependencyStatus::Degraded | DependencyStatus::Down => WHEN_DOWN,
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = stop.cancelled() => return,
        }
    }
}

const fn detail(error: &StoreError) -> &'static str {
    match error {
        StoreError::Open(_) => "the store can't be opened",
        StoreError::Newer { .. } => "the store was written by a newer version",
        StoreError::Gone => "the file of the store is gone",
        StoreError::Unwritable(_) => "the store can't be written",
        StoreError::NoAnswer(_) => "the store does not answer",
        StoreError::TimedOut => "the store does not answer in time",
        StoreError::Unreadable(_) => "the store holds something unreadable",
        StoreError::Contended => "the store is written by too many",
    }
}

/// An error with all its causes on one line.
struct Chain<'a>(&'a StoreError);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}
