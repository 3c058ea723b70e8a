//! One after another: what counts and then notes must not do so twice at once for the same subject.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};

/// More than one subject may share a place, and then waits for the others a little.
const PLACES: usize = 256;

/// Places to take turns at.
#[derive(Debug)]
pub(crate) struct Turns(Vec<Arc<Mutex<()>>>);

impl Default for Turns {
    fn default() -> Self {
        Self((0..PLACES).map(|_| Arc::default()).collect())
    }
}

impl Turns {
    /// Waits for the turn of a subject, given by a hash; it lasts until the guard is dropped. Of this
    /// instance only: others may be at it as well.
    pub(crate) async fn of(&self, subject: &[u8; 32]) -> OwnedMutexGuard<()> {
        let place = usize::from(subject.first().copied().unwrap_or(0));
        let mutex = self.0.get(place).map_or_else(Arc::default, Arc::clone);
        mutex.lock_owned().await
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::Turns;

    #[tokio::test]
    async fn one_subject_is_one_after_another_and_others_are_not() {
        let turns = Turns::default();
        let first = turns.of(&[7; 32]).await;
        let mut second = Box::pin(turns.of(&[7; 32]));
        assert!(poll!(&mut second).is_pending());
        let other = turns.of(&[8; 32]).await;
        drop(first);
        assert!(poll!(&mut second).is_ready());
        drop(other);
    }
}
