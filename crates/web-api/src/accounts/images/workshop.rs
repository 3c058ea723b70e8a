//! Threads for pictures: a few, with a queue that ends and a limit of time. Decoding is hard work
//! that somebody else asked for; readers of the catalogue don't notice it.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Semaphore;

use super::error::{ImageError, Refusal};
use super::kind::ImageKind;
use super::picture;

/// Who waits for a thread, at most, for each thread.
const QUEUE: usize = 8;
/// Waiting and working together. A thread can't be stopped, so one that takes longer keeps its place
/// until it ends; that it ends is for the limits of [`picture`].
const LIMIT: Duration = Duration::from_secs(20);

/// Makes pictures.
#[derive(Debug, Clone)]
pub(crate) struct Workshop {
    threads: Arc<Semaphore>,
    places: Arc<Semaphore>,
}

impl Workshop {
    /// With so many threads.
    pub(crate) fn new(threads: usize) -> Self {
        Self {
            threads: Arc::new(Semaphore::new(threads)),
            places: Arc::new(Semaphore::new(threads.saturating_mul(QUEUE))),
        }
    }

    /// A place in the queue. Taken before the bytes are fetched, so that waiting bytes are few.
    ///
    /// # Errors
    /// [`ImageError::Busy`].
    pub(crate) fn place(&self) -> Result<Place, ImageError> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        place.map(Place).map_err(|_| ImageError::Busy)
    }

    /// Makes a picture of what was uploaded.
    ///
    /// # Errors
    /// [`ImageError::Refused`], [`ImageError::Busy`] where it takes too long.
    pub(crate) async fn make(
        &self,
        place: Place,
        bytes: bytes::Bytes,
        kind: ImageKind,
    ) -> Result<Vec<u8>, ImageError> {
        let threads = Arc::clone(&self.threads);
        let work = async move {
            let thread = threads
                .acquire_owned()
                .await
                .map_err(|closed| ImageError::Internal(closed.into()))?;
            let made = tokio::task::spawn_blocking(move || {
                let made = picture::make(&bytes, kind);
                // Here and not by the future, which ends with its limit: a permit stands for a thread.
                drop((place, thread));
                made
            });
            made.await.unwrap_or_else(|failed| {
                tracing::error!(error = %failed, "a decoder of pictures panicked");
                Err(Refusal::NotAnImage.into())
            })
        };
        tokio::time::timeout(LIMIT, work)
            .await
            .unwrap_or(Err(ImageError::Busy))
    }
}

/// A place in the queue.
#[derive(Debug)]
pub(crate) struct Place(#[expect(dead_code, reason = "held")] tokio::sync::OwnedSemaphorePermit);
