//! Everything that the server does with conversations, over any engine.

mod access;
mod at_work;
mod counselling;
mod data;
mod guests;
mod moves;
mod outbox;
mod presence;
mod retention;
mod revocations;
mod staff;
mod staff_sessions;
mod talk;
mod words;

pub use access::{Access, AccessKind};
pub use counselling::Place;
pub use data::{CannedReply, Holiday, KeywordAnswer, ValueError};
pub use guests::{Guest, TokenHash};
pub use outbox::Backlog;
pub use presence::Colleague;
pub use retention::Swept;
pub use revocations::{Revocation, RevokedSubject};
pub use staff::{Factor, StaffAccount};
pub use staff_sessions::{FailureCount, StaffSession};
pub use talk::Replay;
pub use words::UnknownWord;

use super::engine::MOST_ROWS;

/// A limit of rows that somebody asks for, within ours.
fn rows(limit: i64) -> i64 {
    limit.clamp(1, MOST_ROWS)
}
