//! What members wish (찜). Popularity is counted from it.

mod answers;
pub mod batch;
pub(crate) mod handlers;
pub mod store;
mod together;

pub(crate) use together::Together;
