//! What the service itself tells people: quotes about health, events.

pub(crate) mod answers;
mod error;
pub(crate) mod handlers;
mod samples;
pub mod store;

pub(crate) use error::ContentError;
pub use samples::add_samples;
