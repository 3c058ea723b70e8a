//! Letting members in again whose suspension is over, at its time and not when they come.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use super::Accounts;
use crate::db::chain;

/// How often. Every instance looks; one of them finds it.
const EVERY: Duration = Duration::from_secs(2);

impl Accounts {
    /// Lifts suspensions whose time is over, until `stop`.
    pub(crate) async fn reinstate(&self, stop: CancellationToken) {
        let mut down = false;
        loop {
            match self.lift_what_is_over().await {
                Ok(()) => down = false,
                Err(error) if !down => {
                    down = true;
                    tracing::warn!(cause = %chain(&error), "suspensions that are over can't be lifted");
                }
                Err(_) => {}
            }
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(EVERY) => {}
            }
        }
    }
}
