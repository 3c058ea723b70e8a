//! What members put aside to compare: ten medicines at most, in the order in which they came.

mod answers;
pub(crate) mod handlers;
mod store;
