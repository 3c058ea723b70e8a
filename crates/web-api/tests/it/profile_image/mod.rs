//! Pictures of members, from outside, with a folder and with a bucket.

mod app;
mod flow;
mod pictures;
mod refusals;
mod survival;
