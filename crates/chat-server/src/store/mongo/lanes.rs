//! Steps in the same conversation go in groups: while one write is under way, the next gather.
//! Otherwise twenty senders would overtake each other at every write.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::store::error::{ChangeError, StoreError};
use crate::store::model::{Changed, Command, ConversationId};

/// Most steps of one write.
const GROUP: usize = 64;

/// Most steps that wait in one conversation.
const MOST_WAITING: usize = 256;

pub(super) type Answer = Result<Changed, ChangeError>;

/// A step that waits for its write.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) command: Command,
    pub(super) answer: oneshot::Sender<Answer>,
}

/// The conversations that are being written. A cheap handle.
#[derive(Debug, Clone, Default)]
pub(super) struct Lanes {
    waiting: Arc<Mutex<HashMap<ConversationId, Vec<Waiting>>>>,
}

impl Lanes {
    /// Puts a step in. `true`: nobody writes this conversation, so the caller has to begin.
    pub(super) fn join(&self, id: ConversationId, step: Waiting) -> Result<bool, StoreError> {
        let mut lanes = self.lock();
        let begins = !lanes.contains_key(&id);
        let lane = lanes.entry(id).or_default();
        if lane.len() >= MOST_WAITING {
            return Err(StoreError::Contended);
        }
        lane.push(step);
        Ok(begins)
    }

    /// The next group; none: nobody writes this conversation any more.
    pub(super) fn next(&self, id: ConversationId) -> Vec<Waiting> {
        let mut lanes = self.lock();
        let Some(lane) = lanes.get_mut(&id) else {
            return Vec::new();
        };
        let group: Vec<Waiting> = lane.drain(..lane.len().min(GROUP)).collect();
        if group.is_empty() {
            lanes.remove(&id);
        }
        group
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ConversationId, Vec<Waiting>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
