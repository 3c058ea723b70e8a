//! The expected wait, reckoned from time to time, told at once.

use std::sync::{Arc, PoisonError, RwLock};

use domain::chat::wait::expected_wait;

use crate::store::model::Moment;
use crate::store::{Store, StoreError};

/// Counsellings that are looked at.
const LAST: i64 = 50;

/// What a wait is reckoned from; a cheap handle, kept by the [`Desk`](super::Desk).
#[derive(Debug, Clone, Default)]
pub struct Wait {
    known: Arc<RwLock<Known>>,
}

#[derive(Debug, Default)]
struct Known {
    /// In seconds.
    lengths: Vec<u32>,
    counsellors: u32,
}

impl Wait {
    /// Seconds that somebody at this place (from 1 on) will wait; `None`: no figure would be honest.
    #[must_use]
    pub fn expected(&self, position: i64) -> Option<u64> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner);
        let position = u32::try_from(position.max(0)).unwrap_or(u32::MAX);
        expected_wait(position, &known.lengths, known.counsellors).map(u64::from)
    }

    /// Reckons anew; while the store doesn't answer, nothing is known.
    pub(super) async fn reckon(&self, store: &Store, now: Moment) -> Result<(), StoreError> {
        let read = Self::read(store, now).await;
        let (known, result) = match read {
            Ok(known) => (known, Ok(())),
            Err(error) => (Known::default(), Err(error)),
        };
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = known;
        result
    }

    async fn read(store: &Store, now: Moment) -> Result<Known, StoreError> {
        Ok(Known {
            lengths: store.lengths(LAST, now).await?,
            counsellors: store.present(now).await?,
        })
    }
}
