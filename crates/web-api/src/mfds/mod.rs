//! The open API of the MFDS (식약처): its client, and the synchronisation that brings the feed into the
//! catalogue. The parsing of single records is `domain`'s.

pub mod client;
mod operation;
pub mod schedule;
mod settings;
pub mod sync;

pub use operation::Operation;
pub use settings::{MfdsSettings, SyncSettings};
