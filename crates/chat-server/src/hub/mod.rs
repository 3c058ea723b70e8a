//! Who is connected, and telling them what happened.

use domain::token::{SessionId, UserId};

use crate::store::model::{Changed, Seq};

/// Everybody who is connected to this server; a cheap handle.
#[derive(Debug, Clone, Default)]
pub struct Hub {}

impl Hub {
    /// Tells everybody who follows what a step of the store has changed: the visitor's devices, the counsellor, the
    /// queue. Whoever changes a conversation calls it, once, after the store has answered.
    pub fn changed(&self, changed: &Changed) {
        let _ = (self, changed);
    }

    /// Warns the visitor of a conversation: a `notice` event, nothing stored.
    pub fn warn_idle(&self, changed: &Changed, last_seq: Seq, closes_in_seconds: u64) {
        let _ = (self, changed, last_seq, closes_in_seconds);
    }

    /// Ends the sockets of a session of web-api at once; gives how many.
    pub fn end_session(&self, session: &SessionId) -> usize {
        let _ = (self, session);
        0
    }

    /// Ends the sockets of a user at once; gives how many.
    pub fn end_user(&self, user: &UserId) -> usize {
        let _ = (self, user);
        0
    }
}
