//! Retention by the store itself: a sweep now and then, on every instance.

use std::time::Duration;

use chrono::Utc;
use tokio_util::sync::CancellationToken;

use super::Store;
use super::model::Moment;

/// Pause between two sweeps.
const PAUSE: Duration = Duration::from_secs(60);

/// Sweeps until `stop`. What fails is tried again by the next sweep; outages are told by `watch`.
pub(crate) async fn tidy(store: Store, stop: CancellationToken) {
    loop {
        tokio::select! {
            () = tokio::time::sleep(PAUSE) => {}
            () = stop.cancelled() => return,
        }
        // Left in the middle, it goes on next time.
        let swept = tokio::select! {
            swept = store.sweep(Moment::from(Utc::now())) => swept,
            () = stop.cancelled() => return,
        };
        match swept {
            Ok(swept) if swept.deleted > 0 || swept.tidied > 0 => {
                tracing::info!(
                    deleted = swept.deleted,
                    tidied = swept.tidied,
                    "swept the store"
                );
            }
            Ok(_) => {}
            Err(error) => tracing::debug!(%error, "the store could not be swept"),
        }
    }
}
