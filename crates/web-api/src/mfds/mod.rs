//! The open API of the MFDS (식약처): its client, and the synchronisation that brings the feed into the
//! catalogue. The parsing of single records is `domain`'s.

pub(crate) mod answers;
pub mod client;
pub mod desk;
pub(crate) mod handlers;
mod operation;
pub mod schedule;
mod settings;
pub mod sync;

pub use operation::Operation;
pub use settings::{MfdsSettings, SyncSettings};
