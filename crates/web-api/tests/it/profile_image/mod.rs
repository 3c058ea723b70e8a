//! Pictures of members, from outside, with a folder and with a bucket.

mod app;
mod flow;
pub(crate) mod pictures;
mod refusals;
mod survival;
